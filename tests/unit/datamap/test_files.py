"""What the name of a file tells: patterns, dates, and what is no pattern."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from jikim.datamap.files import Pattern, PatternError, listing, names, with_listings
from jikim.datamap.model import FilesStore
from jikim.datamap.schema import Derived, Schema


@pytest.mark.parametrize(
    ("pattern", "path", "found"),
    [
        ("access-{date:%Y-%m-%d}.log", "access-2026-03-01.log", {"date": date(2026, 3, 1)}),
        ("access-{date:%Y-%m-%d}.log", "access-2026-03-01.log.gz", None),
        ("access-{date:%Y-%m-%d}.log*", "access-2026-03-01.log.2.gz", {"date": date(2026, 3, 1)}),
        ("access-{date:%Y-%m-%d}.log", "old/access-2026-03-01.log", None),
        ("**/access-{date:%Y-%m-%d}.log", "a/b/access-2026-03-01.log", {"date": date(2026, 3, 1)}),
        ("**/access-{date:%Y-%m-%d}.log", "access-2026-03-01.log", {"date": date(2026, 3, 1)}),
        ("{date:%Y%m%d%H}", "2026030123", {"date": date(2026, 3, 1)}),
        ("{date:%Y-%m-%d}", "2026-02-29", None),
        ("{date:%Y-%m-%d}", "2024-02-29", {"date": date(2024, 2, 29)}),
        ("{date:%Y-%m}", "2026-02", {"date": date(2026, 2, 28)}),
        ("{date:%Y}", "2026", {"date": date(2026, 12, 31)}),
        ("{date:%Y-%j}", "2024-366", {"date": date(2024, 12, 31)}),
        ("{date:%Y-%j}", "2026-366", None),
        ("{date:%Y-%m-%d}", "0000-01-01", None),
        ("{who:number}/**", "0042/a/b", {"who": 42}),
        ("{who:number}/**", "42", None),
        ("{who:number}/**", "x/a", None),
        ("{who:number}/*", "42/a/b", None),
        ("{who}.txt", "a\nb.txt", {"who": "a\nb"}),
        (
            "{key:uuid}",
            "00000000-0000-0000-0000-00000000000A",
            {"key": UUID("00000000-0000-0000-0000-00000000000a")},
        ),
        ("a+(b).[c]", "a+(b).[c]", {}),
    ],
)
def test_a_path_fits_a_pattern_or_does_not(pattern: str, path: str, found: object) -> None:
    """Each part is taken for what it says; a date that is none fits nothing."""
    assert Pattern(pattern).match(path) == found


@pytest.mark.parametrize(
    "written",
    [
        *("", "/a", "../a", "a/../b", "a\\b", "{", "a}", "{}", "{A}", "{id}", "{path}", "{a}{a}", "{a:word}"),
        *("{d:%d}", "{d:%Y-%d}", "{d:%Y%Y}", "{d:%Y-%m-%d%}", "{d:%Y-%b}", "{d:%y-%m-%d}"),
    ],
)
def test_what_is_no_pattern_is_refused(written: str) -> None:
    """With words that say why; the map says it at its line."""
    with pytest.raises(PatternError) as refusal:
        _ = Pattern(written).fields
    assert str(refusal.value)
    with pytest.raises(ValidationError):
        FilesStore(path="x", named=(written,))


def test_patterns_of_one_folder_yield_the_same_columns() -> None:
    """In whatever order; what is left alone yields none, and never hides what is named."""
    both = names(["{who:number}/{date:%Y-%m-%d}", "{date:%Y-%m-%d}-{who:number}.gz"], ["**"])
    assert both.match("1/2026-01-01") == both.match("2026-01-01-1.gz")
    assert both.left("else")
    assert both.match("1/2026-01-01") is not None
    for other in ("{who}", "{who:number}", "{date:%Y-%m}-{who:number}"):
        with pytest.raises(PatternError, match="different columns"):
            names(["{who:number}/{date:%Y-%m-%d}", other])
    with pytest.raises(PatternError, match="left alone"):
        names(["*"], ["{who}"])


def test_a_listing_never_has_the_name_of_another_table() -> None:
    """Whatever the map calls it, in letters that need no quotes, within what any store takes."""
    called = ["receipt", "outbox", "로그", 'a"b', "A", "a", "x" * 200, "x" * 201]
    stored = [listing(name, ()).called for name in called]
    assert len(set(stored)) == len(called)
    assert all(name.startswith("file__") and len(name) <= 60 and name.isascii() for name in stored)


@given(st.dates(min_value=date(1, 1, 1)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%j"]))
def test_every_date_is_read_as_it_was_written(day: date, form: str) -> None:
    """As `strftime` writes it, with the year in four digits."""
    written = day.strftime(form.replace("%Y", f"{day.year:04}"))
    assert Pattern(f"x-{{day:{form}}}.log").match(f"x-{written}.log") == {"day": day}


def test_a_schema_with_listings_still_has_its_copies_and_its_words() -> None:
    """What a listing is added to loses nothing: a materialised view beside a folder must still be declared."""
    schema = Schema({}, {"mailing": Derived("mailing", {"members": ("email",)})}, speaks="sqlite")
    logs = listing("logs", ())
    assert with_listings(schema, {"logs": logs}) == replace(schema, tables={"logs": logs})
