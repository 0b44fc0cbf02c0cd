"""What was published stays, whatever a later jikim would write."""

from dataclasses import replace
from datetime import UTC, date, datetime

from jikim.ledger.policies import Published
from jikim.operations.publish_policy import changed_pages, page_digest

PAGES = {"1.0/ko.html": b"as it went out", "1.0/en.html": b"as it went out, too"}
DAY = date(2026, 1, 2)
KNOWN = Published(
    place=1,
    version="1.0",
    digest="",
    text=b"",
    announced=DAY,
    effective=DAY,
    said={"pages": {name: page_digest(page) for name, page in PAGES.items()}},
    at=datetime(2026, 1, 2, tzinfo=UTC),
)


def test_a_page_that_is_made_otherwise_than_it_was_published_is_told_with_its_digest() -> None:
    assert changed_pages((KNOWN,), PAGES) == {}
    made = {**PAGES, "1.0/en.html": b"worded anew", "ko.html": b"no version's own"}
    assert changed_pages((KNOWN,), made) == {"1.0/en.html": page_digest(PAGES["1.0/en.html"])}
    assert changed_pages((replace(KNOWN, version="1.1"),), {}) == {}
