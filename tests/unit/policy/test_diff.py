"""What counts as a change between two policies, and which purposes are the same in other words."""

from pathlib import Path

import pytest

from jikim.policy.diff import diff
from jikim.policy.parse import parse
from jikim.policy.rewording import only_reworded

TEXT = (Path(__file__).parents[1] / "law" / "right.yaml").read_text()


def changes(*edits: tuple[str, str]) -> list[tuple[str, str, str]]:
    """Kind, how and place of each change by these edits of the right policy."""
    text = TEXT
    for old, new in edits:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    found = diff(parse(TEXT.encode(), name="a.yaml"), parse(text.encode(), name="b.yaml"))
    return [(each.kind, each.how, ".".join(map(str, each.path))) for each in found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("회원 식별과 관리", "회원의 식별 및 관리"),
        ("서비스 제공을 위하여", "서비스 제공"),
        ("서비스를 제공하기 위한 목적", "서비스 제공 목적"),
        ("가입의사 확인", "가입 의사의 확인"),
        ("To prevent abuse", "for the prevent abuse"),
        ("처리 기록 3년", "처리, 기록 3년"),
    ],
)
def test_the_same_words_joined_otherwise_are_a_rewording(before: str, after: str) -> None:
    assert only_reworded(before, after)
    assert only_reworded(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("서비스 제공", "서비스 제공 및 광고"),
        ("회원의 식별, 상담, 공지, 이용 요금의 정산", "회원의 식별, 상담, 공지, 이용 요금의 정산, 광고"),
        ("소식 전송", "소식 전송 등"),
        ("회원 확인", "회원 식별"),
        ("만 14세 확인", "만 15세 확인"),
        ("광고에 이용함", "광고에 이용하지 않음"),
        ("상담과 분석", "분석과 상담"),
        ("피부과 진료", "피부 진료"),
        ("회의 안내", "회 안내"),
        ("contract or consent", "contract and consent"),
        ("used for analysis", "not used for analysis"),
    ],
)
def test_another_word_another_number_or_another_order_is_another_purpose(before: str, after: str) -> None:
    """However little it is: whoever agreed to one has not agreed to the other."""
    assert not only_reworded(before, after)
    assert not only_reworded(after, before)


NEWS = ("{ko: 소식과 광고성 정보의 전송, en:", "{ko: 소식 및 광고성 정보를 전송, en:")


def test_a_purpose_is_only_reworded_while_all_else_of_its_processing_stays() -> None:
    items = (
        "items: {optional: [email]}\n    keep: {until first of: [consent withdrawn",
        "items: {optional: [email, name]}\n    keep: {until first of: [consent withdrawn",
    )
    assert changes(NEWS) == [("reworded", "changed", "processing.newsletter.purpose")]
    assert ("purpose", "changed", "processing.newsletter.purpose") in changes(NEWS, items)


def test_of_a_list_of_parts_only_the_one_that_changed_is_a_change() -> None:
    """By its place while it may be the same; as new and gone where it is of another kind."""
    said = "\nstatements:\n  - {kind: promise, text: 하나}\n  - {kind: explanation, text: 둘}\n"
    before = parse((TEXT + said).encode(), name="a.yaml")

    def at(new: str) -> list[tuple[str, str]]:
        after = parse((TEXT + new).encode(), name="b.yaml")
        return [(each.how, ".".join(map(str, each.path))) for each in diff(before, after)]

    assert "statements" not in TEXT
    assert at(said.replace("둘", "셋")) == [("changed", "statements.1.text")]
    assert at(said.replace("explanation", "disclaimer")) == [
        ("added", "statements.1"),
        ("removed", "statements.1"),
    ]
    assert at(said + "  - {kind: promise, text: 셋}\n") == [("added", "statements.2")]
    first, second = said.splitlines()[2:4]
    assert at(f"\nstatements:\n{second}\n{first}\n") == [("changed", "statements")]
