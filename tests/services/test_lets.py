"""LETS: what members give, store, share and bring along, and what becomes of it the night after."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from examples.lets.world import LETS
from tests.keeping import audit_of, seoul
from tests.services.conftest import Opened
from tests.services.lets_days import (
    GONE,
    IP,
    JOINED,
    LEFT,
    SETTLED_IN,
    around,
    ask,
    edit,
    join,
    leave,
    link,
    open_address_book,
    settle_in,
    show_photo,
    sign_in,
    write,
)
from tests.services.rules import Case, keep
from tests.services.scene import Scene
from tests.telling import happened

from jikim.operations.explain_rows import explain_person
from jikim.plan.finding import FindingKind

NOBODY = 4711
"""No member has this number."""


@pytest.fixture
def lets(opened: Opened) -> Iterator[Scene]:
    with opened(LETS) as scene:
        yield scene


def test_joining_takes_three_things_and_leaving_ends_everything(lets: Scene) -> None:
    """0-03, 0-12, 0-20: name, e-mail and password open the account; the night after leaving all is gone, files too.

    Who leaves at 00:00:00 sharp goes with the sweep of that very moment.
    """
    asked = lets.kept.promise.resolved.policy.processing["membership"].items.all
    held = lets.kept.promise.datamap.tables["members"].columns.values()
    assert set(asked) == {"name", "email", "password"} == {item for each in held for item in each.items}
    stays, member, late = (join(lets, name) for name in ("sora", "haru", "nuri"))
    for each, name in ((stays, "sora"), (late, "nuri")):
        write(lets, each, name)
    settle_in(lets, member)
    leave(lets, member)
    leave(lets, late, at=GONE)
    left = {"members", "documents", "document_words"}
    before, after = (SETTLED_IN, 4), (left, 1)
    around(lets, GONE, lambda: (lets.filled(), len(lets.files("storage"))), before=before, after=after)
    assert lets.archived() == set()
    found = lets.everywhere(pattern=re.compile(rb"haru"))
    assert not found["rows"] | found["archive"] | found["files"]
    assert lets.only("members")["id"] == stays


def test_a_password_in_clear_is_found(lets: Scene) -> None:
    """0-03: what is stored one-way is looked at by the audit: a hash is none, a word is told."""
    member = join(lets)

    def told() -> set[str]:
        found = audit_of(lets.kept, as_of=LEFT).findings
        return {each.where for each in found if each.kind is FindingKind.CLEAR_SECRET}

    assert told() == set()
    clear = {"password_hash": "a quiet river"}
    lets.change("members", member, **clear)
    assert told() == {"members.password_hash"}


def test_who_left_is_overdue_after_five_days(lets: Scene) -> None:
    """0-20: an audit says nothing while there is time to destroy, and names what is still there when it is over."""
    leave(lets, join(lets))
    overdue = {}
    for day in (8, 9, 10):
        found = audit_of(lets.kept, as_of=seoul(2025, 3, day)).findings
        overdue[day] = {each.where for each in found if each.kind is FindingKind.OVERDUE}
    assert overdue == {8: set(), 9: {"members"}, 10: {"members"}}


def test_rows_of_nobody_end_by_their_own_date(lets: Scene) -> None:
    """0-20: without foreign keys rows can outlive their member; each then counts from the day that it names itself."""
    keys = "select from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"
    assert lets.kept.execute(keys) == []
    settle_in(lets, NOBODY)
    lets.sweep(JOINED + timedelta(hours=12))
    dated_later = {"invitations", "sessions", "access_tokens", "devices"}
    assert lets.filled() == dated_later
    lets.sweep(GONE)
    assert (lets.filled(), lets.files("storage")) == (set(), set())


def test_when_the_service_ends_nothing_is_used_any_more(lets: Scene) -> None:
    """0-20: data is used only while the service lasts, whether or not its members left."""
    settle_in(lets, join(lets))
    lets.sweep(LEFT)
    assert lets.filled() == SETTLED_IN
    happened(lets.kept.store, "service closed", LEFT)
    lets.sweep(GONE)
    assert lets.filled() == set()


def test_a_session_ends_with_itself_and_a_token_after_a_day(lets: Scene) -> None:
    """0-04: to the second; a token also ends with its session, and a session that nobody ends after thirty days."""
    member = join(lets)
    ended = sign_in(lets, member, at=LEFT)
    sign_in(lets, member, at=LEFT)
    lets.change("sessions", ended, ended_at=LEFT + timedelta(hours=2))
    for seconds, left in ((7200, (1, 1)), (86_399, (1, 1)), (86_400, (1, 0))):
        lets.sweep(LEFT + timedelta(seconds=seconds))
        assert (lets.count("sessions"), lets.count("access_tokens")) == left, seconds
    around(lets, seoul(2025, 4, 3), lambda: lets.count("sessions"), before=1, after=0)


def test_devices_and_abuse_are_known_for_a_year(lets: Scene) -> None:
    """0-04, 0-13: a device from its last use, abuse from its record, and neither beyond the membership."""
    for name, leaves in (("haru", None), ("nuri", seoul(2026, 3, 2, 12))):
        member = join(lets, name)
        about = {"kind": "phone", "system": "Hare OS 7", "country": "KR", "language": "ko"}
        seen = {"first_seen_at": JOINED, "last_used_at": LEFT}
        lets.add("devices", id=uuid4(), member_id=member, **about, **seen)
        lets.add("abuse_records", member_id=member, ip=IP, detail="many passwords", recorded_at=LEFT)
        if leaves:
            leave(lets, member, at=leaves)
    around(
        lets,
        seoul(2026, 3, 4),
        lambda: (lets.count("devices"), lets.count("abuse_records")),
        before=(1, 1),
        after=(0, 0),
    )


def test_a_deleted_document_takes_its_file_and_its_words_along(lets: Scene) -> None:
    """0-05: title, bytes, what was read in it and who worked on it; nothing of it is kept for any other purpose."""
    member = join(lets)
    deleted, other = write(lets, member, "haru"), write(lets, member, "nuri")
    for document in (deleted, other):
        edit(lets, document, member)
    lets.change("documents", deleted, deleted_at=LEFT)

    def look() -> list[int]:
        tables = ("documents", "document_words", "document_edits")
        return [*(lets.count(table) for table in tables), len(lets.files("storage"))]

    around(lets, GONE, look, before=[2, 2, 2, 2], after=[1, 1, 1, 1])
    found = lets.everywhere(pattern=re.compile(rb"(plan|words) of haru"))
    assert not any(found.values())
    assert lets.archived() == set()


def test_who_left_is_shown_in_nobodys_document(lets: Scene) -> None:
    """0-15: a shared document stays and names the others only; a photo, listed now, is gone with its consent."""
    owner, editor, shy = (join(lets, name) for name in ("nuri", "haru", "sora"))
    document = write(lets, owner, "nuri")
    for each in (owner, editor):
        edit(lets, document, each)
        lets.add("shares", document_id=document, with_id=each, may="write", shared_at=JOINED)
    show_photo(lets, owner, "nuri")
    show_photo(lets, shy, "sora")
    leave(lets, editor)
    lets.change("profiles", shy, withdrawn_at=LEFT)

    def look() -> tuple[set[int], set[int], set[str]]:
        editors = {row["editor_id"] for row in lets.rows("document_edits")}
        readers = {row["with_id"] for row in lets.rows("shares")}
        return (
            editors - {None},
            readers - {None},
            {p for p in lets.files("storage") if p.startswith("photos")},
        )

    photos = {"photos/nuri.png", "photos/sora.png"}
    before = ({owner, editor}, {owner, editor}, photos)
    around(lets, GONE, look, before=before, after=({owner}, {owner}, photos - {"photos/sora.png"}))
    assert lets.count("document_edits") == 2
    assert {row["id"] for row in lets.rows("members")} == {owner, shy}


def test_an_address_book_goes_with_the_permission(lets: Scene) -> None:
    """0-07: with all who stand in it; in another member's book they stay, and may see that.

    An invitation has thirty days, or until it is accepted. Whoever stands in a book or is invited can ask to go.
    """
    members = {name: join(lets, name) for name in ("haru", "nuri")}
    books = {name: open_address_book(lets, each, "Sora", "bada") for name, each in members.items()}
    lets.change("address_books", books["haru"], revoked_at=LEFT)
    sent = {"member_id": members["haru"], "sent_at": LEFT, "words": "do come"}
    accepted = lets.add("invitations", email="bada@mail.example", **sent)
    lets.add("invitations", email="nuri@mail.example", **sent)
    lets.change("invitations", accepted, accepted_at=LEFT + timedelta(hours=1))

    def look() -> tuple[int, int, int, int]:
        sora = ("sora@mail.example",)
        shown = explain_person(lets.kept.store, lets.schedules, subject="contact", key=sora, as_of=GONE)
        return lets.count("address_books"), lets.count("contacts"), len(shown), lets.count("invitations")

    around(lets, GONE, look, before=(2, 4, 2, 2), after=(1, 2, 1, 1))
    assert {row["book_id"] for row in lets.rows("contacts")} == {books["nuri"]}
    [bada, _] = lets.rows("contacts")
    asking = lets.add("invitations", email="bada@mail.example", **sent)
    for table, key in (("contacts", bada["id"]), ("invitations", asking)):
        lets.change(table, key, asked_to_go_at=seoul(2025, 3, 10, 12))

    def asked() -> tuple[int, int]:
        return lets.count("contacts"), lets.count("invitations")

    around(lets, seoul(2025, 3, 11), asked, before=(2, 2), after=(1, 1))
    for day, left in ((2, 1), (3, 0)):
        lets.sweep(seoul(2025, 4, day))
        assert lets.count("invitations") == left, day


def test_a_link_that_is_removed_takes_what_it_brought(lets: Scene) -> None:
    """0-08: account, scope, token and all that the partner told; another link stays whole."""
    member = join(lets)
    removed, other = link(lets, member, "haru"), link(lets, member, "nuri")
    lets.change("linked_accounts", removed, unlinked_at=LEFT)

    def look() -> list[int]:
        return [lets.count(table) for table in ("linked_accounts", "link_tokens", "linked_profiles")]

    around(lets, GONE, look, before=[2, 2, 2], after=[1, 1, 1])
    assert not any(lets.everywhere(pattern=re.compile(rb"rt_haru|haru@there|haru there")).values())
    assert lets.only("linked_profiles")["link_id"] == other
    assert lets.only("linked_profiles")["brought"]["folders"] == ["thesis", "photos"]


def test_what_has_met_its_purpose_goes_the_next_night(lets: Scene) -> None:
    """0-10, 0-16, 0-17: a mailing taken back, an answered enquiry, an affiliate's entitlement that ended; no others."""
    member = join(lets)
    about = {"affiliate": "campus", "route": "friend", "granted_at": JOINED}
    mail = {"email": "haru@letters.example", "agreed_at": JOINED}
    lets.add("mailings", member_id=member, withdrawn_at=LEFT, **mail)
    lets.add("mailings", member_id=join(lets, "nuri"), **mail)
    answered, waiting = ask(lets, member, "enquiry"), ask(lets, member, "enquiry")
    lets.change("tickets", answered, answered_at=LEFT)
    ended, lasting = (lets.add("entitlements", member_id=member, **about) for _ in range(2))
    lets.change("entitlements", ended, ended_at=LEFT)
    tables = ("mailings", "tickets", "ticket_replies", "entitlements")
    around(lets, GONE, lambda: [lets.count(t) for t in tables], before=[2, 2, 2, 2], after=[1, 1, 1, 1])
    assert (lets.only("tickets")["id"], lets.only("entitlements")["id"]) == (waiting, lasting)
    assert lets.only("mailings")["member_id"] != member
    assert lets.archived() == set()


def test_statistics_name_nobody_and_outlive_what_they_were_made_of(lets: Scene) -> None:
    """0-04, 0-18: events under a number go after three months; counts point to nobody, and stay."""
    usage = {"feature": "slides", "came_from": "friend", "at": seoul(2025, 3, 10, 12)}
    lets.add("usage_events", member_id=join(lets), **usage)
    counted = {"month": "2025-03", "feature": "slides", "used": 20}
    key = lets.add("usage_counts", **counted)
    around(lets, seoul(2025, 6, 11), lambda: lets.count("usage_events"), before=1, after=0)
    assert lets.only("usage_counts") == {"id": key, **counted}
    assert not lets.kept.promise.datamap.tables["usage_counts"].personal


LATER = "1 year after membership ended"
WHILE = "until membership ended"
WITHOUT = {
    "membership ends later": Case(
        test_joining_takes_three_things_and_leaving_ends_everything, keep("membership", LATER)
    ),
    "passwords as they come": Case(
        test_a_password_in_clear_is_found,
        (
            ("policy/items/password/protect", "encrypted"),
            ("policy/safeguards/one-way-passwords/items", ["session-token", "access-token"]),
        ),
    ),
    "a month to destroy": Case(
        test_who_left_is_overdue_after_five_days, (("policy/destruction/within", "30 days"),)
    ),
    "closing is no reason": Case(
        test_when_the_service_ends_nothing_is_used_any_more, keep("membership", WHILE)
    ),
    "sessions last until somebody ends them": Case(
        test_a_session_ends_with_itself_and_a_token_after_a_day,
        keep("sign-in", {"until first of": ["session ended", "membership ended", "service closed"]}),
    ),
    "contacts cannot ask to go": Case(
        test_an_address_book_goes_with_the_permission,
        keep("known-people", {"until first of": ["permission withdrawn", "membership ended"]}),
    ),
    "no file is named": Case(
        test_joining_takes_three_things_and_leaving_ends_everything,
        (("map/tables/documents/columns/path", "stored-file"),),
    ),
    "orphans without their date": Case(
        test_rows_of_nobody_end_by_their_own_date,
        (("map/tables/documents/orphans", "date-from(deleted_at)"),),
    ),
    "tokens last as long as sessions": Case(
        test_a_session_ends_with_itself_and_a_token_after_a_day, keep("access", "until session ended")
    ),
    "abuse outlives the membership": Case(
        test_devices_and_abuse_are_known_for_a_year, keep("abuse-prevention", LATER)
    ),
    "deleted documents stay": Case(
        test_a_deleted_document_takes_its_file_and_its_words_along, keep("storage", WHILE)
    ),
    "editors are named for good": Case(
        test_who_left_is_shown_in_nobodys_document,
        (("map/tables/document_edits/accessors", [{"member": "editor_id", "keep": "who edited"}]),),
    ),
    "contacts outlive the permission": Case(
        test_an_address_book_goes_with_the_permission, keep("address-book", WHILE)
    ),
    "links leave something behind": Case(
        test_a_link_that_is_removed_takes_what_it_brought, keep("partner-link", WHILE)
    ),
    "answers end nothing": Case(
        test_what_has_met_its_purpose_goes_the_next_night,
        (("map/tables/tickets/rows/enquiry/facts", {"purpose met": "closed_at"}),),
    ),
    "entitlements stay": Case(test_what_has_met_its_purpose_goes_the_next_night, keep("affiliate", WHILE)),
    "events stay": Case(
        test_statistics_name_nobody_and_outlive_what_they_were_made_of, keep("statistics", WHILE)
    ),
}
