"""A draft from a schema and what its values look like: every guess put together. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jikim.datamap.schema import Schema, Table
from jikim.draft import clocks, relations
from jikim.draft.columns import columns, personal_at_all
from jikim.draft.guess import LIKELY, POSSIBLE, Question, Why
from jikim.draft.kinds import AUTOMATIC
from jikim.draft.owners import Ownership, ownership, unowned
from jikim.draft.proposal import Draft, FactGuess, OwnerGuess, SubjectGuess, TableGuess, Taking
from jikim.draft.reading import alarms, read
from jikim.draft.relations import Edge, Readings, head
from jikim.draft.topics import HISTORIES, MEMBERSHIP, TOPICS, Topic, named_topic
from jikim.draft.values import NOTHING, Seen

Looks = Mapping[str, Mapping[str, Seen]]
"""What the sampled values of each column of each table look like; what could not be read is not in it."""


def readings(schema: Schema, looks: Looks) -> Readings:
    """What each column of each table seems to be by itself."""
    return {
        table.name: {
            c.name: read(c, looks.get(table.name, {}).get(c.name, NOTHING)) for c in table.columns.values()
        }
        for table in schema.tables.values()
    }


def service_id(database: str) -> str:
    """An id for the service, from what its database is called."""
    slug = "-".join(re.findall("[a-z0-9]+", database.lower())).lstrip("0123456789-")
    return slug or "service"


def compose(
    schema: Schema,
    looks: Looks,
    read_as: Readings,
    people: Sequence[SubjectGuess],
    edges: Sequence[Edge],
    *,
    service: str,
) -> Draft:
    """The draft.

    :param people: :func:`jikim.draft.relations.subjects`.
    :param edges: keys, and guessed edges that the store confirmed.
    :param service: the service's id.
    """
    looks = {
        name: {c: looks.get(name, {}).get(c, NOTHING) for c in t.columns} for name, t in schema.tables.items()
    }
    owned = ownership(schema, people, edges, read_as)
    composing = _Composing(schema, looks, read_as, tuple(people), tuple(edges), owned)
    tables = tuple(composing.table(table) for table in schema.tables.values())
    subjects = tuple(replace(p, facts=composing.leaving(p)) for p in people)
    takings = tuple(composing.takings(tables, subjects))
    kinds = dict.fromkeys(kind for taking in takings for kind in taking.about)
    asked = (
        *composing.questions(tables, subjects),
        *_open(Draft(service, (), subjects, tables, takings, ())),
    )
    ordered = tuple(dict.fromkeys((*(p.kind for p in subjects), *kinds)))
    return Draft(service, ordered, subjects, tables, takings, asked)


def _open(draft: Draft) -> Iterator[Question]:
    """A question for every guess that a person has to decide."""
    for sort, where, why in draft.guesses():
        if why.open:
            yield Question(sort, where, why.reason)


@dataclass(frozen=True)
class _Composing:
    """All that is known, and the guesses that follow from it."""

    schema: Schema
    looks: Looks
    readings: Readings
    people: tuple[SubjectGuess, ...]
    edges: tuple[Edge, ...]
    owned: Ownership

    # -- tables -------------------------------------------------------------------------------------------

    def table(self, table: Table) -> TableGuess:
        """What the map says of one table."""
        name = table.name
        listed = next((p for p in self.people if p.table == name), None)
        owners = self.owned.owners.get(name, ())
        if not (listed or owners or name in self.owned.behind):
            return TableGuess(name, personal=False, why=self._about_nobody(table))
        id, topic = self.topic(name)
        facts = self._facts(table, topic) if not listed else ()
        orphans = self._orphans(table)
        dating = {f.column for f in facts} | {f.column for f in (self.leaving(listed) if listed else ())}
        owning = frozenset(c for owner in owners for c in owner.columns)
        outside = {p.kind for p in self.people} | set(self.schema.tables)
        inline = frozenset(c for owner in owners if owner.to not in outside for c in owner.columns)
        guessed = columns(
            table,
            self.readings[name],
            self.looks[name],
            topic=topic,
            lists_people=listed is not None,
            pointing=self._pointing(name, owning),
            owned_by=owning,
            inline=inline,
            dating=frozenset(dating | ({orphans} if orphans else set())),
        )
        why = listed.why if listed else self._leads(name, owners)
        return TableGuess(name, True, why, id, owners, orphans, facts, guessed)

    def _leads(self, name: str, owners: Sequence[OwnerGuess]) -> Why:
        """Why a table is about people: its rows lead to them, or something in it speaks of them."""
        if not owners:
            return self._nobodys(name)
        to = ", ".join(f"`{owner.to}`" for owner in owners)
        return Why(max(LIKELY, *(owner.why.confidence for owner in owners)), f"its rows lead to {to}")

    def _nobodys(self, name: str) -> Why:
        pointing = ", ".join(f"`{each}`" for each in self.owned.behind.get(name, ()))
        if pointing:
            return Why(
                POSSIBLE, f"holds personal data, and nothing in it names whose; {pointing} points to it"
            )
        return Why(POSSIBLE, "holds personal data, and nothing in it names whose")

    def _about_nobody(self, table: Table) -> Why:
        handled = self.owned.handled.get(table.name, ())
        if handled:
            by = ", ".join(f"`{c}`" for edge in handled for c in edge.columns)
            to = ", ".join(sorted({f"`{edge.to}`" for edge in handled}))
            return Why(POSSIBLE, f"{by} points to {to}: are these rows theirs, or did they only handle them?")
        plain = list(personal_at_all(self.readings[table.name]))
        if plain:
            named = ", ".join(f"`{c}`" for c in plain)
            return Why(POSSIBLE, f"has {named}: of a person, or of a thing?")
        return Why(LIKELY, "leads to nobody, and no column speaks of a person")

    def _pointing(self, name: str, owning: frozenset[str]) -> dict[str, str]:
        """Columns of a table that point elsewhere than to its owner, and what is said of that."""
        listed = {p.table for p in self.people}
        said: dict[str, str] = {}
        for edge in self.edges:
            if edge.table == name and not set(edge.columns) <= owning:
                people = ", which lists people, too" if edge.to in listed else ""
                said |= dict.fromkeys(edge.columns, f"points to `{edge.to}`{people}")
        return said

    def topic(self, name: str, passed: frozenset[str] = frozenset()) -> tuple[str, Topic]:
        """The part of the service that a table belongs to: by its name, else that of the table it is a part of."""
        listed = {p.table: p.kind for p in self.people}
        if name in listed:
            return ("employment", _EMPLOYED) if listed[name] == "employee" else ("membership", MEMBERSHIP)
        said = tuple(word for word in head(name) if word not in HISTORIES)
        if found := named_topic(said):
            return found
        for owner in self.owned.owners.get(name, ()):
            if owner.to in self.owned.owners and owner.to not in passed:
                return self.topic(owner.to, passed | {name})
        return "membership", MEMBERSHIP

    # -- clocks -------------------------------------------------------------------------------------------

    def leaving(self, person: SubjectGuess) -> tuple[FactGuess, ...]:
        """When a membership ended, where the table of people dates it."""
        fact = clocks.fact("membership ended", self.schema.tables[person.table], self.looks[person.table])
        return (fact,) if fact else ()

    def _facts(self, table: Table, topic: Topic) -> tuple[FactGuess, ...]:
        wanted = [topic.trigger] if topic.trigger else []
        named = {owner.to for owner in self.owned.owners.get(table.name, ())}
        if not named <= {p.kind for p in self.people} | set(self.schema.tables):
            wanted.append("recorded")  # whoever has no row of their own never leaves
        found = (self._fact(trigger, table) for trigger in dict.fromkeys(wanted))
        return tuple(fact for fact in found if fact)

    def _fact(self, trigger: str, table: Table) -> FactGuess | None:
        """The column that dates a fact; else that of the row which the table's rows are parts of."""
        if fact := clocks.fact(trigger, table, self.looks[table.name]):
            return fact
        for owner in self.owned.owners.get(table.name, ()):
            if owner.to in self.owned.owners and len(owner.columns) == 1 and "." not in owner.columns[0]:
                whole = clocks.fact(trigger, self.schema.tables[owner.to], self.looks[owner.to])
                return replace(whole, column=f"{owner.columns[0]}.{whole.column}") if whole else None
        return None

    def _orphans(self, table: Table) -> str:
        """The column that dates rows which may belong to nobody; empty where none may, or none dates them."""
        if table.name not in set(unowned(self.schema, self.owned, self.edges, self.people)):
            return ""
        fact = clocks.fact("recorded", table, self.looks[table.name])
        return fact.column if fact and not fact.numbers and ")" not in fact.column else ""

    # -- promises -----------------------------------------------------------------------------------------

    def takings(self, tables: Sequence[TableGuess], subjects: Sequence[SubjectGuess]) -> Iterator[Taking]:
        """One processing for each part of the service that some table belongs to."""
        leaving = {p.kind for p in subjects if p.facts}
        used = {table.topic for table in tables if table.personal}
        for id in (id for id in ("membership", *TOPICS) if id in used):
            own = [table for table in tables if table.topic == id]
            about = tuple(dict.fromkeys(k for t in own for k in self.owned.kinds(t.name, self.people)))
            items = dict.fromkeys(
                item for t in own for c in t.columns for item in (c.item, *c.inside.values()) if item
            )
            always = {
                c.item
                for t in own
                for c in t.columns
                if c.item and not self.schema.tables[t.name].columns[c.name].nullable
            }
            required = tuple(item for item in items if item in always and item not in AUTOMATIC)
            automatic = tuple(item for item in items if item in AUTOMATIC)
            optional = tuple(item for item in items if item not in {*required, *automatic})
            ends = [f.trigger for t in own for f in t.facts if f.trigger != "recorded"]
            logged = any(f.trigger == "recorded" for t in own for f in t.facts)
            if leaving & set(about) and TOPICS.get(id, MEMBERSHIP).trigger != "recorded":
                ends.append("membership ended")
            yield Taking(
                id,
                about or ("person",),
                required,
                optional,
                automatic,
                *_kept(list(dict.fromkeys(ends)), logged),
            )

    # -- what only a person can answer --------------------------------------------------------------------

    def questions(self, tables: Sequence[TableGuess], subjects: Sequence[SubjectGuess]) -> Iterator[Question]:
        """What no guess is about."""
        if not subjects:
            yield Question("people", ("subjects",), "no table seems to list people: whose data is this?")
        for person in subjects:
            if not person.facts:
                yield self._when_left(person)
        for table in tables:
            at = ("tables", table.name)
            for type_column, column in relations.polymorphic(self.schema.tables[table.name]):
                text = f"`{column}` points to rows of several tables, told by `{type_column}`"
                yield Question("owner", at, f"{text}: a map cannot follow that yet")
            for edge in self.owned.also.get(table.name, ()):
                if edge.role == "owning" and table.name not in {p.table for p in subjects}:
                    columns = ", ".join(f"`{c}`" for c in edge.columns)
                    yield Question(
                        "owner", at, f"{columns} points to `{edge.to}`, too: one row can have one owner only"
                    )
            for column, sample in self.looks[table.name].items():
                for alarm in alarms(sample):
                    yield Question("column", (*at, "columns", column), alarm)
        loose = set(unowned(self.schema, self.owned, self.edges, self.people))
        for table in tables:
            if table.name in loose and not table.orphans:
                text = "rows may belong to nobody, and no column dates them: what becomes of those?"
                yield Question("owner", ("tables", table.name, "orphans"), text)

    def _when_left(self, person: SubjectGuess) -> Question:
        table = self.schema.tables[person.table]
        unread, column = clocks.unreadable("membership ended", table), clocks.flag(table)
        told = f"; `{column}` may say that they did, but not when" if column else ""
        if unread:
            told = (
                f"; `{unread}` is named so, but is `{table.columns[unread].type}`, from which no date is read"
            )
        text = f"no column that can be read says when somebody left `{person.table}`{told}"
        return Question("clock", ("subjects", person.kind, "facts"), text)


_EMPLOYED = replace(TOPICS["employment"], item="employment-record")


def _kept(ends: list[str], recorded: bool) -> tuple[str, Why]:
    """How long, as far as columns date an end; else nothing is promised."""
    if len(ends) > 1:
        return f"{{until first of: [{', '.join(ends)}]}}", Why(
            POSSIBLE, "columns date these; is it what you promise?"
        )
    if ends:
        return f"until {ends[0]}", Why(POSSIBLE, "a column dates this; is it what you promise?")
    if recorded:
        return "unstated", Why(
            POSSIBLE, "how long? a column dates when it was recorded, such as `3 months after recorded`"
        )
    return "unstated", Why(POSSIBLE, "how long? no column dates an end")
