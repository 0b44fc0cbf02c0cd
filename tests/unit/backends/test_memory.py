"""The memory model, fact by fact: what a sweep leaves of a small store, and why."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.unit.plan import small
from tests.unit.plan.small import Store, at, clock, fact, line, order, person, processing, record

from jikim.plan.masks import Mask
from jikim.plan.schedule import Cell, Condition, Dependent, FactRef, Hold, Hop, IdentityCell, IdentityUse, Ref

LEFT = "2026-03-02 15:00"
DAY_6 = "2026-03-08"
DONE = "2026-02-10 10:00"
TO_PARENT = Hop(("parent_id",), "orders", ("id",))


def shop(**rows: Any) -> Store:
    """People and their orders under a membership of five days' grace and a statute of five years."""
    return Store(small.orders(), small.people(), **rows)


# -- leaving ----------------------------------------------------------------------------------------------


def test_the_grace_lies_inside_the_days_allowed_for_destruction() -> None:
    store = Store(small.people(dependents=()), people=[person(left_at=at(LEFT))])
    assert store.census("2026-03-07 23:59", "people") == {"retained": 1}
    assert store.census(DAY_6, "people") == {"due": 1}
    assert store.sweep(DAY_6).rows("people") == []


def test_a_row_and_its_owner_go_in_one_sweep() -> None:
    store = shop(people=[person(left_at=at(LEFT))], orders=[order(done_at=at(DONE))])
    store.sweep(DAY_6)
    assert (store.rows("people"), store.rows("orders")) == ([], [])
    assert store.copies() == [("orders", "contract", 10, date(2031, 2, 11))]


def test_dependents_come_first_or_the_owner_would_stay_as_a_stub() -> None:
    store = Store(
        small.people(), small.orders(), people=[person(left_at=at(LEFT))], orders=[order(done_at=at(DONE))]
    )
    store.sweep(DAY_6)
    assert [row["name"] for row in store.rows("people")] == ["-"]
    assert store.sweep("2026-03-09").rows("people") == []


def test_a_leaving_undone_cancels_what_was_to_come() -> None:
    store = shop()
    store.world.tables["people"] = [person(left_at=at(LEFT))]
    store.rows("people")[0]["left_at"] = None
    assert store.census(DAY_6, "people") == {"waiting": 1}


def test_a_date_that_means_never_is_no_leaving() -> None:
    left = fact("left_at", never=("9999-12-31",), time_type="date")
    store = Store(
        small.people(small.membership(left=left), dependents=()), people=[person(left_at=date(9999, 12, 31))]
    )
    assert store.census("2026-03-08", "people") == {"waiting": 1}


def test_a_sentinel_beyond_the_clocks_of_the_zone_breaks_nothing() -> None:
    left = fact("left_at", never=("9999-12-31",))
    stored = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    store = Store(small.people(small.membership(left=left), dependents=()), people=[person(left_at=stored)])
    assert store.census("2026-03-08", "people") == {"waiting": 1}


def test_a_leaving_counts_only_while_its_condition_holds() -> None:
    left = fact("left_at", when=(Condition(Ref("status"), "left"),))
    people = [person(1, left_at=at(LEFT), status="left"), person(2, left_at=at(LEFT), status="active")]
    store = Store(small.people(small.membership(left=left), dependents=()), people=people)
    store.sweep(DAY_6)
    assert [row["id"] for row in store.rows("people")] == [2]


def test_a_date_typed_leaving_leaves_out_its_day() -> None:
    left = fact("left_at", time_type="date")
    store = Store(
        small.people(small.membership(left=left), dependents=()), people=[person(left_at=date(2026, 3, 2))]
    )
    assert store.census("2026-03-07 23:59", "people") == {"retained": 1}
    assert store.census(DAY_6, "people") == {"due": 1}


@pytest.mark.parametrize(
    ("left_at", "due"), [("2026-03-02 00:00", "2026-03-07"), ("2026-03-02 00:00:01", "2026-03-08")]
)
def test_a_leaving_at_midnight_sharp_counts_its_own_day(left_at: str, due: str) -> None:
    store = Store(small.people(dependents=()), people=[person(left_at=at(left_at))])
    assert store.census(at(due) - timedelta(seconds=1), "people") == {"retained": 1}
    assert store.census(due, "people") == {"due": 1}


# -- stubs ------------------------------------------------------------------------------------------------


def test_a_stub_keeps_the_identity_that_an_unarchived_order_may_yet_take_along() -> None:
    store = shop()
    store.world.tables |= {"people": [person(left_at=at(LEFT))], "orders": [order()]}
    store.sweep(DAY_6)
    assert [(row["name"], row["mail"]) for row in store.rows("people")] == [("-", "person1@mail.example")]
    assert store.census(DAY_6, "people") == {"retained": 1, "stubs": 1}


def test_a_contract_completed_later_takes_the_identity_along_and_frees_the_stub() -> None:
    store = shop()
    store.world.tables |= {"people": [person(left_at=at(LEFT))], "orders": [order()]}
    store.sweep(DAY_6)
    store.rows("orders")[0]["done_at"] = at("2026-07-20 10:00")
    store.sweep("2026-07-21")
    (copy,) = store.world.archive.values()
    assert copy.content == {
        "note": "두 벌",
        "done_at": at("2026-07-20 10:00"),
        "person_mail": "person1@mail.example",
    }
    assert store.rows("people") == []


def test_a_stub_keeps_no_identity_for_rows_without_a_record() -> None:
    kept = small.orders(small.purchase(period="1 years"))
    store = Store(kept, small.people(identity_uses=()), people=[person(left_at=at(LEFT))], orders=[order()])
    store.sweep(DAY_6)
    (stub,) = store.rows("people")
    assert stub["name"] == "-"
    assert stub["mail"].startswith("gone-")
    assert stub["left_at"] == at(LEFT)


def test_the_clock_of_a_record_of_abuse_does_not_die_with_its_owner() -> None:
    kept = small.orders(small.purchase(period="1 years"))
    store = Store(kept, small.people(), people=[person(left_at=at(LEFT))], orders=[order()])
    store.sweep(DAY_6).sweep("2027-03-02")
    assert len(store.rows("orders")) == 1
    store.sweep("2027-03-03")
    assert (store.rows("orders"), store.rows("people")) == ([], [])


def test_a_finished_stub_is_not_changed_again() -> None:
    kept = small.orders(small.purchase(period="1 years"))
    store = Store(kept, small.people(), people=[person(left_at=at(LEFT))], orders=[order()])
    store.sweep(DAY_6).sweep("2026-03-09")
    assert store.world.done["people", "stub"] == 1


def test_an_order_that_must_go_waits_as_a_stub_for_its_lines_and_is_copied_once() -> None:
    paid = clock("payment settled", "5 years", fact("paid_at"))
    used = processing("use", ["text"], clock("membership ended", "", small.LINE_LEFT))
    lines = small.table(
        "lines",
        small.cells(text="null"),
        [small.variant(small.LINE_OF_PERSON, used, record("payment", ["text"], paid))],
    )
    orders = small.orders(dependents=(Dependent("lines", small.TO_ORDER),))
    store = Store(lines, orders, small.people(), people=[person(left_at=at(LEFT))])
    store.world.tables |= {"orders": [order(done_at=at(DONE))], "lines": [line()]}
    store.sweep(DAY_6).sweep("2026-04-08")
    (stub,) = store.rows("orders")
    assert (stub["note"], stub["amount"], stub["done_at"]) == (None, 0, at(DONE))
    assert store.copies() == [("orders", "contract", 10, date(2031, 2, 11))]
    store.rows("lines")[0]["paid_at"] = at("2026-05-07 10:00")
    store.sweep("2026-05-08")
    assert (store.rows("lines"), store.rows("orders"), store.rows("people")) == ([], [], [])
    assert store.copies() == [
        ("orders", "contract", 10, date(2031, 2, 11)),
        ("lines", "payment", 100, date(2031, 5, 8)),
    ]
    assert store.world.archive["orders", "contract", (10,)].content["note"] == "두 벌"


def test_rows_of_one_table_leave_one_after_another_in_one_sweep() -> None:
    """A reply to a reply: the one answered may go once the answer is gone, whatever their order in the table."""
    orders = small.orders(dependents=(Dependent("orders", TO_PARENT),))
    chain = [
        order(1, parent_id=None, done_at=at(DONE)),
        order(2, parent_id=1),
        order(3, parent_id=2, done_at=at(DONE)),
    ]
    chain[1]["done_at"] = at("2020-01-02 10:00")  # its statute is over: it is destroyed, not archived
    store = Store(orders, small.people(), people=[person(left_at=at(LEFT))], orders=chain)
    store.sweep(DAY_6)
    assert (store.rows("orders"), store.rows("people")) == ([], [])
    assert [key for _, _, key, _ in store.copies()] == [3, 1]


# -- the archive ------------------------------------------------------------------------------------------


def test_a_copy_holds_only_what_its_statute_covers_and_the_identity_it_allows() -> None:
    store = shop(people=[person(left_at=at(LEFT))], orders=[order(done_at=at(DONE))])
    store.sweep(DAY_6)
    (copy,) = store.world.archive.values()
    assert set(copy.content) == {"note", "done_at", "person_mail"}
    assert (copy.subject, copy.subject_key) == ("person", ("1",))


def test_two_statutes_on_one_row_are_two_copies_each_gone_on_its_own_date() -> None:
    complaint = record("complaint", ["amount"], clock("complaint closed", "3 years", fact("done_at")))
    store = Store(small.orders(small.purchase(), small.contract(), complaint), small.people())
    store.world.tables |= {
        "people": [person(left_at=at(LEFT))],
        "orders": [order(done_at=at("2026-03-05 10:00"))],
    }
    store.sweep(DAY_6)
    assert store.copies() == [
        ("orders", "contract", 10, date(2031, 3, 6)),
        ("orders", "complaint", 10, date(2029, 3, 6)),
    ]
    store.sweep("2029-03-06")
    assert [record for _, record, _, _ in store.copies()] == ["contract"]


def test_a_copy_goes_at_its_own_midnight_and_not_before() -> None:
    store = shop(people=[person(left_at=at(LEFT))], orders=[order(done_at=at(DONE))])
    store.sweep(DAY_6).sweep("2031-02-10 23:59")
    assert len(store.copies()) == 1
    assert store.sweep("2031-02-11").copies() == []


def test_a_file_that_a_copy_took_along_is_kept_in_the_archive_and_goes_with_the_copy() -> None:
    """It leaves the service with its row; the copy says where it is kept, and when the copy goes it goes there."""
    orders = small.orders()
    orders = replace(
        orders, cells=tuple(replace(c, file="scans") if c.name == "note" else c for c in orders.cells)
    )
    store = Store(orders, small.people(), people=[person(left_at=at(LEFT))])
    store.world.tables["orders"] = [order(done_at=at(DONE), note="scans/10.pdf")]
    store.sweep(DAY_6)
    assert store.world.removed_files == [("scans", "scans/10.pdf")]
    [(name, source)] = store.world.kept_files.items()
    assert source == "scans/10.pdf"
    assert [copy.content["note"] for copy in store.world.archive.values()] == [name]
    store.sweep("2031-02-11")
    assert store.world.removed_files[1:] == [("archive", name)]


def test_a_file_that_no_statute_covers_goes_with_its_row() -> None:
    orders = small.orders(small.purchase())
    orders = replace(
        orders, cells=tuple(replace(c, file="scans") if c.name == "note" else c for c in orders.cells)
    )
    store = Store(
        orders, small.people(), people=[person(left_at=at(LEFT))], orders=[order(note="scans/10.pdf")]
    )
    store.sweep(DAY_6)
    assert store.world.removed_files == [("scans", "scans/10.pdf")]


def test_rejoining_cancels_what_is_to_come_and_leaves_the_archive_alone() -> None:
    """The same row lives again: its new order stays, the copy of the old one keeps its date."""
    store = shop()
    store.world.tables |= {
        "people": [person(left_at=at(LEFT))],
        "orders": [order(done_at=at(DONE)), order(11)],
    }
    store.sweep(DAY_6)
    store.rows("people")[0].update(left_at=None, name="홍길동")
    store.rows("orders").append(order(12, done_at=at("2026-04-01 10:00")))
    store.sweep("2026-06-01")
    assert [row["id"] for row in store.rows("orders")] == [11, 12]
    assert store.copies() == [("orders", "contract", 10, date(2031, 2, 11))]


def test_a_second_leaving_makes_no_second_copy_of_the_same_row() -> None:
    orders = small.orders(dependents=(Dependent("lines", small.TO_ORDER),))
    lines = small.table(
        "lines",
        small.cells(text="null"),
        [
            small.variant(
                small.LINE_OF_PERSON, processing("use", ["text"], clock("paid", "", fact("paid_at")))
            )
        ],
    )
    store = Store(lines, orders, small.people(), people=[person(left_at=at(LEFT))])
    store.world.tables |= {"orders": [order(done_at=at(DONE))], "lines": [line()]}
    store.sweep(DAY_6)
    store.rows("people")[0]["left_at"] = None
    store.sweep("2026-04-01")
    store.rows("people")[0]["left_at"] = at("2026-05-04 10:00")
    store.rows("lines")[0]["paid_at"] = at("2026-05-04 10:00")
    store.sweep("2026-05-10")
    assert store.copies() == [("orders", "contract", 10, date(2031, 2, 11))]
    assert store.world.archive["orders", "contract", (10,)].content["note"] == "두 벌"


def test_someone_known_only_by_words_is_named_only_where_the_record_covers_them() -> None:
    closed = clock("complaint closed", "3 years", fact("done_at"))
    used = processing("support", ["note"], clock("purpose met", "", fact("done_at")))
    kept = record("complaint", ["note"], closed, names_owner=False)
    orders = small.table("orders", small.cells(note="null"), [small.variant(small.BY_GUEST, used, kept)])
    store = Store(orders, orders=[order(of=None, guest="guest@mail.example", done_at=at(DONE))])
    store.sweep("2026-02-11")
    (copy,) = store.world.archive.values()
    assert (copy.subject, copy.subject_key, copy.content) == (None, (), {"note": "두 벌"})


# -- masks ------------------------------------------------------------------------------------------------


def test_of_a_json_value_only_the_path_whose_basis_ended_goes() -> None:
    shown = small.cells(answers__phone="null", answers__taste="null")
    asked = processing("draw", ["answers$.phone"], clock("purpose met", "", fact("done_at")))
    known = processing("taste", ["answers$.taste"], clock("membership ended", "", small.LEFT))
    orders = small.table("orders", shown, [small.variant(small.BY_PERSON, asked, known)])
    answers = {"phone": "010-0000-0000", "taste": "춤", "size": "M"}
    store = Store(
        orders, small.people(), people=[person()], orders=[order(done_at=at(DONE), answers=answers)]
    )
    store.sweep("2026-02-11")
    assert store.rows("orders")[0]["answers"] == {"taste": "춤", "size": "M"}
    assert store.census("2026-02-11", "orders") == {"waiting": 1}


def test_a_json_path_inside_one_that_goes_as_well_breaks_nothing() -> None:
    shown = (
        Cell("answers", "item", Mask("null"), ("a",)),
        Cell("answers", "item", Mask("null"), ("a", "b")),
    )
    asked = processing("draw", ["answers$.a", "answers$.a.b"], clock("purpose met", "", fact("done_at")))
    rest = processing("rest", ["note"], clock("membership ended", "", small.LEFT))
    orders = small.table(
        "orders", (*shown, *small.cells(note="null")), [small.variant(small.BY_PERSON, asked, rest)]
    )
    store = Store(orders, small.people(), people=[person()])
    store.world.tables["orders"] = [order(done_at=at(DONE), answers={"a": {"b": 1}, "c": 2})]
    store.sweep("2026-02-11")
    assert store.rows("orders")[0]["answers"] == {"c": 2}


def test_an_archived_json_value_is_taken_path_by_path() -> None:
    shown = small.cells(answers__phone="null", answers__taste="null")
    used = processing("use", ["answers$.phone", "answers$.taste"], clock("membership ended", "", small.LEFT))
    kept = record("contract", ["answers$.phone"], clock("contract completed", "5 years", fact("done_at")))
    orders = small.table("orders", shown, [small.variant(small.BY_PERSON, used, kept)])
    answers = {"phone": "010-0000-0000", "taste": "춤"}
    store = Store(orders, small.people(), people=[person(left_at=at(LEFT))])
    store.world.tables["orders"] = [order(done_at=at(DONE), answers=answers)]
    store.sweep("2026-03-03")
    (copy,) = store.world.archive.values()
    assert copy.content == {"answers$.phone": "010-0000-0000"}


# -- holds ------------------------------------------------------------------------------------------------

OF_PERSON = Hold("h", "case", "person", ("1",))
OF_ORDERS = Hold("h", "case", table="orders")
OF_ALL = Hold("h", "case")


@pytest.mark.parametrize("hold", [OF_PERSON, OF_ALL])
def test_a_hold_keeps_a_person_and_all_that_is_theirs_as_it_is(hold: Hold) -> None:
    store = shop()
    store.world.tables |= {"people": [person(left_at=at(LEFT))], "orders": [order(done_at=at(DONE))]}
    store.hold(hold).sweep("2030-01-01")
    assert (store.rows("people"), store.rows("orders")) == (
        [person(left_at=at(LEFT))],
        [order(done_at=at(DONE))],
    )
    assert store.census("2030-01-01", "orders") == {"held": 1}
    store.hold().sweep("2030-01-02")
    assert (store.rows("people"), store.copies()) == ([], [("orders", "contract", 10, date(2031, 2, 11))])


def test_a_hold_keeps_a_cell_from_being_masked() -> None:
    asked = processing("draw", ["amount"], clock("purpose met", "", fact("done_at")))
    store = Store(small.orders(small.purchase(), asked), small.people(), people=[person()])
    store.world.tables["orders"] = [order(done_at=at(DONE))]
    narrow = small.orders(replace(small.purchase(), cells=frozenset({"note"})), asked)
    store.schedules = small.schedules(narrow, small.people())
    store.hold(OF_ORDERS).sweep("2026-02-11")
    assert store.rows("orders")[0]["amount"] == 30000
    store.hold().sweep("2026-02-11")
    assert store.rows("orders")[0]["amount"] == 0


def test_a_hold_on_a_table_keeps_the_identity_that_its_rows_may_yet_need() -> None:
    store = shop()
    store.world.tables |= {"people": [person(left_at=at(LEFT))], "orders": [order(done_at=at(DONE))]}
    store.hold(OF_ORDERS).sweep(DAY_6)
    assert [(row["name"], row["mail"]) for row in store.rows("people")] == [("-", "person1@mail.example")]
    assert store.copies() == []


@pytest.mark.parametrize("hold", [OF_PERSON, OF_ORDERS, OF_ALL])
def test_a_hold_keeps_an_archived_copy_beyond_its_date(hold: Hold) -> None:
    store = shop(people=[person(left_at=at(LEFT))], orders=[order(done_at=at(DONE))])
    store.sweep(DAY_6).hold(hold).sweep("2032-01-01")
    assert len(store.copies()) == 1
    assert store.hold().sweep("2032-01-01").copies() == []


def test_a_hold_on_somebody_else_holds_nothing() -> None:
    store = Store(small.people(dependents=()), people=[person(left_at=at(LEFT))])
    store.hold(Hold("h", "case", "person", ("2",)), Hold("h2", "case", "guest", ("1",))).sweep(DAY_6)
    assert store.rows("people") == []


def test_a_service_that_closes_while_a_hold_is_in_force_destroys_all_but_what_is_held() -> None:
    store = Store(small.people(dependents=()), people=[person(1), person(2)])
    store.close_service("2026-03-02").hold(OF_PERSON).sweep("2026-03-02")
    assert [row["id"] for row in store.rows("people")] == [1]


# -- classes, zones, sums ---------------------------------------------------------------------------------


def test_a_row_is_of_the_first_class_it_meets() -> None:
    complaint = small.variant(
        small.BY_PERSON,
        processing("support", ["note"], clock("purpose met", "", fact("done_at"))),
        record("complaint", ["note"], clock("complaint closed", "3 years", fact("done_at"))),
        row_class="complaint",
        where=(Condition(Ref("kind"), "complaint"),),
    )
    other = small.variant(
        small.BY_PERSON,
        processing("support", ["note"], clock("purpose met", "", fact("done_at"))),
        row_class="rest",
    )
    orders = small.table("orders", small.cells(note="null"), [complaint, other])
    rows = [order(1, kind="complaint", done_at=at(DONE)), order(2, kind="enquiry", done_at=at(DONE))]
    store = Store(orders, small.people(), people=[person()], orders=rows)
    store.sweep("2026-02-11")
    assert [key for _, _, key, _ in store.copies()] == [1]
    assert store.rows("orders") == []


def test_the_hour_that_comes_twice_ends_once() -> None:
    """In New York on 1 November 2026 a copy that is due at the second half past one is kept through the first."""
    zone = ZoneInfo("America/New_York")
    first, second = (datetime(2026, 11, 1, 1, 30, fold=f, tzinfo=zone) for f in (0, 1))
    left = FactRef(Ref("left_at"), "instant")
    claim = processing("membership", ["name", "mail"], clock("membership ended", "1 hours", left))
    people = [
        person(left_at=datetime(2026, 11, 1, 4, 30, tzinfo=UTC))
    ]  # half past midnight; due at the first
    store = Store(small.people(claim, dependents=()), people=people, calendar=small.calendar(zone))
    assert store.census(first - timedelta(minutes=1), "people") == {"retained": 1}
    assert store.census(first, "people") == {"due": 1}
    people[0]["left_at"] = datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )  # the first half past one; due at the second
    assert store.census(first, "people") == {"retained": 1}
    assert store.census(second, "people") == {"due": 1}


def test_every_row_is_in_exactly_one_state() -> None:
    people = [person(1), person(2, left_at=at(LEFT)), person(3, left_at=at("2026-03-07 10:00")), person(4)]
    orders = [
        order(1, of=2),
        order(2, of=9),
        order(3, of=4),
        order(4, of=None),
        order(5, of=2, done_at=at(DONE)),
    ]
    store = shop(people=people, orders=orders)
    store.hold(Hold("h", "case", "person", ("4",)))
    assert store.census(DAY_6, "people") == {"waiting": 1, "due": 1, "retained": 1, "held": 1}
    assert store.census(DAY_6, "orders") == {"orphan": 2, "held": 1, "due": 2}
    store.sweep(DAY_6)
    assert store.census(DAY_6, "people") == {"waiting": 1, "retained": 2, "held": 1, "stubs": 1}


def test_a_second_sweep_at_the_same_instant_changes_nothing() -> None:
    store = shop()
    store.world.tables |= {
        "people": [person(left_at=at(LEFT))],
        "orders": [order(), order(11, done_at=at(DONE))],
    }
    store.sweep(DAY_6)
    before = (dict(store.world.tables), dict(store.world.archive), dict(store.world.done))
    store.sweep(DAY_6)
    assert (dict(store.world.tables), dict(store.world.archive), dict(store.world.done)) == before


def test_identity_is_lent_by_the_row_at_the_end_of_the_record_s_own_way() -> None:
    """A line lends from the person behind its order; another person's row lends nothing."""
    mail = IdentityCell(Ref("mail", (small.TO_ORDER, small.TO_PERSON)), "person_mail")
    used = processing("use", ["text"], clock("membership ended", "", small.LINE_LEFT))
    kept = record("payment", ["text"], clock("payment settled", "5 years", fact("paid_at")), identity=(mail,))
    of_lines = small.table(
        "lines", small.cells(text="null"), [small.variant(small.LINE_OF_PERSON, used, kept)]
    )
    use = IdentityUse("lines", (small.TO_ORDER, small.TO_PERSON), (), frozenset({"mail"}))
    orders = small.orders(small.purchase(), dependents=(Dependent("lines", small.TO_ORDER),))
    store = Store(of_lines, orders, small.people(identity_uses=(use,)))
    store.world.tables |= {
        "people": [person(1, left_at=at(LEFT)), person(2, left_at=at(LEFT))],
        "orders": [order(10, of=1), order(20, of=2)],
        "lines": [line(100, of=10)],
    }
    store.sweep(DAY_6)
    assert [(row["id"], row["mail"]) for row in store.rows("people")] == [(1, "person1@mail.example")]
    store.rows("lines")[0]["paid_at"] = at("2026-05-07 10:00")
    store.sweep("2026-05-08")
    (copy,) = store.world.archive.values()
    assert copy.content["person_mail"] == "person1@mail.example"
