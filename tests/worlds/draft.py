"""A world in the making, and what every part of the grammar asks of it. Pure."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.worlds.values import NEVER, TIME_TYPES, chance, one_of, times
from tests.worlds.world import Column, Table, World

from jikim.datamap.schema import TimeType


@dataclass(frozen=True)
class Way:
    """Whose rows they can be: a kind of person, and the triggers that stand in that person's own row."""

    kind: str
    triggers: tuple[str, ...] = ()


@dataclass
class Draft:
    """``ways`` are the kinds of owner of each table, ``held`` the items it holds."""

    dice: Random
    world: World = field(init=False)
    ways: dict[str, list[Way]] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)
    dated: dict[tuple[str, str], TimeType] = field(default_factory=dict)
    no_hours: set[str] = field(default_factory=set)
    forms: dict[str, str] = field(default_factory=dict)
    of_things: set[str] = field(default_factory=set)
    only_named: set[str] = field(default_factory=set)

    def _note(self, *names: str) -> None:
        self.world.met.update(names)

    def _fact(
        self, table: Table, column: str, *, nullable: bool = True, sentinels: bool = True
    ) -> dict[str, Any] | str:
        """A column that dates something, and how the map reads it."""
        dice = self.dice
        time_type: TimeType = dice.choice(["instant", "instant", "date", "local", "utc", "epoch", "epoch-ms"])
        self._note(f"time: {time_type}")
        said: dict[str, Any] = {"column": column}
        if time_type in ("utc", "epoch", "epoch-ms") or (
            time_type == "local" and self.world.stores["app"].get("times") == "utc"
        ):
            said["as"] = time_type
        if sentinels and nullable and chance(dice, 25):
            said["never"] = [NEVER]
            self._note("sentinel")
        filled = times(time_type, nullable=nullable, sentinel="never" in said)
        table.add(Column(column, TIME_TYPES[time_type], filled, nullable=nullable, said=False))
        if chance(dice, 25):
            said["when"] = self._when(table, f"{column}_so")
        self.dated[table.name, column] = time_type
        return said if len(said) > 1 else column

    def _when(self, table: Table, column: str) -> dict[str, Any]:
        """A condition under which a date counts."""
        kind, values, value = self.dice.choice(
            [
                ("text", ("left", "active", None), "left"),
                ("boolean", (True, False), True),
                ("bigint", (1, 2, None), 1),
                ("text", ("left", None), None),
            ]
        )
        table.add(Column(column, kind, one_of(*values), said=False))
        self._note("when")
        return {column: value}

    def _key_columns(self, to: str) -> tuple[Table, tuple[str, ...]]:
        """The table of a kind of person, or that table, and what names its rows."""
        kind = self.world.subjects.get(to)
        table = self.world.tables[kind["table"] if kind else to]
        return table, tuple(listed(kind["key"]) if kind else table.key)

    def _several(self, table: Table) -> bool:
        """Whether a row may have several owners."""
        return self.forms.get(table.name, "").startswith(("together", "their")) or any(
            self._several(self.world.tables[e.to])
            for e in table.edges
            if e.to in self.forms and e.to != table.name
        )

    def _led_by_many(self, table: Table) -> bool:
        """Whether join rows lead to the people: they go with them, and a copy needs one date."""
        return "their" in self.forms.get(table.name, "") or any(
            self._led_by_many(self.world.tables[e.to])
            for e in table.edges
            if e.to in self.forms and e.to != table.name
        )


def listed(value: Any) -> list[Any]:
    """One thing or several, as a list."""
    return list(value) if isinstance(value, list) else [value]
