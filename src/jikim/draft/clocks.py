"""Which columns date what: facts that start a clock, by the names that columns give them. Pure."""

from collections.abc import Mapping
from typing import Final

from jikim.datamap.schema import Column, Table
from jikim.draft.guess import LIKELY, POSSIBLE, Why
from jikim.draft.proposal import FactGuess
from jikim.draft.values import Seen
from jikim.draft.words import glued, words

TRIGGER_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "membership ended": glued(
        "left left_at left_date leave_date leave_at withdrawal_date withdrawn withdrawn_at "
        "withdraw_at withdrawal_at "
        "deleted_at deleted_on delete_date deletion_date closed_at close_date quit_at quit_date "
        "terminated_at resigned_at "
        "deactivated_at cancelled_at canceled_at date_left end_date retired_at secession_date "
        "secsn_de mb_leave_date "
        "leaved_at leave_dt del_dt withdraw_dt whdwl_dt hire_end_date 탈퇴일 탈퇴일시 탈퇴일자 "
        "해지일 해지일시 퇴사일 퇴직일 삭제일시"
    ),
    "consent withdrawn": glued(
        "withdrawn_at withdrawn revoked_at revoked unsubscribed_at unsubscribed opt_out_at "
        "opted_out_at date_unsubscribed "
        "consent_withdrawn_at cancelled_at 철회일 철회일시 동의철회일 수신거부일"
    ),
    "session ended": glued(
        "ended_at ended expires_at expires expire_date expired_at expiry expiration expire_at "
        "logged_out_at logout_at "
        "exp_date valid_until revoked_at 만료일 만료일시 로그아웃일시 종료일시"
    ),
    "contract completed": glued(
        "completed_at completed delivered_at delivery_date shipped_at shipped_date fulfilled_at "
        "return_date finished_at "
        "confirmed_at purchase_confirmed_at refunded_at date_completed cmpl_dt 완료일 완료일시 "
        "배송완료일 구매확정일 반납일"
    ),
    "payment settled": glued(
        "settled_at settled settlement_date paid_at payment_date date_paid captured_at pay_dt "
        "정산일 정산일시 결제일 결제일시 입금일"
    ),
    "purpose met": glued(
        "closed_at answered_at resolved_at replied_at done_at closed_on resolved_on answered_on "
        "handled_at ans_dt 답변일 답변일시 "
        "처리일 처리일시 종료일 완료일시"
    ),
    "recorded": glued(
        "recorded_at created_at created created_on create_date creation_date date_created "
        "created_date logged_at at timestamp "
        "action_time date_added added_at added inserted_at time event_time access_time accessed_at "
        "occurred_at reg_date "
        "reg_dt regdate reg_at registered_at frst_regist_pnttm first_registered crt_dt frst_reg_dt "
        "history_date create_time "
        "datetime date submit_date submit_time submitted_at date_submitted date_placed ordered_at "
        "order_date sent_at issued_at joined_at date_joined "
        "payment_date rental_date invoice_date changed_at placed_at visited_at wr_datetime "
        "mb_datetime start_date "
        "등록일 등록일시 생성일 생성일시 작성일 작성일시 접속일시 주문일 주문일시 가입일 가입일시 "
        "발생일시 일시"
    ),
}
"""For each trigger the names of columns that date it, without ``_``; the more telling stand first in a table."""

_GONE: Final = (
    "left",
    "withdrawn",
    "deleted",
    "closed",
    "inactive",
    "deactivated",
    "quit",
    "탈퇴",
    "해지",
    "삭제",
)
_FLAGS: Final = glued(
    "is_active active is_deleted deleted enabled is_withdrawn withdrawn del_yn use_yn status "
    "탈퇴여부 삭제여부 상태"
)
_BARE: Final = glued("at on time date timestamp datetime left")
"""Words that name a time only where hardly another stands before them: ``wr_datetime``, but not ``expires_at``."""
_ALL: Final = frozenset().union(*TRIGGER_WORDS.values())


def fact(trigger: str, table: Table, seen: Mapping[str, Seen]) -> FactGuess | None:
    """The column of a table that dates a fact, if one is called so and can be read as a time."""
    dating = [(place, column) for column in table.columns.values() if (place := _place(trigger, column))]
    for _, column in sorted(dating, key=lambda each: each[0]):
        sample = seen.get(column.name)
        numbers = sample.numbers if sample and column.family == "number" else ""
        if not (column.time_type or numbers):
            continue
        never = sample.sentinels if sample and column.time_type else ()
        when = _when(table) if trigger == "membership ended" else {}
        reason = f"named as what dates `{trigger}`"
        if numbers:
            why = Why(POSSIBLE, f"{reason}; its numbers read as {numbers}")
        elif never:
            why = Why(POSSIBLE, f"{reason}; a date that stands for never occurs in it")
        else:
            why = Why(LIKELY, reason)
        return FactGuess(trigger, column.name, numbers, never, when, why)
    return None


def unreadable(trigger: str, table: Table) -> str:
    """A column that is named as what dates a fact, and is no time; empty where there is none."""
    named = (
        c for c in table.columns.values() if _place(trigger, c) and not c.time_type and c.family == "text"
    )
    return next((column.name for column in named), "")


def _place(trigger: str, column: Column) -> tuple[int, int] | None:
    """Where a column stands among those that may date a trigger; None for one that does not."""
    said = words(column.name, _ALL)
    for start in range(len(said)):
        phrase = "".join(said[start:])
        abbreviated = start == 0 or (start == 1 and len(said[0]) <= 2)
        if phrase in TRIGGER_WORDS[trigger] and (abbreviated or phrase not in _BARE):
            return start, column.time_type is None
    return None


def _when(table: Table) -> Mapping[str, str]:
    """A column of listed values, one of which says that somebody is gone: the date counts only beside it."""
    for column in (c for c in table.columns.values() if "." not in c.name):
        listed = set(column.labels)
        for check in table.checks:
            listed |= (check.allowed or frozenset()) if check.columns == (column.name,) else frozenset()
        for word in _GONE:
            if word in listed:
                return {column.name: word}
    return {}


def flag(table: Table) -> str:
    """A column that says whether somebody is gone, but not since when; empty where there is none."""
    return next((name for name in table.columns if "".join(words(name, _FLAGS)) in _FLAGS), "")
