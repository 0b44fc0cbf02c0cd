"""The page that leads to several reports: their names, their figures, and nothing of what a name could smuggle in."""

from jikim.render.index import Entry, index

SHOP = Entry(
    id="shop",
    name={"ko": "가게", "en": "<script>alert(1)</script>"},
    store="SQLite 3.45",
    items=12,
    records=3,
    masked=1_234,
    destroyed=56_789,
    archived=42,
    found=7,
    entries=901,
)


def test_each_service_leads_to_its_report_in_the_same_language() -> None:
    """With its figures, in the order of its columns."""
    page = index([SHOP], language="ko")
    assert '<a href="shop.ko.html">가게</a>' in page
    places = [page.index(f"<span>{each}</span>") for each in ("12", "3", "1,234", "56,789", "42", "7", "901")]
    assert places == sorted(places)


def test_a_hostile_name_is_text_and_nothing_is_loaded() -> None:
    page = index([SHOP], language="en")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert 'href="shop.html"' in page
