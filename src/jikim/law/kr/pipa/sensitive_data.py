"""Sensitive data, or a number that identifies for life, without a consent of its own or a statute.

Beliefs, health, biometric features, passports and the like are taken only on a consent apart from every other, or
where a statute says so. A contract is not enough, and a consent to ten items of which one is sensitive is not apart.
A promise not to take such data means nothing if the file takes it after all; nor does one with the exception "unless
the person agrees", while nothing says what they would agree to.
"""

from collections.abc import Iterator
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Processing
from jikim.policy.words import DataCategory
from jikim.source import Path, Severity

_FACTS: Final = {
    DataCategory.SENSITIVE: "kr.bases.sensitive",
    DataCategory.UNIQUE_IDENTIFIER: "kr.bases.unique-identifiers",
}
_CALLED: Final = {
    DataCategory.SENSITIVE: Words("민감정보", "sensitive data"),
    DataCategory.UNIQUE_IDENTIFIER: Words("고유식별정보", "unique identifiers"),
}


def check(reading: Reading) -> Iterator[Finding]:
    """What is taken without leave, then what is promised not to be taken and is."""
    taken: set[DataCategory] = set()
    for name, processing in reading.policy.processing.items():
        for category in _FACTS:
            if of_it := _of(reading, processing, category):
                taken.add(category)
                yield from _without_leave(reading, name, processing, category, of_it)
    for place, never in enumerate(reading.policy.never_collect):
        known = next((each for each in _FACTS if each.value == never.what), None)
        if known is not None:
            path = ("never_collect", place)
            yield from _promised(path, known, taken=known in taken, unless=bool(never.unless))


def _of(reading: Reading, processing: Processing, category: DataCategory) -> list[Path]:
    """Where a processing lists items of that kind."""
    items = processing.items
    listed: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("required", items.required),
        ("optional", items.optional),
        ("automatic", items.automatic),
    )
    return [
        (way, place)
        for way, names in listed
        for place, name in enumerate(names)
        if reading.policy.items[name].category is category
    ]


def _without_leave(
    reading: Reading, name: str, processing: Processing, category: DataCategory, of_it: list[Path]
) -> Iterator[Finding]:
    called = _CALLED[category]
    at: Path = ("processing", name, "items", *of_it[0])
    by_law = reading.facts["kr.bases.law"].words
    by_consent = reading.facts["kr.bases.consent"].words
    fix = Words(
        f"{called.ko}만 담은 처리를 따로 두고 `basis: consent`로"
        " 별도 동의를 받거나, `basis: law`와 `under`에 법령을 적습니다",
        f"give {called.en} a processing of its own on `basis: consent`,"
        " or write `basis: law` and the statute in `under`",
    )
    basis = processing.basis.value if processing.basis else ""
    if basis not in (*by_law, *by_consent):
        yield Finding(
            at,
            Words(
                f"{called.ko}를 별도 동의나 법령 없이 처리합니다",
                f"{called.en} without a separate consent or a statute",
            ),
            fix,
            rests_on=(_FACTS[category],),
        )
    elif basis in by_consent and len(of_it) < len(processing.items.all):
        yield Finding(
            at,
            Words(
                f"{called.ko}의 동의를 다른 항목의 동의와 함께 받습니다",
                f"consent to {called.en} is asked together with that to other items",
            ),
            fix,
            rests_on=(_FACTS[category], "kr.bases.separate-consents"),
        )


def _promised(path: Path, category: DataCategory, *, taken: bool, unless: bool) -> Iterator[Finding]:
    called = _CALLED[category]
    if taken and not unless:
        yield Finding(
            path,
            Words(
                f"{called.ko}를 받지 않는다고 적고도 받습니다", f"{called.en} is said not to be taken, and is"
            ),
            Words(
                "이 약속을 지우거나, 그 항목을 받지 않습니다", "remove the promise, or stop taking the item"
            ),
            rests_on=("kr.contents.better-binds", _FACTS[category]),
        )
    if unless and not taken:
        yield Finding(
            (*path, "unless"),
            Words(
                f"동의하면 {called.ko}를 받는다면서 무엇을 받는지 적지 않았습니다",
                f"{called.en} is taken of who agrees, and nothing says what",
            ),
            Words(
                f"`unless: consent`를 지우거나, {called.ko}만 담은 처리를 `basis: consent`로 따로 적습니다",
                f"remove `unless: consent`, or give {called.en} a processing of its own on `basis: consent`",
            ),
            severity=Severity.WARNING,
            rests_on=(_FACTS[category],),
        )


RULE = Rule(
    code="L-38",
    name="sensitive-data",
    title=Words("민감정보와 고유식별정보", "Sensitive data and unique identifiers"),
    severity=Severity.ERROR,
    rests_on=(
        *_FACTS.values(),
        "kr.bases.separate-consents",
        "kr.bases.consent",
        "kr.bases.law",
        "kr.contents.better-binds",
    ),
    check=check,
    wrong="""
items:
  blood-pressure: {label: {ko: 혈압, en: Blood pressure}, category: sensitive}
processing:
  membership: {items: {required: [name, email, password], optional: [blood-pressure]}}
""",
    right="""
items:
  blood-pressure: {label: {ko: 혈압, en: Blood pressure}, category: sensitive}
processing:
  health:
    about: member
    purpose: {ko: 혈압에 맞는 차의 추천, en: To recommend tea that suits the blood pressure}
    basis: consent
    items: {optional: [blood-pressure]}
    keep: {until first of: [consent withdrawn, membership ended, service closed]}
    if_refused: {ko: 추천을 받지 못합니다., en: Nothing is recommended.}
""",
    about=Words(
        """
따로 받은 동의나 법령 없이 처리하는 민감정보와 고유식별정보.

사상과 신념, 건강, 생체인식 특징정보, 여권번호와 같은 것은 다른 동의와 구분하여 따로 동의를 받거나 법령이
요구하거나 허용하는 경우에만 처리합니다(「개인정보 보호법」 제23조제1항, 제24조제1항). 계약만으로는
모자라며, 열 가지 항목에 대한 동의에 민감정보 하나가 섞여 있으면 따로 받은 것이 아닙니다. 수집하지 않는다고
약속하고 수집하면 그 약속은 뜻이 없습니다. 무엇에 동의하는지 말하지 않으면서 “동의한 경우를 제외하고”라고
하는 약속도 같습니다.
""",
        __doc__,
    ),
)
