"""CaseNote: what a law has it keep, for how long, and what is kept of visits, searches and advertising."""

from collections.abc import Iterator

import pytest
from examples.casenote.world import CASENOTE
from tests.keeping import seoul
from tests.services.conftest import Opened
from tests.services.reader import BOUGHT, ENDED, IP, JOINED, Reader
from tests.services.rules import Case, by_law, keep
from tests.services.scene import Scene


@pytest.fixture
def casenote(opened: Opened) -> Iterator[Scene]:
    with opened(CASENOTE) as scene:
        yield scene


def test_contracts_and_payments_are_kept_for_five_years_from_their_own_day(casenote: Scene) -> None:
    """3-14: whoever left at whatever time; five years to a Sunday end with the Monday after it."""
    member = Reader.joins(casenote)
    order = member.orders()
    member.pays(order, settled=seoul(2025, 2, 12, 12))
    back = seoul(2025, 2, 13, 12)
    member.asks_back(order, refunded=back, closed=back)
    member.leaves()
    casenote.sweep(ENDED)
    kept = {"orders as contracts", "payments as payments", "refunds as contracts"}
    assert casenote.around(seoul(2030, 2, 12), casenote.archived) == [
        kept,
        kept - {"orders as contracts"},
        {"refunds as contracts"},
    ]
    casenote.sweep(seoul(2030, 2, 14))
    assert casenote.archived() == set()


def test_a_refund_that_is_refused_ends_as_well(casenote: Scene) -> None:
    """3-14, 3-17: while it is asked for it waits; refused, it is kept apart for five years from that day."""
    member = Reader.joins(casenote)
    refund = member.asks_back(member.orders(), refunded=None, closed=None)
    member.leaves(at=BOUGHT)
    casenote.sweep(ENDED)
    assert casenote.filled() == {"members", "orders", "refunds"}
    casenote.change("refunds", refund, closed_at=ENDED)
    casenote.sweep(seoul(2025, 3, 4))
    kept = {"orders as contracts", "refunds as contracts"}
    assert (casenote.filled(), casenote.archived()) == (set(), kept)
    seen = casenote.around(seoul(2030, 3, 5), lambda: len(casenote.copies("refunds", "contracts")))
    assert seen == [1, 0, 0]


def test_a_complaint_is_kept_for_three_years_from_its_close(casenote: Scene) -> None:
    """3-06, 3-14: with its answer; while it is open it waits, even for somebody who left."""
    member = Reader.joins(casenote)
    complaint = member.complains(closed=None)
    member.leaves(at=BOUGHT)
    casenote.sweep(seoul(2025, 3, 3))
    assert (casenote.filled(), casenote.archived()) == ({"members", "enquiries", "answers"}, set())
    casenote.change("enquiries", complaint, closed_at=ENDED)
    casenote.sweep(ENDED)
    kept = {"enquiries as complaints", "answers as complaints"}
    assert (casenote.filled(), casenote.archived()) == (set(), kept)
    assert casenote.around(seoul(2028, 3, 4), casenote.archived) == [kept, set(), set()]


def test_a_question_goes_when_it_is_answered(casenote: Scene) -> None:
    """3-06, 3-17: no law holds it; of somebody without an account, with the night after the answer."""
    row = {"email": "bada@post.example", "kind": "question", "body": "where is the ruling"}
    question = casenote.add("enquiries", created_at=BOUGHT, answered_at=ENDED, **row)
    casenote.add("answers", enquiry_id=question, body="in the supplement", created_at=ENDED)
    assert casenote.around(seoul(2025, 3, 4), casenote.filled) == [{"enquiries", "answers"}, set(), set()]
    assert casenote.archived() == set()


def test_abuse_is_remembered_for_a_year_and_not_after_leaving(casenote: Scene) -> None:
    """3-06: a year from the record; of somebody who leaves before, not a minute longer than they are a member."""
    for name in ("haru", "nuri"):
        member = Reader.joins(casenote, name)
        row = {"ip": IP, "detail": "copied the index", "recorded_at": BOUGHT}
        casenote.add("abuse_records", member_id=member.id, **row)
    member.leaves()
    casenote.sweep(ENDED)
    assert casenote.count("abuse_records") == 1
    assert casenote.around(seoul(2026, 2, 11), lambda: casenote.count("abuse_records")) == [1, 0, 0]


def test_searches_are_remembered_for_three_months_in_every_partition(casenote: Scene) -> None:
    """3-02: the last minute of a year with a partition of its own and the first of one without have the same day."""
    member = Reader.joins(casenote)
    for at in (seoul(2025, 12, 31, 23, 59), seoul(2026, 1, 1)):
        casenote.add("search_log", member_id=member.id, terms="lease deposit", at=at)
    parts = casenote.kept.execute(
        "select distinct tableoid::regclass::text as part from search_log order by 1"
    )
    assert [row["part"] for row in parts] == ["search_log_2025", "search_log_else"]
    assert casenote.around(seoul(2026, 4, 1), lambda: casenote.count("search_log")) == [2, 0, 0]
    assert casenote.archived() == set()


def test_visits_end_on_their_day_and_the_law_waits_for_a_working_day(casenote: Scene) -> None:
    """3-05, 3-16: device and page go after three months, on the day of an election; address and time, which then name
    no member, the day after."""
    member = Reader.joins(casenote)
    member.visits(ENDED)
    casenote.add("usage_log", ip="198.51.100.9", device="Hare", page="/plans", at=ENDED)
    seen = casenote.around(
        seoul(2025, 6, 4), lambda: (casenote.count("usage_log"), casenote.copies("usage_log", "visits"))
    )
    assert [(rows, len(copies)) for rows, copies in seen] == [(2, 0), (0, 2), (0, 0)]
    for copy in seen[1][1]:
        assert {name for name, value in copy.content.items() if value is not None} == {"ip", "at"}
    assert {copy.whose for copy in seen[1][1]} == {(None, ()), ("visitor", ("198.51.100.9",))}


def test_log_files_are_used_for_a_month_and_kept_apart_for_three(casenote: Scene) -> None:
    """3-08, 3-16: the file of a day moves out of the service's folder, and is gone from the disk on its own day; the
    file that is being written stays."""
    lines = b"12:00:00 192.0.2.7\n"
    for name in ("access-2025-03-01.log.gz", "access.log"):
        casenote.put("logs", name, lines)

    def places() -> tuple[set[str], set[bytes]]:
        root = casenote.folders["archive"]
        return casenote.files("logs"), {(root / path).read_bytes() for path in casenote.files("archive")}

    live = {"access.log"}
    assert casenote.around(seoul(2025, 4, 2), places) == [
        (live | {"access-2025-03-01.log.gz"}, set()),
        (live, {lines}),
        (live, {lines}),
    ]
    assert casenote.around(seoul(2025, 6, 3), places) == [(live, {lines}), (live, set()), (live, set())]


def test_who_takes_the_mailing_back_is_off_its_list_and_stays_a_member(casenote: Scene) -> None:
    """3-07: the address for advertising goes with its own consent; another member's stays."""
    for name in ("haru", "nuri"):
        member = Reader.joins(casenote, name)
        row = {"email": member.email, "agreed_at": JOINED}
        consent = casenote.add("mailing_consents", member_id=member.id, **row)
    casenote.change("mailing_consents", consent, withdrawn_at=ENDED)
    assert casenote.around(seoul(2025, 3, 4), lambda: casenote.count("mailing_consents")) == [2, 1, 1]
    assert casenote.only("mailing_consents")["email"] == "haru@letters.example"
    assert casenote.count("members") == 2


def test_advertising_is_on_record_for_six_months_after_its_campaign(casenote: Scene) -> None:
    """3-15: in use while the campaign runs, then kept apart without an address, to a Sunday and the Monday after it."""
    member = Reader.joins(casenote)
    member.settles_in()
    member.is_sent(ends=seoul(2025, 5, 31, 18))
    assert casenote.around(
        seoul(2025, 6, 1), lambda: (casenote.count("ad_mailings"), casenote.archived())
    ) == [
        (1, set()),
        (0, {"ad_mailings as advertising"}),
        (0, {"ad_mailings as advertising"}),
    ]
    copy = casenote.copy("ad_mailings", "advertising")
    assert copy.content == {"subject": "new this spring", "sent_at": BOUGHT}
    seen = casenote.around(seoul(2025, 12, 2), lambda: len(casenote.copies("ad_mailings", "advertising")))
    assert seen == [1, 0, 0]


def test_who_withdraws_during_a_campaign_leaves_its_record_and_no_address(casenote: Scene) -> None:
    """3-13, 3-15: the record waits for the campaign's end; nothing that names the person waits with it."""
    member = Reader.joins(casenote)
    member.settles_in()
    ad = member.is_sent(ends=None)
    member.withdraws()
    casenote.sweep(ENDED)
    assert casenote.filled() == {"members", "mailing_consents", "ad_mailings", "withdrawals"}
    stub = casenote.only("members")
    assert (stub["name"], stub["password_hash"], stub["email"].split("@")[1]) == ("-", "-", "invalid.example")
    assert casenote.only("mailing_consents")["email"] == "-"
    casenote.change("ads", ad, ended_at=seoul(2025, 5, 31, 18))
    casenote.sweep(seoul(2025, 6, 1))
    assert (casenote.filled(), casenote.archived()) == ({"withdrawals"}, {"ad_mailings as advertising"})


BOOKS = test_contracts_and_payments_are_kept_for_five_years_from_their_own_day
COMPLAINT = test_a_complaint_is_kept_for_three_years_from_its_close
ABUSE = test_abuse_is_remembered_for_a_year_and_not_after_leaving
VISITS = test_visits_end_on_their_day_and_the_law_waits_for_a_working_day
FILES = test_log_files_are_used_for_a_month_and_kept_apart_for_three
ADS = test_advertising_is_on_record_for_six_months_after_its_campaign

WITHOUT = {
    "payments for three years": Case(BOOKS, by_law("payments", "kr.ecommerce.complaint")),
    "contracts for three years": Case(BOOKS, by_law("contracts", "kr.ecommerce.complaint")),
    "complaints for five years": Case(COMPLAINT, by_law("complaints", "kr.ecommerce.contract")),
    "questions for a year": Case(
        test_a_question_goes_when_it_is_answered, keep("support", "1 year after purpose met")
    ),
    "abuse outlives the membership": Case(ABUSE, keep("abuse-prevention", "1 year after recorded")),
    "searches for a year": Case(
        test_searches_are_remembered_for_three_months_in_every_partition,
        keep("search-history", "1 year after recorded"),
    ),
    "a refund ends only when paid back": Case(
        test_a_refund_that_is_refused_ends_as_well,
        (("map/tables/refunds/facts/contract completed", "refunded_at"),),
    ),
    "the mailing list outlives its consent": Case(
        test_who_takes_the_mailing_back_is_off_its_list_and_stays_a_member,
        keep("mailing", {"until first of": ["membership ended", "service closed"]}),
    ),
    "visits for three years": Case(FILES, by_law("visits", "kr.ecommerce.complaint")),
    "pages are kept apart": Case(
        VISITS, (("policy/kept_by_law/visits/items", ["ip", "visit-time", "usage", "access-log"]),)
    ),
    "advertising for three years": Case(ADS, by_law("advertising", "kr.ecommerce.complaint")),
    "advertising with its address": Case(
        test_who_withdraws_during_a_campaign_leaves_its_record_and_no_address,
        (("policy/kept_by_law/advertising/items", ["name", "email", "ad-record"]),),
    ),
}
