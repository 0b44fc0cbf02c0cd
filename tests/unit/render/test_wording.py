"""Retention rules read as sentences."""

from typing import Any

import pytest

from jikim.policy.retention import RetentionRule
from jikim.policy.words import LegalBasis
from jikim.render.wording import BASES, keep


@pytest.mark.parametrize(
    ("rule", "ko", "en"),
    [
        ("until membership ended", "회원 탈퇴 시까지", "until membership ended"),
        ("1 year after recorded", "기록 후 1년", "1 year after recorded"),
        (
            {"until first of": ["membership ended", "service closed"]},
            "회원 탈퇴, 서비스 종료 가운데 먼저 오는 때까지",
            "until membership ended or service closed, whichever comes first",
        ),
        (
            {"last of": ["until membership ended", "90 days after contract completed"]},
            "회원 탈퇴, 계약 이행 또는 청약철회 후 90일 가운데 나중에 오는 때까지",
            "until membership ended or 90 days after contract completed, whichever comes last",
        ),
    ],
)
def test_a_rule_reads_as_one_phrase(rule: Any, ko: str, en: str) -> None:
    parsed = RetentionRule.parse(rule)
    assert (keep(parsed, "ko"), keep(parsed, "en")) == (ko, en)


def test_a_rule_that_a_text_left_out_is_said_to_be_missing() -> None:
    assert (keep(None, "ko"), keep(None, "en")) == ("기간을 밝히지 않음", "no period stated")


def test_every_basis_has_a_name() -> None:
    assert {*LegalBasis, None} == set(BASES)
