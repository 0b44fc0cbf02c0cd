"""The report stands alone: nothing is loaded, nothing runs, and every figure is what was handed in."""

import base64
import hashlib
import itertools
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from jikim.plan.person import person_life
from jikim.policy.life import Happening, Timeline
from jikim.render.report import Audited, Deed, Proof, Report, Tampering, YearFigures, page
from jikim.render.wording import Language

NASTY = "</table><script>alert(1)</script><img src=x onerror=alert(1)>\x1b\u202e"
VOID = {"meta", "br"}


def report(timeline: Timeline, *, word: str = "profiles") -> Report:
    """A small one; ``word`` stands wherever a store or an operator may write."""
    begun, ended = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC)
    return Report(
        timeline=timeline,
        as_of=datetime(2026, 1, 1, tzinfo=UTC),
        made_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        zone=ZoneInfo("Asia/Seoul"),
        store=word,
        years=(YearFigures(2024, 8_321, 120, 44, 6_130), YearFigures(2025, 15_210, 480, 130, 9_820)),
        deeds=(Deed(word, "destroy", 417, word), Deed(word, "archive", 833, word, word, "제6조")),
        audit=(Audited("rows past their time", 0), Audited(word, 3, word)),
        proof=Proof(48_211, word, word, word, Tampering(12, 10, (word, "1", word), (word, "7", word), word)),
        person=person_life(
            [Happening(begun, "recorded", word, 1), Happening(ended, "destroy", word, 1, because=(word,))],
            as_of=datetime(2026, 1, 1, tzinfo=UTC),
        ),
    )


class Page(HTMLParser):
    """Elements, attributes and texts of a page; unbalanced tags are an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(params=["ko", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


@pytest.fixture
def read(plask: Timeline, language: Language) -> Page:
    return Page(page(report(plask), language=language))


def test_nothing_is_loaded_and_nothing_runs(read: Page) -> None:
    assert not read.all("script", "link", "img", "iframe", "object", "image", "use", "form", "base")
    attributes = [(name, value or "") for _, each in read.tags for name, value in each.items()]
    assert not [name for name, _ in attributes if name.startswith("on") or name in ("src", "style", "srcset")]
    assert all(value.startswith("#") for name, value in attributes if name == "href")


def test_no_style_asks_for_anything_from_elsewhere(plask: Timeline) -> None:
    (style,) = re.findall(r"<style>(.*?)</style>", page(report(plask), language="ko"), re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style


def test_the_content_policy_allows_one_style_sheet_and_nothing_else(plask: Timeline) -> None:
    text = page(report(plask), language="ko")
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [each["content"] for each in Page(text).all("meta") if "http-equiv" in each]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_headings_go_down_without_a_gap(read: Page) -> None:
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_every_drawing_a_title_and_a_description(read: Page) -> None:
    assert len(read.all("caption")) == len(read.all("table")) >= 5
    drawings = read.all("svg")
    titles = {each.get("id") for each in read.all("title", "desc")}
    assert len(drawings) > 20
    for drawing in drawings:
        assert drawing["role"] == "img"
        assert set((drawing["aria-labelledby"] or "").split()) <= titles


def test_no_two_elements_share_an_id_and_every_link_arrives(read: Page) -> None:
    ids = Counter(each["id"] for _, each in read.tags if "id" in each)
    assert [name for name, count in ids.items() if count > 1] == []
    assert {(each["href"] or "")[1:] for each in read.all("a")} <= set(ids)


def test_every_number_handed_in_is_on_the_page(read: Page) -> None:
    said = {text.strip() for text in read.texts}
    assert {"8,321", "120", "44", "6,130", "15,210", "480", "130", "9,820", "417", "833", "48,211"} <= said
    assert "15,950" in said  # destroyed in both years


def test_an_audit_that_found_something_says_so_in_words(plask: Timeline) -> None:
    said = Page(page(report(plask), language="en")).texts
    assert "0 · kept" in said
    assert "3 · broken" in said


def test_the_changed_byte_is_shown_with_what_verification_said(plask: Timeline) -> None:
    whole = report(plask, word="entry 10 is not as it was signed")
    text = page(whole, language="en")
    assert "<mark>1</mark>" in text
    assert "<mark>7</mark>" in text
    assert "verification: not to be trusted from entry 10 on" in text


def test_a_change_that_verification_did_not_notice_is_not_called_noticed(plask: Timeline) -> None:
    whole = report(plask)
    change = Tampering(12, 10, ("", "1", ""), ("", "7", ""), "")
    text = page(replace(whole, proof=replace(whole.proof, tampering=change)), language="en")
    assert "verification noticed nothing" in text
    assert "not to be trusted" not in text


def test_a_report_without_a_person_or_a_changed_byte_leaves_them_out(plask: Timeline) -> None:
    whole = report(plask)
    read = Page(page(replace(whole, person=None, proof=replace(whole.proof, tampering=None)), language="en"))
    assert not read.all("mark", "ol")
    assert "one-life" not in [each.get("id") for each in read.all("section")]


def test_hostile_words_of_a_policy_or_a_store_are_shown_and_never_obeyed(hostile: Timeline) -> None:
    for language in ("ko", "en"):
        text = page(report(hostile, word=NASTY), language=language)
        read = Page(text)
        assert not read.all("script", "img")
        assert "&lt;script&gt;" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
