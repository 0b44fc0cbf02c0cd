"""The grammar of worlds, and how one is drawn. Pure.

::

    world     = zone, times, dates, people table, [second people table], [table about nobody], owned table {1-4},
                promise, holds, service-wide facts
    people    = key, membership ended, [consent withdrawn], cell {1-3}, processings, [records]
    key       = number | text | number and text        (of people also: a UNIQUE column that is no key)
    owned     = key, owner, fate of orphans, fact {1-3}, cell {1-3}, [row classes], [self reference],
                [reference to another table], processings, records {0-2}
    owner     = person | another owned table | words in the row | person, else words | table, else words
                | person, else the other kind of person | by a column that tells the kind {1-3}, [about nobody]
                | together: owner {2-3}, each with [columns that are theirs alone] | rows that join people to it
    named     = [accessor, emptied when they leave or kept for a reason], [reference that is unlinked]
    edge      = kept by a foreign key, or by nobody; NULL, or NOT NULL; column, or columns
    orphans   = refuse | destroy | date-from(column)
    fact      = own column | column of a row that a reference leads to;
                as instant | date | local | utc | epoch | epoch-ms; [never]; [when]
    rule      = until FACT | PERIOD after FACT | first of … | last of …; [grace]; [service closed]
    record    = law of three months | six months | one year | three years; items of the row, [and of its person]
    cell      = column and its mask (`values.cells`) | paths inside JSON | a column that names a file
    hold      = on a person | on a table | on both

Each production that is taken is noted by its name, so that a test can ask whether all of them were. Dice decide;
where they come from hypothesis, what is simplest comes first in every choice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.worlds.claims import Claims
from tests.worlds.dice import part
from tests.worlds.draft import Way, listed
from tests.worlds.values import NEVER, TIME_TYPES, chance, moment, one_of, several, times
from tests.worlds.world import Column, Edge, Now, Table, World

from jikim.datamap.schema import TimeType
from jikim.plan.schedule import Facts, Hold

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")
DATES: Final = (
    datetime(2026, 3, 9, tzinfo=SEOUL),
    datetime(2026, 3, 8, 12, tzinfo=SEOUL),  # a Sunday: statutory minimums wait for the Monday
    datetime(2026, 10, 5, 12, 34, 56, tzinfo=SEOUL),  # a substitute holiday
    datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK),  # the first of two half past ones
    datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=NEW_YORK),
)
LATER: Final = tuple(timedelta(days=d) for d in (1, 3, 5, 31, 92, 366, 1100))
OWN_FACTS: Final = ("recorded", "purpose met", "contract completed", "last used", "display ended")


def drawn(dice: Random) -> World:
    """A world."""
    return _Grammar(dice).world


@dataclass
class _Grammar(Claims):
    """Everything else is drawn here: people, tables and whose rows they are, and what comes from elsewhere."""

    def __post_init__(self) -> None:
        dice = self.dice
        first = dice.choice(DATES)
        later = sorted(several(dice, LATER, k=dice.choice([0, 1, 1, 1, 2, 2])))
        self.world = World(
            zone=first.tzinfo,  # type: ignore[arg-type]
            dates=(first, *(first + each for each in later)),
            policy=_policy(),
            stores=self._stores(str(first.tzinfo)),
            subjects={},
        )
        self._note("DST" if first.tzinfo is NEW_YORK else "Seoul")
        self._people("member", "members")
        if chance(dice, 35):
            self._note("a second kind of people")
            self._people("staff", "staffers")
        if chance(dice, 30):
            self._about_nobody()
        for n in range(dice.choice([1, 2, 2, 3, 3, 4])):
            part(dice, partial(self._owned, f"table_{n}"))
        self._grace()
        self.world.facts = self._facts()
        self.world.policy["items"] = {
            item: {"label": {"ko": item, "en": item}, "category": "content"}
            for item in sorted({i for items in self.held.values() for i in items})
        }

    def _stores(self, zone: str) -> dict[str, Any]:
        app = {"url": "env:APP", "zone": zone}
        if chance(self.dice, 40):
            app["times"] = self.dice.choice(["local", "utc"])
        archive = {"url": "env:ARCHIVE", "files": "env:KEPT"}
        return {"app": app, "archive": archive, "files": {"pictures": {"path": "env:FILES"}}}

    def _key(self, table: Table, *, of: str = "") -> None:
        """What tells the table's rows apart."""
        dice, name = self.dice, table.name
        kind = dice.choice(["surrogate", "surrogate", "natural", "composite"])
        self._note(f"key: {kind}")

        def numbered(dice: Random, now: Now) -> int:
            return now.n

        def named(dice: Random, now: Now) -> str:
            return f"{name[0]}-{now.n}" if now.n % 2 else f"가'{name[0]} {now.n}"

        if kind == "natural":
            said = "item-1" if of and chance(dice, 40) else False
            if said:
                self._note("key that is personal")
                self.held.setdefault(name, []).append(said)
            table.add(Column("code", "text", named, nullable=False, said=said))
            table.key = ("code",)
        elif kind == "composite":
            table.add(
                Column("region", "text", lambda _, now: ("kr", "jp")[now.n % 2], nullable=False, said=False)
            )
            table.add(Column("number", "bigint", numbered, nullable=False, said=False))
            table.key = ("region", "number")
        else:
            table.add(Column("id", "bigint", numbered, nullable=False, said=False))
            table.key = ("id",)
        if of and chance(dice, 25):
            self._note("key: UNIQUE column")
            table.add(Column("login", "text", named, nullable=False, unique=True, said=False))
            self.world.subjects[of]["key"] = "login"
        elif of:
            self.world.subjects[of]["key"] = list(table.key)

    def _people(self, kind: str, name: str) -> None:
        self.world.policy["people"][kind] = {"label": {"ko": kind, "en": kind}}
        table = self.world.tables[name] = Table(name, (), {})
        subject: dict[str, Any] = {"table": name}
        self.world.subjects[kind] = subject
        self._key(table, of=kind)
        facts = {"membership ended": self._fact(table, "left_at")}
        if chance(self.dice, 40):
            facts["consent withdrawn"] = self._fact(table, "withdrawn_at")
            if chance(self.dice, 50):
                facts["consent withdrawn"] = {"from": "ledger"}
                self._note("fact that the ledger tells")
        subject["facts"] = facts
        self.ways[name] = [Way(kind, tuple(facts))]
        self._cells(table)
        self._claims(table, table.said)

    def _about_nobody(self) -> None:
        """A table without personal data, in which clocks of others may stand."""
        table = self.world.tables["events"] = Table("events", ("id",), {}, said={"personal": False})
        table.add(Column("id", "bigint", lambda _, now: now.n, nullable=False))
        table.add(Column("ended_at", TIME_TYPES["instant"], times("instant")))
        self.dated["events", "ended_at"] = "instant"

    def _owned(self, name: str) -> None:
        table = Table(name, (), {})
        self.ways[name] = []
        self._key(table)
        self._owners(table)
        if chance(self.dice, 20):
            self._self_reference(table)
        if chance(self.dice, 20):
            self._another_reference(table)
        self.world.tables[name] = table
        if "their" in self.forms.get(name, ""):
            self._join(table)
        facts = self._table_facts(table)
        self._cells(table)
        if table.said.get("co_owners"):
            self._theirs_alone(table)
        if chance(self.dice, 15):
            self._accessor(table)
        if chance(self.dice, 15):
            self._circle(table)
        self._orphans(table)
        if chance(self.dice, 40):
            self._classes(table, facts)
        else:
            table.said["facts"] = facts
            self._claims(table, table.said)

    def _owners(self, table: Table) -> None:
        dice, world = self.dice, self.world
        owned = [name for name in world.tables if name.startswith("table_")]
        forms = ["person", "person", "person, else words", "words", "by type"]
        forms += ["table", "table", "table, else words"] if owned else []
        forms += ["person, else other"] if "staff" in world.subjects else []
        by_type = [name for name in (*world.subjects, *owned) if len(self._key_columns(name)[1]) == 1]
        forms = [form for form in forms if form != "by type" or by_type]
        forms += ["together", "together", "their join rows"]
        form = dice.choice(forms)
        self._note(f"owner: {form}")
        self.forms[table.name] = form
        if form == "together":
            self._together(table, owned)
            return
        if form == "their join rows":
            table.said["owner"] = {f"{table.name}_join": {"their": f"to_{table.name}"}}
            return
        first, _, other = form.partition(", else ")
        owners: list[dict[str, Any]] = []
        if form == "by type":
            owners.append(
                self._by_type(table, several(dice, by_type, k=dice.randint(1, min(3, len(by_type)))))
            )
        elif first == "person":
            owners.append(
                self._edge(table, dice.choice(list(world.subjects)), nullable=True if other else None)
            )
        elif first == "table":
            owners.append(self._edge(table, dice.choice(owned), nullable=True if other else None))
        if other == "other":
            [kind] = [k for k in world.subjects if k not in owners[0]]
            owners.append(self._edge(table, kind))
        elif "words" in (first, other):
            owners.append(self._words(table))
        table.said["owner"] = owners if len(owners) > 1 or chance(dice, 50) else owners[0]

    def _edge(
        self, table: Table, to: str, *, nullable: bool | None = None, prefix: str = "", name: str = ""
    ) -> dict[str, Any]:
        """Columns that lead to a person or to a row of another table, as an owner is written."""
        target, to_columns = self._key_columns(to)
        columns = tuple(f"{name or prefix or target.name}_{column}" for column in to_columns)
        empty = chance(self.dice, 30) if nullable is None else nullable
        for column, there in zip(columns, to_columns, strict=True):
            types = target.columns[there].type
            table.add(Column(column, types, lambda *_: None, nullable=empty, said=False))
        kept = not chance(self.dice, 40)
        table.edges.append(Edge(columns, target.name, to_columns, kept, empty))
        self._note("edge: kept" if kept else "edge: kept by nobody", *(["edge: NULL"] if empty else []))
        if not prefix:
            self.ways[table.name] += [w for w in self.ways[target.name] if w not in self.ways[table.name]]
        return {to: list(columns) if len(columns) > 1 or chance(self.dice, 50) else columns[0]}

    def _words(self, table: Table) -> dict[str, Any]:
        """A person who is named by words in the row."""
        dice, world = self.dice, self.world
        nullable = chance(dice, 30)
        said = {"item": "words", "mask": "fixed(-)"} if chance(dice, 70) else False
        names = ("a@mail.example", "b@mail.example", "A@Mail.example", "-", *([None] if nullable else []))
        table.add(Column("words", "text", one_of(*names), nullable=nullable, said=said))
        if said:
            self.held.setdefault(table.name, []).append("words")
        world.policy["people"].setdefault("guest", {"label": {"ko": "guest", "en": "guest"}})
        if not world.inline and chance(dice, 40):
            world.inline["guest"] = {"match": "any-case"}
            self._note("people matched in any case")
        self.ways[table.name].append(Way("guest"))
        self._note("inline person")
        return {"guest": ["words"]}

    def _together(self, table: Table, owned: list[str]) -> None:
        """Several owners, each of whom keeps the row."""
        dice, owners = self.dice, []
        about_people = [name for name in owned if not self._of_things(self.world.tables[name])]
        for n in range(dice.choice([2, 2, 3])):
            to = dice.choice([*self.world.subjects, *self.world.subjects, *about_people, "guest"])
            if to == "guest":
                if "words" not in table.columns:
                    owners.append(self._words(table))
                continue
            owners.append(self._edge(table, to, name=f"owner_{n}"))
        if len(owners) < 2:
            owners.append(self._edge(table, "member", name="owner_3"))
        table.said["co_owners"] = owners

    def _of_things(self, table: Table) -> bool:
        """Whether rows may be about nobody."""
        return table.name in self.of_things or any(
            self._of_things(self.world.tables[e.to])
            for e in table.edges
            if e.to.startswith("table_") and e.to != table.name
        )

    def _theirs_alone(self, table: Table) -> None:
        """Cells, and the columns that point to a co-owner, that are one co-owner's alone."""
        free = [c.name for c in table.columns.values() if c.name.startswith("cell_") and c.said]
        if len({way.kind for way in self.ways[table.name]}) > 1 and chance(self.dice, 30):
            self.only_named.add(table.name)
            return
        for owner in table.said["co_owners"]:
            (columns,) = (listed(columns) for to, columns in owner.items())
            theirs = []
            if len(free) > 1 and chance(self.dice, 40):
                theirs.append(free.pop())
            if (
                columns != ["words"]
                and all(table.columns[c].nullable for c in columns)
                and chance(self.dice, 30)
            ):
                theirs += columns
            if theirs:
                owner["anonymise"] = theirs if len(theirs) > 1 else theirs[0]
                self._note("columns of one co-owner")

    def _join(self, table: Table) -> None:
        """Rows that say whose the rows of a table are."""
        join = Table(f"{table.name}_join", ("id",), {})
        join.add(Column("id", "bigint", lambda _, now: now.n, nullable=False, said=False))
        columns = tuple(f"to_{table.name}" if len(table.key) == 1 else f"to_{c}" for c in table.key)
        empty = chance(self.dice, 20)
        for column, there in zip(columns, table.key, strict=True):
            join.add(Column(column, table.columns[there].type, lambda *_: None, nullable=empty, said=False))
        join.edges.append(Edge(columns, table.name, table.key, not chance(self.dice, 40), empty))
        table.said["owner"] = {join.name: {"their": list(columns)}}
        self.ways[join.name] = []
        join.said["owner"] = self._edge(join, self.dice.choice(list(self.world.subjects)))
        self.ways[table.name] += self.ways[join.name]
        self.world.tables[join.name] = join
        join.said["orphans"] = "destroy"
        join.said["facts"] = {"recorded": self._fact(join, "at_0")}
        self._cells(join)
        self._claims(join, join.said)

    def _accessor(self, table: Table) -> None:
        """Somebody who is named in a row and owns nothing of it."""
        kind = self.dice.choice(list(self.world.subjects))
        named = self._edge(table, kind, nullable=True, prefix="also_by")
        if chance(self.dice, 30):
            named["keep"] = "somebody must answer for it"
            self._note("accessor who stays named")
        table.said["accessors"] = [named]
        self._note("accessor")

    def _circle(self, table: Table) -> None:
        """A person's row points to a row of theirs, which points to it: emptied before it goes."""
        if len(table.key) != 1 or any(w.kind != "member" for w in self.ways[table.name]):
            return
        people = self.world.tables["members"]
        column = f"also_{table.name}"
        people.add(Column(column, table.columns[table.key[0]].type, lambda *_: None, said=False))
        people.edges.append(Edge((column,), table.name, table.key, not chance(self.dice, 30), nullable=True))
        if not people.edges[-1].kept:
            people.said.setdefault("references", {})[column] = table.name
        people.said.setdefault("unlink", []).append(column)
        self._note("circle that is unlinked")

    def _by_type(self, table: Table, names: list[str]) -> dict[str, Any]:
        """One column tells whose key another holds."""
        alone = not any(self._several(self._key_columns(to)[0]) for to in names)
        if not alone:  # rows of several owners are about somebody
            names = [to for to in names if not self._of_things(self._key_columns(to)[0])]
        types = {self._key_columns(to)[0].columns[self._key_columns(to)[1][0]].type for to in names}
        text = types != {"bigint"} or chance(self.dice, 40)
        empty = chance(self.dice, 30)
        table.add(Column("whose", "text", lambda *_: None, nullable=empty, said=False))
        table.add(
            Column("whose_id", "text" if text else "bigint", lambda *_: None, nullable=empty, said=False)
        )
        said: dict[str, Any] = {"type": "whose", "id": "whose_id"}
        for to in names:
            target, (column,) = self._key_columns(to)
            spelled = text and target.columns[column].type != "text"
            when = (("whose", to.title()),)
            table.edges.append(Edge(("whose_id",), target.name, (column,), False, empty, when, spelled))
            self.ways[table.name] += [w for w in self.ways[target.name] if w not in self.ways[table.name]]
            said[to.title()] = to
            self._note("polymorphic: spelled key" if spelled else "polymorphic")
        if text and alone and chance(self.dice, 60):
            self.of_things.add(table.name)
            table.edges.append(Edge(("whose_id",), "", ("id",), False, empty, (("whose", "Thing"),)))
            said["Thing"] = False
            self._note("polymorphic: about nobody")
        return {"polymorphic": said}

    def _self_reference(self, table: Table) -> None:
        columns = tuple(f"parent_{column}" for column in table.key)
        for column, own in zip(columns, table.key, strict=True):
            table.add(Column(column, table.columns[own].type, lambda *_: None, said=False))
        table.edges.append(Edge(columns, table.name, table.key, kept=True, nullable=True))
        self._note("self reference")
        if len(columns) == 1 and chance(self.dice, 30):
            table.said["unlink"] = columns[0]
            self._note("self reference that is unlinked")

    def _another_reference(self, table: Table) -> None:
        """A foreign key to a table that is no owner, or is one twice."""
        others = [name for name in self.world.tables if name != "events"]
        to = self.dice.choice(others)
        kind = next((k for k, s in self.world.subjects.items() if s["table"] == to), to)
        before = len(table.edges)
        self._edge(table, kind, nullable=True, prefix=f"also_{to}")
        edge = table.edges[before]
        table.edges[before] = Edge(edge.columns, edge.to, edge.to_columns, kept=True, nullable=True)
        self._note("reference that is no owner")

    def _table_facts(self, table: Table) -> dict[str, Any]:
        """When the rows' clocks start: in columns of their own, or of rows they lead to."""
        dice, facts = self.dice, {}
        for n, trigger in enumerate(several(dice, OWN_FACTS, k=dice.choice([1, 2, 2, 3]))):
            there = self._elsewhere(table) if chance(dice, 30) else None
            if there:
                facts[trigger] = there
                self._note("fact in another row")
            else:
                facts[trigger] = part(dice, partial(self._fact, table, f"at_{n}", nullable=chance(dice, 70)))
        if "membership ended" in {t for w in self.ways[table.name] for t in w.triggers} and chance(dice, 10):
            facts["membership ended"] = self._fact(table, "ended_at")
            self._note("fact of a person in the row itself")
        return facts

    def _elsewhere(self, table: Table) -> Any:
        """A date in a row that this one leads to by one column; None where there is none."""
        if "events" in self.world.tables and chance(self.dice, 40):
            kept = not chance(self.dice, 50)
            table.add(Column("event_id", "bigint", lambda *_: None, said=False))
            if all(e.columns != ("event_id",) for e in table.edges):
                table.edges.append(Edge(("event_id",), "events", ("id",), kept, nullable=True))
            if not kept:
                table.said["references"] = {"event_id": "events"}
            return "event_id.ended_at"
        ways = [e for e in table.edges if len(e.columns) == 1 and e.to != table.name and not e.when]
        dated = [(e, column) for e in ways for at, column in self.dated if at == e.to]
        dated = [(e, c) for e, c in dated if e.kept or not e.columns[0].startswith("also_")]
        if not dated:
            return None
        edge, column = self.dice.choice(dated)
        said: dict[str, Any] = {"column": f"{edge.columns[0]}.{column}"}
        time_type = self.dated[edge.to, column]
        if time_type in ("utc", "epoch", "epoch-ms", "local"):
            said["as"] = time_type
        if self.world.tables[edge.to].columns[column].nullable:
            said["never"] = [NEVER]
        return said

    def _orphans(self, table: Table) -> None:
        """What becomes of rows of nobody."""
        dice = self.dice
        fate = dice.choice(["destroy", "date-from", "refuse"])
        if fate == "refuse" and self._may_be_nobodys(table):
            fate = "destroy"
        if fate == "date-from":
            time_type: TimeType = dice.choice(["instant", "local", "instant", "date"])
            self.no_hours |= {table.name} if time_type == "date" else set()
            table.add(Column("made_at", TIME_TYPES[time_type], times(time_type), said=False))
        self._note(f"orphans: {fate}")
        if fate != "refuse" or chance(dice, 50):
            table.said["orphans"] = "date-from(made_at)" if fate == "date-from" else fate

    def _may_be_nobodys(self, table: Table) -> bool:
        """Whether rows may have every way to an owner empty, here or further up."""
        if "their" in self.forms.get(table.name, "") or table.name in self.only_named:
            return True
        words = table.columns.get("words")
        edges = [e for e in table.edges if not e.columns[0].startswith(("parent_", "also_", "event_"))]
        return (words is None or words.nullable) and all(
            any(self._may_lead_nowhere(e) for e in edges if e.columns == columns)
            for columns in {e.columns: None for e in edges}
        )

    def _may_lead_nowhere(self, edge: Edge) -> bool:
        """Whether it may be empty, or lead to a row of nobody: the last join row may go before it does."""
        to = self.world.tables.get(edge.to)
        return edge.nullable or (edge.to.startswith("table_") and to is not None and self._may_be_nobodys(to))

    def _grace(self) -> None:
        if chance(self.dice, 35):
            period = self.dice.choice(["3 days", "5 days"])
            grace = {"period": period, "use": "none", "undo": True}
            self.world.policy["destruction"]["grace"] = {"membership ended": grace}
            self._note("grace")

    def _facts(self) -> Facts:
        dice, world = self.dice, self.world
        now = Now(world.dates[0], world.zone, 0)
        closed = moment(dice, now) if chance(dice, 30) else None
        holds = []
        for n in range(dice.choice([0, 0, 1, 2])):
            table = dice.choice(list(self.held))
            kind = dice.choice(list(world.policy["people"]))
            form = dice.choice(["person", "table", "person and table"])
            self._note(f"hold: {form}")
            holds.append(
                Hold(
                    f"hold-{n}",
                    "2026-1",
                    kind if "person" in form else None,
                    self._key_of(kind) if "person" in form else (),
                    table if "table" in form else None,
                )
            )
        return Facts({"service closed": closed} if closed else {}, tuple(holds))

    def _key_of(self, kind: str) -> tuple[str, ...]:
        """The first person's key of a kind, as text."""
        if kind == "guest":
            return ("a@mail.example",)
        subject = self.world.subjects[kind]
        table = self.world.tables[subject["table"]]
        now = Now(self.world.dates[0], self.world.zone, 1)
        return tuple(str(table.columns[c].fill(self.dice, now)) for c in listed(subject["key"]))


def _policy() -> dict[str, Any]:
    """What every promise has."""
    officer = {
        "title": {"ko": "책임자", "en": "Officer"},
        "phone": "02-0000-0000",
        "email": "officer@made-up.example",
    }
    return {
        "jikim": 1,
        "service": {"id": "made-up", "name": {"ko": "지어낸 곳", "en": "Made up"}},
        "controller": {"name": {"ko": "지어낸 곳", "en": "Made up Inc."}},
        "contacts": {"officer": officer},
        "languages": ["ko", "en"],
        "version": "1.0",
        "announced": "2026-01-02",
        "effective": "2026-01-12",
        "people": {},
        "items": {},
        "processing": {},
        "kept_by_law": {},
        "destruction": {"within": "5 days", "electronic": "irrecoverable", "paper": "shred or burn"},
    }
