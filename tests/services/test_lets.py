"""LETS: what members give, store, share and bring along, and what becomes of it the night after."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from examples.lets.world import LETS
from tests.keeping import seoul
from tests.services.conftest import Opened
from tests.services.lets_days import (
    GONE,
    IP,
    JOINED,
    LEFT,
    SETTLED_IN,
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

NOBODY = 4711
"""No member has this number."""


@pytest.fixture
def lets(opened: Opened) -> Iterator[Scene]:
    with opened(LETS) as scene:
        yield scene


def test_joining_takes_three_things_and_leaving_ends_everything(lets: Scene) -> None:
    """0-03, 0-12, 0-20: name, e-mail and password open the account; whoever leaves is gone the night after, files and all."""
    asked = lets.kept.promise.resolved.policy.processing["membership"].items.all
    held = lets.kept.promise.datamap.tables["members"].columns
    assert set(asked) == {"name", "email", "password"} == {i for each in held.values() for i in each.items}
    stays = join(lets, "sora")
    write(lets, stays, "sora")
    member = join(lets)
    settle_in(lets, member)
    leave(lets, member)
    hers = re.compile(rb"haru")

    def look() -> tuple[set[str], int, bool]:
        return lets.filled(), len(lets.files("storage")), bool(lets.everywhere(pattern=hers)["rows"])

    left = {"members", "documents", "document_words"}
    assert lets.around(GONE, look) == [(SETTLED_IN, 3, True), (left, 1, False), (left, 1, False)]
    assert lets.archived() == set()
    assert not any(lets.everywhere(pattern=hers)[kind] for kind in ("rows", "archive", "files"))


def test_leaving_at_midnight_is_kept_at_midnight(lets: Scene) -> None:
    """0-20: what ends at 00:00:00 sharp is destroyed by the sweep of that very moment."""
    settle_in(lets, member := join(lets))
    leave(lets, member, at=GONE)
    assert lets.around(GONE, lets.filled) == [SETTLED_IN, set(), set()]


def test_rows_of_nobody_end_by_their_own_date(lets: Scene) -> None:
    """0-20: with no foreign key rows can outlive their member; each then counts from the day that it names itself."""
    settle_in(lets, NOBODY)
    lets.sweep(JOINED - timedelta(hours=1))
    young = lets.filled()
    lets.sweep(seoul(2025, 1, 7))
    assert young - lets.filled() >= {"documents", "contacts", "linked_accounts", "mailings", "usage_events"}
    lets.sweep(GONE)
    assert lets.filled() == {"tickets", "ticket_replies"}  # an enquiry nobody answered waits
    assert lets.files("storage") == set()


def test_when_the_service_ends_nothing_is_used_any_more(lets: Scene) -> None:
    """0-20: data is used only while the service lasts, whether or not its members left."""
    settle_in(lets, join(lets))
    happened(lets.kept.store, "service closed", LEFT)
    assert lets.around(GONE, lets.filled) == [SETTLED_IN, set(), set()]


def test_a_session_ends_with_itself_and_a_token_after_a_day(lets: Scene) -> None:
    """0-04: to the second; a token also ends with its session."""
    member = join(lets)
    ended = sign_in(lets, member, at=LEFT)
    sign_in(lets, member, at=LEFT)
    lets.change("sessions", ended, ended_at=LEFT + timedelta(hours=2))

    def look(hours: float) -> tuple[int, int]:
        lets.sweep(LEFT + timedelta(hours=hours))
        return lets.count("sessions"), lets.count("access_tokens")

    assert [look(hours) for hours in (1.99, 2, 23.99, 24)] == [(2, 2), (1, 1), (1, 1), (1, 0)]


def test_a_device_is_known_for_a_year_after_its_last_use(lets: Scene) -> None:
    """0-04: device, system, browser, country and language, while the member stays."""
    member = join(lets)
    lets.add("devices", id="3c2c1e52-0000-4000-8000-000000000001", member_id=member, kind="phone", system="Hare OS 7",
             browser="Hare/4.1", country="KR", language="ko", first_seen_at=JOINED, last_used_at=LEFT)  # fmt: skip
    assert lets.around(seoul(2026, 3, 4), lambda: lets.count("devices")) == [1, 0, 0]


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

    assert lets.around(GONE, look) == [[2, 2, 2, 2], [1, 1, 1, 1], [1, 1, 1, 1]]
    found = lets.everywhere(pattern=re.compile(rb"(plan|words) of haru"))
    assert not any(found.values())
    assert lets.archived() == set()


def test_who_left_is_named_in_nobodys_document(lets: Scene) -> None:
    """0-15: profiles are shown while their owner is a member; a shared document stays and names the others only."""
    owner, editor = join(lets, "nuri"), join(lets, "haru")
    document = write(lets, owner, "nuri")
    for each in (owner, editor):
        edit(lets, document, each)
        lets.add("shares", document_id=document, with_id=each, may="write", shared_at=JOINED)
    leave(lets, editor)

    def look() -> tuple[list[int], list[int]]:
        edits = (row["editor_id"] for row in lets.rows("document_edits"))
        shares = (row["with_id"] for row in lets.rows("shares"))
        return sorted(filter(None, edits)), sorted(filter(None, shares))

    both, one = sorted((owner, editor)), [owner]
    assert lets.around(GONE, look) == [(both, both), (one, one), (one, one)]
    assert lets.count("document_edits") == 2


def test_a_photo_is_shown_by_consent_alone(lets: Scene) -> None:
    """0-15: row and file go the night after the consent does; the member stays."""
    for name in ("haru", "nuri"):
        show_photo(lets, member := join(lets, name), name)
    lets.change("profiles", member, withdrawn_at=LEFT)
    photos = {"photos/haru.png", "photos/nuri.png"}
    assert lets.around(GONE, lambda: lets.files("storage")) == [photos, {"photos/haru.png"}, {"photos/haru.png"}]
    assert (lets.count("members"), lets.only("profiles")["photo"]) == (2, "photos/haru.png")


def test_an_address_book_goes_with_the_permission(lets: Scene) -> None:
    """0-07: with everybody who stands in it; the same person in another member's book stays there, and is shown it."""
    books = {name: open_address_book(lets, join(lets, name), "Sora", "bada") for name in ("haru", "nuri")}
    lets.change("address_books", books["haru"], revoked_at=LEFT)

    def look() -> tuple[int, int, int]:
        her = {"subject": "contact", "key": ("sora@mail.example",)}
        shown = explain_person(lets.kept.store, lets.schedules, as_of=GONE, **her)
        return lets.count("address_books"), lets.count("contacts"), len(shown)

    assert lets.around(GONE, look) == [(2, 4, 2), (1, 2, 1), (1, 2, 1)]
    assert {row["book_id"] for row in lets.rows("contacts")} == {books["nuri"]}


def test_an_invitation_is_kept_for_thirty_days_or_until_accepted(lets: Scene) -> None:
    """0-07: whichever is first: what is known of somebody who never joined is not kept longer."""
    sent = {"member_id": join(lets), "sent_at": LEFT, "words": "do come"}
    accepted = [lets.add("invitations", email=f"{name}@mail.example", **sent) for name in ("nuri", "sora")][0]
    lets.change("invitations", accepted, accepted_at=seoul(2025, 3, 10, 12))
    assert lets.around(seoul(2025, 3, 11), lambda: lets.count("invitations")) == [2, 1, 1]
    assert lets.around(seoul(2025, 4, 3), lambda: lets.count("invitations")) == [1, 0, 0]


def test_a_link_that_is_removed_takes_what_it_brought(lets: Scene) -> None:
    """0-08: account, scope, token and all that the partner told; another link stays whole."""
    member = join(lets)
    removed, other = link(lets, member, "haru"), link(lets, member, "nuri")
    lets.change("linked_accounts", removed, unlinked_at=LEFT)

    def look() -> list[int]:
        return [lets.count(table) for table in ("linked_accounts", "link_tokens", "linked_profiles")]

    assert lets.around(GONE, look) == [[2, 2, 2], [1, 1, 1], [1, 1, 1]]
    assert not any(lets.everywhere(pattern=re.compile(rb"rt_haru|haru@there|haru there")).values())
    assert lets.only("linked_profiles")["link_id"] == other
    assert lets.only("linked_profiles")["brought"]["folders"] == ["thesis", "photos"]


def test_an_entitlement_through_an_affiliate_ends_with_its_purpose(lets: Scene) -> None:
    """0-17: with the route by which the member came; while it runs it stays."""
    about = {"member_id": join(lets), "affiliate": "campus", "route": "friend", "granted_at": JOINED}
    ended = [lets.add("entitlements", **about) for _ in range(2)][0]
    lets.change("entitlements", ended, ended_at=LEFT)
    assert lets.around(GONE, lambda: lets.count("entitlements")) == [2, 1, 1]


def test_who_takes_the_mailing_back_is_off_its_list_the_next_night(lets: Scene) -> None:
    """0-10: the address stays only where the membership needs it; the withdrawal is on record."""
    member = join(lets)
    lets.add("mailings", member_id=member, email="haru@letters.example", agreed_at=JOINED, withdrawn_at=LEFT)
    lets.add("consents", member_id=member, processing="marketing", version="2.0", given_at=JOINED, withdrawn_at=LEFT)
    assert lets.around(GONE, lambda: lets.count("mailings")) == [1, 0, 0]
    assert lets.only("consents")["withdrawn_at"] == LEFT
    assert lets.only("members")["email"] == "haru@mail.example"


def test_abuse_is_remembered_for_a_year_and_not_beyond_the_membership(lets: Scene) -> None:
    """0-13: the address that was used goes with it."""
    for name in ("haru", "nuri"):
        member = join(lets, name)
        lets.add("abuse_records", member_id=member, ip=IP, detail="many passwords", recorded_at=LEFT)
    leave(lets, member, at=seoul(2025, 6, 2, 12))
    assert lets.around(seoul(2025, 6, 3), lambda: lets.count("abuse_records")) == [2, 1, 1]
    assert lets.around(seoul(2026, 3, 4), lambda: lets.count("abuse_records")) == [1, 0, 0]


def test_statistics_name_nobody_and_outlive_what_they_were_made_of(lets: Scene) -> None:
    """0-18: events under a number go after three months; counts lie in a table that points to nobody, and stay."""
    member = join(lets)
    lets.add("usage_events", member_id=member, feature="slides", came_from="friend", at=seoul(2025, 3, 10, 12))
    lets.add("usage_counts", month="2025-03", feature="slides", used=20)
    assert lets.around(seoul(2025, 6, 11), lambda: lets.count("usage_events")) == [1, 0, 0]
    leave(lets, member, at=seoul(2025, 6, 12, 12))
    lets.sweep(seoul(2025, 6, 13))
    assert lets.filled() == set()
    assert {name: value for name, value in lets.only("usage_counts").items() if name != "id"} == {
        "month": "2025-03", "feature": "slides", "used": 20}  # fmt: skip
    assert not lets.kept.promise.datamap.tables["usage_counts"].personal


def test_an_enquiry_goes_the_night_after_its_answer(lets: Scene) -> None:
    """0-16: with the reply; what waits for an answer stays."""
    member = join(lets)
    answered, waiting = ask(lets, member, "enquiry"), ask(lets, member, "enquiry")
    lets.change("tickets", answered, answered_at=LEFT)
    assert lets.around(GONE, lambda: lets.count("ticket_replies")) == [2, 1, 1]
    assert lets.only("tickets")["id"] == waiting
    assert lets.archived() == set()


LATER = "1 year after membership ended"
WITHOUT = {
    "membership ends later": Case(
        test_joining_takes_three_things_and_leaving_ends_everything, keep("membership", LATER)
    ),
    "no file is named": Case(
        test_joining_takes_three_things_and_leaving_ends_everything,
        (("map/tables/documents/columns/path", "stored-file"),),
    ),
    "five days pass first": Case(test_leaving_at_midnight_is_kept_at_midnight, keep("storage", "5 days after membership ended")),
    "orphans have no date": Case(
        test_rows_of_nobody_end_by_their_own_date, (("map/tables/documents/orphans", "refuse"),)
    ),
    "no closing": Case(test_when_the_service_ends_nothing_is_used_any_more, keep("partner-link", "until membership ended")),
    "tokens last as long as sessions": Case(
        test_a_session_ends_with_itself_and_a_token_after_a_day, keep("access", "until session ended")
    ),
    "devices are known for ever": Case(
        test_a_device_is_known_for_a_year_after_its_last_use, keep("devices", "until membership ended")
    ),
    "deleted documents stay": Case(
        test_a_deleted_document_takes_its_file_and_its_words_along, keep("storage", "until membership ended")
    ),
    "editors are named for a reason": Case(
        test_who_left_is_named_in_nobodys_document,
        (("map/tables/document_edits/accessors", [{"member": "editor_id", "keep": "who edited"}]),),
    ),
    "photos by contract": Case(test_a_photo_is_shown_by_consent_alone, keep("profile", "until membership ended")),
    "contacts outlive the permission": Case(
        test_an_address_book_goes_with_the_permission, keep("address-book", "until membership ended")
    ),
    "contacts are nobody": Case(
        test_an_address_book_goes_with_the_permission,
        (("map/tables/contacts/co_owners", [{"member": "member_id"}]),),
    ),
    "invitations wait": Case(
        test_an_invitation_is_kept_for_thirty_days_or_until_accepted, keep("invitation", "until membership ended")
    ),
    "links leave something behind": Case(
        test_a_link_that_is_removed_takes_what_it_brought, keep("partner-link", "until membership ended")
    ),
    "entitlements stay": Case(
        test_an_entitlement_through_an_affiliate_ends_with_its_purpose, keep("affiliate", "until membership ended")
    ),
    "mailings are for good": Case(
        test_who_takes_the_mailing_back_is_off_its_list_the_next_night, keep("marketing", "until membership ended")
    ),
    "abuse is remembered for ever": Case(
        test_abuse_is_remembered_for_a_year_and_not_beyond_the_membership, keep("abuse-prevention", LATER)
    ),
    "events stay": Case(
        test_statistics_name_nobody_and_outlive_what_they_were_made_of, keep("statistics", "until membership ended")
    ),
    "answers end nothing": Case(
        test_an_enquiry_goes_the_night_after_its_answer,
        (("map/tables/tickets/rows/enquiry/facts", {"purpose met": "closed_at"}),),
    ),
}
