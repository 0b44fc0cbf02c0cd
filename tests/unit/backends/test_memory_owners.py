"""Forms of ownership in the memory model, fact by fact: who keeps a row, what goes with whom, and what the naive form
would have done."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests import owned
from tests.keeping import KEY
from tests.properties.test_owners import schedules

from jikim.backends import memory
from jikim.plan.schedule import Facts, Hold, Schedules

BOUND = schedules()
NOW = owned.NOW
LEFT = datetime(2026, 9, 1, 3, tzinfo=UTC)
LONG_SINCE = datetime(2020, 9, 1, 3, tzinfo=UTC)
KEPT_NO_MORE = datetime(2018, 9, 1, 3, tzinfo=UTC)
"""Settled then, a contract is kept by no statute any more."""


def member(number: int, left_at: datetime | None = None, **rest: Any) -> memory.Row:
    nobody = {"referrer_id": None, "default_address_id": None}
    return {"id": number, "email": f"m{number}@mail.example", "left_at": left_at, **nobody, **rest}


def message(
    sender: int | None, receiver: int | None, settled_at: datetime | None = KEPT_NO_MORE
) -> memory.Row:
    ends = {"sender_id": sender, "receiver_id": receiver, "sender_name": "보낸이", "receiver_name": "받는이"}
    return {"id": 1, **ends, "body": "안녕", "settled_at": settled_at}


def household(**rest: Any) -> memory.Row:
    return {"id": 1, "label": "우리집", "created_at": LONG_SINCE, "settled_at": KEPT_NO_MORE, **rest}


def part(number: int, of: int | None) -> memory.Row:
    return {"id": number, "household_id": 1, "member_id": of, "part": "첫째"}


def world(*holds: Hold, **rows: list[memory.Row]) -> memory.World:
    return memory.World({name: [] for name in owned.SCHEMA.tables} | rows, Facts(holds=holds))


def swept(
    store: memory.World, *, as_of: datetime = NOW, bound: Schedules = BOUND, **changes: Any
) -> memory.World:
    """The world after a sweep; ``changes`` are tables whose schedules are told less, as a naive form would be."""
    tables = tuple(replace(s, **changes.get(s.table, {})) for s in bound)
    memory.sweep(store, replace(bound, tables=tables), as_of=as_of, mask_key=KEY)
    return store


def ids(store: memory.World, table: str) -> list[int]:
    return [row["id"] for row in store.tables[table]]


# -- co-owners --------------------------------------------------------------------------------------------


def test_a_row_of_two_stays_for_the_one_who_stays_without_what_was_the_others() -> None:
    """The sender's name and key go from that row only; the words are of both and stay."""
    store = world(members=[member(1, LEFT), member(2)], messages=[message(1, 2)])
    [row] = swept(store).tables["messages"]
    assert (row["sender_id"], row["sender_name"]) == (None, None)
    assert (row["receiver_id"], row["receiver_name"], row["body"]) == (2, "받는이", "안녕")
    assert ids(store, "members") == [2]


def test_with_owners_tried_in_turn_the_row_would_have_gone_with_the_first() -> None:
    store = world(members=[member(1, LEFT), member(2)], messages=[message(1, 2)])
    assert swept(store, messages={"together": ()}).tables["messages"] == []


def test_a_row_of_two_goes_when_the_last_of_them_left() -> None:
    store = world(members=[member(1, LEFT), member(2)], messages=[message(1, 2)])
    swept(store).tables["members"][0]["left_at"] = NOW.astimezone(UTC)
    assert swept(store, as_of=NOW + timedelta(days=1)).tables["messages"] == []
    assert store.tables["members"] == []


def test_who_comes_back_before_the_sweep_loses_nothing_and_after_it_stays_apart() -> None:
    store = world(members=[member(1, None), member(2)], messages=[message(1, 2)])
    assert swept(store).tables["messages"] == [message(1, 2)]
    store.tables["members"][0]["left_at"] = LEFT
    swept(store).tables["members"].append(member(1))
    assert swept(store).tables["messages"][0]["sender_name"] is None


def test_what_a_statute_keeps_of_one_stays_in_place_until_the_other_left_too() -> None:
    """Of the sender the record covers the name; the row goes to the archive with its last owner."""
    store = world(
        members=[member(1, LEFT), member(2)], messages=[message(1, 2, LONG_SINCE + timedelta(days=1800))]
    )
    assert swept(store).tables["messages"][0]["sender_name"] == "보낸이"
    assert store.archive == {}


def test_each_of_two_has_a_copy_with_what_is_theirs_and_without_what_is_the_others() -> None:
    settled = NOW.astimezone(UTC) - timedelta(days=30)
    store = swept(world(members=[member(1, LEFT), member(2, LEFT)], messages=[message(1, 2, settled)]))
    copies = {name: (copy.subject_key, dict(copy.content)) for (_, name, _), copy in store.archive.items()}
    assert copies == {
        "contracts__sender_id": (
            ("1",),
            {"sender_name": "보낸이", "body": "안녕", "member_email": "m1@mail.example"},
        ),
        "contracts__receiver_id": (
            ("2",),
            {"receiver_name": "받는이", "body": "안녕", "member_email": "m2@mail.example"},
        ),
    }


def test_what_is_owned_through_a_row_of_two_has_a_copy_for_each_of_them_too() -> None:
    """One copy could name one person and have one date, whoever else's the row was."""
    records = [{"contracts": {"contract completed": "message_id.settled_at"}}]
    reply = {"id": 1, "message_id": 1, "words": "답"}
    settled = NOW.astimezone(UTC) - timedelta(days=30)
    store = world(
        members=[member(1, LEFT), member(2, LEFT)], messages=[message(1, 2, settled)], replies=[reply]
    )
    swept(store, bound=schedules(replies={**owned.TABLES["replies"], "records": records}))
    copies = {n: (c.subject_key, dict(c.content)) for (t, n, _), c in store.archive.items() if t == "replies"}
    assert copies == {
        f"contracts__message_id__{end}_id": (key, {"words": "답", "member_email": f"m{key[0]}@mail.example"})
        for end, key in (("sender", ("1",)), ("receiver", ("2",)))
    }


@pytest.mark.parametrize("held", ["1", "2"])
def test_a_hold_on_either_owner_keeps_the_row_as_it_is(held: str) -> None:
    store = world(
        Hold("h", "case", "member", (held,)), members=[member(1, LEFT), member(2)], messages=[message(1, 2)]
    )
    assert swept(store).tables["messages"] == [message(1, 2)]


def test_an_owner_who_is_missing_is_an_orphans_owner_though_the_other_exists() -> None:
    """Where the map says so they left long ago; where it does not, the table is left alone."""
    pact = {"id": 1, "one_id": 2, "other_id": 99, "one_name": "갑", "other_name": "을", "terms": "약속"}
    store = world(members=[member(2)], messages=[message(99, 2)], pacts=[pact])
    assert memory.census(store, BOUND, as_of=NOW, mask_key=KEY)["pacts"].orphan == 1
    swept(store)
    assert store.tables["messages"][0]["sender_name"] is None
    assert store.tables["pacts"] == [pact]


def test_a_row_owned_through_a_row_of_two_stays_for_either() -> None:
    reply = {"id": 1, "message_id": 1, "words": "답"}
    store = world(members=[member(1, LEFT), member(2)], messages=[message(1, 2)], replies=[reply])
    assert swept(store).tables["replies"] == [reply]
    store.tables["members"][0]["left_at"] = LEFT
    assert swept(store).tables["replies"] == []


# -- owners through rows that point here ------------------------------------------------------------------


def test_a_household_stays_for_whoever_is_left_and_each_join_row_goes_with_its_member() -> None:
    store = world(
        members=[member(1, LEFT), member(2)],
        households=[household()],
        household_members=[part(1, 1), part(2, 2)],
    )
    swept(store)
    assert (ids(store, "households"), ids(store, "household_members"), ids(store, "members")) == (
        [1],
        [2],
        [2],
    )
    store.tables["members"][0]["left_at"] = LEFT
    swept(store)
    assert (ids(store, "households"), ids(store, "household_members"), ids(store, "members")) == ([], [], [])


def test_a_household_that_nobody_points_to_yet_is_dated_by_the_maps_word() -> None:
    new, old = household(created_at=None), household(id=2)
    assert ids(swept(world(households=[new, old])), "households") == [1]


def test_a_row_kept_a_year_after_leaving_keeps_the_join_row_that_says_whose_it_is() -> None:
    """Its clock stands in the member's row, which is reached by it: both stay, as stubs, until the year is over."""
    rows: dict[str, list[memory.Row]] = {
        "members": [member(1, LEFT)],
        "households": [household()],
        "household_members": [part(1, 1)],
        "chores": [{"id": 1, "household_id": 1, "note": "설거지"}],
    }
    store = swept(world(**{name: [dict(r) for r in each] for name, each in rows.items()}))
    assert [len(store.tables[name]) for name in rows] == [1, 1, 1, 1]
    assert (store.tables["household_members"][0]["part"], store.tables["households"][0]["label"]) == (
        None,
        None,
    )
    day_before = LEFT + timedelta(days=365)
    assert ids(swept(store, as_of=day_before), "chores") == [1]
    swept(store, as_of=day_before + timedelta(days=1))
    assert [len(store.tables[name]) for name in rows] == [0, 0, 0, 0]
    naive = swept(world(**rows), household_members={"carries": ()})
    assert swept(naive).tables["chores"] == []


def test_a_hold_on_what_is_owned_through_a_join_row_keeps_that_row() -> None:
    """Else nobody could tell any more that the hold names it."""
    hold = Hold("h", "case", "member", ("1",), "chores")
    store = world(
        hold,
        members=[member(1, LONG_SINCE)],
        households=[household()],
        household_members=[part(1, 1)],
        chores=[{"id": 1, "household_id": 1, "note": "설거지"}],
    )
    swept(store)
    assert (ids(store, "household_members"), store.tables["chores"][0]["note"]) == ([1], "설거지")
    store.facts = Facts()
    swept(store)
    assert (ids(store, "household_members"), ids(store, "chores"), ids(store, "members")) == ([], [], [])


def test_a_copy_of_a_row_of_many_names_none_of_them_and_each_join_rows_its_own() -> None:
    settled = NOW.astimezone(UTC) - timedelta(days=30)
    store = swept(
        world(
            members=[member(1, LEFT), member(2, LEFT)],
            households=[household(settled_at=settled)],
            household_members=[part(1, 1), part(2, 2)],
        )
    )
    named = [(copy.table, copy.record, copy.subject_key) for copy in store.archive.values()]
    assert named == [
        ("household_members", "contracts", ("1",)),
        ("household_members", "contracts", ("2",)),
        ("households", "contracts", ()),
    ]


# -- who is only named, and references --------------------------------------------------------------------


def ticket(**rest: Any) -> memory.Row:
    return {"id": 1, "member_id": 1, "handled_by": None, "approved_by": None, "note": "문의", **rest}


def clerk(number: int, left_at: datetime | None = None) -> memory.Row:
    return {"id": number, "name": "김직원", "left_at": left_at}


def test_an_accessor_who_leaves_is_unlinked_and_one_with_a_written_reason_is_kept_as_a_key() -> None:
    store = world(
        members=[member(1)],
        staff=[clerk(1, LEFT), clerk(2, LEFT)],
        tickets=[ticket(handled_by=1, approved_by=2)],
    )
    [row] = swept(store).tables["tickets"]
    assert (row["handled_by"], row["approved_by"], row["note"]) == (None, 2, "문의")
    assert store.tables["staff"] == [{**clerk(2, LEFT), "name": None}]


def test_an_accessor_never_keeps_a_row_nor_ends_it() -> None:
    staying = world(
        members=[member(1, LEFT)], staff=[clerk(1)], tickets=[ticket(handled_by=1, approved_by=1)]
    )
    assert swept(staying).tables["tickets"] == []
    unnamed = world(members=[member(1)], staff=[clerk(1)], tickets=[ticket()])
    assert swept(unnamed).tables["tickets"] == [ticket()]


def test_an_accessor_whose_row_is_gone_already_is_unlinked_too() -> None:
    store = world(members=[member(1)], tickets=[ticket(handled_by=99)])
    assert memory.census(store, BOUND, as_of=NOW, mask_key=KEY)["tickets"].due == 1
    assert swept(store).tables["tickets"] == [ticket()]


@pytest.mark.parametrize("hold", [Hold("h", "c", None, (), "tickets"), Hold("h", "c", "staff", ("1",))])
def test_a_hold_on_the_row_or_on_the_accessor_keeps_the_link(hold: Hold) -> None:
    store = world(hold, members=[member(1)], staff=[clerk(1, LEFT)], tickets=[ticket(handled_by=1)])
    assert swept(store).tables["tickets"] == [ticket(handled_by=1)]
    assert ids(store, "staff") == [1]


def test_a_row_about_nobody_is_never_touched_whoever_it_names() -> None:
    """Not even a reference to somebody who left is emptied, and the census counts nothing to do."""
    whose = {"type": "sender_name", "id": "sender_id", "Member": "member", "Thing": False}
    columns = {**owned.TABLES["messages"]["columns"], "sender_name": "no", "receiver_id": "no"}
    bound = schedules(
        messages={
            "owner": {"polymorphic": whose},
            "accessors": [{"member": "receiver_id"}],
            "processing": ["messaging"],
            "orphans": "destroy",
            "columns": columns,
        }
    )
    thing = {**message(7, 99), "sender_name": "Thing"}
    store = world(messages=[dict(thing)])
    assert memory.census(store, bound, as_of=NOW, mask_key=KEY)["messages"].retained == 1
    assert swept(store, bound=bound).tables["messages"] == [thing]
    [theirs] = swept(
        world(members=[member(7)], messages=[{**thing, "sender_name": "Member"}]), bound=bound
    ).tables["messages"]
    assert theirs["receiver_id"] is None


def test_a_circle_is_broken_where_the_map_says() -> None:
    """The member points to an address, the address to the member: neither could go before the other."""
    rows = {
        "members": [member(1, LEFT, default_address_id=1)],
        "addresses": [{"id": 1, "member_id": 1, "street": "길 1"}],
    }
    naive = swept(world(**{n: [dict(r) for r in each] for n, each in rows.items()}), members={"links": ()})
    assert (ids(naive, "members"), ids(naive, "addresses")) == ([1], [1])
    store = swept(world(**rows))
    assert (ids(store, "members"), ids(store, "addresses")) == ([], [])


def test_a_reference_to_oneself_keeps_nobody() -> None:
    store = world(members=[member(1, LEFT, referrer_id=1), member(2, referrer_id=1)])
    assert swept(store).tables["members"] == [member(2)]


def test_what_answers_itself_goes_and_what_others_answer_waits_for_them() -> None:
    comments = [
        {"id": 1, "member_id": 1, "parent_id": 1, "words": "글"},
        {"id": 2, "member_id": 1, "parent_id": None, "words": "글"},
        {"id": 3, "member_id": 2, "parent_id": 2, "words": "글"},
    ]
    store = swept(world(members=[member(1, LEFT), member(2)], comments=comments))
    assert [(c["id"], c["words"]) for c in store.tables["comments"]] == [(2, None), (3, "글")]
    store.tables["members"][-1]["left_at"] = LEFT
    assert swept(store).tables["comments"] == []


# -- people in an address book ----------------------------------------------------------------------------


def contact(number: int, of: int | None) -> memory.Row:
    return {
        "id": number,
        "member_id": of,
        "email": "kim@mail.example",
        "name": "지인",
        "saved_at": LONG_SINCE,
    }


def test_an_entry_in_an_address_book_is_kept_for_the_member_and_held_for_the_contact() -> None:
    """Two members know the same person; the policy keeps each entry for its member."""
    store = swept(world(members=[member(1, LEFT), member(2)], contacts=[contact(1, 1), contact(2, 2)]))
    assert ids(store, "contacts") == [2]
    held = Hold("h", "case", "contact", ("kim@mail.example",))
    store = swept(world(held, members=[member(1, LEFT)], contacts=[contact(1, 1)]))
    assert ids(store, "contacts") == [1]


def test_an_entry_without_a_member_is_nobodys_though_it_names_a_contact() -> None:
    """Nobody's basis keeps it: it is not kept for the contact, but by the map's word for orphans."""
    assert ids(
        swept(world(contacts=[contact(1, None), {**contact(2, None), "saved_at": None}])), "contacts"
    ) == [2]


def test_where_the_policy_has_a_basis_about_the_contact_that_keeps_the_row() -> None:
    seen = NOW.astimezone(UTC) - timedelta(days=10)
    prospect = {"id": 1, "member_id": 1, "email": "kim@mail.example", "memo": "메모", "seen_at": seen}
    store = swept(world(members=[member(1, LEFT)], prospects=[prospect]))
    assert [(p["email"], p["memo"]) for p in store.tables["prospects"]] == [("kim@mail.example", None)]
    assert swept(store, as_of=NOW + timedelta(days=90)).tables["prospects"] == []
