"""What a table's rows hold, and what is promised of them: cells, classes of rows, processings, records. Pure."""

from functools import partial
from typing import Any, Final

from tests.worlds.dice import part
from tests.worlds.draft import Draft, listed
from tests.worlds.values import cells, chance, file_column, one_of, several
from tests.worlds.world import Column, Table

PERIODS: Final = ("1 days", "5 days", "1 weeks", "1 months", "3 months", "1 years")
HOURS: Final = ("2 hours", "24 hours")
LAWS: Final = {
    "kr.telecom.log": "three months",
    "kr.ecommerce.advertising": "six months",
    "kr.electronic-finance.small-transaction": "one year",
    "kr.ecommerce.complaint": "three years",
}


class Claims(Draft):
    """The part of a draft that says how long."""

    def _cells(self, table: Table) -> None:
        dice = self.dice
        for n in range(dice.choice([1, 2, 2, 3])):
            part(dice, partial(self._cell, table, n))
        if chance(dice, 15):  # a clock that is itself personal
            name = next((c for at, c in self.dated if at == table.name), None)
            if name:
                before = table.columns[name]
                table.add(Column(name, before.type, before.fill, before.nullable, said="item-1"))
                self.held[table.name].append("item-1")
                self._note("clock that is personal")

    def _cell(self, table: Table, n: int) -> None:
        dice = self.dice
        item = f"item-{dice.randint(1, 4)}"
        name = f"cell_{n}" if not chance(dice, 10) else f'c"{n} 100% of:it'
        kinds = cells(item, name)
        kind = dice.choice(list(kinds))
        column = kinds[kind]
        if table.name.startswith("table_") and chance(dice, 8):
            kind, item = "file", "picture"
            column = file_column(item, name)
        self._note(f"cell: {kind}")
        table.add(column)
        self.held.setdefault(table.name, []).append(item)

    def _classes(self, table: Table, facts: dict[str, Any]) -> None:
        """Rows of one table that fall under other promises than the rest."""
        dice = self.dice
        value, values = dice.choice(
            [("complaint", ("complaint", "enquiry", None)), (None, ("enquiry", None))]
        )
        table.add(Column("kind", "text", one_of(*values), said=False))
        where = {"kind": value}
        unlinked = listed(table.said.get("unlink", []))
        there = [e for e in table.edges if len(e.columns) == 1 and e.kept and e.columns[0] not in unlinked]
        there = [e for e in there if "kind" in self.world.tables[e.to].columns]
        if there and chance(dice, 80):
            where = {f"{there[0].columns[0]}.kind": value}
            self._note("row class by another row")
        own: dict[str, Any] = {"where": where}
        rest: dict[str, Any] = {}
        table.said["facts"] = facts
        part(dice, partial(self._claims, table, own))
        part(dice, partial(self._claims, table, rest))
        table.said["rows"] = {"some": own, "rest": rest}
        self._note("row class")

    def _claims(self, table: Table, said: dict[str, Any]) -> None:
        """Processings and records of a table or of a class of its rows, covering every item between them."""
        dice, items = self.dice, list(dict.fromkeys(self.held[table.name]))
        own = list(table.said.get("facts", {}))
        ways = self.ways[table.name]
        shared = [t for t in ways[0].triggers if all(t in way.triggers for way in ways)]
        processings = []
        for n in range(dice.choice([1, 1, 2])):
            every = n == 0 and ("co_owners" in table.said or not chance(dice, 40))
            some = items if every else several(dice, items, k=dice.randint(1, len(items)))
            known = self._known(table, items, own) if n and chance(dice, 50) else None
            processings.append(known or self._processing(table, some, own, shared))
        processings = list(dict.fromkeys(processings))
        said["processing"] = processings if len(processings) > 1 or chance(dice, 50) else processings[0]
        records = []
        subjects = self.world.subjects.values()
        told = {t for s in subjects for t, fact in s.get("facts", {}).items() if fact == {"from": "ledger"}}
        for _ in range(dice.choice([0, 1, 1, 2])):
            triggers = own if self._led_by_many(table) else [*own, *shared]
            triggers = [t for t in triggers if t not in told]
            if triggers:
                records.append(part(dice, partial(self._record, table, items, triggers)))
        if len(records) == 2:
            self._note("two statutes")
        if records:
            said["records"] = list(dict.fromkeys(records))
        self._cover(processings[0], said, items)

    def _known(self, table: Table, items: list[str], own: list[str]) -> str | None:
        """A processing that another table names, and that this one can, too."""
        ways, found = self.ways[table.name], []
        for name, each in self.world.policy["processing"].items():
            rule = each["keep"]
            combine, clocks = ("first of", [rule]) if isinstance(rule, str) else next(iter(rule.items()))
            triggers = {c.partition(" after ")[2] or c.removeprefix("until ") for c in clocks} - {
                "service closed"
            }
            fits = any if combine == "first of" else all
            startable = [fits(t in own or t in way.triggers for t in triggers) for way in ways]
            about = {way.kind for way in ways} <= set(each["about"])
            hours = any("hours" in c for c in clocks)
            if about and all(startable) and set(items) & set(each["items"]["required"]) and not hours:
                found.append(name)
        if not found:
            return None
        self._note("processing of two tables")
        return self.dice.choice(found)

    def _cover(self, processing: str, said: dict[str, Any], items: list[str]) -> None:
        """No cell without a basis."""
        policy = self.world.policy
        covered = {
            i for p in listed(said["processing"]) for i in policy["processing"][p]["items"]["required"]
        }
        covered |= {i for r in said.get("records", ()) for i in policy["kept_by_law"][r]["items"]}
        required = policy["processing"][processing]["items"]["required"]
        required += [i for i in items if i not in covered]

    def _processing(self, table: Table, items: list[str], own: list[str], shared: list[str]) -> str:
        name = f"use-{len(self.world.policy['processing'])}"
        self.world.policy["processing"][name] = {
            "about": self._about(table),
            "purpose": {"ko": name, "en": name},
            "basis": "contract",
            "items": {"required": list(items)},
            "keep": self._rule(table, own, shared),
        }
        return name

    def _about(self, table: Table) -> list[str]:
        """Every kind of owner; of owners together, sometimes those only who keep the row."""
        kinds = list(dict.fromkeys(way.kind for way in self.ways[table.name]))
        if table.name in self.only_named and len(kinds) > 1:
            self._note("co-owner whom no basis keeps")
            return kinds[:1]
        return kinds

    def _rule(self, table: Table, own: list[str], shared: list[str]) -> Any:
        """How long, by one to three clocks of which each kind of owner can start one."""
        dice = self.dice
        startable = [*own, *shared]
        clocks = [self._clock(table, dice.choice(startable))]
        if not chance(dice, 55):
            self._note("rule: one clock")
            return clocks[0]
        combine = dice.choice(["first", "last"])
        others = startable
        if combine == "first":
            others = [*startable, *{t for way in self.ways[table.name] for t in way.triggers}]
        for _ in range(dice.choice([1, 2])):
            clocks.append(self._clock(table, dice.choice(sorted(others))))
        if chance(dice, 35):
            clocks.append(dice.choice(["until service closed", "5 days after service closed"]))
            self._note("service closed")
        clocks = list(dict.fromkeys(clocks))
        if len(clocks) == 1:
            return clocks[0]
        self._note(f"rule: {combine} of")
        return {f"{combine} of": clocks}

    def _clock(self, table: Table, trigger: str) -> str:
        if not chance(self.dice, 60):
            return f"until {trigger}"
        periods = PERIODS if not self._instant(table, trigger) else (*PERIODS, *HOURS)
        return f"{self.dice.choice(periods)} after {trigger}"

    def _instant(self, table: Table, trigger: str) -> bool:
        """Whether the trigger is an instant wherever it stands: hours run from nothing else."""
        if table.name in self.no_hours:
            return False
        facts = [table.said.get("facts", {}).get(trigger)]
        if facts == [None]:
            facts = [s["facts"].get(trigger) for s in self.world.subjects.values()]
            tables = [s["table"] for s in self.world.subjects.values()]
        else:
            tables = [table.name]
        for name, fact in zip(tables, facts, strict=True):
            column = fact.get("column") if isinstance(fact, dict) else fact
            if column and self.dated.get((name, column), "date") == "date":
                return False
        return True

    def _record(self, table: Table, items: list[str], triggers: list[str]) -> str:
        dice, policy = self.dice, self.world.policy
        trigger, law = dice.choice(triggers), dice.choice(list(LAWS))
        some = several(dice, items, k=dice.randint(1, len(items)))
        people = [s["table"] for s in self.world.subjects.values() if s["table"] != table.name]
        if people and chance(dice, 40):
            some += [i for i in self.held[dice.choice(people)] if i not in some]
            self._note("identity in a record")
        name = f"law-{len(policy['kept_by_law'])}"
        policy["kept_by_law"][name] = {
            "label": {"ko": name, "en": name},
            "law": law,
            "after": trigger,
            "items": list(dict.fromkeys(some)),
        }
        self._note(f"law of {LAWS[law]}")
        return name
