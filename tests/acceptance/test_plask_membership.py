"""Plask: joining, what is kept while a member, leaving, the five days, and coming back."""

from datetime import timedelta

import pytest
from examples.plask import service
from tests.acceptance.stage import GONE, JOINED, LEFT, PASSWORD, Stage
from tests.keeping import seoul
from tests.telling import happened

BOTH_VERSIONS = pytest.mark.parametrize("plask", ["15", "18", "lite", "model"], indirect=True)
MIDNIGHT = seoul(2025, 3, 3)
LAST_SECOND = GONE - timedelta(seconds=1)
SETTLED_IN = {
    "members",
    "profiles",
    "interests",
    "projects",
    "motion_files",
    "event_entries",
    "newsletter_subscriptions",
    "consents",
}
"""Where somebody leaves rows who settles in."""


def test_a_member_gives_three_things_and_others_only_by_consent(plask: Stage) -> None:
    """4-03: occupation and nationality go the night after their consent does; what joining asked for stays."""
    member = plask.join()
    assert set(plask.only("members")) == {
        "id",
        "email",
        "name",
        "password_hash",
        "joined_at",
        "status",
        "left_at",
    }
    assert PASSWORD not in plask.only("members")["password_hash"]
    service.agree_to_profile(
        plask.app, member_id=member, version="1.1", at=JOINED, occupation="dancer", nationality="KR"
    )
    service.withdraw_profile(plask.app, member_id=member, at=LEFT)
    joined = plask.only("members")
    assert plask.around(seoul(2025, 3, 4), plask.filled) == [
        {"members", "profiles", "consents"},
        {"members", "consents"},
        {"members", "consents"},
    ]
    plask.sweep(seoul(2031, 1, 1))
    assert plask.only("members") == joined


@BOTH_VERSIONS
def test_who_leaves_is_locked_for_five_days_and_then_gone(plask: Stage) -> None:
    """4-19, 4-25, 4-31: present but out of the service's sight through day 5, destroyed as day 6 begins."""
    member = plask.join()
    plask.settle_in(member)
    assert plask.filled() == plask.seen_by_the_service() == SETTLED_IN
    plask.leave(member)
    assert plask.around(GONE, lambda: (plask.filled(), plask.seen_by_the_service())) == [
        (SETTLED_IN | {"rejoin_keys"}, {"rejoin_keys"}),
        ({"rejoin_keys"}, {"rejoin_keys"}),
        ({"rejoin_keys"}, {"rejoin_keys"}),
    ]
    assert plask.archived() == set()


def test_while_visits_must_be_kept_a_nameless_row_dates_the_leaving(plask: Stage) -> None:
    """4-24, 4-25: of a member who signed in lately only number and dates stay, and go with the last visit."""
    member = plask.join()
    plask.sign_in()
    plask.leave(member)
    plask.sweep(GONE)
    stub = plask.only("members")
    assert stub.pop("email").endswith("@invalid.example")
    assert stub == {
        "id": member,
        "name": "-",
        "password_hash": "-",
        "joined_at": JOINED,
        "status": "left",
        "left_at": LEFT,
    }
    assert plask.around(seoul(2025, 4, 7), plask.filled) == [
        {"members", "access_log", "rejoin_keys"},
        {"rejoin_keys"},
        {"rejoin_keys"},
    ]


def test_leaving_at_midnight_begins_the_five_days_at_once(plask: Stage) -> None:
    """4-19: at 00:00:00 sharp the day of leaving is the first of the five."""
    member = plask.join()
    plask.settle_in(member)
    plask.leave(member, at=MIDNIGHT)
    assert plask.around(GONE - timedelta(days=1), lambda: plask.count("members")) == [1, 0, 0]


def test_a_leaving_can_be_undone_to_the_last_second_of_day_five(plask: Stage) -> None:
    """4-19: undone at 23:59:59 everything is back in use and stays; left again, five new days are counted."""
    member = plask.join()
    plask.settle_in(member)
    plask.leave(member)
    assert plask.undo_leave("haru", at=LAST_SECOND) == member
    plask.sweep(GONE)
    assert plask.filled() == plask.seen_by_the_service() == SETTLED_IN
    plask.leave(member, at=seoul(2025, 3, 20, 12))
    assert plask.around(seoul(2025, 3, 26), lambda: plask.count("members")) == [1, 0, 0]


def test_on_day_six_nothing_can_be_undone(plask: Stage) -> None:
    """4-25: neither before the sweep of that day nor after it."""
    member = plask.join()
    plask.leave(member)
    with pytest.raises(service.UndoRefusedError):
        plask.undo_leave("haru", at=GONE)
    plask.sweep(GONE)
    with pytest.raises(service.UndoRefusedError):
        plask.undo_leave("haru", at=LAST_SECOND)
    assert plask.count("members") == 0


def test_the_files_of_who_left_are_gone_from_the_disk(plask: Stage) -> None:
    """4-27: hers with her rows, his stay."""
    plask.upload(plask.join("nuri"), b"MOTION of nuri")
    member = plask.join("haru")
    plask.upload(member, b"MOTION of haru")
    plask.leave(member)
    assert plask.around(GONE, plask.on_disk) == [
        {b"MOTION of nuri", b"MOTION of haru"},
        {b"MOTION of nuri"},
        {b"MOTION of nuri"},
    ]


def test_when_the_business_closes_only_what_the_law_holds_is_left(plask: Stage) -> None:
    """4-19, 4-21, 4-26: no grace was promised for that; closed books go to the archive at once, and out in time."""
    member = plask.join()
    plask.settle_in(member)
    plask.sign_in()
    service.report_abuse(plask.app, member_id=member, ip="192.0.2.7", detail="spam", at=JOINED)
    order = plask.order(member)
    service.settle(plask.app, payment_id=plask.pay(order), at=JOINED)
    service.complete(plask.app, order_id=order, at=JOINED)
    plask.write("enquiry", member=member)
    service.close(plask.app, post_id=plask.write("complaint", member=member), at=LEFT)
    happened(plask.kept.store, "service closed", MIDNIGHT)
    held = {"orders__contracts", "payments__payments"}
    posts = {"support_posts", "support_replies"}
    everything = SETTLED_IN | {"sessions", "access_log", "abuse_records", "orders", "payments", *posts}
    assert plask.around(MIDNIGHT, lambda: (plask.filled(), plask.archived())) == [
        (everything, set()),
        ({"access_log", "members", *posts}, held),  # the complaint is closed at noon
        ({"access_log", "members"}, held | {f"{table}__complaints" for table in posts}),
    ]
    plask.sweep(seoul(2025, 4, 8))
    assert plask.filled() == set()
    plask.sweep(seoul(2030, 1, 8))
    assert plask.archived() == set()


def test_an_address_is_known_for_a_year_after_leaving(plask: Stage) -> None:
    """4-12: only as a keyed value; on the day the year is over the address may join again."""
    plask.leave(plask.join())
    assert "haru" not in plask.only("rejoin_keys")["email_key"]
    plask.sweep(GONE)
    with pytest.raises(service.SignUpRefusedError):
        plask.join(at=seoul(2026, 3, 3, 12))
    assert plask.around(seoul(2026, 3, 4), lambda: plask.count("rejoin_keys")) == [1, 0, 0]
    assert plask.join(at=seoul(2026, 3, 5, 12))


def test_who_comes_back_is_somebody_new_and_the_old_dates_stand(plask: Stage) -> None:
    """4-12, 4-22, 4-25: a new membership gives the old one's archive no longer life, and its rows none shorter."""
    member = plask.join()
    service.complete(plask.app, order_id=plask.order(member), at=seoul(2025, 2, 10, 12))
    plask.leave(member)
    plask.sweep(GONE)
    copy = plask.copy("orders", "contracts")
    again = plask.join("sora", at=seoul(2025, 9, 1, 12))
    plask.order(again, at=seoul(2025, 9, 1, 12))
    assert again != member
    assert copy.until == seoul(2030, 2, 12)
    assert plask.around(copy.until, lambda: (plask.count("orders"), plask.copies("orders", "contracts"))) == [
        (1, [copy]),
        (1, []),
        (1, []),
    ]


def test_a_session_that_ended_is_gone_the_next_night(plask: Stage) -> None:
    """4-07, 4-25: its token, address and browser have met their purpose."""
    plask.join()
    session = plask.sign_in(at=LEFT)
    service.sign_out(plask.app, session_id=session.id, at=LEFT + timedelta(hours=1))
    assert plask.around(seoul(2025, 3, 4), lambda: plask.count("sessions")) == [1, 0, 0]
