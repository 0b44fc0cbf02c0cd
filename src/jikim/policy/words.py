"""The closed lists of words a policy may use; each word's value is what the file says. Pure."""

from enum import StrEnum
from typing import Final, Literal


class DataCategory(StrEnum):
    """What kind of personal data an item is (항목의 종류)."""

    IDENTITY = "identity"
    CONTACT = "contact"
    CREDENTIAL = "credential"
    DEMOGRAPHIC = "demographic"
    PREFERENCE = "preference"
    PAYMENT = "payment"
    TRANSACTION = "transaction"
    COMMUNICATION = "communication"
    CONTENT = "content"
    DEVICE = "device"
    NETWORK = "network"
    USAGE = "usage"
    LOCATION = "location"
    RECORD = "record"
    SENSITIVE = "sensitive"
    """개인정보 보호법 제23조."""
    UNIQUE_IDENTIFIER = "unique-identifier"
    """개인정보 보호법 제24조: passport, licence, alien registration."""
    RESIDENT_NUMBER = "resident-number"
    """개인정보 보호법 제24조의2."""


class LegalBasis(StrEnum):
    """The seven bases of 개인정보 보호법 제15조①, and one that published texts use although it is none."""

    CONSENT = "consent"
    LAW = "law"
    PUBLIC_TASK = "public-task"
    CONTRACT = "contract"
    VITAL_INTEREST = "vital-interest"
    LEGITIMATE_INTEREST = "legitimate-interest"
    PUBLIC_SAFETY = "public-safety"
    INTERNAL_POLICY = "internal-policy"
    """"내부 방침": what a published text says; never a basis in law."""


class TransferBasis(StrEnum):
    """What allows a transfer abroad: 개인정보 보호법 제28조의8①."""

    CONSENT = "consent"
    LAW_OR_TREATY = "law-or-treaty"
    CONTRACT_PUBLISHED = "contract-published"
    """Entrustment or storage the contract needs, its five items published in the policy (호 3)."""
    CERTIFIED = "certified"
    RECOGNISED_COUNTRY = "recognised-country"


class Right(StrEnum):
    """열람 · 정정 · 삭제 · 처리정지 · 동의철회 · 탈퇴 · 전송요구 · 자동화된 결정."""

    ACCESS = "access"
    CORRECTION = "correction"
    DELETION = "deletion"
    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
    LEAVING = "leaving"
    TRANSMISSION = "transmission"
    AUTOMATED_DECISION = "automated-decision"

    @property
    def called(self) -> tuple[str, str]:
        """What a person asks for by it, in Korean as the law calls it, and in English."""
        return _RIGHTS[self]

    @property
    def korean(self) -> str:
        """As the law calls it."""
        return self.called[0]


_RIGHTS: Final[dict[Right, tuple[str, str]]] = {
    Right.ACCESS: ("열람", "access"),
    Right.CORRECTION: ("정정", "correction"),
    Right.DELETION: ("삭제", "deletion"),
    Right.SUSPENSION: ("처리정지", "suspension of processing"),
    Right.WITHDRAWAL: ("동의 철회", "withdrawal of consent"),
    Right.LEAVING: ("회원 탈퇴", "leaving"),
    Right.TRANSMISSION: ("전송", "transmission"),
    Right.AUTOMATED_DECISION: (
        "자동화된 결정의 거부·설명",
        "objection to automated decisions, and their explanation",
    ),
}


class RefusalGround(StrEnum):
    """Why a request may be refused: 개인정보 보호법 제35조④, 제36조①, 제37조②."""

    LAW_FORBIDS = "law-forbids"
    LEGAL_DUTY = "legal-duty"
    HARM_TO_OTHERS = "harm-to-others"
    PUBLIC_TASK = "public-task"
    CONTRACT_IMPOSSIBLE = "contract-impossible"
    COLLECTION_REQUIRED_BY_LAW = "collection-required-by-law"


class ProvisionGround(StrEnum):
    """What a text names as an exception from not giving data to others."""

    CONSENT = "consent"
    PUBLICATION = "publication"
    """Making public what a person agreed to have made public: a consent of its own kind."""
    LAW = "law"
    LEGAL_REQUEST = "legal-request"
    ANONYMOUS_STATISTICS = "anonymous-statistics"
    GOOD_FAITH = "good-faith"
    HARDSHIP = "hardship"
    """"통상의 동의를 받기가 경제적·기술적 사유로 현저히 곤란한 경우": a ground the law no longer has."""
    COUNTERPARTY = "counterparty"


Pace = Literal["at once", "without delay"]
Channel = Literal["menu", "web", "app", "email", "phone", "post", "fax", "board", "private-board", "visit"]
MarketingChannel = Literal["email", "sms", "phone", "push", "post", "fax", "screen"]
Source = Literal[
    "self",
    "automatic",
    "generated",
    "another-person",
    "affiliate",
    "partner-account",
    "payment-firm",
    "public",
]
Way = Literal[
    "site", "app", "board", "email", "phone", "fax", "post", "event", "purchase", "use", "affiliate"
]
IdentityCheck = Literal["sign-in", "mailbox-link", "stated-address", "document", "phone"]
Browser = Literal["chrome", "edge", "safari", "firefox", "samsung-internet", "whale", "internet-explorer"]
Permission = Literal["contacts", "camera", "microphone", "location", "photos", "files", "notifications"]
Safety = Literal[
    "internal-plan",
    "access-control",
    "access-record",
    "password-one-way",
    "encryption-at-rest",
    "encryption-in-transit",
    "malware",
    "intrusion",
    "backup",
    "training",
    "pledge",
    "handover",
    "password-renewal",
    "compliance-check",
    "holder-only",
    "physical",
]
Saying = Literal[
    "preamble",
    "promise",
    "reservation",
    "explanation",
    "disclaimer",
    "user-duty",
    "linked-sites",
    "legal-warning",
    "pseudonyms",
    "sensitive-publication",
    "further-use",
    "automated-decisions",
    "ai-use",
    "emergency",
]
