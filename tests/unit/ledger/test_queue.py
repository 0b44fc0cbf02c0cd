"""Drafts: entries whose place is not known yet."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jikim.evidence.entry import Entry, HoldBody
from jikim.ledger.errors import LedgerError
from jikim.ledger.queue import Draft, key

AT = datetime(2026, 1, 18, tzinfo=UTC)


@given(seq=st.integers(0, 2**53 - 1), hold=st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_a_placed_draft_is_the_entry_encoded_at_that_place(seq: int, hold: str) -> None:
    body = HoldBody(hold=hold, state="placed", seq=0, v=1)
    draft = Draft.of(body, key=key("hold", hold), at=AT, as_of=AT)
    assert draft.placed(seq) == Entry(seq, at=AT, as_of=AT, body=body).encode()


def test_bytes_in_another_form_are_not_placed() -> None:
    draft = Draft(key("hold", "1"), "hold", None, None, b'{"v":1,"seq":0}')
    with pytest.raises(LedgerError, match="not in the form"):
        draft.placed(1)


PARTS = st.lists(st.one_of(st.text(), st.integers(0, 99)), min_size=1, max_size=4)


@given(PARTS, PARTS)
def test_different_parts_have_different_keys(some: list[str | int], others: list[str | int]) -> None:
    same = [*map(repr, some)] == [*map(repr, others)]
    assert (key(*some) == key(*others)) == same
