"""A promise kept amid trouble: sweeps, kills, plans that are applied late, people who come back, holds, new versions.

After each sweep the store holds what the memory model holds; whatever a sweep did that was cut short was due. Each
thing once by default, always the same; `make test-crash` goes through many lives (``JIKIM_WORLDS``).
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from hypothesis import currently_in_test_context, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.crash.stepping import writes_of
from tests.keeping import promise_of
from tests.servers import fresh_database
from tests.telling import held, released
from tests.worlds.build import stored
from tests.worlds.cut_short import goes_on_from
from tests.worlds.dice import DICE, MANY, PLACES, SEED
from tests.worlds.grammar import drawn
from tests.worlds.history import Service
from tests.worlds.judge import Meant, idle, same_rows, settled
from tests.worlds.revised import revised
from tests.worlds.world import Now, Write

from jikim.plan.keys import text_of
from jikim.plan.plan import Agreed
from jikim.plan.schedule import Facts, Hold
from jikim.postgres import Server

HOURS = st.sampled_from([1, 23, 24 * 5, 24 * 31, 24 * 92, 24 * 366])


class Trouble(RuleBasedStateMachine):
    """One world in one place, and all that may happen to it."""

    folder: ClassVar[Path]
    url: ClassVar[str]
    met: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()

    @initialize(dice=DICE, where=PLACES)
    def opens(self, dice: Random, where: str) -> None:
        """A world begins."""
        self.world = drawn(dice)
        _say(f"JIKIM_SEED={SEED}", self.world)
        place = stored(self.world, where, folder=self.folder, url=self.url)
        self.place = self.opened.enter_context(place)
        self.meant = Meant.of(self.world, self.place.promise)
        self.service, self.now = Service(self.world), self.world.dates[0]
        self.given: list[Agreed] = []
        self.holds = 0
        self._write(self.service.opens(dice))
        self.met[where] += 1

    def teardown(self) -> None:
        """At last the promise is kept."""
        with self.opened:
            if hasattr(self, "given"):
                self._sweep()

    # -- the service ------------------------------------------------------------------------------------------

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        """Much falls due."""
        later = self.now.astimezone(UTC) + timedelta(hours=hours)
        self.now = later.astimezone(self.world.zone)

    @rule(dice=DICE)
    def goes_on(self, dice: Random) -> None:
        """Rows come, change and go."""
        now = Now(self.now, self.world.zone, 0)
        self._write(self.service.goes_on(dice, self.meant.model.tables, now))

    @rule(dice=DICE)
    def comes_back(self, dice: Random) -> None:
        """Somebody who left takes it back."""
        for subject in self.world.subjects.values():
            table = self.world.tables[subject["table"]]
            fact = subject["facts"]["membership ended"]
            column = fact["column"] if isinstance(fact, dict) else fact
            left = [row for row in self.meant.model.tables[table.name] if row[column] is not None]
            if left and table.columns[column].nullable:
                row = dice.choice(left)
                self._write([Write(table.name, dict(row), {**row, column: None}, table.key)])
                self.met["came back"] += 1

    def _write(self, writes: list[Write]) -> None:
        _say(*writes)
        for holder in (self.meant, self.place):
            holder.write(writes)

    # -- what jikim is told -----------------------------------------------------------------------------------

    @precondition(lambda self: len(self.meant.model.facts.holds) < 3)
    @rule(dice=DICE)
    def is_held(self, dice: Random) -> None:
        """A legal hold on somebody, or on a table, or on both."""
        kind = dice.choice(list(self.world.subjects))
        subject = self.world.subjects[kind]
        people = self.meant.model.tables[subject["table"]]
        tables = [None, *(name for name in self.world.tables if name != "events")]
        table, person = dice.choice(tables), dice.choice([None, *people])
        if table is None and person is None:
            return
        columns = subject["key"] if isinstance(subject["key"], list) else [subject["key"]]
        key = tuple(text_of(person[c]) for c in columns) if person else ()
        self.holds += 1
        hold = Hold(f"held-{self.holds}", "2026-2", kind if person else None, key, table)
        _say(hold)
        held(self.place.store, hold, at=self.now)
        self._holds((*self.meant.model.facts.holds, hold))
        self.met["hold placed"] += 1

    @precondition(lambda self: self.meant.model.facts.holds)
    @rule(dice=DICE)
    def is_released(self, dice: Random) -> None:
        """One that is in force is released."""
        holds = self.meant.model.facts.holds
        hold = dice.choice(holds)
        _say(f"{hold.id} is released")
        released(self.place.store, hold.id, at=self.now)
        self._holds(tuple(each for each in holds if each != hold))
        self.met["hold released"] += 1

    def _holds(self, holds: tuple[Hold, ...]) -> None:
        self.meant.model.facts = Facts(self.meant.model.facts.service, holds)

    @rule(dice=DICE)
    def is_told(self, dice: Random) -> None:
        """The ledger tells of people."""
        words = self.service.tells(dice, self.meant.model.tables, Now(self.now, self.world.zone, 0))
        _say(*words)
        for holder in (self.meant, self.place):
            holder.hear(words)

    @rule(dice=DICE)
    def promises_otherwise(self, dice: Random) -> None:
        """A new version: another period, or one more statute; what is archived keeps its date."""
        what = revised(dice, self.world)
        self.meant.promise = promise_of(self.world.policy_text, self.world.map_text)
        _say(what, self.world.policy["processing"], self.world.policy["kept_by_law"])
        self.place.prepare()
        self.met[what] += 1

    # -- sweeps -----------------------------------------------------------------------------------------------

    @rule()
    def sweeps(self) -> None:
        """As every night."""
        self._sweep()

    def _sweep(self) -> None:
        swept = self.meant.sweep(self.now)
        settled(swept, self.meant, self.place)
        idle(swept, self.meant, self.place)
        self.met["swept"] += 1

    @rule()
    def plans(self) -> None:
        """Somebody writes down a plan to look at."""
        planned = self.place.plan(self.now)
        self.given.append(Agreed.from_json(planned.plan.to_json()))

    @precondition(lambda self: self.given)
    @rule()
    def applies_what_was_planned(self) -> None:
        """However long ago: what is no longer agreed on is refused, and the rest is right."""
        given = self.given.pop()
        planned = self.place.plan(given.as_of)
        applied = self.place.apply(planned, given=given, now=self.now)
        old = (
            self.now - given.made_at > timedelta(hours=24)
            or planned.plan.digests["facts"] != given.digests["facts"]
        )
        states = {step.state for step in applied.steps}
        assert states <= ({"refused"} if old else {"refused", "done"}), applied
        if old:
            same_rows(self.meant, self.place)
        goes_on_from(self.meant, self.place, planned)
        self.met["refused" if old else "applied"] += 1

    @rule(hours=HOURS, writes=st.integers(20, 200))
    def is_killed(self, hours: int, writes: int) -> None:
        """A process of its own sweeps, and is killed at one of its writes to a file or a server."""
        self.time_passes(hours)
        planned = self.place.plan(self.now)
        number = next(self.place.runs)
        self.place.end()

        def sweep() -> None:
            self.place.start()
            self.place.runs = iter([number])
            self.place.store.reflect()
            self.place.store.use(planned.schedules)
            self.place.apply(planned, size=2)

        seen = writes_of(sweep, killed_at=writes)
        self.place.start()
        planned = self.place.plan(self.now)
        self.place.store.recover()
        goes_on_from(self.meant, self.place, planned)
        self.met["killed" if seen == writes else "not killed"] += 1


def _say(*what: object) -> None:
    """Show it of the shortest life that fails."""
    if currently_in_test_context():
        note("\n".join(map(str, what)))


@pytest.mark.parametrize(("number", "where", "writes"), [(11, "file", 150), (11, "apart", 200)])
def test_a_promise_is_kept_amid_trouble(
    tmp_path: Path, pg18: Server, number: int, where: str, writes: int
) -> None:
    """Each thing that may happen, once: kills before and after somebody comes back, plans that are too old, and not."""
    dice = Random(number)  # noqa: S311 - dice, not secrets
    with _machine(tmp_path, pg18) as machine:
        life = machine()
        try:
            life.opens(dice=dice, where=where)
            life.plans()
            life.is_held(dice=dice)
            life.applies_what_was_planned()
            life.is_told(dice=dice)
            life.is_killed(hours=1, writes=writes)
            life.comes_back(dice=dice)
            life.promises_otherwise(dice=dice)
            life.is_released(dice=dice)
            life.time_passes(hours=24 * 366)
            life.plans()
            life.goes_on(dice=dice)
            life.applies_what_was_planned()
            life.is_killed(hours=24 * 31, writes=writes)
        finally:
            life.teardown()
    assert {
        "hold placed",
        "refused",
        "killed",
        "came back",
        "hold released",
        "applied",
        "swept",
    } <= life.met.keys()


@pytest.mark.crash
@pytest.mark.timeout(0)
def test_so_it_is_in_many_lives(tmp_path: Path, pg18: Server) -> None:
    """In whichever order, as many lives as there is time for; the shortest of those that fail is shown."""
    with _machine(tmp_path, pg18) as machine:
        run_state_machine_as_test(seed(SEED)(machine), settings=settings(MANY, stateful_step_count=25))
    print(f"\n{dict(machine.met)}")  # noqa: T201 - the report of the campaign


@contextmanager
def _machine(folder: Path, server: Server) -> Iterator[type[Trouble]]:
    """The machine, beside a database that is made for it."""
    with fresh_database(server) as url:
        yield type("Here", (Trouble,), {"folder": folder, "url": url, "met": Counter[str]()})
