"""One person's life can be read in a terminal and seen in a drawing."""

import itertools
from datetime import datetime
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from jikim.plan.person import person_life
from jikim.policy.life import Happening, PersonLife
from jikim.render.columns import columns
from jikim.render.person import as_text, person_drawing, person_svg, told

SEOUL = ZoneInfo("Asia/Seoul")
NS = "{http://www.w3.org/2000/svg}"


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=SEOUL)


LIFE = person_life(
    [
        Happening(at(2020, 2, 3), "recorded", "members", 1),
        Happening(at(2020, 2, 3), "recorded", "orders", 2),
        Happening(at(2022, 5, 2), "membership ended"),
        Happening(at(2022, 5, 8), "destroy", "members", 1, because=("processing.membership",)),
        Happening(at(2022, 5, 8), "archive", "orders", 2, 2, ("kept_by_law.contracts", "전자상거래법 제6조")),
        Happening(at(2025, 5, 21), "expire", "orders", 2, because=("kept_by_law.contracts",)),
    ],
    as_of=at(2026, 1, 1),
)


def test_the_scenes_read_as_a_story() -> None:
    assert as_text(LIFE, language="ko", zone=SEOUL) == (
        "한 사람의 개인정보가 지나온 길\n"
        "\n"
        "  1 ○ 2020-02-03 00:00 서비스\n"
        "      기록: members 1행, orders 2행\n"
        "      남은 행: 이용 3, 따로 0\n"
        "  2 ○ 2022-05-02 00:00 서비스\n"
        "      회원 탈퇴\n"
        "      남은 행: 이용 3, 따로 0\n"
        "  3 ■ 2022-05-08 00:00 지킴\n"
        "      파기: members 1행\n"
        "        ← processing.membership\n"
        "      분리보관: orders 2행\n"
        "        ← kept_by_law.contracts · 전자상거래법 제6조\n"
        "      남은 행: 이용 0, 따로 2\n"
        "  4 ■ 2025-05-21 00:00 지킴\n"
        "      보관본 파기: orders 2행\n"
        "        ← kept_by_law.contracts\n"
        "      남은 행: 이용 0, 따로 0\n"
    )


@pytest.mark.parametrize("width", [40, 72])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = as_text(LIFE, language="ko", zone=SEOUL, width=width)
    assert max(map(columns, text.splitlines())) <= width


def drawn(life: PersonLife) -> ElementTree.Element:
    return ElementTree.fromstring(person_drawing(life, language="en", zone=SEOUL, name="p"))  # noqa: S314


def test_a_bar_is_as_long_as_the_stay_it_stands_for() -> None:
    lines = drawn(LIFE).iter(f"{NS}line")
    bars = [
        each for each in lines if each.attrib["class"] in ("use-line", "apart-line") and "x1" in each.attrib
    ]
    long = [
        float(b.attrib["x2"]) - float(b.attrib["x1"]) for b in bars if b.attrib.get("stroke-width") == "9"
    ]
    in_legend, (members, orders, apart) = long[:2], long[2:]
    assert in_legend == [20, 20]
    assert members == orders
    whole = (at(2026, 1, 1) - at(2020, 2, 3)).days
    assert members / 328 == pytest.approx((at(2022, 5, 8) - at(2020, 2, 3)).days / whole, abs=0.001)
    assert apart / 328 == pytest.approx((at(2025, 5, 21) - at(2022, 5, 8)).days / whole, abs=0.001)


def test_badges_stand_apart_and_inside_however_close_their_instants() -> None:
    crowd = [Happening(at(2025, 12, day), "recorded", "t", 1) for day in range(10, 28)]
    life = person_life([Happening(at(2020, 1, 1), "recorded", "t", 1), *crowd], as_of=at(2026, 1, 1))
    middles = [float(each.attrib["cx"]) for each in drawn(life).iter(f"{NS}circle")]
    assert len(middles) == 19
    assert all(right - left >= 16.9 for left, right in itertools.pairwise(middles))
    assert middles[0] - 8 >= 0
    assert middles[-1] + 8 <= 360


def test_more_scenes_than_badges_fit_are_drawn_without_numbers() -> None:
    many = [Happening(at(2025, 1 + n // 25, 1 + n % 25), "recorded", "t", 1) for n in range(40)]
    life = person_life(many, as_of=at(2026, 1, 1))
    assert not list(drawn(life).iter(f"{NS}circle"))
    assert len(told(life, language="en", zone=SEOUL)) == 40


def test_a_life_of_one_instant_can_be_drawn() -> None:
    now = at(2026, 1, 1)
    assert drawn(person_life([Happening(now, "recorded", "t", 1)], as_of=now)) is not None


def test_nobodys_life_can_be_drawn() -> None:
    assert drawn(person_life([], as_of=at(2026, 1, 1))) is not None


def test_a_hostile_table_or_clause_is_escaped() -> None:
    nasty = "<script>\x1b[2J\u202e"
    life = person_life([Happening(at(2020, 1, 1), nasty, nasty, 1, because=(nasty,))], as_of=at(2021, 1, 1))
    whole = person_svg(life, language="en", zone=SEOUL)
    assert "<script" not in whole
    assert ElementTree.fromstring(whole) is not None  # noqa: S314 - our own
    assert all(c.isprintable() or c == "\n" for c in as_text(life, language="en", zone=SEOUL))
