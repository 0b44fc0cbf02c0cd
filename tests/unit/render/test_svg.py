"""Pieces of a drawing escape what they are given, and its colours can be read."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from jikim.render import svg


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@given(st.text(), st.text())
def test_no_text_or_attribute_becomes_markup_or_breaks_the_document(content: str, value: str) -> None:
    read = ElementTree.fromstring(svg.element("text", content, class_=value))  # noqa: S314 - our own
    assert (read.tag, set(read.attrib), len(read)) == ("text", {"class"}, 0)


def test_markup_inside_an_element_stays_markup() -> None:
    assert svg.element("g", Markup("<b/>"), "<b/>") == "<g><b/>&lt;b/&gt;</g>\n"


@given(st.text(st.sampled_from("가나 abcW,·"), max_size=80), st.floats(20, 300))
def test_broken_text_fits_its_room_and_loses_no_letter(content: str, room: float) -> None:
    rows = svg.broken(content, room=room, size=12)
    assert all(svg.measured(row, size=12) <= room for row in rows)
    assert "".join(rows).replace(" ", "") == content.replace(" ", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_is_readable_on_every_ground(scheme: str) -> None:
    colours = {"light": svg.LIGHT, "dark": svg.DARK}[scheme]
    for ground in ("paper", "card"):
        for name in ("ink", "soft", "use", "apart", "gone", "masked", "locked", "consent"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (scheme, name, ground)


def test_a_drawing_alone_carries_its_style_and_its_description() -> None:
    whole = svg.drawing([], width=10, height=10, name="n", title="제목", told=["가.", "나."])
    root = ElementTree.fromstring(svg.alone(whole))  # noqa: S314 - our own
    title, desc = (root.find(f"{{http://www.w3.org/2000/svg}}{tag}") for tag in ("title", "desc"))
    assert title is not None
    assert desc is not None
    assert (title.text, desc.text) == ("제목", "가. 나.")
    assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {desc.attrib['id']}"
