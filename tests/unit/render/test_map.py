"""A data map shown: everything personal is on it once, in line, and nothing in it can command a reader."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from jikim.datamap.parse import parse
from jikim.datamap.show import ShownMap, show
from jikim.policy.parse import parse as parse_policy
from jikim.render.columns import columns
from jikim.render.mapsvg import drawn
from jikim.render.maptree import tree
from jikim.render.wording import Language

PLASK = Path(__file__).parents[3] / "examples" / "plask"
GOLDEN = Path(__file__).parents[2] / "golden" / "datamap"
MAP, _ = parse((PLASK / "datamap.yaml").read_bytes(), name="datamap.yaml")
POLICY = parse_policy((PLASK / "policy.yaml").read_bytes(), name="policy.yaml")


def shop(*changes: tuple[str, str], language: Language = "ko") -> ShownMap:
    """The golden shop's map, some of it changed."""
    text = (GOLDEN / "sound.yaml").read_text()
    for given, other in changes:
        assert text.count(given) == 1
        text = text.replace(given, other)
    policy = parse_policy((GOLDEN / "policy.yaml").read_bytes(), name="policy.yaml")
    return show(parse(text.encode(), name="datamap.yaml")[0], policy, language=language)


def words(svg: str) -> list[str]:
    """Every text of a drawing."""
    root = ET.fromstring(svg)  # noqa: S314 - our own
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_tree_of_a_small_shop() -> None:
    assert tree(shop(), language="en") == (GOLDEN / "shown" / "tree.txt").read_text()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_table_and_every_personal_column_stands_in_tree_and_drawing(language: Language) -> None:
    shown = show(MAP, POLICY, language=language)
    text, told = tree(shown, language=language), words(drawn(shown, language=language))
    for name, mapped in MAP.tables.items():
        assert name in text
        assert name in told or not mapped.personal
        for column, written in mapped.columns.items():
            if written.items:
                assert re.search(rf"[├└]── {column}(\$\.\w+)? +\S", text)
                assert any(word == column or word.startswith(f"{column}$.") for word in told)


def test_a_table_of_two_kinds_of_people_is_told_once_and_named_again() -> None:
    text = tree(show(MAP, POLICY, language="en"), language="en")
    assert text.count("support_posts ← member_id\n") == 1
    assert text.count("support_posts ← named in email (told above)") == 1


def test_items_line_up_in_hangul_as_in_latin_letters() -> None:
    lines = tree(show(MAP, POLICY, language="ko"), language="ko").splitlines()
    masked = [line for line in lines if "→ fixed" in line or "→ tag" in line][:3]
    assert [line.split("── ")[1].split()[0] for line in masked] == ["email", "name", "password_hash"]
    assert len({columns(line[: line.index("→")]) for line in masked}) == 1


def test_tables_that_reach_nobody_are_shown_as_such() -> None:
    owned = ("owner: {member: member_id}\n    processing: [reviews]", "processing: [reviews]")
    shown = shop(owned)
    assert [each.name for each in shown.nobody] == ["reviews"]
    assert "아무에게도 닿지 않는 테이블" in tree(shown, language="ko")
    assert "주인이 없음" in words(drawn(shown, language="ko"))


def test_tables_that_own_one_another_are_shown_and_end() -> None:
    shown = shop(
        (
            "owner: {member: member_id}\n    processing: [reviews]",
            "owner: {order_lines: id}\n    processing: [reviews]",
        ),
        ("owner: {orders: order_id}", "owner: {reviews: id}"),
    )
    assert {each.name for each in shown.nobody} == {"reviews", "order_lines"}
    assert "reviews" in words(drawn(shown, language="en"))


def test_nothing_a_file_says_can_command_terminal_or_browser() -> None:
    evil = 'x\u202e<script>alert(1)</script>&"'
    shown = shop(("phone: phone\n", 'phone: phone\n      "' + evil.replace('"', '\\"') + '": phone\n'))
    assert "\u202e" not in tree(shown, language="ko")
    svg = drawn(shown, language="ko")
    assert "\u202e" not in svg
    assert "<script" not in svg
    assert any("<script>" in word or "alert(1)" in word for word in words(svg))


def test_the_drawing_loads_nothing_and_knows_light_and_dark() -> None:
    svg = drawn(show(MAP, POLICY, language="ko"), language="ko")
    assert "prefers-color-scheme:dark" in svg
    assert not re.search(r"href|url\(|@import|<image|<foreignObject|style=", svg)


def test_boxes_lie_apart_and_inside_the_drawing() -> None:
    svg = drawn(show(MAP, POLICY, language="en"), language="en")
    root = ET.fromstring(svg)  # noqa: S314 - our own
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    cards = [
        [float(each.attrib[side]) for side in ("x", "y", "width", "height")]
        for each in root.iter("{http://www.w3.org/2000/svg}rect")
        if each.attrib["class"] == "card"
    ]
    assert len(cards) == len([t for t in MAP.tables.values() if t.personal]) + 4 + 4
    for n, (x, y, w, h) in enumerate(cards):
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
        for a, b, c, d in cards[:n]:
            assert x + w <= a or a + c <= x or y + h <= b or b + d <= y


def test_every_label_stays_inside_the_drawing_and_no_line_leaves_it() -> None:
    root = ET.fromstring(drawn(show(MAP, POLICY, language="en"), language="en"))  # noqa: S314 - our own
    width = float(root.attrib["viewBox"].split()[2])
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        for x in re.findall(r"[MHL](\d+\.\d)", path.attrib["d"]):
            assert 0 <= float(x) <= width


TOGETHER = (
    ("owner: {member: member_id}\n    processing: [reviews]", """co_owners:
      - {member: member_id, anonymise: body}
      - {guest: guest_email}
      - {orders: {their: review_id}}
    accessors: [{member: checked_by}, {member: asked_by, keep: "하자 분쟁"}]
    unlink: reply_to
    processing: [reviews]"""),
)  # fmt: skip
"""Reviews that are of several people, name two more, and point to one another."""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_co_owners_accessors_and_emptied_references_are_told_apart_from_owners(language: Language) -> None:
    """In tree and drawing: whose alone a column is, whose rows lead here, who is emptied and who stays and why."""
    shown = shop(*TOGETHER, language=language)
    text, told = tree(shown, language=language), " ".join(words(drawn(shown, language=language)))
    lines = {
        "en": [
            "body: of member_id alone",
            "also named, member: checked_by, emptied when they leave",
            "also named, member: asked_by, kept when they leave: 하자 분쟁",
            "unlink: reply_to, emptied before what it points to goes",
        ],
        "ko": [
            "body: member_id만의 것",
            "취급자 표시 member: checked_by, 떠나면 비움",
            "취급자 표시 member: asked_by, 떠나도 남음: 하자 분쟁",
            "연결 해제: reply_to, 가리키는 행보다 먼저 비움",
        ],
    }[language]
    for line in lines:
        assert line in text
        assert "".join(line.split()) in "".join(told.split())  # a box breaks its lines
    word = {"en": "co-owner", "ko": "공동 정보주체"}[language]
    assert f"reviews ← orders.review_id · {word} · " in text
    assert f"reviews ← member_id · {word} (" in text
    assert f"orders.review_id → orders · {word}" in told
    assert f"orders ← member_id · {word}" not in text
