"""The memory model and people who do not exist: what becomes of rows that are theirs."""

from typing import Any

from tests.unit.plan import small
from tests.unit.plan.small import Store, at, clock, fact, line, order, person, processing, record

from jikim.plan.schedule import Hold

LEFT = "2026-03-02 15:00"
DAY_6 = "2026-03-08"
DONE = "2026-02-10 10:00"


def orphaned(fate: str, **rest: Any) -> Store:
    """An order of a person who does not exist."""
    dated = fact("created_at") if fate == "date-from" else None
    orders = small.orders(small.purchase(), small.contract(), orphans=fate, orphan_date=dated)
    return Store(orders, small.people(), orders=[order(of=9, **rest)])


def test_one_orphan_refuses_its_whole_table() -> None:
    store = orphaned("refuse", done_at=at("2015-01-02 10:00"))
    store.world.tables["people"] = [person(left_at=at(LEFT))]
    store.rows("orders").append(order(11, done_at=at(DONE)))
    store.sweep(DAY_6)
    assert [row["id"] for row in store.rows("orders")] == [10, 11]
    assert store.census(DAY_6, "orders") == {"orphan": 1, "due": 1}


def test_an_orphan_goes_at_once_where_the_map_says_so() -> None:
    assert orphaned("destroy", done_at=at("2015-01-02 10:00")).sweep("2026-01-05").rows("orders") == []


def test_an_orphan_is_dated_from_a_column_of_its_own_where_the_map_says_so() -> None:
    """Created on 5 January: the owner's grace of five days runs from then."""
    store = orphaned("date-from", done_at=at("2015-01-02 10:00"))
    assert len(store.sweep("2026-01-10").rows("orders")) == 1
    assert store.sweep("2026-01-11").rows("orders") == []


def test_a_statute_runs_for_an_orphan_as_for_anyone_and_its_copy_names_nobody() -> None:
    store = orphaned("destroy", done_at=at("2026-01-02 10:00")).sweep("2026-01-06")
    (copy,) = store.world.archive.values()
    assert (copy.subject, copy.subject_key, copy.content["person_mail"]) == (None, (), None)
    assert copy.destroy_after == at("2031-01-03")


def test_an_orphan_goes_at_once_even_by_a_statute_of_the_owner() -> None:
    """The owner left long ago, before any calendar of holidays begins."""
    ended = clock("membership ended", "5 years", small.LEFT)
    orders = small.orders(small.purchase(), record("law", ["note"], ended), orphans="destroy")
    assert Store(orders, small.people(), orders=[order(of=9)]).sweep("2026-03-08").rows("orders") == []


def test_an_orphan_goes_at_once_even_by_a_clock_in_hours() -> None:
    orders = small.orders(small.purchase(period="24 hours", grace=None), orphans="destroy")
    assert Store(orders, small.people(), orders=[order(of=9)]).sweep("2026-03-08").rows("orders") == []


def test_a_hold_keeps_an_orphan_and_lifts_the_refusal_of_its_table() -> None:
    store = orphaned("refuse").hold(Hold("h", "case", "person", ("9",)))
    assert store.census(DAY_6, "orders") == {"held": 1}


def test_a_row_that_names_nobody_is_an_orphan_of_the_first_kind_of_owner() -> None:
    nobody = order(of=None, created_at=at("2026-01-05 10:00"))
    assert Store(small.orders(), small.people(), orders=[nobody]).census(DAY_6, "orders") == {"orphan": 1}
    dated = small.orders(small.purchase(), orphans="date-from", orphan_date=fact("created_at"))
    assert Store(dated, small.people(), orders=[nobody]).sweep("2026-01-11").rows("orders") == []


def test_the_next_kind_of_owner_is_asked_where_the_first_is_not_filled_in() -> None:
    met = processing("support", ["note"], clock("purpose met", "", fact("done_at")))
    by_guest = small.variant(small.BY_GUEST, met)
    orders = small.table(
        "orders", small.cells(note="null"), [small.variant(small.BY_PERSON, small.purchase()), by_guest]
    )
    guests = [
        order(1, of=None, guest="guest@mail.example", done_at=at(DONE)),
        order(2, of=None, guest="guest@mail.example"),
    ]
    store = Store(orders, small.people(), orders=guests)
    assert [row["id"] for row in store.sweep(DAY_6).rows("orders")] == [2]


def lines(*, fate: str = "date-from") -> Any:
    """Lines whose purpose is met when their order is done."""
    met = processing("use", ["text"], clock("purpose met", "", fact("done_at", small.TO_ORDER)))
    dated = fact("created_at") if fate == "date-from" else None
    kinds = [small.variant(small.LINE_OF_PERSON, met), small.variant(small.LINE_OF_GUEST, met)]
    return small.table("lines", small.cells(text="null"), kinds, orphans=fate, orphan_date=dated)  # type: ignore[arg-type]


def test_a_fact_that_went_with_the_row_it_stood_in_follows_the_map_s_word() -> None:
    """A line of an order that is gone has no purpose that could ever be met."""
    store = Store(lines(), lines=[line(of=9, created_at=at("2026-01-05 10:00"))], orders=[], people=[])
    assert store.census("2026-01-05", "lines") == {"waiting": 1}
    assert store.sweep("2026-01-06").rows("lines") == []


def test_an_orphan_of_an_orphan_follows_the_fact_that_still_stands() -> None:
    """Its order stands, though the person does not: the order's own date counts, not the map's word."""
    store = Store(lines(), lines=[line(created_at=at("2026-01-05 10:00"))], orders=[order(of=9)], people=[])
    assert store.census("2026-03-08", "lines") == {"waiting": 1}
    store.rows("orders")[0]["done_at"] = at(DONE)
    assert store.sweep("2026-03-08").rows("lines") == []


def test_a_stub_whose_dependents_are_refused_waits_with_them() -> None:
    orders = small.orders(small.purchase(period="1 years"), orphans="refuse")
    store = Store(orders, small.people(identity_uses=()), people=[person(left_at=at(LEFT))])
    store.world.tables["orders"] = [order(), order(11, of=9)]
    store.sweep("2028-01-01")
    assert [row["name"] for row in store.rows("people")] == ["-"]
    store.rows("orders").pop()
    store.sweep("2028-01-02")
    assert (store.rows("orders"), store.rows("people")) == ([], [])
