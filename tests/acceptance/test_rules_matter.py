"""Take a rule out of Plask's promise, map or database, and the test that names its clause fails.

Each test is run again on the memory model, in a database of its own, with one rule dropped or changed. With
every rule in place the same tests pass on the model: that is their own parameter ``model``.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from examples.plask.service import PlaskError
from tests.acceptance import (
    test_plask_card,
    test_plask_holds,
    test_plask_membership,
    test_plask_outreach,
    test_plask_shop,
    test_plask_six_years,
    test_plask_support,
    test_plask_traces,
)
from tests.acceptance.stage import ModelStage, stage
from tests.keeping import PLASK
from tests.servers import fresh_database
from tests.services.rules import DROPPED, Case, by_law, changed, keep, without_record

from jikim.postgres import Server

ENFORCEABLE = {
    *("4-03", "4-04", "4-05", "4-06", "4-07", "4-12", "4-13", "4-19", "4-20", "4-21", "4-22", "4-23"),
    *("4-24", "4-25", "4-26", "4-27", "4-31"),
}
"""The clauses of Plask's policy that a database can be held to."""
MODULES: tuple[ModuleType, ...] = (
    test_plask_card,
    test_plask_holds,
    test_plask_membership,
    test_plask_outreach,
    test_plask_shop,
    test_plask_six_years,
    test_plask_support,
    test_plask_traces,
)

membership, outreach, shop = test_plask_membership, test_plask_outreach, test_plask_shop
support, traces = test_plask_support, test_plask_traces


def first_of(*triggers: str) -> dict[str, list[str]]:
    return {"until first of": list(triggers)}


ORDERS = shop.test_an_order_of_who_left_is_kept_apart_for_five_years_from_its_completion
PAYMENT = shop.test_payments_and_refunds_are_kept_apart_for_five_years_from_their_own_day
COMPLAINT = support.test_a_complaint_is_kept_apart_for_three_years_from_its_close
LEAVING = membership.test_who_leaves_is_locked_for_five_days_and_then_gone
ENTRIES = outreach.test_entries_end_with_the_consent_the_membership_or_the_event
ABUSE = traces.test_abuse_is_remembered_for_a_year_after_leaving
CLOSING = membership.test_when_the_business_closes_only_what_the_law_holds_is_left
GRACE = "policy/destruction/grace/membership ended"
ENDED, CLOSED = "membership ended", "service closed"

CASES = {
    "profile outlives its consent": Case(
        membership.test_a_member_gives_three_things_and_others_only_by_consent,
        keep("profile", first_of(ENDED, CLOSED)),
    ),
    "token outlives settlement": Case(
        shop.test_a_payment_token_lasts_until_settlement, keep("settlement", first_of(ENDED, CLOSED))
    ),
    "purchases end with completion": Case(
        shop.test_a_member_keeps_what_was_bought,
        (
            *keep("purchase", "until contract completed"),
            ("map/tables/payments/facts/contract completed", "order_id.completed_at"),
        ),
    ),
    "entries outlive their consent": Case(ENTRIES, keep("event", first_of("purpose met", ENDED))),
    "entries outlive the membership": Case(
        ENTRIES, keep("event", first_of("purpose met", "consent withdrawn"))
    ),
    "entries outlive the event": Case(ENTRIES, keep("event", first_of("consent withdrawn", ENDED))),
    "statistics for a year": Case(
        traces.test_statistics_end_on_the_day_and_the_law_waits_for_a_working_day,
        keep("statistics", "1 year after recorded"),
    ),
    "abuse for two years": Case(ABUSE, keep("abuse-prevention", f"2 years after {ENDED}")),
    "abuse until leaving": Case(ABUSE, keep("abuse-prevention", f"until {ENDED}")),
    "abuse from its own date": Case(
        traces.test_abuse_is_remembered_while_a_member,
        (
            *keep("abuse-prevention", "1 year after recorded"),
            ("map/tables/abuse_records/facts", {"recorded": "recorded_at"}),
        ),
    ),
    "keys for two years": Case(
        membership.test_an_address_is_known_for_a_year_after_leaving,
        keep("sign-up-limit", "2 years after recorded"),
    ),
    "keys for half a year": Case(
        membership.test_an_address_is_known_for_a_year_after_leaving,
        keep("sign-up-limit", "6 months after recorded"),
    ),
    "newsletter for life": Case(
        outreach.test_who_takes_the_newsletter_back_is_off_its_list_the_next_night,
        keep("newsletter", first_of(ENDED, CLOSED)),
    ),
    "consents for a year more": Case(LEAVING, keep("consent-proof", f"1 year after {ENDED}")),
    "no grace": Case(
        LEAVING, (("policy/destruction/grace", DROPPED), ("policy/destruction/exceptions", ["kept-by-law"]))
    ),
    "three days of grace": Case(LEAVING, ((f"{GRACE}/period", "3 days"),)),
    "membership for a month more": Case(LEAVING, keep("membership", f"1 month after {ENDED}")),
    "midnight with three days": Case(
        membership.test_leaving_at_midnight_begins_the_five_days_at_once, ((f"{GRACE}/period", "3 days"),)
    ),
    "nothing to undo": Case(
        membership.test_a_leaving_can_be_undone_to_the_last_second_of_day_five,
        ((f"{GRACE}/period", "1 day"),),
    ),
    "undone for ever": Case(
        membership.test_on_day_six_nothing_can_be_undone, keep("membership", f"1 month after {ENDED}")
    ),
    "members outlive the business": Case(CLOSING, keep("membership", f"until {ENDED}")),
    "consents outlive the business": Case(CLOSING, keep("consent-proof", f"until {ENDED}")),
    "abuse outlives the business": Case(CLOSING, keep("abuse-prevention", f"1 year after {ENDED}")),
    "no record of contracts": Case(ORDERS, without_record("contracts", "orders", "refunds")),
    "contracts for three years": Case(ORDERS, by_law("contracts", "kr.ecommerce.complaint")),
    "refunds for three years": Case(PAYMENT, by_law("contracts", "kr.ecommerce.complaint")),
    "no record of payments": Case(PAYMENT, without_record("payments", "payments")),
    "payments for three years": Case(PAYMENT, by_law("payments", "kr.ecommerce.complaint")),
    "the token is archived": Case(
        PAYMENT,
        (("policy/kept_by_law/payments/items", ["name", "email", "payment-record", "payment-token"]),),
    ),
    "old orders are archived": Case(
        shop.test_what_the_law_no_longer_holds_is_not_archived,
        without_record("contracts", "orders", "refunds"),
    ),
    "open books without a name": Case(
        shop.test_books_left_open_wait_for_their_day_and_take_the_name_along,
        (("policy/kept_by_law/contracts/items", ["order-history", "refund-record"]),),
    ),
    "old contracts end with new ones": Case(
        membership.test_who_comes_back_is_somebody_new_and_the_old_dates_stand,
        by_law("contracts", "kr.ecommerce.complaint"),
    ),
    "no record of complaints": Case(
        COMPLAINT,
        without_record("complaints", "support_posts/rows/complaint", "support_replies/rows/complaint"),
    ),
    "complaints for five years": Case(COMPLAINT, by_law("complaints", "kr.ecommerce.contract")),
    "complaints from their beginning": Case(
        support.test_an_open_complaint_outlives_the_membership,
        without_record("complaints", "support_posts/rows/complaint", "support_replies/rows/complaint"),
    ),
    "enquiries for a year": Case(
        support.test_an_enquiry_goes_the_night_after_its_answer,
        keep("support", "1 year after purpose met"),
    ),
    "identity checks on record": Case(
        traces.test_no_identity_check_is_on_record,
        (
            (
                "policy/kept_by_law/identity-checks",
                {
                    "label": {"ko": "본인확인에 관한 기록", "en": "Identity checks"},
                    "law": "kr.telecom.log",
                    "after": "recorded",
                    "items": ["name"],
                },
            ),
        ),
    ),
    "visits for three years": Case(
        traces.test_visits_are_kept_for_three_months, by_law("visits", "kr.ecommerce.complaint")
    ),
    "visits not kept apart": Case(
        traces.test_statistics_end_on_the_day_and_the_law_waits_for_a_working_day,
        by_law("visits", "kr.ecommerce.complaint"),
    ),
    "stubs outlive the visits": Case(
        membership.test_while_visits_must_be_kept_a_nameless_row_dates_the_leaving,
        keep("statistics", "1 year after recorded"),
    ),
    "sessions until leaving": Case(
        membership.test_a_session_that_ended_is_gone_the_next_night, keep("sign-in", f"until {ENDED}")
    ),
    "orphans go at once": Case(
        traces.test_rows_of_somebody_who_is_nowhere_go_by_their_own_date,
        (("map/tables/abuse_records/orphans", "destroy"),),
    ),
    "files stay on the disk": Case(
        membership.test_the_files_of_who_left_are_gone_from_the_disk,
        (("map/tables/motion_files/columns/path", "motion-file"),),
    ),
    "leavers are not hidden": Case(LEAVING, (("sql", "alter table profiles disable row level security"),)),
    "the service reads the archive": Case(
        shop.test_only_what_is_held_moves_and_nobody_else_reads_it,
        (
            ("sql", "grant usage on schema kept_by_law to plask_app"),
            ("sql", "grant select on kept_by_law.orders__contracts to plask_app"),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_without_the_rule_the_test_fails(name: str, pg18: Server, prepared_18: str, tmp_path: Path) -> None:
    """What is expected of Plask follows from this rule, and would not be so without it."""
    case = CASES[name]
    with (
        fresh_database(pg18, template=prepared_18) as url,
        stage(url, promise=changed(PLASK, case.edits), files=tmp_path, kind=ModelStage) as plask,
    ):
        for _, statement in (edit for edit in case.edits if edit[0] == "sql"):
            plask.office.execute(str(statement).encode())
        with pytest.raises((AssertionError, PlaskError, pytest.fail.Exception)):
            case.test(plask)


def every_test() -> Iterator[Callable[..., None]]:
    """Every test of Plask's acceptance."""
    for module in MODULES:
        yield from (value for name, value in vars(module).items() if name.startswith("test_"))


def clauses(test: Callable[..., None]) -> set[str]:
    """The clauses that a test names before its colon."""
    named = re.match(r"((?:4-\d\d(?:, )?)+): ", test.__doc__ or "")
    assert named, test
    return set(re.findall(r"4-\d\d", named[1]))


def test_every_clause_has_a_test_and_every_test_names_its_clauses() -> None:
    """And each of those clauses is tried without its rule."""
    named = set[str]().union(*map(clauses, every_test()))
    tried = set[str]().union(*(clauses(case.test) for case in CASES.values()))
    assert named >= ENFORCEABLE
    assert tried >= ENFORCEABLE
