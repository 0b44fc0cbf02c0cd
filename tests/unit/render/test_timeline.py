"""The life of each item can be read in a terminal and seen in a drawing; the golden files are Plask's."""

import itertools
from pathlib import Path
from xml.etree import ElementTree

import pytest

from jikim.policy.life import Timeline
from jikim.render import svg
from jikim.render.columns import columns
from jikim.render.timeline import as_text, timeline_svg
from jikim.render.wording import Language

GOLDEN = Path(__file__).parents[2] / "golden" / "timeline"


def test_plasks_lives_read_as_a_lawyer_agreed_to_them(plask: Timeline) -> None:
    assert as_text(plask, language="ko") == (GOLDEN / "plask.txt").read_text(encoding="utf-8")


def test_plasks_drawing_is_the_one_that_was_looked_at(plask: Timeline) -> None:
    assert timeline_svg(plask, language="ko") == (GOLDEN / "plask.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 64, 100])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_line_is_wider_than_the_terminal(plask: Timeline, language: Language, width: int) -> None:
    assert max(columns(line) for line in as_text(plask, language=language, width=width).splitlines()) <= width


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_label_stays_inside_its_card_by_its_measure(plask: Timeline, language: Language) -> None:
    """The card is 360 wide; a line of text may begin at 16 or later and ends before its edge."""
    root = ElementTree.fromstring(timeline_svg(plask, language=language))  # noqa: S314 - our own
    ns = "{http://www.w3.org/2000/svg}"
    checked = 0
    for card in root.findall(f"{ns}g")[1:]:
        for text in card.iter(f"{ns}text"):
            wide = svg.measured(text.text or "", size=float(text.attrib["font-size"]))
            start = float(text.attrib["x"]) - (wide / 2 if text.attrib.get("text-anchor") == "middle" else 0)
            assert start >= 16
            assert start + wide <= 360
            checked += 1
    assert checked > 200


def test_labels_of_the_scale_never_touch(plask: Timeline) -> None:
    for language in ("ko", "en"):
        root = ElementTree.fromstring(timeline_svg(plask, language=language))  # noqa: S314 - our own
        rows: dict[tuple[int, str], list[tuple[float, float]]] = {}
        ns = "{http://www.w3.org/2000/svg}"
        for number, card in enumerate(root.findall(f"{ns}g")):
            for text in card.iter(f"{ns}text"):
                if text.attrib.get("text-anchor") == "middle":
                    half = svg.measured(text.text or "", size=float(text.attrib["font-size"])) / 2
                    middle = float(text.attrib["x"])
                    rows.setdefault((number, text.attrib["y"]), []).append((middle - half, middle + half))
        assert rows
        for spans in rows.values():
            assert all(left[1] < right[0] for left, right in itertools.pairwise(spans))


def test_consent_is_marked_and_so_is_what_passes_through(plask: Timeline) -> None:
    text = as_text(plask, language="en")
    assert "◆ consent · optional — To send news and advertising" in text
    assert "Card number\n  passes through and is not stored" in text


def test_hostile_texts_neither_command_the_terminal_nor_become_markup(hostile: Timeline) -> None:
    text = as_text(hostile, language="ko")
    assert all(char.isprintable() or char == "\n" for char in text)
    drawing = timeline_svg(hostile, language="ko")
    assert "<script" not in drawing
    assert "&lt;script&gt;" in drawing
    root = ElementTree.fromstring(drawing)  # noqa: S314 - our own
    assert {each.tag.partition("}")[2] for each in root.iter()} <= {
        *("svg", "style", "title", "desc", "g", "rect", "line", "path", "text")
    }
