"""liteCam: members, companies, people who write, visitors, and when each of them is forgotten."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from examples.litecam.world import LITECAM
from tests.keeping import audit_of, seoul
from tests.services.conftest import Opened
from tests.services.litecam import (
    GONE,
    JOINED,
    LEFT,
    SIGNED_IN,
    archive_url,
    joined,
    left,
    ordered,
    paid,
    seat,
    sheet,
    visited,
    whose,
    wrote,
)
from tests.services.rules import DROPPED, Case, by_law, keep
from tests.services.scene import Scene
from tests.telling import happened, told

from jikim.operations.finish_store import Demand
from jikim.plan.finding import FindingKind
from jikim.plan.telling import Telling

READABLE = "hunter2"
COMPLAINT_ENDS = seoul(2028, 3, 4)
"""Three years from 3 March 2025 run out on a Friday."""
VISIT_ENDS = seoul(2025, 6, 11)
"""Three months from 10 March 2025 run out on a Tuesday."""


@pytest.fixture
def litecam(opened: Opened) -> Iterator[Scene]:
    with opened(LITECAM) as scene:
        yield scene


def subscribed(scene: Scene, member: int) -> None:
    scene.add("newsletter_subscriptions", member_id=member, email="haru@letters.example", agreed_at=JOINED)
    scene.add("consents", member_id=member, processing="newsletter", version="2.0", given_at=JOINED)


def licensed(scene: Scene, member: int | None = None, **values: Any) -> None:
    row: dict[str, Any] = {"email": "nuri@mail.example", "code": "LC-1", "issued_at": JOINED}
    scene.add("licences", **whose(member), **row, **values, ends_at=seoul(2026, 1, 6, 12))


def test_who_leaves_is_gone_the_next_night(litecam: Scene) -> None:
    """1-09, 1-20, 1-25, 1-32: sign-in name, password and all that hung on the account; of a visit the law keeps time
    and address, and nothing else is put aside.
    """
    member = joined(litecam)
    subscribed(litecam, member)
    visited(litecam, member, at=SIGNED_IN)
    litecam.add("usage_log", seat_id=seat(litecam, member), detail="cut a film", at=SIGNED_IN)
    left(litecam, member)
    account = {"members", "sessions", "newsletter_subscriptions", "consents"}
    assert litecam.around(GONE, lambda: (litecam.filled(), litecam.archived())) == [
        (account | {"visit_log", "seats", "usage_log"}, set()),
        (set(), {"visit_log as visits"}),
        (set(), {"visit_log as visits"}),
    ]
    assert set(litecam.copy("visit_log", "visits").content) == {"ip", "at"}


def test_who_forgets_to_sign_out_is_forgotten_after_thirty_days(litecam: Scene) -> None:
    """1-03: address and device of a session that nobody ended go, and the member stays."""
    joined(litecam)
    assert litecam.around(seoul(2025, 4, 2), litecam.filled) == [
        {"members", "sessions"},
        {"members"},
        {"members"},
    ]


def test_an_audit_sees_what_is_left_after_five_days(litecam: Scene) -> None:
    """1-25: whoever left and was not forgotten is overdue from the sixth day on."""
    left(litecam, joined(litecam))

    def overdue(at: datetime) -> set[str]:
        found = audit_of(litecam.kept, as_of=at).findings
        return {each.where for each in found if each.kind is FindingKind.OVERDUE}

    assert [overdue(GONE + timedelta(days=days)) for days in (4, 6)] == [set(), {"members", "sessions"}]


def test_who_asks_is_forgotten_without_leaving(litecam: Scene) -> None:
    """1-20: a request at the desk alone suffices, with an open question and a running licence; nobody else goes."""
    asks, stays = joined(litecam), joined(litecam, "sora")
    for member in (asks, stays):
        subscribed(litecam, member)
        licensed(litecam, member)
        wrote(litecam, "enquiry", member)
        litecam.add("usage_log", seat_id=seat(litecam, member), detail="cut a film", at=JOINED)
        visited(litecam, member, at=LEFT)
    said = Telling("person", LEFT, "deletion requested", LEFT, subject="member", key=(str(asks),))
    told(litecam.kept.store, said)
    tables = litecam.filled()
    assert len(tables) == 10
    seen = litecam.around(GONE, lambda: {table: litecam.count(table) for table in tables})
    assert seen == [dict.fromkeys(tables, 2), dict.fromkeys(tables, 1), dict.fromkeys(tables, 1)]
    assert litecam.only("members")["id"] == stays
    assert litecam.archived() == {"visit_log as visits"}


def test_who_has_no_account_is_forgotten_on_request_too(litecam: Scene) -> None:
    """1-20: of buyer, enquirer, visitor and entrant, on screen and on paper; nobody else goes, nor an open complaint.

    What the law keeps of a visit stays apart.
    """
    event = litecam.add("events", name="spring films")
    for asked in (LEFT, None):
        licensed(litecam, asked_to_delete_at=asked)
        for kind in ("enquiry", "complaint"):
            wrote(litecam, kind, asked_to_delete_at=asked)
            sheet(litecam, kind, asked_to_delete_at=asked)
        visited(litecam, at=SIGNED_IN, asked_to_delete_at=asked)
        seen = {"seen_at": SIGNED_IN, "agreed_at": JOINED, "asked_to_delete_at": asked}
        litecam.add("cookie_profiles", cookie=f"c-{asked}", interests="강의 녹화", **seen)
        entry = {"email": "bora@mail.example", "agreed_at": JOINED, "asked_to_delete_at": asked}
        litecam.add("event_entries", event_id=event, **entry)
    asking = ("licences", "visit_log", "cookie_profiles", "event_entries")
    writing = ("tickets", "ticket_replies", "paper_records")
    before, after = dict.fromkeys(asking, 2), dict.fromkeys(asking, 1)
    seen_then = litecam.around(GONE, lambda: {table: litecam.count(table) for table in asking + writing})
    assert seen_then == [
        before | dict.fromkeys(writing, 4),
        after | dict.fromkeys(writing, 3),
        after | dict.fromkeys(writing, 3),
    ]
    assert {row["asked_to_delete_at"] for table in asking for row in litecam.rows(table)} == {None}
    assert litecam.archived() == {"visit_log as visits"}


def finish(scene: Scene) -> None:
    """Take what was removed as far as the map demands."""
    stage = Demand.parse(scene.kept.promise.datamap.stores.app.must_reach).stage
    if tables := {each.table for each in scene.kept.store.behind(stage)}:
        driven = scene.kept.store.drive(stage, tables, admin=scene.kept.url)
        assert not [each for each in driven if each.behind]


def test_nothing_of_a_forgotten_row_is_left_in_the_files_of_the_databases(litecam: Scene) -> None:
    """1-28: taken as far as the map demands, no byte of it can be read again: here, nor in the archive in its time."""
    licensed(litecam)
    litecam.add(
        "licences", **whose(None), email="gone@mail.example", code="LC-9", issued_at=JOINED, ends_at=LEFT
    )
    litecam.change("orders", ordered(litecam), email="gone@mail.example", completed_at=LEFT)

    def on_disk() -> set[str]:
        places = {"licences": litecam.kept.url, "kept_by_law.orders__contracts": archive_url(litecam)}
        return {table for table, url in places.items() if b"gone@mail.example" in bytes_of(table, url)}

    litecam.sweep(GONE)
    assert litecam.count("licences") == 1
    assert on_disk() == {"licences", "kept_by_law.orders__contracts"}
    finish(litecam)
    assert on_disk() == {"kept_by_law.orders__contracts"}
    litecam.sweep(seoul(2030, 3, 5))
    finish(litecam)
    assert on_disk() == set()


def bytes_of(table: str, url: str) -> bytes:
    """The file of a table, as it lies on the disk."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("checkpoint")
        found = connection.execute("select pg_read_binary_file(pg_relation_filepath(%s::regclass))", (table,))
        [(content,)] = found
        return bytes(content)


def test_a_question_goes_with_its_answer_and_a_complaint_is_kept_apart_for_three_years(
    litecam: Scene,
) -> None:
    """1-05, 1-22, 1-23: three items must be given, one may be left out; the archive has neither company nor licence."""
    wrote(litecam, "enquiry", joined(litecam), answered_at=LEFT, licence_code="LC-1")
    wrote(litecam, "enquiry", answered_at=LEFT)
    wrote(litecam, "complaint", licence_code="LC-1", closed_at=LEFT)
    waiting = wrote(litecam, "enquiry")
    for missing in ("name", "email", "company"):
        with pytest.raises(psycopg.errors.NotNullViolation):
            wrote(litecam, "enquiry", **{missing: None})
    kept = {"tickets as complaints", "ticket_replies as complaints"}
    assert litecam.around(GONE, lambda: (litecam.count("ticket_replies"), litecam.archived())) == [
        (4, set()),
        (1, kept),
        (1, kept),
    ]
    assert litecam.only("tickets")["id"] == waiting
    copy = litecam.copy("tickets", "complaints")
    assert copy.whose == ("enquirer", ("sora@mail.example",))
    assert {"name", "email", "title", "body"} <= set(copy.content)
    assert not {"company", "licence_code"} & set(copy.content)
    assert litecam.around(COMPLAINT_ENDS, litecam.archived) == [kept, set(), set()]


def test_of_a_visit_the_law_keeps_time_and_address_alone(litecam: Scene) -> None:
    """1-01, 1-03, 1-10, 1-24: a month for device and cookie, three for the visit, members or not; what was counted
    names nobody and stays."""
    at = seoul(2025, 3, 10, 12)
    for member in (joined(litecam), None):
        visited(litecam, member, at=at)
    litecam.kept.execute("insert into page_counts values ('/download', '2025-03-10', 2)")
    seen = litecam.around(
        seoul(2025, 4, 11), lambda: (litecam.count("visit_log"), litecam.copies("visit_log", "visits"))
    )
    assert [rows for rows, _ in seen] == [2, 0, 0]
    assert [len(copies) for _, copies in seen] == [0, 2, 2]
    assert [set(copy.content) for copy in seen[1][1]] == [{"ip", "at"}] * 2
    assert {copy.until for copy in seen[1][1]} == {VISIT_ENDS}
    assert litecam.around(VISIT_ENDS, litecam.archived) == [{"visit_log as visits"}, set(), set()]
    assert [row["visits"] for row in litecam.rows("page_counts")] == [2]


def test_use_in_a_company_is_known_for_a_year_from_each_record(litecam: Scene) -> None:
    """1-21: each record runs out on its own day, and nothing of it is put aside; who leaves takes it all along."""
    stays, leaves = joined(litecam), joined(litecam, "nuri")
    for member in (stays, leaves):
        taken = seat(litecam, member)
        for at in (JOINED, LEFT - timedelta(hours=1)):
            litecam.add("usage_log", seat_id=taken, detail="cut a film", at=at)
    left(litecam, leaves)

    def look() -> tuple[int, int]:
        return litecam.count("usage_log"), litecam.count("seats")

    assert litecam.around(GONE, look) == [(4, 2), (2, 1), (2, 1)]
    assert litecam.around(seoul(2026, 1, 7), look) == [(2, 1), (1, 1), (1, 1)]
    assert litecam.around(seoul(2026, 3, 4), look) == [(1, 1), (0, 1), (0, 1)]
    assert litecam.archived() == set()


def test_what_was_agreed_to_ends_with_the_consent(litecam: Scene) -> None:
    """1-07, 1-11, 1-21, 1-42: use in a company, newsletter, followed interests, entries to an event, and nothing else.

    A cookie ends when it was not seen for half a year, an entry with its event.
    """
    event = litecam.add("events", name="spring films", closed_at=seoul(2025, 8, 10, 12))
    seen: dict[str, Any] = {"interests": "강의 녹화", "seen_at": seoul(2025, 2, 10, 12), "agreed_at": JOINED}
    for name, back in (("haru", LEFT), ("nuri", None)):
        member = joined(litecam, name)
        subscribed(litecam, member)
        litecam.change("newsletter_subscriptions", member, withdrawn_at=back)
        taken = seat(litecam, member)
        litecam.add("usage_log", seat_id=taken, detail="cut a film", at=seoul(2025, 2, 10, 12))
        litecam.change("seats", taken, withdrawn_at=back)
        litecam.add("cookie_profiles", cookie=name, **seen, withdrawn_at=back)
        entry: dict[str, Any] = {"email": f"{name}@mail.example", "answers": {"recorder": "films"}}
        litecam.add("event_entries", event_id=event, **entry, agreed_at=JOINED, withdrawn_at=back)
    tables = ("newsletter_subscriptions", "usage_log", "cookie_profiles", "event_entries", "members", "seats")

    def counts() -> list[int]:
        return [litecam.count(table) for table in tables]

    assert litecam.around(GONE, counts) == [[2, 2, 2, 2, 2, 2], [1, 1, 1, 1, 2, 2], [1, 1, 1, 1, 2, 2]]
    assert litecam.around(seoul(2025, 8, 11), counts) == [
        [1, 1, 1, 1, 2, 2],
        [1, 1, 0, 0, 2, 2],
        [1, 1, 0, 0, 2, 2],
    ]


def test_a_password_that_can_be_read_is_found(litecam: Scene) -> None:
    """1-45: passwords lie one-way; an audit sees one that does not."""
    member = joined(litecam)

    def secrets() -> set[str]:
        found = audit_of(litecam.kept, as_of=LEFT).findings
        return {each.where for each in found if each.kind is FindingKind.CLEAR_SECRET}

    assert secrets() == set()
    litecam.change("members", member, password_hash=READABLE)
    assert secrets() == {"members.password_hash"}


def test_when_the_business_closes_only_what_the_law_holds_is_left(litecam: Scene) -> None:
    """1-20, 1-25, 1-26: everything else is gone the next night, and what is held runs out on its dates."""
    member = joined(litecam)
    subscribed(litecam, member)
    litecam.add("usage_log", seat_id=seat(litecam, member), detail="cut a film", at=JOINED)
    licensed(litecam)
    wrote(litecam, "enquiry")
    wrote(litecam, "complaint", closed_at=LEFT)
    paid(litecam, ordered(litecam, completed=LEFT), settled=LEFT)
    happened(litecam.kept.store, "service closed", LEFT)
    litecam.sweep(GONE)
    assert litecam.filled() == set()
    held = {"orders as contracts", "payments as payments"}
    complaints = {"tickets as complaints", "ticket_replies as complaints"}
    assert litecam.archived() == held | complaints
    assert litecam.around(seoul(2030, 3, 5), litecam.archived) == [held, set(), set()]


LEAVING = test_who_leaves_is_gone_the_next_night
ASKING = test_who_asks_is_forgotten_without_leaving
SUPPORT = test_a_question_goes_with_its_answer_and_a_complaint_is_kept_apart_for_three_years
VISITS = test_of_a_visit_the_law_keeps_time_and_address_alone
USAGE = test_use_in_a_company_is_known_for_a_year_from_each_record
CONSENT = test_what_was_agreed_to_ends_with_the_consent
CLOSING = test_when_the_business_closes_only_what_the_law_holds_is_left
_CLOSED = "service closed"
WITHOUT: dict[str, Case] = {
    "members for a month more": Case(LEAVING, keep("membership", "1 month after membership ended")),
    "visits outlive the membership": Case(
        LEAVING, keep("site-use", {"first of": ["1 month after recorded", f"until {_CLOSED}"]})
    ),
    "use outlives the membership": Case(
        LEAVING, keep("corporate-usage", {"first of": ["1 year after recorded", "until consent withdrawn"]})
    ),
    "signed in for life": Case(
        test_who_forgets_to_sign_out_is_forgotten_after_thirty_days,
        keep("sign-in", {"until first of": ["session ended", "membership ended", _CLOSED]}),
    ),
    "a month to destroy": Case(
        test_an_audit_sees_what_is_left_after_five_days, (("policy/destruction/within", "30 days"),)
    ),
    "no letter is heard": Case(
        test_who_has_no_account_is_forgotten_on_request_too,
        (("map/tables/event_entries/facts/deletion requested", DROPPED),),
    ),
    "no letter about a question is heard": Case(
        test_who_has_no_account_is_forgotten_on_request_too,
        (("map/tables/tickets/rows/enquiry/facts/deletion requested", DROPPED),),
    ),
    "requests are not heard": Case(
        ASKING, keep("membership", {"until first of": ["membership ended", _CLOSED]})
    ),
    "licences for a month more": Case(
        test_nothing_of_a_forgotten_row_is_left_in_the_files_of_the_databases,
        keep("licensing", "1 month after period ended"),
    ),
    "destroyed need not be irrecoverable": Case(
        test_nothing_of_a_forgotten_row_is_left_in_the_files_of_the_databases,
        (("map/stores/app/must_reach", "unreachable within 5 days"),),
    ),
    "questions for a year": Case(SUPPORT, keep("support", "1 year after purpose met")),
    "device and cookie on record": Case(
        VISITS, (("policy/kept_by_law/visits/items", ["ip", "visit-time", "device", "cookie"]),)
    ),
    "visits for three years": Case(VISITS, by_law("visits", "kr.ecommerce.complaint")),
    "use for half a year": Case(USAGE, keep("corporate-usage", "6 months after recorded")),
    "use without consent": Case(CONSENT, keep("corporate-usage", "1 year after recorded")),
    "newsletters for life": Case(
        CONSENT, keep("newsletter", {"until first of": ["membership ended", _CLOSED]})
    ),
    "cookies without consent": Case(CONSENT, keep("target-marketing", "6 months after last used")),
    "passwords in clear": Case(
        test_a_password_that_can_be_read_is_found, (("policy/items/password/protect", DROPPED),)
    ),
    "members outlive the business": Case(CLOSING, keep("membership", "until membership ended")),
}
