"""Changes are told in words that people read: no key and no word of the file's own is among them."""

import itertools
import re
from collections.abc import Iterator
from enum import EnumMeta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel
from tests.servers import PROJECT

from jikim.notices.change import demands
from jikim.policy.diff import Kind
from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.policy.parts import LocalText
from jikim.render.changes import KINDS, announcement, told
from jikim.render.keys import KEYS, LISTS, NAMES, TRIGGERS, called
from jikim.render.wording import Language

TEXT = (Path(__file__).parents[1] / "law" / "right.yaml").read_text()
FILES = sorted(
    path for path in (PROJECT / "examples").glob("*/*.yaml") if path.stem in {"policy", "as-published"}
)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from models(each)


def parts() -> dict[str, type[BaseModel]]:
    """Every kind of part that a policy has, by its name."""
    found: dict[str, type[BaseModel]] = {}
    left: list[type[BaseModel]] = [Policy]
    while left:
        part = left.pop()
        if part is not LocalText and part.__name__ not in found:
            found[part.__name__] = part
            left += [each for field in part.model_fields.values() for each in models(field.annotation)]
    return found


def listed(annotation: Any) -> set[str]:
    """The words of a closed list."""
    if get_origin(annotation) is Literal:
        return {str(word) for word in get_args(annotation)}
    if isinstance(annotation, EnumMeta):
        return {str(word.value) for word in annotation}  # type: ignore[var-annotated]
    return {word for each in get_args(annotation) for word in listed(each)}


PARTS = parts()
FIELDS = {
    f"{name}.{field.alias or attribute}": field.annotation
    for name, part in PARTS.items()
    for attribute, field in part.model_fields.items()
}


def test_every_key_of_every_part_is_called_something_in_both_languages() -> None:
    for field in FIELDS:
        part, _, key = field.partition(".")
        assert all(called(part, key)), field
    known = {key for field in FIELDS for key in (field, field.partition(".")[2])}
    assert KEYS.keys() <= known


def test_every_word_of_a_closed_list_is_called_something() -> None:
    wanted = {
        field: words for field, kind in FIELDS.items() if (words := listed(kind)) and field != "Policy.jikim"
    }
    assert wanted.keys() == LISTS.keys()
    for field, words in wanted.items():
        assert words <= {str(word) for word in LISTS[field] if word}, field
    assert FIELDS.keys() >= NAMES | TRIGGERS
    assert set(get_args(Kind)) == KINDS.keys()


def words_of_the_file() -> set[str]:
    """What only a file says: keys with an underscore, and words that no person would write so."""
    shapes = re.compile(r"[a-z]+[_-][a-z_-]+")
    keys = {field.partition(".")[2] for field in FIELDS}
    closed = {word for kind in FIELDS.values() for word in listed(kind)}
    return {word for word in keys | closed if shapes.fullmatch(word)}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_key_of_the_file_is_shown_between_any_two_of_the_examples(language: Language) -> None:
    """Nor, in Korean, any word in small Latin letters, but for the labels of items."""
    policies = [parse(path.read_bytes(), name=path.name) for path in FILES]
    own = {word for word in words_of_the_file() if language == "ko" or "_" in word}
    labels = {item.label.of("ko") or "" for policy in policies for item in policy.items.values()}
    seen = 0
    for before, after in itertools.pairwise([*policies, *policies[::3]]):
        for demand in demands(before, after):
            said = told(demand.change, before, after, language=language)
            shown = f"{said.kind} {said.where} {said.before} {said.after}"
            assert not own & set(re.findall(r"[\w-]+", shown)), (shown, demand.change.path)
            facets = re.sub("“.*”", "", said.where)
            assert language == "en" or not re.search("[a-z]{3}", facets) or any(map(facets.count, labels)), (
                shown
            )
            seen += 1
    assert seen > 1000


def edited(*edits: tuple[str, str]) -> list[str]:
    """The lines, in Korean, of these edits of the right policy."""
    text = TEXT
    for old, new in edits:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    before, after = (parse(each.encode(), name="p.yaml") for each in (TEXT, text))
    return [told(each.change, before, after, language="ko").line for each in demands(before, after)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "suspension: {channels: [menu, email], act: without delay",
            "suspension: {channels: [menu, post], act: at once",
            [
                "권리 처리정지 신청 방법: 우편 (추가)",
                "권리 처리정지 신청 방법: 이메일 (삭제)",
                "권리 처리정지 처리: 지체 없이 → 즉시",
            ],
        ),
        (
            "never_collect: [under-14]",
            "never_collect: []",
            ["수집하지 않는 정보: 만 14세 미만 아동의 개인정보 (삭제)"],
        ),
        (
            "basis: legitimate-interest",
            "basis: contract",
            ["“부정 이용 방지” 근거: 정당한 이익 → 계약의 체결과 이행"],
        ),
        (
            "items: {automatic: [ip]}",
            "items: {automatic: [ip, email]}",
            ["“부정 이용 방지” 항목 이메일: 자동 생성 (추가)"],
        ),
        (
            "obliged_as: [online-seller, value-added-telecom]",
            "obliged_as: [online-seller, value-added-telecom, electronic-finance]",
            ["개인정보처리자 사업의 종류: 전자금융업자 (추가)"],
        ),
        (
            "To prevent abuse",
            "To keep abuse away",
            ["“부정 이용 방지” 목적: To prevent abuse → To keep abuse away"],
        ),
    ],
)
def test_an_edit_reads_as_a_sentence(old: str, new: str, said: list[str]) -> None:
    assert edited((old, new)) == said


def test_a_part_that_is_new_is_named_in_a_line_and_told_whole_in_an_announcement() -> None:
    added = """
entrustments:
  mail: {processor: {name: 예시메일, country: US}, tasks: 이메일 발송, items: [email], keep: until membership ended}
provision_rule:"""
    before, after = (
        parse(each.encode(), name="p.yaml") for each in (TEXT, TEXT.replace("\nprovision_rule:", added))
    )
    [demand] = demands(before, after)
    assert told(demand.change, before, after, language="ko").line == "처리위탁 “예시메일 · 이메일 발송”: 추가"
    page = announcement((demand,), before, after, language="ko")
    assert "수탁자: 예시메일 (미국); 위탁업무: 이메일 발송; 항목: 이메일; 보유기간: 회원 탈퇴 시까지" in page


def test_an_announcement_leaves_out_what_only_reads_otherwise_in_another_language() -> None:
    text = TEXT.replace("To prevent abuse", "To keep abuse away").replace("02-0000-0001", "02-0000-0002")
    before, after = (parse(each.encode(), name="p.yaml") for each in (TEXT, text))
    korean, english = (
        announcement(demands(before, after), before, after, language=each) for each in ("ko", "en")
    )
    assert "To keep abuse away" in english
    assert "To keep abuse away" not in korean
    assert "02-0000-0002" in korean


def test_a_purpose_said_in_other_words_is_announced_as_that_and_asks_nobody() -> None:
    news = ("{ko: 소식과 광고성 정보의 전송, en:", "{ko: 소식 및 광고성 정보를 전송, en:")
    before, after = (parse(each.encode(), name="p.yaml") for each in (TEXT, TEXT.replace(*news)))
    [demand] = demands(before, after)
    assert (demand.change.kind, demand.weight, demand.consent) == ("reworded", "ordinary", ())
    page = announcement((demand,), before, after, language="ko")
    assert (
        "| 목적의 표현만 | “소식 및 광고성 정보를 전송” 목적 | 소식과 광고성 정보의 전송 | 소식 및 광고성 정보를 전송 |"
        in page
    )
    assert "다시 동의" not in page
