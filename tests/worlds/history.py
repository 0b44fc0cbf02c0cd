"""What the service writes: the first rows of a world, and what it does between two sweeps. Pure."""

from dataclasses import replace
from functools import partial
from itertools import count
from random import Random

from tests.worlds.dice import part
from tests.worlds.values import chance, moment, several
from tests.worlds.world import Edge, Now, State, Table, World, Write

from jikim.backends.memory import Row
from jikim.plan.keys import text_of
from jikim.plan.telling import Telling


class Service:
    """A service at work; it numbers its rows and never gives a number twice."""

    def __init__(self, world: World) -> None:
        self.world, self._numbers = world, count(1)

    def opens(self, dice: Random) -> list[Write]:
        """The rows that are there before the first sweep: parents first."""
        state: dict[str, list[Row]] = {name: [] for name in self.world.tables}
        written = []
        numbers = count(1)
        for table in self.world.tables.values():
            for n in range(dice.choice([1, 2, 3, 3, 4, 6])):
                number = n + 1 if table.name in ("members", "staffers") else next(numbers) + 100
                now = Now(self.world.dates[0], self.world.zone, number)
                if row := part(dice, partial(self._row, dice, table, state, now)):
                    state[table.name].append(row)
                    written.append(Write(table.name, None, row))
        return written

    def goes_on(self, dice: Random, state: State, now: Now) -> list[Write]:
        """Rows come, change and go; what the store's own keys forbid is not tried."""
        left = {name: [dict(row) for row in state[name]] for name in self.world.tables}
        several = dice.choice([0, 1, 2, 4, 6])
        tried = [part(dice, partial(self._once, dice, left, now)) for _ in range(several)]
        return [write for write in tried if write]

    def _once(self, dice: Random, left: dict[str, list[Row]], now: Now) -> Write | None:
        table = self.world.tables[dice.choice(list(left))]
        rows = left[table.name]
        what = dice.choice(["change", "insert", "delete"]) if rows else "insert"
        number = replace(now, n=next(self._numbers) + 1000)
        if what == "insert":
            if new := self._row(dice, table, left, number):
                rows.append(new)
            return Write(table.name, None, new) if new else None
        old = dice.choice(rows)
        if what == "change":
            new = self._changed(dice, table, old, left, number)
            rows[rows.index(old)] = new
            return Write(table.name, dict(old), new, table.key)
        if self._kept(table, old, left):
            return None
        rows.remove(old)
        return Write(table.name, dict(old), None, table.key)

    def tells(self, dice: Random, state: State, now: Now) -> list[Telling]:
        """What the ledger tells of people, those who are there and one who is not."""
        words = []
        for told in self.world.told:
            keys = [tuple(text_of(row[c]) for c in told.key) for row in state[told.table]]
            for key in several(dice, keys, k=dice.randint(0, len(keys))):
                happened = moment(dice, now, unheard=20)
                words.append(
                    Telling(
                        "person", now.as_of, dice.choice(told.facts), happened, subject=told.subject, key=key
                    )
                )
        return words

    def _row(self, dice: Random, table: Table, state: State, now: Now) -> Row | None:
        """A new row; None where a foreign key finds nothing to point to."""
        row = {c.name: c.fill(dice, now) for c in table.columns.values()}
        for columns in dict.fromkeys(e.columns for e in table.edges):
            row |= self._pointing(dice, dice.choice([e for e in table.edges if e.columns == columns]), state)
        return row if all(row[c] is not None for c in row if not table.columns[c].nullable) else None

    def _changed(self, dice: Random, table: Table, old: Row, state: State, now: Now) -> Row:
        """Some columns are written anew: clocks start and are taken back, masks are written over."""
        pointed = {
            c
            for other in self.world.tables.values()
            for e in other.edges
            if e.to == table.name
            for c in e.to_columns
        }
        led = {c for edge in table.edges for c in (*edge.columns, *dict(edge.when))}
        fixed = {*table.key, *pointed, *led}
        free = [c for c in table.columns.values() if c.name not in fixed]
        row = dict(old)
        for column in several(dice, free, k=min(len(free), dice.choice([1, 1, 2, 3]))):
            row[column.name] = column.fill(dice, now)
        if table.edges and chance(dice, 25):
            edge = dice.choice(table.edges)
            if not set(edge.columns) & set(table.key):
                row |= self._pointing(dice, edge, state)
        return row

    def _pointing(self, dice: Random, edge: Edge, state: State) -> Row:
        """Values that lead to a row, to nothing, or to a row that does not exist."""
        targets = [tuple(row[c] for c in edge.to_columns) for row in state.get(edge.to, ())]
        whole = [key for key in targets if None not in key]
        kind = dict(edge.when) if not chance(dice, 10) else dict.fromkeys(dict(edge.when), "Ghost")
        if edge.nullable and (chance(dice, 25) or (edge.kept and not whole)):
            return kind | dict.fromkeys(edge.columns)
        if not edge.kept and (chance(dice, 15) or not whole):
            whole = [self._dangling(edge)]
        key = dice.choice(whole) if whole else ()
        spelled = [str(part) for part in key] if edge.spelled else key
        return kind | dict(zip(edge.columns, spelled, strict=False))

    def _dangling(self, edge: Edge) -> tuple[object, ...]:
        columns = self.world.tables[edge.to].columns if edge.to else {}
        return tuple(
            999 if c in columns and columns[c].type == "bigint" else "nobody" for c in edge.to_columns
        )

    def _kept(self, table: Table, row: Row, state: State) -> bool:
        """Whether a foreign key points to the row."""
        return any(
            tuple(other[c] for c in edge.columns) == tuple(row[c] for c in edge.to_columns)
            for pointing in self.world.tables.values()
            for edge in pointing.edges
            if edge.kept and edge.to == table.name
            for other in state[pointing.name]
        )
