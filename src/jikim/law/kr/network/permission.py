"""A permission of the device without consent.

Reading the address book, the camera or the place of a telephone needs its owner's consent, also where the service
cannot do without it; and whoever refuses what the service can do without must be able to use the rest. Say at the
processing that rests on that consent which permission it needs.
"""

from collections.abc import Iterator

from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.words import LegalBasis
from jikim.source import Severity


def check(reading: Reading) -> Iterator[Finding]:
    """Each permission that no processing asks for with consent, where it is used."""
    processing = reading.policy.processing
    asked = {
        permission
        for each in processing.values()
        if each.basis is LegalBasis.CONSENT
        for permission in each.permission
    }
    for name, each in processing.items():
        for permission in each.permission:
            if permission not in asked:
                yield Finding(
                    ("processing", name, "permission"),
                    Words(
                        f"기기의 접근권한(`{permission}`)을 동의 없이 씁니다",
                        f"the permission `{permission}` of the device is used without consent",
                    ),
                    Words(
                        "이렇게 적습니다: `basis: consent`, `if_refused: …`",
                        "write `basis: consent`, `if_refused: …`",
                    ),
                )


RULE = Rule(
    code="L-79",
    name="device-permission",
    title=Words("접근권한에 대한 동의", "Consent to a permission of the device"),
    severity=Severity.ERROR,
    rests_on=("kr.bases.app-permissions",),
    check=check,
    wrong="""
processing:
  newsletter:
    marketing: null
    basis: contract
    purpose: {ko: 친구 초대, en: To invite friends}
    permission: contacts
""",
    right="""
processing:
  newsletter:
    marketing: null
    purpose: {ko: 친구 초대, en: To invite friends}
    permission: contacts
""",
    about=Words(
        """
동의 없이 쓰는 기기의 접근권한.

이동통신단말장치의 주소록, 카메라, 위치를 읽으려면 서비스에 꼭 필요한 경우에도 동의를 받아야 하고, 꼭
필요하지 않은 권한을 거부하여도 나머지 서비스를 쓸 수 있어야 합니다(「정보통신망 이용촉진 및 정보보호 등에
관한 법률」 제22조의2). 그 동의를 근거로 하는 처리에 필요한 권한을 적습니다.
""",
        __doc__,
    ),
)
