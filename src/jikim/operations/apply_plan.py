"""Apply a plan: step by step, batch by batch, each batch one transaction with its receipt.

How a run goes:

1. Each step of the plan in hand is compared with the plan as it would be made now; one that differs, that a
   changed hold touches, or that would meet far more rows than planned is refused, and the others go on. So is every
   step that would begin while the store is behind: there are facts that it was not told of.
2. Steps run in their order, dependents before what they depend on. The batch size follows the time a batch
   takes, so that no transaction is long.
3. A row that appeared or was locked meanwhile is met by another pass; a step is done when a count without
   locks finds nothing left. For rows that others hold a run waits a little, since a service holds most of its
   locks for a moment only. What still is left is said, and the next run finishes it.
4. A step that changed as many rows as were due, and finds as many due again, is undone by the store as fast as
   it works: it ends there.
5. When asked to stop, the run ends after the batch in hand.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, Literal

from jikim.backends.base import START, Batch, Run, Store, StoreError
from jikim.operations.pace import AIM, Pace
from jikim.plan.plan import MAX_AGE_HOURS, Action, Agreed, Plan, Step

State = Literal["done", "refused", "incomplete", "stopped", "failed"]

OVERRUN_FACTOR, OVERRUN_ROWS = 1.5, 1000
"""A step that would meet more than 1.5 times the planned rows, and over 1,000 more, is refused."""

LEAVING: Final = (Action.ARCHIVE, Action.DESTROY)
PASSES = 5
PATIENCE, PAUSE = 2.0, 0.01
"""Seconds that a run waits in all for rows that others hold, and after which it looks for the first time again."""


@dataclass
class StepResult:
    """What became of one step."""

    step: str
    table: str
    action: str
    state: State = "done"
    rows: int = 0
    batches: int = 0
    remaining: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Applied:
    """What became of a run."""

    run: str
    plan: str
    as_of: datetime
    steps: tuple[StepResult, ...]
    blocked: dict[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Every step done and no table blocked."""
        return not self.blocked and all(s.state == "done" for s in self.steps)

    @property
    def state(self) -> str:
        """``finished``, or ``stopped`` or ``partial`` when something is left."""
        if any(s.state == "stopped" for s in self.steps):
            return "stopped"
        return "finished" if self.complete else "partial"


@dataclass(frozen=True)
class Progress:
    """How far a step has come; ``expected`` rows were counted when it was planned."""

    step: Step
    rows: int
    expected: int


def apply_plan(
    store: Store,
    run: Run,
    *,
    given: Agreed | None = None,
    now: datetime,
    size: int = 1000,
    report: Callable[[Progress], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
    behind: Callable[[], int] = lambda: 0,
) -> Applied:
    """Apply ``run.plan``, the plan as it is now; refuse what differs from ``given``, the plan agreed on.

    :param size: rows in the first batch of a step, or fewer.
    :param stop: asked between batches.
    :param behind: of how many facts the store was not told; asked before each step.
    """
    plan = run.plan
    results = {s.id: StepResult(s.id, s.table, s.action.value) for s in plan.steps}
    for step in plan.steps:
        if reason := refusal(step, plan, given=given, now=now):
            results[step.id].state, results[step.id].reason = "refused", reason
    runner, stirred = _Runner(store, run, size, report, stop, behind), False
    for _ in range(PASSES):
        open_ = [
            s for s in plan.steps if runner.may_go_on(s, results[s.id]) and (stirred or _may_meet(s, plan))
        ]
        before = {s.id: results[s.id].rows for s in open_}
        for _, own in groupby(open_, key=lambda step: step.table):
            of_table = list(own)
            leaving = [s for s in of_table if s.inward and s.action in LEAVING]
            for step in of_table:  # references are emptied before anything leaves
                if step in leaving[:1]:
                    runner.let_leave(leaving, results)
                if stirred or _is_fed(step, plan, results):
                    runner.carry_out(step, results[step.id])
        moved = [s for s in open_ if results[s.id].rows > before[s.id]]
        left = any(results[s.id].remaining for s in open_)
        # A trigger may have kept elsewhere what went; rows of a table that points to itself wait for one another.
        stirred = any(s.stirs for s in moved)
        if runner.stopped or not moved or not (left or stirred or any(s.inward for s in moved)):
            break
    return Applied(run.id, plan.digest, plan.as_of, tuple(results.values()), dict(plan.blocked))


def _may_meet(step: Step, plan: Plan) -> bool:
    """A step that met nothing when it was planned, and that no other step feeds, has nothing to do."""
    return step.follows or plan.rows.get(step.id, 1) > 0


def _is_fed(step: Step, plan: Plan, results: Mapping[str, StepResult]) -> bool:
    """It met something when it was planned, or another step has moved rows since, or did not do what it should."""
    others = any(each.rows or each.state != "done" for each in results.values())
    return others or step.action is Action.REFRESH or plan.rows.get(step.id, 1) > 0


def refusal(step: Step, plan: Plan, *, given: Agreed | None, now: datetime) -> str:
    """Why a step of the plan agreed on may not run now; empty when it may."""
    if given is None:
        return ""
    if given.made_at > now:
        return "the plan says that it was made at a time that has not come; plan again"
    if now - given.made_at > timedelta(hours=MAX_AGE_HOURS):
        return f"the plan is older than {MAX_AGE_HOURS} hours; plan again"
    if plan.digests["facts"] != given.digests["facts"]:
        return "a legal hold or a fact of the service was added or released since the plan; plan again"
    if given.step_digests.get(step.id) != step.digest:
        return "policy, map, law, holidays or the table changed since the plan; plan again"
    expected, found = given.rows[step.id], plan.rows.get(step.id, 0)
    if found > OVERRUN_FACTOR * expected and found - expected > OVERRUN_ROWS:
        return f"{found} rows are due where the plan expected {expected}; look first, then plan again"
    return ""


class _Runner:
    """Carries out steps, keeping the size of each one's batches."""

    def __init__(
        self,
        store: Store,
        run: Run,
        size: int,
        report: Callable[[Progress], None],
        stop: Callable[[], bool],
        behind: Callable[[], int],
    ) -> None:
        self.store, self.run, self.report, self.stop = store, run, report, stop
        self.size, self.paces = size, dict[str, Pace]()
        self.behind = behind
        heard, facts = store.heard(), store.facts()
        self.heard, self.service = heard, facts.service
        self.stopped, self.overtaken = False, facts.digest != run.plan.digests["facts"]
        self.undone: set[str] = set()
        self.passed_over, self.patience = False, PATIENCE

    def may_go_on(self, step: Step, result: StepResult) -> bool:
        """Whether another pass may find more to do."""
        return result.state in ("done", "incomplete") and step.id not in self.undone

    def let_leave(self, steps: list[Step], results: Mapping[str, StepResult]) -> None:
        """Of rows that point to one another all leave that can, before any of the others is masked.

        One that is archived may free one that is destroyed, and that another that is archived.
        """
        moved = len(steps) > 1
        while moved:
            before = [results[s.id].rows for s in steps]
            for step in [s for s in steps if self.may_go_on(s, results[s.id])]:
                self.carry_out(step, results[step.id])
            moved = [results[s.id].rows for s in steps] != before

    def carry_out(self, step: Step, result: StepResult) -> None:
        """One pass of a step: batches until none is found and a count without locks finds none that others held."""
        if self.stopped:
            result.state = "stopped"
            return
        try:
            if reason := self._untold():
                result.state, result.reason = "refused", reason
                return
            for pause in self._pauses():
                time.sleep(pause)
                for changed in self._batches(step, result):
                    result.rows += changed
                    result.batches += 1
                    self.report(Progress(step, result.rows, self.run.plan.rows.get(step.id, 0)))
                if result.state in ("stopped", "refused"):
                    return
                result.remaining = self.store.remaining(step, as_of=self.run.plan.as_of)
                if not (result.remaining and self.passed_over):
                    break
        except StoreError as error:
            result.state, result.reason = "failed", f"{error}; {error.fix}" if error.fix else str(error)
            return
        result.state = "incomplete" if result.remaining else "done"
        result.reason = _left(result.remaining, undone=step.id in self.undone) if result.remaining else ""

    def _pauses(self) -> Iterator[float]:
        """How long to wait before each look at a step, longer each time, while the run has patience."""
        pause = 0.0
        yield pause
        while self.patience > 0:
            pause = min(max(PAUSE, 2 * pause), self.patience)
            self.patience -= pause
            yield pause

    def _untold(self) -> str:
        """Why nothing may begin: who knows of a hold or a consent that the store does not know of?"""
        if not (behind := self.behind()):
            return ""
        return f"the ledger has facts of which the store was not told ({behind}); run it again, which tells it first"

    def _overtaken(self) -> str:
        """Why the plan holds no longer: batches read holds and facts of people anew, and facts of the service not."""
        heard = self.store.heard()
        if heard != self.heard:
            self.heard, self.overtaken = heard, self.overtaken or self.store.facts().service != self.service
        return (
            "a legal hold or a fact of the service was told meanwhile; run it again" if self.overtaken else ""
        )

    def _batches(self, step: Step, result: StepResult) -> Iterator[int]:
        """Rows changed, batch after batch; ends where as many are due as were, though as many were changed.

        What is left afterwards was passed over, if the last look at the table saw none that it could not change.
        """
        left, changed, self.passed_over = 0, -self.run.plan.rows.get(step.id, 0), False
        place, stayed = START, 0
        while True:
            if self.stop():
                self.stopped, result.state = True, "stopped"
                return
            if reason := self._overtaken():
                result.state, result.reason = "refused", reason
                return
            began = time.monotonic()
            batch = self.store.batch(
                step, run=self.run, number=result.batches, size=self._pace(step).size, at=place
            )
            self._adapt(step, batch, batch.seconds or time.monotonic() - began)
            stayed = batch.found - batch.changed + (stayed if place != START else 0)
            if batch.changed:
                yield batch.changed
            if batch.last:
                self.passed_over = not stayed
                return
            place = batch.next or START
            changed += batch.changed
            if self._all_done(step, result):
                self.passed_over = True  # if any is left, it was not there when they were counted
                return
            if changed > left:
                before, left, changed = left, self.store.remaining(step, as_of=self.run.plan.as_of), 0
                if 0 < before <= left and not self._may_free_more(step, result):
                    self.undone.add(step.id)
                    return

    def _all_done(self, step: Step, result: StepResult) -> bool:
        """As many are changed as were due, and no step or trigger brings more: a count tells whether that was all."""
        fed = step.follows or step.inward or step.stirs
        return not fed and result.rows == self.run.plan.rows.get(step.id)

    def _may_free_more(self, step: Step, result: StepResult) -> bool:
        """Rows that point to one another go one after the other, each freeing the next: no more than there were."""
        return step.inward and result.rows < self.run.plan.census[step.table].total

    def _adapt(self, step: Step, batch: Batch, seconds: float) -> None:
        """Let the step's next batch take as long as one should; one that ran out of rows says nothing of that."""
        pace = self._pace(step)
        if batch.sized and (seconds > AIM or batch.next != START or batch.found >= pace.size):
            pace.took(seconds, found=batch.found)

    def _pace(self, step: Step) -> Pace:
        """The size of a step's batches."""
        if step.id not in self.paces:
            self.paces[step.id] = Pace.of(self.size, dear=step.follows or step.stirs)
        return self.paces[step.id]


def _left(rows: int, *, undone: bool) -> str:
    if undone:
        return f"{rows} rows are due again as often as they are changed: a trigger of the store undoes what is done"
    return (
        f"{rows} due rows could not be changed: locked by others, or a trigger or rule of the store keeps them as they "
        "are; "
        "run it again, and if they stay, look at the table's triggers"
    )
