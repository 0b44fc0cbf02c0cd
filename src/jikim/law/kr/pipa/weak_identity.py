"""An address written in a mail that is taken for proof.

Whoever asks for data, or for its deletion, has to be the person or a proper agent, and the controller makes sure of
it. Anybody can write somebody else's address into a mail. A link sent to that address, or signing in, shows who is
asking.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """A check of identity that proves nothing."""
    identity = reading.policy.rights.identity
    if "stated-address" not in identity:
        return
    better = [way for way in identity if way != "stated-address"]
    written = ", ".join(dict.fromkeys((*better, "mailbox-link")))
    yield Finding(
        ("rights", "identity", identity.index("stated-address")),
        Words(
            "이메일에 적힌 주소만으로 본인임을 확인한다고 합니다",
            "an address stated in a mail is taken for proof of identity",
        ),
        Words(
            f"그 주소로 보낸 링크로 확인합니다: `identity: [{written}]`",
            f"send a link to that address: `identity: [{written}]`",
        ),
        severity=Severity.WARNING if better else Severity.ERROR,
    )


RULE = Rule(
    code="L-57",
    name="weak-identity",
    title=Words("본인 확인", "Who is asking"),
    severity=Severity.ERROR,
    rests_on=("kr.rights.identity",),
    check=check,
    wrong="rights: {identity: [stated-address]}\n",
    right="rights: {identity: [mailbox-link]}\n",
    about=__doc__,
)
