"""A timeline, and a promise whose every text is hostile."""

from datetime import date

import pytest
from tests.servers import PROJECT

from jikim.law.resolve import resolve
from jikim.plan.timeline import timeline
from jikim.policy.life import Timeline
from jikim.policy.parse import parse

POLICY = (PROJECT / "examples/plask/policy.yaml").read_text(encoding="utf-8")
HOSTILE = "</title><script>alert(1)</script>\\\"'&\\e[31m\\u202e"


def read(text: str) -> Timeline:
    return timeline(resolve(parse(text.encode(), name="policy.yaml"), in_force_on=date(2026, 1, 12)))


@pytest.fixture(scope="session")
def plask() -> Timeline:
    """Plask's."""
    return read(POLICY)


@pytest.fixture(scope="session")
def hostile() -> Timeline:
    """The service's name, an item's label and a purpose would like to be markup or to command the terminal."""
    text = POLICY
    for harmless in ("플라스크", "비밀번호", "관심분야에 맞춘 콘텐츠 추천"):
        written = f"ko: {harmless},"
        assert written in text
        text = text.replace(written, f'ko: "{HOSTILE}",')
    return read(text)
