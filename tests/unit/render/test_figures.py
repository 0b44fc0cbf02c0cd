"""Bars are as high as their numbers say."""

from xml.etree import ElementTree

import pytest

from jikim.render.figures import bars, compact
from jikim.render.wording import Language

NS = "{http://www.w3.org/2000/svg}"


def drawn(years: dict[int, int]) -> ElementTree.Element:
    figure = bars(years, title="행", colour="use", language="ko", name="f")
    return ElementTree.fromstring(figure)  # noqa: S314 - our own


def test_the_height_of_a_bar_is_its_share_of_the_highest() -> None:
    heights = [
        float(bar.attrib["height"]) for bar in drawn({2020: 50, 2021: 100, 2022: 25}).iter(f"{NS}rect")
    ]
    assert [round(height / heights[1], 2) for height in heights] == [0.5, 1, 0.25]


def test_nothing_has_no_bar_and_is_still_said() -> None:
    figure = drawn({2020: 0, 2021: 3})
    assert len(list(figure.iter(f"{NS}rect"))) == 1
    assert "2020: 0. 2021: 3." in [desc.text for desc in figure.iter(f"{NS}desc")]


def test_numbers_are_exact_where_there_is_room_and_short_where_there_is_not() -> None:
    few = {text.text for text in drawn({2020: 1_234_567}).iter(f"{NS}text")}
    many = {text.text for text in drawn(dict.fromkeys(range(2015, 2026), 1_234_567)).iter(f"{NS}text")}
    assert "1,234,567" in few
    assert "123만" in many


@pytest.mark.parametrize(
    ("count", "language", "shown"),
    [
        (9_999, "en", "9,999"),
        (12_345, "ko", "1.2만"),
        (12_345, "en", "12.3k"),
        (20_000, "en", "20k"),
        (1_234_567, "en", "1.2m"),
        (500_000_000, "ko", "5억"),
        (3_200_000_000, "en", "3.2bn"),
    ],
)
def test_a_great_number_is_written_short(count: int, language: Language, shown: str) -> None:
    assert compact(count, language) == shown


def test_no_years_draw_an_empty_figure() -> None:
    assert not list(drawn({}).iter(f"{NS}rect"))
