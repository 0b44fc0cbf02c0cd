"""For rows owned in every way: predicates by cutoff say what the memory model decides row by row."""

from collections import Counter
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests import owned
from tests.keeping import KEY
from tests.properties.answers import Answers

from jikim.backends import memory
from jikim.operations.plan_sweep import holidays_for
from jikim.plan.fit import fit
from jikim.plan.schedule import Facts, Hold, Schedules
from jikim.plan.sweep import Sweep

STATES = ("due", "retained", "waiting", "orphan", "held", "stubs")
HOLDS = [
    Hold("1", "case", "member", ("1",)),
    Hold("2", "case", "contact", ("kim@mail.example",)),
    Hold("3", "case", None, (), "households"),
    Hold("4", "case", "member", ("2",), "chores"),
    Hold("5", "case", "staff", ("3",)),
]


def schedules(**tables: Any) -> Schedules:
    """The promise bound to the tables, some of which the map tells of otherwise; none is refused."""
    promise = owned.promise(**tables)
    fitted = fit(promise.resolved, promise.datamap, owned.SCHEMA, holidays=holidays_for(owned.NOW))
    assert not [f for f in fitted.findings if f.severity.name == "ERROR"]
    return fitted.schedules


def test_predicates_say_of_rows_of_every_form_what_the_memory_model_decides() -> None:
    """State for state and row for row, before a sweep and after; after it nothing is due."""
    bound, seen = schedules(), Counter[str]()
    sweeps = [Sweep(schedule, bound, Facts(), owned.NOW) for schedule in bound]

    @settings(max_examples=30, deadline=None)
    @given(st.randoms(use_true_random=True))
    def agree(dice: Random) -> None:
        world = memory.World(
            owned.drawn(dice), Facts(holds=tuple(dice.sample(HOLDS, k=dice.choice([0, 2, 4]))))
        )
        seen.update(_agree(world, sweeps))
        memory.sweep(world, bound, as_of=owned.NOW, mask_key=KEY)
        after = _agree(world, sweeps)
        assert not after["due"] or after["orphan"]
        seen.update({f"{state} afterwards": n for state, n in after.items()})

    agree()
    expected = {
        *STATES,
        "WithSome",
        "WithNone",
        "There",
        "Carries",
        "stubs afterwards",
        "hold by persontable",
    }
    assert not expected - seen.keys()


def test_a_way_that_stands_in_for_one_of_two_owners_is_judged_for_each_of_them() -> None:
    """Words in a reply name its owner where the message names no receiver, though it names a sender."""
    replies = {
        "owner": [{"messages": "message_id"}, {"contact": "words"}],
        "processing": ["address-book", {"prospecting": {"recorded": "message_id.settled_at"}}],
        "orphans": "destroy",
        "columns": {"words": "email"},
    }
    bound = schedules(replies=replies)
    world = memory.World({name: [] for name in owned.SCHEMA.tables})
    world.tables["members"] = [{"id": 1, "left_at": None, "referrer_id": None, "default_address_id": None}]
    message = {"sender_id": 1, "sender_name": "갑", "receiver_name": "을", "body": "말", "settled_at": None}
    world.tables["messages"] = [{"id": n, "receiver_id": to, **message} for n, to in ((1, None), (2, 1))]
    world.tables["replies"] = [{"id": n, "message_id": n, "words": "kim@mail.example"} for n in (1, 2)]
    seen = _agree(world, [Sweep(schedule, bound, Facts(), owned.NOW) for schedule in bound])
    assert seen["waiting"] == 4


def _agree(world: memory.World, sweeps: list[Sweep]) -> Counter[str]:
    seen, bound = Counter[str](), sweeps[0].schedules
    answers = Answers(world, bound, KEY, lambda what: seen.update([what]))
    census = memory.census(world, bound, as_of=owned.NOW, mask_key=KEY)
    view = memory.View(world, bound, owned.NOW, KEY)
    for sweep in sweeps:
        schedule = sweep.schedule
        said = {state: answers.rows(getattr(sweep, state), schedule.table) for state in STATES}
        assert vars(census[schedule.table]) == {state: len(rows) for state, rows in said.items()}, (
            schedule.table
        )
        for row in world.tables[schedule.table]:
            _one(view, schedule, row, said)
        seen.update({state: len(rows) for state, rows in said.items() if rows})
    return seen


def _one(view: memory.View, schedule: Any, row: memory.Row, said: dict[str, list[memory.Row]]) -> None:
    verdict = memory.judge(view, schedule, row)
    stub = verdict.state == "due" and not memory.changes(view, schedule, row, verdict)
    expected = ["retained", "stubs"] if stub else [verdict.state]
    assert [state for state in STATES if row in said[state]] == expected, (schedule.table, row)
