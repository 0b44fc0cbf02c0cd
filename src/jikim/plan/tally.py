"""What an audit's judgements on the rows of a table come to, and what the counts say against it. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from jikim.plan.finding import ANCIENT, Finding, FindingKind, counted
from jikim.plan.schedule import Because
from jikim.plan.watch import Seen, secrets, unreached
from jikim.source import Severity

Progress = Callable[[str, int, int], None]
"""Called with a table, the rows read so far, and how many the store thinks there are."""


class State(StrEnum):
    """Every row is in exactly one."""

    DUE = "due"
    RETAINED = "retained"
    WAITING = "waiting"
    ORPHAN = "orphan"
    HELD = "held"
    UNJUDGED = "unjudged"


@dataclass(frozen=True)
class Late:
    """Something that should have been done by now; ``cell`` is empty for a whole row."""

    cell: str
    since: datetime | None
    because: tuple[Because, ...]


@dataclass(frozen=True)
class Judgement:
    """The state of one row and what is late about it. A stub is retained for the rows that point to it."""

    state: State
    late: tuple[Late, ...] = ()
    stub: bool = False


@dataclass
class Tally:
    """What the rows of one table came to.

    ``read`` are the rows read, ``counted`` the store's own count in the same snapshot; ``judged`` is whether the
    promise is bound to the table at all.
    """

    table: str
    counted: int = 0
    read: int = 0
    judged: bool = True
    states: Counter[State] = field(default_factory=Counter)
    stubs: int = 0
    late: dict[tuple[str, tuple[Because, ...]], tuple[int, datetime | None]] = field(default_factory=dict)
    seen: Counter[Seen] = field(default_factory=Counter)
    awaited: Mapping[tuple[str, ...], tuple[int, datetime | None]] = field(default_factory=dict)
    ancient: Mapping[str, int] = field(default_factory=dict)
    strays: Counter[str] = field(default_factory=Counter)

    def add(self, judgement: Judgement, rows: int = 1) -> None:
        """Count what some rows came to."""
        self.states[judgement.state] += rows
        self.stubs += judgement.stub * rows
        for late in judgement.late:
            count, oldest = self.late.get((late.cell, late.because), (0, None))
            since = min((m for m in (oldest, late.since) if m is not None), default=None)
            self.late[late.cell, late.because] = (count + rows, since)

    def findings(self) -> list[Finding]:
        """What the counts say against the table."""
        return [
            *self._late(),
            *self._states(),
            *self._dates(),
            *unreached(self.table, self.strays),
            *secrets(self.table, self.seen),
        ]

    def _late(self) -> Iterable[Finding]:
        for (cell, because), (count, oldest) in self.late.items():
            where = f"{self.table}.{cell}" if cell else self.table
            what = "cell" if cell else "row"
            told = counted(count, f"{what} of `{where}` has", f"{what}s of `{where}` have")
            yield Finding(
                FindingKind.OVERDUE_CELL if cell else FindingKind.OVERDUE,
                Severity.ERROR,
                where,
                f"{told} outlived every basis and the days allowed for destruction",
                count,
                oldest,
                tuple(map(str, because)),
                "run `jikim apply`; if they stay, the plan does not see them",
            )

    def _rows(self, count: int, does: str, do: str) -> str:
        """Rows, and what they do."""
        return counted(count, f"row of `{self.table}` {does}", f"rows of `{self.table}` {do}")

    def _states(self) -> Iterable[Finding]:
        if orphans := self.states[State.ORPHAN]:
            yield Finding(
                FindingKind.ORPHAN,
                Severity.ERROR,
                self.table,
                f"{self._rows(orphans, 'belongs', 'belong')} to nobody who exists, and no rule says what then",
                orphans,
                fix="add `orphans: destroy` or `orphans: date-from(column)` to the table in the map",
            )
        if unjudged := self.states[State.UNJUDGED]:
            yield Finding(
                FindingKind.UNJUDGED,
                Severity.ERROR,
                self.table,
                f"{self._rows(unjudged, 'cannot', 'cannot')} be judged: no class fits, a time is no time, or a mask "
                "fits no value",
                unjudged,
                fix="see how the map reads the table's classes and facts",
            )
        found = sum(self.states.values()) if self.judged else self.read
        if found != self.counted:
            yield Finding(
                FindingKind.PARTITION,
                Severity.ERROR,
                self.table,
                f"`{self.table}` holds {counted(self.counted, 'row')}; read were {found:,}, each once",
                abs(found - self.counted),
                fix="a column that names an owner or another row may name several: make it unique",
            )

    def _dates(self) -> Iterable[Finding]:
        for triggers, (count, oldest) in self.awaited.items():
            names = f"`{'`, `'.join(triggers)}`"
            dated = f"{self._rows(count, 'has', 'have')} waited over a year for {names}"
            undated = f"{self._rows(count, 'waits', 'wait')} for {names}, and nothing says since when"
            yield Finding(
                FindingKind.WAITING,
                Severity.INFO,
                self.table,
                dated if oldest else undated,
                count,
                oldest,
                fix="see in the service why it has not come: until then nothing of such a row goes, nor what it needs",
            )
        for column, count in self.ancient.items():
            where = f"`{self.table}.{column}`"
            yield Finding(
                FindingKind.LONG_AGO,
                Severity.INFO,
                f"{self.table}.{column}",
                counted(count, f"time in {where} lies", f"times in {where} lie")
                + f" before {ANCIENT + 1}: long ago",
                count,
                fix='where it means "not yet", say so in the map (`never: ["0001-01-01"]`); '
                "for `-infinity` and years BC, store NULL",
            )
