"""How periods, bases and dated facts read in a sentence, in Korean and in English. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from jikim.policy.life import Taken
from jikim.policy.parts import LocalText
from jikim.policy.period import NO_PERIOD, Period
from jikim.policy.retention import Clock, RetentionRule
from jikim.policy.triggers import TRIGGERS
from jikim.policy.words import LegalBasis
from jikim.render.columns import printable

Language = Literal["ko", "en"]

Words = tuple[str, str]
"""The same in Korean and in English."""

BASES: Final[Mapping[LegalBasis | None, Words]] = {
    LegalBasis.CONSENT: ("정보주체의 동의", "consent"),
    LegalBasis.LAW: ("법률의 규정 또는 법령상 의무", "a duty by law"),
    LegalBasis.PUBLIC_TASK: ("공공기관의 소관 업무", "a public body's task"),
    LegalBasis.CONTRACT: ("계약의 체결과 이행", "contract"),
    LegalBasis.VITAL_INTEREST: ("급박한 생명·신체·재산의 이익", "vital interest"),
    LegalBasis.LEGITIMATE_INTEREST: ("정당한 이익", "legitimate interest"),
    LegalBasis.PUBLIC_SAFETY: ("공공의 안전", "public safety"),
    LegalBasis.INTERNAL_POLICY: ("내부 방침", "internal policy"),
    None: ("근거를 밝히지 않음", "no basis stated"),
}
"""The article of each is the law pack's; an internal policy has none."""

TAKEN: Final[Mapping[Taken, Words]] = {
    "required": ("필수", "required"),
    "optional": ("선택", "optional"),
    "automatic": ("자동 생성", "automatic"),
}
ACTIONS: Final[Mapping[str, Words]] = {
    "recorded": ("기록", "recorded"),
    "removed": ("서비스가 지움", "removed by the service"),
    "leaving undone": ("탈퇴 취소", "leaving undone"),
    "archive": ("분리보관", "moved to the archive"),
    "mask": ("가림", "masked"),
    "stub": ("키만 남기고 가림", "masked but for its key"),
    "destroy": ("파기", "destroyed"),
    "expire": ("보관본 파기", "archived copy destroyed"),
    "refresh": ("사본 갱신", "derived copy made anew"),
}


def say(words: Words, language: Language) -> str:
    """The one of the two that is in this language."""
    return words[0] if language == "ko" else words[1]


def local(text: LocalText | None, language: Language) -> str:
    """A policy's own text in this language, or in whichever it was written in; empty for none."""
    if text is None:
        return ""
    return text.of(language) or next(iter(text.root.values()))


def trigger(name: str, language: Language) -> str:
    """A dated fact; one that is no trigger of the language stands as it is."""
    meaning = TRIGGERS.get(name)
    return name if meaning is None else meaning.ko if language == "ko" else meaning.en


def capital(text: str) -> str:
    """The same with a capital at its head, as a cell or a line of a list begins."""
    return text[:1].upper() + text[1:]


def day(on: date, language: Language) -> str:
    """A day, as letters write it: ``2026년 1월 2일`` or ``2 January 2026``."""
    return f"{on.year}년 {on.month}월 {on.day}일" if language == "ko" else f"{on.day} {on:%B} {on.year}"


def edition(version: str, language: Language) -> str:
    """``1.1판`` or ``version 1.1``; a version that already says what it is stands as it is."""
    if not version[:1].isdigit():
        return printable(version)
    return f"{version}판" if language == "ko" else f"version {version}"


def period(length: Period, language: Language) -> str:
    """``5일`` or ``5 days``."""
    return length.korean() if language == "ko" else str(length)


def short(length: Period, language: Language) -> str:
    """A period in as few letters as an axis has room for: ``5일`` or ``5 d``."""
    letters = {"hours": "h", "days": "d", "weeks": "wk", "months": "mo", "years": "yr"}
    return length.korean() if language == "ko" else f"{length.count} {letters[length.unit]}"


def keep(rule: RetentionRule | None, language: Language) -> str:
    """A retention rule as one phrase; with several clocks, it says which of them ends the keeping."""
    if rule is None:
        return say(("기간을 밝히지 않음", "no period stated"), language)
    if len(rule.clocks) == 1:
        return _clock(rule.clocks[0], language)
    if language == "ko":
        each = [_clock(clock, language).removesuffix(" 시까지") for clock in rule.clocks]
        return f"{', '.join(each)} 가운데 {'먼저' if rule.combine == 'first' else '나중에'} 오는 때까지"
    each = [_clock(c, language) for c in rule.clocks]
    return f"{_either(each)}, whichever comes {rule.combine}"


def _clock(clock: Clock, language: Language) -> str:
    fact = trigger(clock.trigger, language)
    if language == "ko":
        return f"{fact} 시까지" if clock.period == NO_PERIOD else f"{fact} 후 {clock.period.korean()}"
    return f"until {fact}" if clock.period == NO_PERIOD else f"{clock.period} after {fact}"


def _either(each: list[str]) -> str:
    first, *rest = each
    if all(one.startswith("until ") for one in each):
        rest = [one.removeprefix("until ") for one in rest]
    listed = [first, *rest]
    return f"{', '.join(listed[:-1])} or {listed[-1]}"
