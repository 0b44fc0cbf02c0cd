"""The dated facts that start a clock: one closed list, so that a typo is an error. Pure.

A new fact is added here and nowhere else; the data map then says which column holds its date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TriggerMeaning:
    """How a trigger reads in each language (``ko`` before 후 or 시까지), and what it means in one line."""

    ko: str
    en: str
    meaning: str


UNSTATED: Final = "unstated"
"""The trigger of a period that a published text gives without saying when it starts."""

TRIGGERS: Final[Mapping[str, TriggerMeaning]] = {
    "membership ended": TriggerMeaning(
        "회원 탈퇴", "membership ended", "the person left, or the account was closed"
    ),
    "consent withdrawn": TriggerMeaning(
        "동의 철회", "consent withdrawn", "the person took back this processing's consent"
    ),
    "deletion requested": TriggerMeaning("삭제 요청", "deletion requested", "the person asked for deletion"),
    "purpose met": TriggerMeaning("목적 달성", "purpose met", "what the data was collected for is done"),
    "period ended": TriggerMeaning(
        "보유기간 종료", "period ended", "the period named to the person has passed"
    ),
    "service closed": TriggerMeaning("서비스 종료", "service closed", "the service stopped for everyone"),
    "recorded": TriggerMeaning("기록", "recorded", "the record itself was made"),
    "last used": TriggerMeaning("마지막 이용", "last used", "the person last used the service"),
    "session ended": TriggerMeaning("로그아웃", "session ended", "the sign-in session ended"),
    "contract completed": TriggerMeaning(
        "계약 이행 또는 청약철회",
        "contract completed",
        "the contract was performed, or the order was withdrawn",
    ),
    "payment settled": TriggerMeaning("대금 정산", "payment settled", "the payment was settled"),
    "supply completed": TriggerMeaning(
        "재화 등의 공급", "supply completed", "the goods or services were supplied"
    ),
    "complaint closed": TriggerMeaning(
        "민원 처리 종결", "complaint closed", "the complaint or dispute was closed"
    ),
    "display ended": TriggerMeaning("게시 종료", "display ended", "the advertisement was last shown"),
    "request received": TriggerMeaning("요청 접수", "request received", "a person's request arrived"),
    "request closed": TriggerMeaning("요청 처리 종결", "request closed", "a person's request was answered"),
    "entrustment ended": TriggerMeaning(
        "위탁계약 종료", "entrustment ended", "the contract with the processor or recipient ended"
    ),
    "link removed": TriggerMeaning(
        "연동 해제", "link removed", "the person disconnected an account of another service"
    ),
    "permission withdrawn": TriggerMeaning(
        "접근권한 철회", "permission withdrawn", "the person took back a permission of the device"
    ),
    "guardian refused": TriggerMeaning(
        "법정대리인 동의 거부", "guardian refused", "the guardian refused, or could not be confirmed"
    ),
    "transaction made": TriggerMeaning("거래", "transaction made", "the financial transaction was made"),
    "relationship ended": TriggerMeaning(
        "거래관계 종료", "relationship ended", "the commercial relationship ended"
    ),
    "return due": TriggerMeaning(
        "법정신고기한 경과", "return due", "the tax period's filing deadline passed"
    ),
    "books closed": TriggerMeaning("장부 폐쇄", "books closed", "the account books were closed"),
    "business transferred": TriggerMeaning(
        "영업 양도", "business transferred", "the business passed to another controller"
    ),
    UNSTATED: TriggerMeaning(
        "(기산점 없음)", "(start not stated)", "a published text gives a period and no start"
    ),
}

UNHURRIED: Final = frozenset(
    {
        *("membership ended", "consent withdrawn", "deletion requested", "request received", "last used"),
        *("link removed", "permission withdrawn", "guardian refused", "relationship ended"),
        *("service closed", "entrustment ended", "business transferred"),
    }
)
"""Triggers that rightly stay away while somebody stays, or the service does; any other is somebody's work to do."""
