"""How a document says periods, lists and versions, in both languages."""

from typing import Any

import pytest
from tests.published import policy

from jikim.policy.retention import RetentionRule
from jikim.policy.triggers import TRIGGERS, UNSTATED
from jikim.render.document.voice import Voice
from jikim.render.document.words import WHEN
from jikim.render.wording import Language

PLASK = policy("plask")


def voice(language: Language) -> Voice:
    return Voice(PLASK, language, {}, {}, None)


@pytest.mark.parametrize(
    ("rule", "ko", "en"),
    [
        ("until membership ended", "회원 탈퇴 시까지", "Until the membership ends"),
        ("3 months after recorded", "기록 후 3개월", "3 months after it is recorded"),
        ("1 year after unstated", "1년 (언제부터인지 밝히지 않음)", "1 year (it is not stated from when)"),
        (
            {"until first of": ["membership ended", "service closed"]},
            "회원 탈퇴와 서비스 종료 가운데 먼저 오는 때까지",
            "Until the membership ends or the service closes, whichever comes first",
        ),
        (
            {"first of": ["30 days after recorded", "until session ended", "until service closed"]},
            "기록 후 30일, 로그아웃, 서비스 종료 가운데 먼저 오는 때까지",
            "30 days after it is recorded, or earlier if the session ends or the service closes",
        ),
        (
            {"until first of": ["contract completed", "service closed"]},
            "계약 이행 또는 청약철회, 서비스 종료 가운데 먼저 오는 때까지",
            "Until the contract is performed or withdrawn from, or the service closes, whichever comes first",
        ),
        (
            {"last of": ["until purpose met", "5 days after recorded", "until link removed"]},
            "목적 달성, 기록 후 5일, 연동 해제 가운데 나중에 오는 때까지",
            "Until the purpose is met, 5 days after it is recorded or until the link is removed, "
            "whichever comes last",
        ),
    ],
)
def test_a_period_says_when_it_ends_and_which_of_several_counts(rule: Any, ko: str, en: str) -> None:
    read = RetentionRule.parse(rule)
    assert voice("ko").keep(read) == ko
    assert voice("en").keep(read) == en


def test_what_is_not_stated_is_said_not_to_be() -> None:
    assert (voice("ko").keep(None), voice("en").keep(None)) == ("밝히지 않음", "Not stated")
    assert (voice("ko").of(None), voice("en").date(None)) == ("밝히지 않음", "not stated")


def test_every_trigger_has_an_english_clause() -> None:
    assert set(WHEN) == set(TRIGGERS) - {UNSTATED}


@pytest.mark.parametrize(
    ("each", "ko", "en"),
    [([], "", ""), (["a"], "a", "a"), (["a", "b", "c"], "a, b 또는 c", "a, b or c")],
)
def test_several_of_which_one_is_enough(each: list[str], ko: str, en: str) -> None:
    assert voice("ko").either(each) == ko
    assert voice("en").either(each) == en


@pytest.mark.parametrize(
    ("place", "en"),
    [
        ("개인정보 보호법 제37조", "Personal Information Protection Act art. 37"),
        ("통신비밀보호법 제15조의2제2항", "Protection of Communications Secrets Act art. 15-2(2)"),
        ("전자상거래법", "Act on the Consumer Protection in Electronic Commerce"),
        ("개인정보 보호법 제37조 단서", "개인정보 보호법 제37조 단서"),
        ("회사의 규정 제3조", "회사의 규정 제3조"),
    ],
)
def test_a_law_that_the_policy_cites_is_english_in_english_where_all_of_it_is_known(
    place: str, en: str
) -> None:
    assert voice("en").cited(place) == en
    assert voice("ko").cited(place) == place


@pytest.mark.parametrize(
    ("version", "ko", "en"), [("1.1", "1.1판", "version 1.1"), ("Ver. 1.0", "Ver. 1.0", "Ver. 1.0")]
)
def test_a_version_that_says_what_it_is_stands_as_it_is(version: str, ko: str, en: str) -> None:
    assert voice("ko").edition(version) == ko
    assert voice("en").edition(version) == en
