"""A plan in a file is what was agreed on: whole, made in the past, and not long ago."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.unit.plan.small import at

from jikim.operations.apply_plan import refusal
from jikim.plan.plan import Action, Agreed, Counts, Plan, PlanError, Step
from jikim.plan.predicate import ALWAYS

MADE = at("2026-03-02 09:00")
STEP = Step("orders/destroy", "orders", Action.DESTROY, ALWAYS)


def plan(*, made_at: datetime = MADE, rows: int = 3) -> Plan:
    census = {"orders": Counts(total=5, due=rows, retained=5 - rows, waiting=0, orphan=0, held=0)}
    return Plan("app", MADE, made_at, {"facts": "none"}, (STEP,), census=census, rows={STEP.id: rows})


def written(value: Plan) -> Any:
    return json.loads(json.dumps(value.to_json()))


def test_a_plan_that_was_just_made_is_carried_out() -> None:
    assert refusal(STEP, plan(), given=Agreed.from_json(written(plan())), now=MADE) == ""


@pytest.mark.parametrize(
    ("made_at", "reason"),
    [
        (MADE + timedelta(seconds=1), "has not come"),
        (MADE - timedelta(hours=24, seconds=1), "older than 24 hours"),
    ],
)
def test_a_plan_of_another_time_is_refused(made_at: datetime, reason: str) -> None:
    given = Agreed.from_json(written(plan(made_at=made_at)))
    assert reason in refusal(STEP, plan(), given=given, now=MADE)


@pytest.mark.parametrize("blocked", [{}, {"members": "a time cannot be read"}])
def test_where_a_plan_blocks_a_table_every_row_is_counted_again_before_it_is_carried_out(
    blocked: dict[str, str],
) -> None:
    """What blocks it may be seen by nobody who counts only what is due."""
    assert Agreed.from_json(written(replace(plan(), blocked=blocked))).whole == bool(blocked)


@pytest.mark.parametrize(
    "empty",
    [
        lambda file: file["rows"].clear(),
        lambda file: file["rows"].update({STEP.id: None}),
        lambda file: file["census"].clear(),
        lambda file: file.pop("census"),
    ],
    ids=["no rows", "rows of nothing", "empty census", "no census"],
)
def test_a_plan_that_does_not_say_how_many_rows_it_meets_is_refused(empty: Callable[[Any], None]) -> None:
    """Or nobody could tell a step that meets far more rows than were agreed on."""
    file = written(plan())
    empty(file)
    with pytest.raises(PlanError, match="how many rows `orders/destroy` meets"):
        Agreed.from_json(file)


def test_a_program_that_was_changed_is_refused() -> None:
    file = written(plan())
    file["program"]["steps"][0]["table"] = "members"
    with pytest.raises(PlanError, match="changed after it was written"):
        Agreed.from_json(file)
