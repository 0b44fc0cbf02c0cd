"""What a plan counts and announces, what a run does, and what each row is told to be, are one and the same."""

from collections import Counter
from datetime import datetime

import pytest
from examples.made_up.world import World
from examples.plask.world import SETTING
from tests.keeping import Kept, plask, seoul
from tests.shop import APRIL, shop
from tests.telling import held

from jikim.operations.explain_rows import RowExplained, explain_person
from jikim.plan.schedule import Hold

WORDS = {"archive": "due", "destroy": "due", "mask": "due", "retain": "retained"}


def explained(kept: Kept, table: str, as_of: datetime) -> list[RowExplained]:
    """Every member's rows in one table, as that member is told them."""
    schedules = kept.plan(as_of).schedules
    return [
        row
        for member in kept.execute("select id from members")
        for row in explain_person(
            kept.store, schedules, subject="member", key=(str(member["id"]),), as_of=as_of, table=table
        )
    ]


def agrees(kept: Kept, table: str, as_of: datetime) -> Counter[str]:
    """The rows of a table by state, as plan and explanations count them alike."""
    told = Counter(WORDS.get(row.state, row.state) for row in explained(kept, table, as_of))
    counts = kept.plan(as_of).plan.census[table]
    assert told == +Counter(
        {state: getattr(counts, state) for state in ("due", "retained", "waiting", "held")}
    )
    return told


def test_a_row_that_waits_as_a_stub_is_told_as_retained_by_plan_and_explanation(
    empty_database_18: str,
) -> None:
    """What follows once its orders have gone is announced, and comes; afterwards nothing is announced."""
    with shop(empty_database_18) as kept:
        assert agrees(kept, "members", APRIL) == {"retained": 1, "waiting": 1}
        assert agrees(kept, "orders", APRIL) == {"due": 2, "waiting": 1}
        planned = kept.plan(APRIL)
        assert planned.may_follow == ("members",)
        done = {step.step: step.rows for step in kept.sweep(APRIL).steps}
        assert {step for step, rows in done.items() if rows > planned.plan.rows[step]} == {"members/destroy"}
        assert kept.plan(APRIL).may_follow == ()


def test_nothing_is_announced_while_nothing_goes_that_points_to_a_stub(empty_database_18: str) -> None:
    """A held order keeps its member's key for as long as it is held."""
    with shop(empty_database_18) as kept:
        held(kept.store, Hold("h-1", "2026가합17", None, (), "orders"), at=APRIL)
        assert agrees(kept, "orders", APRIL) == {"held": 3}
        assert kept.plan(APRIL).may_follow == ()
        kept.sweep(APRIL)
        assert agrees(kept, "members", APRIL) == {"retained": 1, "waiting": 1}


@pytest.mark.parametrize("swept", [False, True])
def test_every_row_of_a_member_is_told_as_the_plan_counts_it(empty_database_18: str, swept: bool) -> None:
    """Also once its bare cells are masked: nothing is due any more in a row that was masked in part."""
    now = seoul(2026, 1, 12)
    with plask(empty_database_18) as kept:
        kept.live(World(SETTING, 3, 7).until(now))
        if swept:
            kept.sweep(now)
        schedules = kept.plan(now).schedules
        kinds = {s.table: {owner.subject for owner in s.owners} for s in schedules if s.orphans == "refuse"}
        tables = [table for table, owners in kinds.items() if owners == {"member"}]
        found = {table: agrees(kept, table, now) for table in tables}
        masked = [r for t in tables for r in explained(kept, t, now) if r.decision.disposition == "mask"]
        assert masked
        assert any(r.state == "mask" for r in masked) is not swept
        assert any(states["due"] for states in found.values()) is not swept
