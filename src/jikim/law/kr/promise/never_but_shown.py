""" "Never", and yet.

A promise that data serves nothing else, or goes to nobody, binds to the letter. Another clause that uses the same
items on another basis, shows an open list to others, or provides without the one exception that was named, breaks it
on the day it is published. Name the exception or drop the use.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.words import LegalBasis
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """What stands against a promise of nothing else, and of never providing."""
    yield from _against_nothing_else(reading.policy)
    yield from _against_never(reading.policy)


def _against_nothing_else(policy: Policy) -> Iterator[Finding]:
    """The same items on another basis, and an open list of what others are shown."""
    promised = {name: each for name, each in policy.processing.items() if each.nothing_else}
    for name, each in policy.processing.items():
        for kept in promised.values():
            shared = ", ".join(f"`{item}`" for item in sorted(kept.items.all & each.items.all))
            if shared and each.basis is not kept.basis:
                yield Finding(
                    ("processing", name, "items"),
                    Words(
                        f"`{kept.id}`에서 다른 목적에 쓰지 않겠다고 한 항목입니다: {shared}",
                        f"`{kept.id}` promises that {shared} serves nothing else",
                    ),
                    Words(
                        f"이 항목을 빼거나 `{kept.id}`에서 `nothing_else`를 지웁니다",
                        f"take it out here, or remove `nothing_else` from `{kept.id}`",
                    ),
                )
        others = ", ".join(f"`{one}`" for one in promised if one != name)
        if others and each.shown_to and (each.open or each.items.open):
            yield Finding(
                ("processing", name, "shown_to"),
                Words(
                    f"남에게 보이는 항목을 다 적지 않아, 다른 곳에 쓰지 않겠다는 약속({others})과 어긋납니다",
                    f"what others are shown is an open list, against the promise of nothing else: {others}",
                ),
                Words(
                    "보이는 항목을 모두 적고 `open`을 지웁니다", "name all that is shown, and remove `open`"
                ),
            )


def _against_never(policy: Policy) -> Iterator[Finding]:
    rule = policy.provision_rule
    if rule is None or rule.without != "never":
        return
    excepted = {exception.ground.value for exception in rule.exceptions}
    for name, provision in policy.provisions.items():
        basis = provision.basis
        if basis in {LegalBasis.CONSENT, LegalBasis.LAW} and basis.value in excepted:
            continue
        yield Finding(
            ("provisions", name),
            Words(
                "제3자에게 결코 제공하지 않는다는 약속과 어긋납니다",
                "this is against the promise never to provide",
            ),
            Words(
                "동의를 받고 그 예외를 약속에 적거나, 제공하지 않습니다",
                "ask for consent and name the exception in the promise, or do not provide",
            ),
            at="key",
        )


RULE = Rule(
    code="L-71",
    name="never-but-shown",
    title=Words("지킬 수 없는 ‘절대’", "Never, and yet"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.better-binds",),
    check=check,
    wrong="""
processing:
  orders: {nothing_else: true}
  newsletter: {items: {optional: [email, order-history]}}
""",
    right="""
processing:
  abuse-prevention: {nothing_else: true}
""",
    about=Words(
        """
“절대”라고 하고서 어기는 약속.

다른 목적으로 쓰지 않는다거나 누구에게도 제공하지 않는다는 약속은 글자 그대로 구속합니다(「개인정보 보호법」
제30조제3항). 다른 조항이 같은 항목을 다른 근거로 쓰거나, 끝을 정하지 않은 사람들에게 보이거나, 적어 둔 예외
없이 제공하면 공개하는 날 이미 어기는 것입니다. 예외를 적거나 그렇게 쓰지 않습니다.
""",
        __doc__,
    ),
)
