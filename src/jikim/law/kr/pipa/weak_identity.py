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
    about=Words(
        """
메일에 적은 주소를 본인이라는 증거로 삼는 확인.

열람이나 삭제를 요구하는 사람이 본인이거나 정당한 대리인인지 확인해야 합니다(「개인정보 보호법 시행령」
제46조제1항). 메일에는 누구나 남의 주소를 적을 수 있습니다. 그 주소로 보낸 확인 링크나 로그인으로 누가
요구하는지 알 수 있습니다.
""",
        __doc__,
    ),
)
