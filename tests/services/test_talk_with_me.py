"""나와의 대화, in a SQLite file: talks, leaving, being erased, buying, consents and what is kept by law."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from examples.talk_with_me.world import TALK_WITH_ME
from tests.keeping import seoul
from tests.services.conftest import Opened
from tests.services.rules import Case, by_law, keep, without_record
from tests.services.scene import Scene
from tests.services.talking import (
    GONE,
    JOINED,
    LEFT,
    OF_A_MEMBER,
    agree,
    ask_for_erasure,
    follow_the_link,
    found,
    join,
    leave,
    letter,
    order,
    settle_in,
    visit,
    write,
)
from tests.telling import happened

from jikim.datamap.check import check
from jikim.policy.parse import parse


@pytest.fixture
def talk(opened: Opened) -> Iterator[Scene]:
    with opened(TALK_WITH_ME) as scene:
        yield scene


# -- what one writes, and how long ------------------------------------------------------------------------


def test_who_leaves_is_gone_the_next_night(talk: Scene) -> None:
    """2-02, 2-06, 2-12: the address and all that was written and agreed to, as no grace was promised."""
    member = join(talk)
    settle_in(talk, member)
    talk.sweep(LEFT)
    assert set(talk.only("members")) == {
        *("id", "email", "joined_at", "status", "left_at", "erasure_confirmed_at")
    }
    leave(talk, member)
    assert talk.around(GONE, talk.filled) == [OF_A_MEMBER, set(), set()]
    assert talk.archived() == set()


def test_who_stays_keeps_everything(talk: Scene) -> None:
    """2-06, 2-12: seven years later not a letter is missing, and the address still tells who it is."""
    settle_in(talk, join(talk))
    before = {table: talk.rows(table) for table in OF_A_MEMBER}
    talk.sweep(seoul(2032, 2, 3))
    assert {table: talk.rows(table) for table in OF_A_MEMBER} == before


def test_a_talk_ends_when_its_writer_throws_it_away(talk: Scene) -> None:
    """2-02, 2-11: with its messages and the words that a search would find; other talks stay."""
    member = join(talk)
    write(talk, member, "stays")
    removed = write(talk, member, "quagmire")
    talk.change("talks", removed, removed_at=LEFT)
    assert talk.around(
        GONE, lambda: (talk.count("talks"), talk.count("messages"), found(talk, "quagmire"))
    ) == [
        (2, 2, 1),
        (1, 1, 0),
        (1, 1, 0),
    ]
    assert found(talk, "stays") == 1


def test_each_of_the_four_ends_destroys(talk: Scene) -> None:
    """2-14: the period that was chosen, leaving and being erased each end a talk; the end of the service all others."""
    stays, leaves, erased, lasts = (join(talk, f"{name}@mail.example") for name in ("a", "b", "c", "d"))
    talks = {write(talk, member) for member in (stays, leaves, erased)}
    talks.add(write(talk, lasts, keep_until=LEFT))
    leave(talk, leaves)
    follow_the_link(talk, ask_for_erasure(talk, "c@mail.example"), erased)
    seen = talk.around(GONE, lambda: {row["member_id"] for row in talk.rows("talks")})
    assert seen == [{stays, leaves, erased, lasts}, {stays}, {stays}]
    happened(talk.kept.store, "service closed", LEFT + timedelta(days=30))
    assert talk.around(GONE + timedelta(days=30), lambda: talk.count("messages")) == [1, 0, 0]
    assert talk.filled() == {"erasure_requests"}


def test_the_published_text_does_not_declare_what_people_write(talk: Scene) -> None:
    """2-02: checked against it, the map tells of the title and the words of a talk; the corrected text has both."""
    published = parse((TALK_WITH_ME.folder / "as-published.yaml").read_bytes(), name="as-published.yaml")

    def undeclared(policy: object) -> set[tuple[object, ...]]:
        findings = check(talk.kept.promise.datamap, schema=talk.schema, policy=policy)  # type: ignore[arg-type]
        return {f.path[1:] for f in findings if f.code == "unknown-item"}

    written = {("talks", "columns", "title"), ("messages", "columns", "words")}
    assert written <= undeclared(published)
    assert ("members", "columns", "email") not in undeclared(published)
    assert undeclared(talk.kept.promise.resolved.policy) == set()


# -- deletion by mail -------------------------------------------------------------------------------------


def test_a_mail_alone_deletes_nothing_and_the_link_in_it_everything(talk: Scene) -> None:
    """2-13: whoever follows it is gone the next night; the request stays until its result was told."""
    haru, nuri = join(talk), join(talk, "nuri@mail.example")
    settle_in(talk, haru)
    asked, pretended = ask_for_erasure(talk, "haru@mail.example"), ask_for_erasure(talk, "nuri@mail.example")
    follow_the_link(talk, asked, haru)
    told = GONE + timedelta(days=2, hours=12)
    for request in (asked, pretended):
        talk.change("erasure_requests", request, closed_at=told)
    assert talk.around(GONE, talk.filled) == [
        OF_A_MEMBER | {"erasure_requests"},
        {"members", "erasure_requests"},
        {"members", "erasure_requests"},
    ]
    assert [row["id"] for row in talk.rows("members")] == [nuri]
    assert talk.around(seoul(2025, 3, 7), lambda: talk.count("erasure_requests")) == [2, 0, 0]


def test_a_number_of_somebody_who_went_is_nobody_elses(talk: Scene) -> None:
    """2-12, 2-14: who comes back is somebody new, and what the law holds of before stays of before."""
    before = join(talk)
    order(talk, before, completed=seoul(2025, 2, 10, 12))
    leave(talk, before)
    talk.sweep(GONE)
    again = join(talk)
    assert again > before
    order(talk, again, completed=seoul(2025, 3, 5, 12))
    talk.sweep(seoul(2030, 2, 12))
    assert talk.archived() == set()
    assert {row["member_id"] for row in talk.rows("orders")} == {again}


# -- buying -----------------------------------------------------------------------------------------------


def test_what_only_paying_needs_goes_with_the_settlement(talk: Scene) -> None:
    """2-03, 2-04: who paid and by which token, though the order was completed before; order and payment stay."""
    order(talk, join(talk), completed=JOINED)
    talk.change("payments", talk.only("payments")["id"], settled_at=LEFT)
    seen = talk.around(GONE, lambda: (talk.count("identity_checks"), talk.only("payments")["token"]))
    assert seen == [(1, "tok"), (0, None), (0, None)]
    talk.sweep(seoul(2031, 1, 1))
    assert (talk.only("payments")["approval"], talk.count("orders")) == ("ap", 1)


def test_what_who_left_had_bought_is_kept_apart_for_five_years(talk: Scene) -> None:
    """2-04, 2-11, 2-12, 2-14: each from its own day, a refused refund too, with what the law names, and no more."""
    member = join(talk)
    bought = order(talk, member, completed=seoul(2025, 2, 11, 12))
    asked = {"reason": "by mistake", "amount": 9900, "requested_at": JOINED, "outcome": "refused"}
    talk.add("refunds", order_id=bought, closed_at=seoul(2025, 2, 26, 12), **asked)
    leave(talk, member)
    talk.sweep(GONE)
    held = {"orders as contracts", "payments as payments", "refunds as contracts"}
    assert (talk.filled(), talk.archived()) == (set(), held)
    assert talk.copy("orders", "contracts").content["summary"] == "a year of talks"
    assert "tok" not in talk.copy("payments", "payments").content.values()
    refund = talk.copy("refunds", "contracts")
    assert (refund.content["reason"], refund.until) == ("by mistake", seoul(2030, 2, 27))
    refunds = {"refunds as contracts"}
    assert talk.around(seoul(2030, 2, 12), talk.archived) == [held, refunds, refunds]
    talk.sweep(refund.until)
    assert talk.archived() == set()


# -- support and abuse ------------------------------------------------------------------------------------


def test_an_answered_letter_goes_and_a_complaint_is_held(talk: Scene) -> None:
    """2-07, 2-11: the enquiry and its answer the next night; of a complaint only in the archive, three years long."""
    letter(talk, "enquiry", answered=LEFT)
    letter(talk, "complaint", answered=LEFT, closed=LEFT)
    posts = {"letters", "letter_answers"}
    held = {f"{table} as complaints" for table in posts}
    seen = talk.around(GONE, lambda: (talk.count("letters"), talk.count("letter_answers"), talk.archived()))
    assert seen == [(2, 2, set()), (0, 0, held), (0, 0, held)]
    assert talk.copy("letters", "complaints").content["body"] == "where is my talk"
    assert talk.around(seoul(2028, 3, 4), talk.archived) == [held, set(), set()]


def test_an_open_letter_does_not_outlive_who_wrote_it(talk: Scene) -> None:
    """2-13, 2-14: a question goes unanswered with its member; an open complaint waits to be closed by law."""
    leaves, erased, stays = (join(talk, f"{name}@mail.example") for name in ("a", "b", "c"))
    for member in (leaves, erased, stays):
        letter(talk, "enquiry", member=member)
    letter(talk, "complaint", member=leaves)
    leave(talk, leaves)
    follow_the_link(talk, ask_for_erasure(talk, "b@mail.example"), erased)

    def letters() -> tuple[list[tuple[int, str]], int]:
        posts = sorted((row["member_id"], row["kind"]) for row in talk.rows("letters"))
        return posts, talk.count("letter_answers")

    waits = [(leaves, "complaint"), (stays, "enquiry")]
    open_books = sorted([(leaves, "enquiry"), (erased, "enquiry"), *waits])
    assert talk.around(GONE, letters) == [(open_books, 4), (waits, 2), (waits, 2)]


def test_abuse_is_remembered_for_a_year_of_those_who_stay(talk: Scene) -> None:
    """2-07, 2-14: who leaves or asks for deletion is forgotten the next night, the address with them."""
    stays, leaves, erased = (join(talk, f"{name}@mail.example") for name in ("a", "b", "c"))
    for member in (stays, leaves, erased):
        talk.add("abuse_records", member_id=member, ip="192.0.2.7", detail="many tokens", recorded_at=LEFT)
    leave(talk, leaves)
    follow_the_link(talk, ask_for_erasure(talk, "c@mail.example"), erased)
    seen = talk.around(GONE, lambda: {row["member_id"] for row in talk.rows("abuse_records")})
    assert seen == [{stays, leaves, erased}, {stays}, {stays}]
    assert [row["id"] for row in talk.rows("members")] == [stays]
    assert talk.around(seoul(2026, 3, 4), lambda: talk.count("abuse_records")) == [1, 0, 0]


# -- what arises by itself --------------------------------------------------------------------------------


def test_a_session_that_ended_is_gone_the_next_night(talk: Scene) -> None:
    """2-03, 2-11: its token, address and browser; one that nobody ends is gone after thirty days."""
    seen_by = {"member_id": join(talk), "token_hash": "0" * 64, "ip": "192.0.2.7", "browser": "Hare"}
    talk.add("sessions", id="ended", created_at=JOINED, ended_at=LEFT, **seen_by)
    talk.add("sessions", id="open", created_at=LEFT, **seen_by)
    assert talk.around(GONE, lambda: talk.count("sessions")) == [2, 1, 1]
    assert talk.around(seoul(2025, 4, 3), lambda: talk.count("sessions")) == [1, 0, 0]


def test_visits_are_counted_for_three_months_and_then_only_numbers_are_left(talk: Scene) -> None:
    """2-03, 2-05, 2-09: of members and of those with a cookie; whoever refuses it is not counted, but held by law."""
    at = seoul(2025, 3, 10, 12)
    visit(talk, at, member_id=join(talk))
    visit(talk, at, visitor_key="k")
    visit(talk, at)
    talk.add("daily_counts", day="2025-03-10", page="/talks", visits=3)
    assert talk.around(seoul(2025, 6, 11), lambda: (talk.count("access_log"), talk.archived())) == [
        (2, {"access_log as visits"}),
        (0, set()),
        (0, set()),
    ]
    assert talk.only("daily_counts")["visits"] == 3


def test_visits_of_who_left_are_kept_apart_for_the_rest_of_the_three_months(talk: Scene) -> None:
    """2-03, 2-12: address and time only; nobody counts them any more."""
    member = join(talk)
    visit(talk, seoul(2025, 2, 25, 12), member_id=member)
    leave(talk, member)
    talk.sweep(GONE)
    assert talk.filled() == set()
    copy = talk.copy("access_log", "visits").content
    assert (copy["ip"], "/talks" in copy.values()) == ("192.0.2.7", False)
    assert talk.around(seoul(2025, 5, 27), talk.archived) == [{"access_log as visits"}, set(), set()]


# -- by consent -------------------------------------------------------------------------------------------


def test_each_consent_ends_what_it_allowed_and_nothing_else(talk: Scene) -> None:
    """2-05, 2-08, 2-11: age and sex, the newsletter's address and an event's answer each go alone; the member stays."""
    member = join(talk)
    agree(talk, member)
    kept = OF_A_MEMBER - {"talks", "messages"}
    nights = [GONE + timedelta(days=days) for days in range(-1, 4)]
    entry = talk.only("event_entries")["id"]
    by_night = (("profiles", member), ("newsletter_subscriptions", member), ("event_entries", entry))
    for days, (table, key) in enumerate(by_night):
        talk.change(table, key, withdrawn_at=LEFT + timedelta(days=days))
    went = []
    for night in nights:
        talk.sweep(night)
        went.append(kept - talk.filled())
    gone = [table for table, _ in by_night]
    assert went == [set(gone[:n]) for n in (0, 1, 2, 3, 3)]
    assert talk.only("members")["email"] == "haru@mail.example"


def test_entries_go_when_the_event_is_over(talk: Scene) -> None:
    """2-08, 2-11: their purpose is met then."""
    agree(talk, join(talk))
    talk.change("events", talk.only("events")["id"], closed_at=LEFT)
    assert talk.around(GONE, lambda: talk.count("event_entries")) == [1, 0, 0]


def test_what_a_cookie_told_goes_when_it_is_refused_and_after_a_year(talk: Scene) -> None:
    """2-21, 2-22: tastes are kept under the cookie's value only as long as its visitor agrees."""
    for visitor, refused in (("refuses", LEFT), ("agrees", None)):
        told = {"tastes": "quiet", "agreed_at": JOINED, "refused_at": refused}
        talk.add("visitor_tastes", visitor_key=visitor, **told)
    assert talk.around(GONE, lambda: talk.count("visitor_tastes")) == [2, 1, 1]
    assert talk.only("visitor_tastes")["visitor_key"] == "agrees"
    assert talk.around(seoul(2026, 2, 4), lambda: talk.count("visitor_tastes")) == [1, 0, 0]


ENDS = ("purpose met", "period ended", "membership ended", "deletion requested", "service closed")


def but(end: str, *ends: str) -> dict[str, list[str]]:
    """All these ends but one."""
    return {"until first of": [each for each in ends or ENDS if each != end]}


def first(period: str, *ends: str) -> dict[str, list[str]]:
    """So long after it was recorded, or one of these ends if that is earlier."""
    return {"first of": [f"{period} after recorded", *(f"until {end}" for end in ends)]}


GOING = ("membership ended", "deletion requested")
LEAVING, STAYING = test_who_leaves_is_gone_the_next_night, test_who_stays_keeps_everything
FOUR, BY_MAIL = (
    test_each_of_the_four_ends_destroys,
    test_a_mail_alone_deletes_nothing_and_the_link_in_it_everything,
)
ORDERS = test_what_who_left_had_bought_is_kept_apart_for_five_years
LETTERS, CONSENTS = (
    test_an_answered_letter_goes_and_a_complaint_is_held,
    test_each_consent_ends_what_it_allowed_and_nothing_else,
)
VISITS = test_visits_are_counted_for_three_months_and_then_only_numbers_are_left
ABUSE, OPEN = (
    test_abuse_is_remembered_for_a_year_of_those_who_stay,
    test_an_open_letter_does_not_outlive_who_wrote_it,
)
SESSIONS, SETTLED = (
    test_a_session_that_ended_is_gone_the_next_night,
    test_what_only_paying_needs_goes_with_the_settlement,
)
DECLARED, NUMBERS = (
    test_the_published_text_does_not_declare_what_people_write,
    test_a_number_of_somebody_who_went_is_nobody_elses,
)
COOKIE = test_what_a_cookie_told_goes_when_it_is_refused_and_after_a_year

WITHOUT: dict[str, Case] = {
    "members outlive their leaving": Case(LEAVING, keep("membership", but("membership ended", *ENDS[3:]))),
    "members end on joining": Case(
        STAYING,
        (
            ("map/subjects/member/facts/membership ended", {"column": "joined_at"}),
            ("map/tables/members/columns/left_at", "no"),
        ),
    ),
    "talks outlive being thrown away": Case(
        test_a_talk_ends_when_its_writer_throws_it_away, keep("talks", but("purpose met"))
    ),
    **{
        f"talks know no end `{end}`": Case(FOUR, keep("talks", but(end)))
        for end in ("period ended", "service closed")
    },
    "a mail deletes nothing": Case(BY_MAIL, keep("membership", but("deletion requested", *ENDS[2:]))),
    "what paying needs outlives it": Case(SETTLED, keep("settlement", but("", *ENDS[2:]))),
    "orders are held as complaints are": Case(ORDERS, by_law("contracts", "kr.ecommerce.complaint")),
    "complaints are held as orders are": Case(LETTERS, by_law("complaints", "kr.ecommerce.contract")),
    "enquiries are kept": Case(LETTERS, keep("support", "until service closed")),
    **{
        f"letters know no end `{end}`": Case(OPEN, keep("support", but(end, "purpose met", *ENDS[2:])))
        for end in GOING
    },
    "open complaints are not held": Case(
        OPEN, without_record("complaints", "letters/rows/complaint", "letter_answers/rows/complaint")
    ),
    "abuse is remembered for less": Case(ABUSE, keep("abuse-prevention", first("6 months", *ENDS[2:]))),
    **{
        f"abuse knows no end `{end}`": Case(
            ABUSE, keep("abuse-prevention", first("1 year", *(e for e in ENDS[2:] if e != end)))
        )
        for end in GOING
    },
    "sessions outlive signing out": Case(SESSIONS, keep("sign-in", first("30 days", *ENDS[2:]))),
    "sessions last as long as they like": Case(
        SESSIONS, keep("sign-in", but("", "session ended", *ENDS[2:]))
    ),
    "who pays is known until the order is completed": Case(
        SETTLED,
        (
            ("map/tables/payments/facts/payment settled", "order_id.completed_at"),
            ("map/tables/identity_checks/facts/payment settled", "payment_id.paid_at"),
            ("map/tables/payments/columns/settled_at", "no"),
        ),
    ),
    "refunds are held from the day they were asked for": Case(
        ORDERS, (("map/tables/refunds/facts/contract completed", "requested_at"),)
    ),
    "what people write passes for use of the service": Case(
        DECLARED,
        (
            ("policy/processing/talks/items/optional", ["usage"]),
            ("map/tables/talks/columns/title", "usage"),
        ),
    ),
    "numbers are given again": Case(
        NUMBERS,
        (
            (
                "sql",
                "create trigger member_gone after delete on members"
                " begin delete from sqlite_sequence where name = 'members'; end",
            ),
        ),
    ),
    "entries outlive their event": Case(
        test_entries_go_when_the_event_is_over, keep("event", but("", "consent withdrawn", *ENDS[2:]))
    ),
    "visits are counted for a year": Case(VISITS, keep("statistics", "1 year after recorded")),
    "visits are held as orders are": Case(
        test_visits_of_who_left_are_kept_apart_for_the_rest_of_the_three_months,
        by_law("visits", "kr.ecommerce.contract"),
    ),
    **{
        f"{name} outlives its consent": Case(CONSENTS, keep(name, but("", *ENDS[2:])))
        for name in ("profile", "newsletter")
    },
    "tastes outlive refusing": Case(COOKIE, keep("personalisation", "1 year after recorded")),
}
