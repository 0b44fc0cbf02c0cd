"""Predicates are written as JSON in one way, by whichever road, and know what they deny."""

from dataclasses import replace
from datetime import UTC, date

from tests.unit.plan.small import BY_GUEST, BY_PERSON, LINE_OF_GUEST, TO_ORDER, TO_PERSON, at

from jikim.canonical import canonical, digest
from jikim.plan.masks import Mask
from jikim.plan.plan import Action, Plan, Step
from jikim.plan.predicate import (
    Carried,
    Carries,
    CarriesNone,
    Happened,
    Held,
    InClass,
    Masked,
    Needed,
    NotHappened,
    OwnedBy,
    Unheld,
    Unmasked,
    WithNone,
    WithSome,
    all_of,
    any_of,
    denies,
)
from jikim.plan.schedule import Cell, Condition, FactRef, IdentityUse, Ref

AT = at("2026-03-02").astimezone(UTC)
ENDED = FactRef(Ref("left_at", (TO_PERSON,)), "instant", ("9999-12-31",), (Condition(Ref("상태"), None),))
CELL = Cell("이름", "name", Mask("null"))
USE = IdentityUse("lines", (TO_ORDER,), (Condition(Ref("small"), True),), frozenset({"name", "email"}))
HELD = Held("orders", BY_GUEST)
EVERY = all_of(
    [
        any_of([Happened(ENDED, AT), NotHappened(ENDED, date(2026, 3, 2)), Unmasked("people", CELL)]),
        InClass((Condition(Ref("kind"), 'a "quoted" one'),), ((Condition(Ref("n"), 3),),)),
        OwnedBy(LINE_OF_GUEST, (BY_PERSON,), False),
        WithSome((TO_ORDER,), any_of([HELD, Needed((USE,))])),
        Carries((Carried("lines", (TO_ORDER,), HELD),)),
    ]
)


def test_a_step_is_written_as_the_standard_writes_its_json() -> None:
    """Every kind of value in it: text beyond ASCII, dates, truths, numbers, nothing, sets, other predicates."""
    step = Step("orders/destroy", "orders", Action.DESTROY, EVERY, masks=((CELL, EVERY),))
    plan = Plan("app", AT, AT, {"law:kr": "…"}, (step,), blocked={"회원": "waits"})
    assert step.written.encode() == canonical(step.to_json())
    assert (step.digest, plan.digest) == (digest(step.to_json()), digest(plan.program()))


def test_a_predicate_knows_what_it_denies() -> None:
    """Only where one is so exactly where the other is not: a time of the row itself may be missing."""
    carried = (Carried("lines", (TO_ORDER,), HELD),)
    assert denies(Unheld("orders", BY_GUEST)) == HELD
    assert denies(Masked("people", CELL)) == Unmasked("people", CELL)
    assert denies(WithNone((TO_ORDER,), HELD)) == WithSome((TO_ORDER,), HELD)
    assert denies(CarriesNone(carried)) == Carries(carried)
    assert denies(NotHappened(ENDED, AT)) == Happened(ENDED, AT)
    own = replace(ENDED, ref=Ref("left_at"))
    assert [denies(each) for each in (NotHappened(own, AT), HELD, EVERY)] == [None, None, None]
