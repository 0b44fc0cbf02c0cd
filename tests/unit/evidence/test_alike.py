"""Entries that differ in some values of their body only."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jikim.canonical import canonical
from jikim.evidence.alike import Alike
from jikim.evidence.entry import Because, Entry, PersonBody

AT = datetime(2026, 1, 17, 15, 0, 3, 250_000, tzinfo=UTC)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def entry(rows: int = 0, **said: Any) -> Entry:
    because = Because(clauses=("100%b",), articles=("개인정보 보호법 제21조",))
    body = PersonBody(run="r", tag="0" * 32, action="mask", rows=rows, because=because, **said)
    return Entry(0, at=AT, as_of=AT, body=body)


@given(store=WORDS, table=WORDS, name=WORDS, rows=st.integers(0, 2**53 - 1), until=WORDS)
def test_filled_in_they_are_what_encoding_each_would_give(
    store: str, table: str, name: str, rows: int, until: str
) -> None:
    """Whatever the words: per cent signs, quotes, what looks like the body, names beyond ASCII."""
    said = {"store": store, "table": table, f"x{name}": {"rows": 7, "tag": "%b"}}
    shared = Alike.of(entry(**said, kept_until=""), "kept_until", "rows")
    assert shared.encode(canonical(until), b"%d" % rows) == entry(rows, **said, kept_until=until).encode()


@given(table=WORDS, name=WORDS, rows=st.integers(0, 2**53 - 1))
def test_a_part_of_an_entry_is_filled_in_likewise(table: str, name: str, rows: int) -> None:
    said = {"table": table, f"x{name}": {"rows": 7, "at": "%b"}}
    shared = Alike.part({**said, "rows": 0}, "rows")
    assert shared.encode(b"%d" % rows) == canonical({**said, "rows": rows})
