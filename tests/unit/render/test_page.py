"""A policy as HTML, Markdown and plain text: the golden files, and what no name can do to them."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt
from tests.published import HOSTILE, document, documents, hostile, source
from tests.servers import PROJECT

from jikim.notices.change import demands
from jikim.policy.parse import parse
from jikim.render.changes import announcement
from jikim.render.columns import columns
from jikim.render.document.parts import Change, Document, Table, line, link
from jikim.render.html import as_html
from jikim.render.icons import ICONS
from jikim.render.markdown import as_markdown
from jikim.render.text import WIDTH, as_text

ALL = dict(documents())
POLICIES = {name: each for name, each in ALL.items() if ".policy." in name}
GOLDEN = PROJECT / "tests/golden/page"


class Page(HTMLParser):
    """What a browser would find: elements with their attributes, ids, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, attribute: str) -> list[str]:
        return [each[attribute] or "" for _, each in self.elements if attribute in each]


@pytest.mark.parametrize("name", POLICIES)
def test_the_markdown_of_every_example_is_the_golden_one(name: str) -> None:
    service, _, language = name.split(".")
    golden = GOLDEN / service / f"privacy.{language}.md"
    again = (
        f"jikim render examples/{service}/policy.yaml --format markdown --in-force-on 2026-11-21 "
        f"--out tests/golden/page/{service}"
    )
    assert as_markdown(POLICIES[name]) == golden.read_text(), f"if it should read so: {again}"


@pytest.mark.parametrize("name", ALL)
def test_a_page_runs_nothing_loads_nothing_and_fits_its_size(name: str) -> None:
    html = as_html(ALL[name], files={})
    page = Page(html)
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "iframe", "img", "form", "input", "object", "embed", "base"}
    assert [
        each for each in page.all("href") if not each.startswith(("#", "mailto:", "tel:", "https://"))
    ] == []
    assert (
        not page.all("style")
        + page.all("src")
        + [a for _, e in page.elements for a in e if a.startswith("on")]
    )
    policy = next(e["content"] for t, e in page.elements if e.get("http-equiv"))
    assert policy
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]{44}'; base-uri 'none'; form-action 'none'",
        policy,
    )
    assert len(html.encode()) <= 150_000


@pytest.mark.parametrize("name", ALL)
def test_every_address_within_a_page_leads_somewhere_and_no_name_stands_twice(name: str) -> None:
    page = Page(as_html(ALL[name], files={}))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.all("href") if href.startswith("#")} <= set(ids)
    assert {each.anchor for each in ALL[name].chapters} <= set(ids)
    labelled = {one for each in page.all("aria-labelledby") for one in each.split()}
    assert labelled <= set(ids)


def test_a_page_names_its_language_and_leads_to_the_others() -> None:
    page = Page(as_html(ALL["plask.policy.ko"], files={"en": "privacy.en.html"}))
    assert ("html", {"lang": "ko"}) in page.elements
    leading = [e for t, e in page.elements if t == "a" and e.get("hreflang") == "en"]
    assert [each["href"] for each in leading] == ["privacy.en.html"]
    alone = Page(as_html(ALL["talk_with_me.policy.ko"], files={}))
    assert not alone.all("hreflang")


def test_what_has_changed_stands_in_front_and_leads_to_chapters_that_are_there() -> None:
    gone = Change(line("국외 이전이 없어졌습니다."), "abroad")
    shorter = Change(line("보유 기간이 3개월로 줄었습니다."), "periods")
    of = replace(ALL["lets.policy.ko"], changes=(shorter, gone))
    page = Page(as_html(of, files={}))
    assert "국외 이전이 없어졌습니다." in page.text
    assert page.text.index("지난 판과 달라진 것") < page.text.index("차례")
    assert "#abroad" not in page.all("href")
    assert as_markdown(of).count("- 국외 이전이 없어졌습니다.") == 1
    assert as_text(of).count("- 국외 이전이 없어졌습니다.") == 1


def test_every_label_has_a_drawing() -> None:
    kinds = {label.kind for each in ALL.values() for label in each.labels}
    assert kinds <= set(ICONS)
    assert all(re.fullmatch(r"[MLHVCSAZmlhvcsaz0-9 .,-]+", path) for path in ICONS.values())


# -- names that would like to be more -------------------------------------------------------------------------------


def made() -> Document:
    return document(hostile())


def test_a_hostile_name_is_only_a_name_in_html() -> None:
    html = as_html(made(), files={})
    page = Page(html)
    assert "script" not in {tag for tag, _ in page.elements}
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7*7 }}" in page.text
    assert not re.search("[\u202e\x1b]", html)
    assert not [each for each in page.all("href") if "javascript" in each or each.startswith("data:")]
    assert "javascript:alert(2)" in page.text


def test_a_hostile_name_is_only_a_name_in_markdown() -> None:
    """As a reader of Markdown takes it: no markup, no link, no other cell than the document's own."""
    whole = MarkdownIt("commonmark", {"html": True}).enable("table").parse(as_markdown(made()))
    pieces = [piece for token in whole for piece in (token, *(token.children or ()))]
    markup = {piece.content for piece in pieces if piece.type in {"html_inline", "html_block"}}
    assert all(re.fullmatch(r'<br>|<a id="[a-z-]+">|</a>|<a id="[a-z-]+"></a>\s*', each) for each in markup)
    links = [str(piece.attrs.get("href")) for piece in pieces if piece.type == "link_open"]
    assert links
    assert not [each for each in links if not each.startswith(("#", "mailto:", "tel:", "https://"))]
    rows = sum(piece.type == "tr_open" for piece in pieces)
    cells = sum(piece.type in {"td_open", "th_open"} for piece in pieces)
    tables = [b for each in made().chapters for b in each.blocks if isinstance(b, Table)]
    assert rows == sum(1 + len(table.rows) for table in tables)
    assert cells == sum((1 + len(table.rows)) * len(table.columns) for table in tables)
    assert "<script>alert(1)</script>" in "".join(piece.content for piece in pieces if piece.type == "text")


@pytest.mark.parametrize(
    "text", ["1. first", "12) last", "3.", "- dash", "---", "+", "=", "# no", "> no", "a*b_c`d|e"]
)
def test_a_text_that_begins_as_a_list_does_is_shown_as_it_is_in_markdown(text: str) -> None:
    whole = as_markdown(replace(ALL["lets.policy.en"], preamble=(line(text),)))
    rendered = Page(MarkdownIt("commonmark").enable("table").render(whole))
    assert f"\n{text}\n" in rendered.text


def test_no_address_ends_its_own_link_in_markdown() -> None:
    to = "https://a.example/)[x](javascript:alert(1)|b"
    whole = as_markdown(replace(ALL["lets.policy.en"], preamble=(line(link("here", to)),)))
    hrefs = Page(MarkdownIt("commonmark").render(whole)).all("href")
    assert not [each for each in hrefs if each.startswith("javascript")]
    assert [each for each in hrefs if each.startswith("https://a.example/%29")]


def test_a_hostile_name_is_only_a_name_in_an_announcement() -> None:
    """In its heading, in the table and in the reason."""
    before, after = parse(source("plask"), name="before"), hostile()
    said = announcement(
        demands(before, after), before, after, language="ko", because="[x](javascript:y)\n# z"
    )
    whole = MarkdownIt("commonmark", {"html": True}).enable("table").parse(said)
    pieces = [piece for token in whole for piece in (token, *(token.children or ()))]
    assert not {piece.type for piece in pieces} & {
        "html_inline",
        "html_block",
        "link_open",
        "fence",
        "code_inline",
    }
    assert sum(piece.type == "heading_open" for piece in pieces) == 1
    cells = sum(piece.type in {"td_open", "th_open"} for piece in pieces)
    assert cells == 4 * sum(piece.type == "tr_open" for piece in pieces)
    assert not re.search("[\u202e\x1b]", said)


def test_a_hostile_name_is_only_a_name_in_plain_text() -> None:
    text = as_text(made())
    assert not re.search("[\u202e\x1b\r]", text)
    assert "<script>alert(1)</script>" in " ".join(text.split())
    assert HOSTILE.splitlines()[0].strip() in " ".join(text.split())


@pytest.mark.parametrize("name", ALL)
def test_no_line_of_plain_text_is_wider_than_a_letter(name: str) -> None:
    assert max(map(columns, as_text(ALL[name]).splitlines())) <= WIDTH


@pytest.mark.parametrize("name", POLICIES)
def test_plain_text_says_all_that_the_page_says(name: str) -> None:
    of = POLICIES[name]
    words = "".join(as_text(of).split())
    page = Page(as_html(of, files={}))
    for each in of.chapters:
        assert each.heading.replace(" ", "") in words
    assert of.service.replace(" ", "") in words
    assert "".join(page.text.split()).count("5년") >= words.count("5년") > 0 or "5년" not in words
