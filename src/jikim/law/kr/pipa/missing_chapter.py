"""A chapter that every policy has, and this one lacks.

The act, its decree and the standard guideline list what a policy must say whatever the service does. A reader who
looks for their rights, for whom to ask or for how data is destroyed must find it. Each missing chapter is found once,
at the key where it belongs; what is there but incomplete is for other rules. That agencies are named is recommended
only, so their absence is a warning.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.source import Path, Severity


@dataclass(frozen=True)
class _Chapter:
    """:param path: where it belongs. :param facts: what demands it. :param lacking: whether a policy lacks it."""

    path: Path
    facts: tuple[str, ...]
    what: Words
    fix: Words
    lacking: Callable[[Policy], bool]
    severity: Severity = Severity.ERROR


def _asked(policy: Policy) -> bool:
    return any(rule.granted for rule in policy.rights.rules.values())


CHAPTERS: Final = (
    _Chapter(
        ("processing",),
        ("kr.contents.purpose", "kr.contents.items", "kr.contents.period"),
        Words("처리 목적과 항목, 보유기간", "what data is processed for, which items and how long"),
        Words(
            "`processing`에 목적마다 `purpose`, `basis`, `items`, `keep`을 적습니다",
            "write `purpose`, `basis`, `items` and `keep` for each purpose under `processing`",
        ),
        lambda policy: not policy.processing,
    ),
    _Chapter(
        ("rights",),
        ("kr.contents.rights",),
        Words("정보주체의 권리와 행사 방법", "the rights of people and how to use them"),
        Words(
            "`rights: {access: {channels: [menu, email]}, correction: …, deletion: …, suspension: …,"
            " withdrawal: …}`를 적습니다",
            "write `rights: {access: {channels: [menu, email]}, correction: …, deletion: …, suspension: …,"
            " withdrawal: …}`",
        ),
        lambda policy: not _asked(policy),
    ),
    _Chapter(
        ("rights", "refusal", "objection"),
        ("kr.contents.objection",),
        Words("요구를 거절당한 사람이 이의를 제기하는 방법", "how to object to a refusal"),
        Words(
            "`rights`에 `refusal: {form: written, objection: …}`을 적습니다",
            "write `refusal: {form: written, objection: …}` under `rights`",
        ),
        lambda policy: _asked(policy) and not (policy.rights.refusal and policy.rights.refusal.objection),
    ),
    _Chapter(
        ("contacts", "officer"),
        ("kr.contents.officer",),
        Words("개인정보 보호책임자", "the privacy officer"),
        Words(
            "`contacts`에 `officer: {department: …, phone: …, email: …}`을 적습니다",
            "write `officer: {department: …, phone: …, email: …}` under `contacts`",
        ),
        lambda policy: policy.contacts.officer is None,
    ),
    _Chapter(
        ("contacts", "access_desk"),
        ("kr.contents.access-desk",),
        Words("열람 청구를 접수·처리하는 부서", "the department that takes access requests"),
        Words(
            "`contacts`에 `access_desk: {department: …, phone: …, email: …}`을 적습니다",
            "write `access_desk: {department: …, phone: …, email: …}` under `contacts`",
        ),
        lambda policy: policy.contacts.access_desk is None,
    ),
    _Chapter(
        ("safeguards",),
        ("kr.contents.safeguards",),
        Words("안전성 확보 조치", "how data is kept safe"),
        Words(
            "`safeguards`에 조치마다 `{kind: …, text: …}`를 적습니다",
            "write `{kind: …, text: …}` for each measure under `safeguards`",
        ),
        lambda policy: not policy.safeguards,
    ),
    _Chapter(
        ("notice",),
        ("kr.contents.changes",),
        Words("처리방침의 변경에 관한 사항", "how the policy is changed"),
        Words(
            "`notice: {ordinary: …, with_comparison: true, where: [notices]}`처럼 적습니다",
            "write such as `notice: {ordinary: …, with_comparison: true, where: [notices]}`",
        ),
        lambda policy: policy.notice is None,
    ),
    _Chapter(
        ("agencies",),
        ("kr.contents.remedies",),
        Words("권익 침해를 구제받는 방법", "where people may turn when their rights are violated"),
        Words(
            "`agencies`에 기관마다 `{name: …, phone: …}`을 적습니다",
            "write `{name: …, phone: …}` for each agency under `agencies`",
        ),
        lambda policy: not policy.agencies,
        Severity.WARNING,
    ),
)


def check(reading: Reading) -> Iterator[Finding]:
    """Each chapter that is not there; and of destruction, the parts that are not."""
    for chapter in CHAPTERS:
        if chapter.lacking(reading.policy):
            yield Finding(
                chapter.path,
                Words(
                    f"처리방침에 없습니다: {chapter.what.ko}", f"missing from the policy: {chapter.what.en}"
                ),
                chapter.fix,
                at="key",
                severity=chapter.severity,
                rests_on=chapter.facts,
            )
    yield from _destruction(reading.policy)


def _destruction(policy: Policy) -> Iterator[Finding]:
    said = policy.destruction
    parts = (
        (
            "electronic",
            said.electronic,
            Words("전자 파일의 파기 방법", "how files are destroyed"),
            "irrecoverable",
        ),
        ("paper", said.paper, Words("종이 문서의 파기 방법", "how paper is destroyed"), "shred or burn"),
        ("procedure", said.procedure, Words("파기 절차", "the procedure of destruction"), "…"),
    )
    lacking = [(key, what, example) for key, value, what, example in parts if value is None]
    if not lacking:
        return
    text = ", ".join(f"{key}: {example}" for key, _, example in lacking)
    yield Finding(
        ("destruction", lacking[0][0]) if len(lacking) == 1 else ("destruction",),
        Words(
            f"처리방침에 없습니다: {', '.join(what.ko for _, what, _ in lacking)}",
            f"missing from the policy: {', '.join(what.en for _, what, _ in lacking)}",
        ),
        Words(f"`destruction: {{{text}}}`을 적습니다", f"write `destruction: {{{text}}}`"),
        at="key",
        rests_on=("kr.contents.destruction",),
    )


RULE = Rule(
    code="L-01",
    name="missing-chapter",
    title=Words("빠진 장", "A chapter that is missing"),
    severity=Severity.ERROR,
    rests_on=(*(fact for chapter in CHAPTERS for fact in chapter.facts), "kr.contents.destruction"),
    check=check,
    wrong="destruction: {electronic: unstated, paper: unstated}\n",
    right="destruction: {electronic: irrecoverable, paper: shred or burn}\n",
    about=Words(
        """
모든 처리방침에 있어야 하는데 빠진 장.

「개인정보 보호법」 제30조와 그 시행령, 「표준 개인정보 보호지침」은 어떤 서비스이든 처리방침에 밝혀야 할
사항을 정합니다. 정보주체는 자기의 권리, 물어볼 곳, 개인정보를 파기하는 방법을 찾을 수 있어야 합니다. 빠진
장은 그것이 있어야 할 자리에서 한 번씩 알립니다. 있지만 모자란 것은 다른 규칙이 봅니다. 권익침해 구제기관을
적는 것은 권고이므로, 없으면 경고에 그칩니다.
""",
        __doc__,
    ),
)
