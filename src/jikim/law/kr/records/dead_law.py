"""A law that is gone, given as a reason.

Some schemes live on in policies that copied each other: identity checks that a law once demanded of large sites, or
the parting of accounts that nobody used for a year. Nothing may be kept for them today, and whoever keeps it without
another basis ought to have destroyed it. Take the scheme out; where the service itself wants the same, it says so as
its own promise, with a basis of its own.
"""

from collections.abc import Iterator

from jikim.law.cited import dead_meant, mentioned
from jikim.law.pack import DeadLaw, pack
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Processing
from jikim.source import Path, Severity

KR = pack("kr")


def check(reading: Reading) -> Iterator[Finding]:
    """Records held by such a law, and processings and statements that name one."""
    policy = reading.policy
    for name, kept in policy.kept_by_law.items():
        if law := dead_meant(kept, of="kr"):
            key = "law" if kept.law else "cites"
            yield _finding(
                ("kept_by_law", name, key),
                law,
                Words(
                    f"`kept_by_law`에서 `{name}` 항목을 지우고 그 기록을 파기합니다",
                    f"remove `{name}` from `kept_by_law`, and destroy those records",
                ),
            )
    for name, each in policy.processing.items():
        yield from _in_processing(("processing", name), each)
    for place, statement in enumerate(policy.statements):
        yield from _in_cites(("statements", place), statement.cites)


def _in_processing(path: Path, each: Processing) -> Iterator[Finding]:
    """Where it cites the scheme; else where its purpose names it."""
    cited = list(_in_cites(path, each.cites))
    yield from cited
    for law in KR.dead_laws:
        if not cited and mentioned(each.purpose, [law.scheme.ko, law.scheme.en]):
            yield _finding((*path, "purpose"), law, _TAKE_OUT)


def _in_cites(path: Path, cites: tuple[str, ...]) -> Iterator[Finding]:
    for place, words in enumerate(cites):
        for law in KR.dead_laws:
            if mentioned(words, [law.scheme.ko, law.scheme.en]):
                yield _finding((*path, "cites", place), law, _TAKE_OUT)


_TAKE_OUT = Words(
    "목적과 `cites`에서 그 제도를 지웁니다", "take the scheme out of the purpose and of `cites`"
)


def _finding(path: Path, law: DeadLaw, fix: Words) -> Finding:
    return Finding(
        path,
        Words(f"없어진 제도({law.scheme.ko})를 근거로 듭니다", f"the reason given is gone: {law.scheme.en}"),
        fix,
        rests_on=(law.key,),
    )


RULE = Rule(
    code="L-03",
    name="dead-law",
    title=Words("없어진 법을 든 근거", "A law that is gone"),
    severity=Severity.ERROR,
    rests_on=("kr.network.identity-check", "kr.pipa.dormant-account"),
    check=check,
    wrong="""
kept_by_law:
  identity-checks: {label: 본인확인에 관한 기록, cites: 정보통신망법, as_stated: 6 months, items: [name]}
""",
    right="""
kept_by_law:
  payments: {law: kr.ecommerce.payment, after: payment settled, items: [name, email, order-history]}
""",
    about=Words(
        """
없어진 법을 근거로 든 보존.

큰 사이트에 본인확인을 요구하던 제도나, 일 년 동안 이용하지 않은 계정을 분리하던 제도(「개인정보 보호법」 구
제39조의6)는 없어졌으나, 서로 옮겨 적은 처리방침에는 남아 있습니다. 이제 그 법에 따라 보존할 수 있는 것은
없고, 다른 근거 없이 가지고 있다면 이미 파기했어야 합니다. 그 내용을 지웁니다. 서비스가 스스로 그렇게 하려면
자기의 약속으로서 고유한 근거를 밝혀 적습니다.
""",
        __doc__,
    ),
)
