"""The made-up people of Plask: the same every time, complete in kinds, and nobody real."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import pytest
from examples.made_up.canary import PATTERN, canary, cells
from examples.made_up.person import ROOM, Key, Row
from examples.made_up.world import World, generate
from examples.plask.doings import END, OPENING, SEOUL, motion
from examples.plask.lives import KINDS, Kind, kind_of, life
from examples.plask.world import PRIMARY_KEY, SETTING
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parents[3]
SEED = 7
PEOPLE = 200
CARRIES = {
    "members": {"email", "name", "password_hash"},
    "profiles": {"phone", "sex", "residence", "occupation", "nationality"},
    "interests": {"topic"},
    "sessions": {"token_hash", "browser"},
    "projects": {"title"},
    "motion_files": {"path"},
    "orders": {"summary"},
    "payments": {"token", "approval"},
    "refunds": {"reason"},
    "support_posts": {"email", "name", "title", "body"},
    "support_replies": {"body"},
    "access_log": {"browser", "path", "search"},
    "abuse_records": {"detail"},
    "event_entries": {"answers"},
    "newsletter_subscriptions": {"email"},
}
"""The columns that hold a person's own text."""
FOREIGN = {
    "profiles": {"member_id": "members"},
    "interests": {"member_id": "members"},
    "projects": {"member_id": "members"},
    "motion_files": {"project_id": "projects"},
    "orders": {"member_id": "members", "product_id": "products"},
    "payments": {"order_id": "orders"},
    "refunds": {"order_id": "orders"},
    "support_replies": {"post_id": "support_posts"},
    "event_entries": {"event_id": "events", "member_id": "members"},
    "newsletter_subscriptions": {"member_id": "members"},
    "consents": {"member_id": "members"},
}
DOCUMENTATION: list[IPv4Network | IPv6Network] = [
    ip_network(network) for network in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
CARD = re.compile(r"(?<![0-9A-Za-z-])\d(?:[ -]?\d){12,18}(?![0-9A-Za-z-])")
RESIDENT_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{6}-?[1-8]\d{6}(?![0-9A-Za-z])")


@cache
def world() -> dict[str, list[Row]]:
    return generate(SETTING, SEED, PEOPLE)


def people_of(kind: Kind) -> range:
    return range(KINDS.index(kind) + 1, PEOPLE + 1, len(KINDS))


def the(table: str, **wanted: object) -> list[Row]:
    return [row for row in world()[table] if all(row[column] == value for column, value in wanted.items())]


def left_at(kind: Kind) -> list[datetime]:
    first = {number * ROOM for number in people_of(kind)}
    return [
        at for row in world()["members"] if row["id"] in first and isinstance(at := row["left_at"], datetime)
    ]


def test_the_same_seed_gives_the_same_bytes_in_any_process() -> None:
    """Neither hash randomisation nor the process shows in the rows."""
    program = (
        "import hashlib; from examples.made_up.world import generate; from examples.plask.world import SETTING;"
        "print(hashlib.sha256(repr(generate(SETTING, 7, 60)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(repr(generate(SETTING, 7, 60)).encode()).hexdigest()}


def test_another_seed_gives_other_people() -> None:
    """Two worlds share no canary."""
    ours = cells(generate(SETTING, 1, 20), keys=PRIMARY_KEY)
    theirs = cells(generate(SETTING, 2, 20), keys=PRIMARY_KEY)
    assert ours
    assert not ours.keys() & theirs.keys()


@settings(max_examples=15, deadline=None)
@given(cuts=st.lists(st.datetimes(OPENING.replace(tzinfo=None), END.replace(tzinfo=None)), max_size=8))
def test_the_rows_at_the_end_do_not_depend_on_the_steps(cuts: list[datetime]) -> None:
    """Applying the batches of any steps, in their order, builds the rows of one single step."""
    stepped: dict[str, dict[Key, Row]] = {table: {} for table in PRIMARY_KEY}
    walked = World(SETTING, 3, 40)
    for moment in [*sorted(cut.replace(tzinfo=SEOUL) for cut in cuts), END]:
        batch = walked.until(moment)
        for table, keys in batch.removals.items():
            for key in keys:
                del stepped[table][key]
        for table, rows in batch.inserts.items():
            assert not rows.keys() & stepped[table].keys()
            stepped[table].update({key: dict(row) for key, row in rows.items()})
        for table, changes in batch.updates.items():
            for key, values in changes.items():
                stepped[table][key].update(values)
    whole = generate(SETTING, 3, 40)
    for table, rows in stepped.items():
        assert sorted(rows.values(), key=repr) == sorted(whole[table], key=repr)


@settings(max_examples=15, deadline=None)
@given(moment=st.datetimes(OPENING.replace(tzinfo=None), END.replace(tzinfo=None)))
def test_foreign_keys_hold_at_any_moment(moment: datetime) -> None:
    """No child is there before its parent, and parents are loaded first."""
    tables = generate(SETTING, 5, 40, as_of=moment.replace(tzinfo=SEOUL))
    order = list(PRIMARY_KEY)
    for table, references in FOREIGN.items():
        for column, parent in references.items():
            assert order.index(parent) < order.index(table)
            there = {row[PRIMARY_KEY[parent]] for row in tables[parent]}
            assert {row[column] for row in tables[table]} <= there


def test_leavers_leave_at_every_awkward_moment() -> None:
    """Midnight sharp, 29 February and the last day of a month all occur."""
    midnight, leap, month_end = left_at("midnight"), left_at("leap-day"), left_at("month-end")
    assert midnight
    assert leap
    assert month_end
    assert {at.time().isoformat() for at in midnight} == {"00:00:00"}
    assert any((at.month, at.day) == (2, 29) for at in leap)
    assert {(at + timedelta(days=1)).day for at in [*leap, *month_end]} == {1}


def test_members_who_undo_their_leaving_are_active_again() -> None:
    """An undone leaving leaves neither a date nor a rejoin key; some are undone in the last second."""
    undone = [
        (change.at, member_changes[index - 1].at)
        for number in people_of("undoes")
        for member_changes in [[c for c in life(SEED, number, OPENING) if c.table == "members"]]
        for index, change in enumerate(member_changes)
        if change.values["status"] == "active" and change.verb == "update"
    ]
    assert len(undone) == len(people_of("undoes"))
    for back, left in undone:
        assert left <= back <= left.replace(hour=23, minute=59, second=59) + timedelta(days=5)
    last = [back for back, left in undone if back.date() == left.date() + timedelta(days=5)]
    assert "23:59:59" in {back.time().isoformat() for back in last}
    assert len(the("members", status="left")) == len(world()["rejoin_keys"])


def test_rejoiners_come_back_as_new_members_with_a_new_address() -> None:
    """Person and room of numbers stay, row and address do not."""
    again = [row for row in world()["members"] if int(str(row["id"])) % ROOM == 1]
    assert again
    assert {kind_of(int(str(row["id"])) // ROOM) for row in again} == {"rejoins"}
    emails = Counter(row["email"] for row in world()["members"])
    assert set(emails.values()) == {1}


def test_leavers_leave_open_matters_behind() -> None:
    """At the end some payments and complaints of members who left are still open, others closed later."""
    left = {row["id"]: row["left_at"] for row in the("members", status="left")}
    orders = {row["id"]: left[row["member_id"]] for row in world()["orders"] if row["member_id"] in left}
    payments = [
        (row["settled_at"], orders[row["order_id"]])
        for row in world()["payments"]
        if row["order_id"] in orders
    ]
    complaints = [
        (row["closed_at"], left[row["member_id"]])
        for row in the("support_posts", kind="complaint")
        if row["member_id"] in left
    ]
    for matters in (payments, complaints):
        assert any(closed is None for closed, _ in matters)
        assert any(
            isinstance(closed, datetime) and isinstance(gone, datetime) and closed > gone + timedelta(days=19)
            for closed, gone in matters
        )


def test_orphans_stand_in_every_table_without_a_foreign_key_and_nowhere_else() -> None:
    """Their member's row does not exist, and never did."""
    members = {row["id"] for row in world()["members"]}
    orphaned = {
        table
        for table, rows in world().items()
        for row in rows
        if row.get("member_id") is not None and row["member_id"] not in members
    }
    assert orphaned == {"sessions", "access_log", "abuse_records", "support_posts"}


def test_nothing_new_is_written_for_a_member_who_left() -> None:
    """While a member is gone, only the dates of what is already there change."""
    for number in range(1, PEOPLE + 1):
        gone = None
        for change in life(SEED, number, OPENING + timedelta(days=number)):
            if change.table == "members":
                gone = change.at if change.values["status"] == "left" else None
            elif gone is not None and change.at > gone:
                assert change.verb == "update"
                assert set(change.values) <= {"settled_at", "completed_at", "refunded_at", "closed_at"}


def test_some_never_had_an_account_and_some_never_leave() -> None:
    """Guests wrote, visitors looked, and a quarter of the people stay."""
    guests = the("support_posts", member_id=None)
    assert {kind_of(int(str(row["id"])) // ROOM) for row in guests} == {"guest"}
    visits = the("access_log", member_id=None)
    assert {kind_of(int(str(row["id"])) // ROOM) for row in visits} == {"visitor"}
    assert len(the("members", status="active")) >= PEOPLE // 4


def test_every_personal_text_carries_a_canary() -> None:
    """Each declared column does in every row, and no other column does."""
    found: dict[str, set[str]] = {}
    for table, rows in world().items():
        for row in rows:
            for column, value in row.items():
                canaries = PATTERN.findall(str(value).encode())
                if column in CARRIES.get(table, set()) and value is not None:
                    assert len(canaries) == (2 if isinstance(value, dict) else 1)
                if canaries:
                    found.setdefault(table, set()).add(column)
    assert found == CARRIES


def test_a_canary_belongs_to_one_cell() -> None:
    """None occurs twice, but for a guest who signs a second post with the same name and address."""
    counts: Counter[bytes] = Counter()
    for table, rows in world().items():
        for row in rows:
            signed = {"name", "email"} if table == "support_posts" and row["member_id"] is None else set()
            counts.update(
                token
                for column, value in row.items()
                if column not in signed
                for token in PATTERN.findall(str(value).encode())
            )
    assert set(counts.values()) == {1}
    posts = the("support_posts", member_id=None)
    assert len({row["email"] for row in posts}) < len(posts)


def test_a_canary_names_the_cell_it_came_from() -> None:
    """Given the seed and the cell, the canary can be computed again."""
    for token, cell in cells(world(), keys=PRIMARY_KEY).items():
        assert token == canary(SEED, cell.table, cell.key, cell.column)


def test_a_hash_never_looks_like_a_canary() -> None:
    """Its letters are not hexadecimal ones."""
    for number in range(2000):
        assert not PATTERN.search(b"c7f3" + hashlib.sha256(str(number).encode()).hexdigest().encode())


def test_motion_files_carry_their_own_canary() -> None:
    """The content is the same each time and as long as its row says."""
    assert world()["motion_files"]
    for row in world()["motion_files"]:
        key = int(str(row["id"]))
        content = motion(SEED, key)
        assert PATTERN.findall(content) == [canary(SEED, "motion_files", key, "content").encode()]
        assert len(content) == row["bytes"]


def test_nobody_is_real() -> None:
    """Addresses, telephone numbers and networks are ones that nobody is given."""
    for row in [*world()["members"], *world()["newsletter_subscriptions"], *world()["support_posts"]]:
        assert str(row["email"]).endswith(".example")
    for row in world()["profiles"]:
        assert str(row["phone"]).startswith("010-0000-")
    for row in [*world()["sessions"], *world()["access_log"], *world()["abuse_records"]]:
        assert any(row["ip"] in network for network in DOCUMENTATION)


def looks_like_a_card(text: str) -> bool:
    """Thirteen to nineteen digits whose Luhn sum is right (ISO/IEC 7812-1)."""
    for match in CARD.finditer(text):
        digits = [int(digit) for digit in match.group() if digit.isdigit()][::-1]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
        if (sum(digits[::2]) + sum(doubled)) % 10 == 0:
            return True
    return False


def test_no_text_looks_like_a_card_or_a_resident_number() -> None:
    """Over every value and every file of the world."""
    texts = [str(value) for rows in world().values() for row in rows for value in row.values()]
    texts += [motion(SEED, int(str(row["id"]))).decode() for row in world()["motion_files"]]
    assert not [text for text in texts if looks_like_a_card(text) or RESIDENT_NUMBER.search(text)]


@pytest.mark.parametrize("text", ["paid with 0000 0000 0000 0000", "card:0000-0000-0000-0000."])
def test_the_search_for_cards_can_find_one(text: str) -> None:
    """Fifteen noughts and a check digit of nought are a valid Luhn sum."""
    assert looks_like_a_card(text)


def test_the_search_for_resident_numbers_can_find_one() -> None:
    """A number of that shape, of nobody: there is no month 00."""
    assert RESIDENT_NUMBER.search("number 000000-1000000")
