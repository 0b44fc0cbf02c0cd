"""Whose rows these are: from people along edges to everything that is theirs. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from jikim.datamap.schema import Schema, Table
from jikim.draft.guess import LIKELY, POSSIBLE, Why
from jikim.draft.proposal import OwnerGuess, SubjectGuess
from jikim.draft.reading import Reading
from jikim.draft.relations import PEOPLE_WORDS, Edge, head, is_thing
from jikim.draft.topics import named_topic

_BY_ITSELF: Final = (
    ("email", "guest"),
    ("phone", "guest"),
    ("login-id", "guest"),
    ("device", "visitor"),
    ("ip", "visitor"),
    ("session-token", "visitor"),
)
"""Items that name a person where no row of theirs is pointed to, and the kind of people they are then."""


@dataclass(frozen=True)
class Ownership:
    """Whose the rows of each table are.

    :param owners: for each table that is somebody's, the owners in the order in which they are asked.
    :param handled: for each table that is nobody's, the edges to whoever handled its rows.
    :param behind: for each table that is nobody's yet personal, the tables whose rows point to it.
    :param also: for each table that is somebody's, further edges to people.
    """

    owners: Mapping[str, tuple[OwnerGuess, ...]]
    handled: Mapping[str, tuple[Edge, ...]]
    behind: Mapping[str, tuple[str, ...]]
    also: Mapping[str, tuple[Edge, ...]]

    def kinds(
        self, table: str, people: Sequence[SubjectGuess], passed: frozenset[str] = frozenset()
    ) -> tuple[str, ...]:
        """Every kind of people whose rows a table may hold."""
        own = [p.kind for p in people if p.table == table]
        if own or table in passed:
            return tuple(own)
        found: list[str] = []
        for owner in self.owners.get(table, ()):
            through = owner.to in self.owners or owner.to in {p.table for p in people}
            found += self.kinds(owner.to, people, passed | {table}) if through else [owner.to]
        return tuple(dict.fromkeys(found))


def ownership(
    schema: Schema,
    people: Sequence[SubjectGuess],
    edges: Sequence[Edge],
    readings: Mapping[str, Mapping[str, Reading]],
) -> Ownership:
    """Whose the rows of each table are, as far as edges and columns tell."""
    listed = {p.table: p for p in people}
    taken = {*schema.tables, *(p.kind for p in people)}
    owners: dict[str, tuple[OwnerGuess, ...]] = {}
    for table in schema.tables.values():
        if table.name not in listed and (direct := _direct(table, listed, edges)):
            owners[table.name] = direct
    _spread(schema, listed, edges, owners)
    behind: dict[str, tuple[str, ...]] = {}
    for table in schema.tables.values():
        if table.name in listed:
            continue
        own = readings[table.name]
        if table.name not in owners and _speaks_of_people(table, own):
            before = {e.table for e in edges if e.to == table.name and e.table in {*owners, *listed}}
            if not before and (inline := _inline(table, own, taken)):
                owners[table.name] = (inline,)
            else:
                behind[table.name] = tuple(sorted(before))
        elif (
            table.name in owners
            and _may_be_empty(table, owners[table.name])
            and (inline := _inline(table, own, taken))
        ):
            owners[table.name] = (*owners[table.name], inline)
    _spread(schema, listed, edges, owners)
    used = {(name, owner.columns) for name, each in owners.items() for owner in each}
    pointing = [e for e in edges if e.to in listed and e.table != e.to]
    return Ownership(
        owners,
        _by_table(e for e in pointing if e.table not in owners and e.table not in listed),
        {name: tables for name, tables in behind.items() if name not in owners},
        _by_table(
            e
            for e in pointing
            if (e.table in owners or e.table in listed) and (e.table, e.columns) not in used
        ),
    )


def _direct(
    table: Table, listed: Mapping[str, SubjectGuess], edges: Iterable[Edge]
) -> tuple[OwnerGuess, ...]:
    """Owners that are people: one that is always there, or all that may be, in the order of the columns."""
    order = list(listed)
    found = [
        e
        for e in edges
        if e.table == table.name
        and e.to in listed
        and e.role == "owning"
        and e.to_columns == listed[e.to].key
    ]
    found.sort(key=lambda e: (not _named_after(e), not e.by_key, order.index(e.to), _place(table, e.columns)))
    always = [e for e in found if not _nullable(table, e.columns)]
    chosen = always[:1] or found
    return tuple(OwnerGuess(listed[e.to].kind, e.columns, _sureness(table, e)) for e in _each_once(chosen))


def _sureness(table: Table, edge: Edge) -> Why:
    """A table of which nothing is known but that a row may have an owner may as well be about something else."""
    if _nullable(table, edge.columns) and not named_topic(head(table.name)) and not _named_after(edge):
        return Why(POSSIBLE, f"{edge.why.reason}, which may be empty: are these rows theirs?")
    return edge.why


def _named_after(edge: Edge) -> bool:
    """Whether the columns are called after the people themselves: `user_id`, not `sender_id`."""
    return any(
        word in head(edge.to) or word in PEOPLE_WORDS for column in edge.columns for word in head(column)
    )


def _each_once(edges: Iterable[Edge]) -> list[Edge]:
    return list({e.columns: e for e in reversed(list(edges))}.values())[::-1]


def _spread(
    schema: Schema,
    listed: Mapping[str, SubjectGuess],
    edges: Sequence[Edge],
    owners: dict[str, tuple[OwnerGuess, ...]],
) -> None:
    """Let what points to somebody's row be theirs, too, until nothing is added."""
    while True:
        added = {}
        sure = {name for name, each in owners.items() if not all(owner.why.open for owner in each)}
        for table in schema.tables.values():
            if table.name not in listed and table.name not in owners:
                through = [e for e in edges if e.table == table.name and e.to in sure and e.to != table.name]
                through = [
                    e
                    for e in through
                    if e.role == "owning" and e.to_columns == schema.tables[e.to].primary_key
                ]
                if through:
                    added[table.name] = (_through(table, through, owners),)
        if not added:
            return
        owners |= added


def _through(table: Table, through: list[Edge], owners: Mapping[str, tuple[OwnerGuess, ...]]) -> OwnerGuess:
    """The table of whose rows these are parts: named alike, in the key, filled in."""
    own = set(head(table.name))
    best = min(
        through,
        key=lambda e: (
            -len(own & set(head(e.to))),
            not set(e.columns) <= set(table.primary_key),
            _nullable(table, e.columns),
            _place(table, e.columns),
        ),
    )
    weakest = min((owner.why for owner in owners[best.to]), key=lambda why: why.confidence)
    why = Why(min(best.why.confidence, LIKELY), best.why.reason).weaker(weakest)
    if _nullable(table, best.columns) and not own & set(head(best.to)):
        why = Why(POSSIBLE, f"{why.reason}, which may be empty")
    return OwnerGuess(best.to, best.columns, why)


def _nullable(table: Table, columns: Iterable[str]) -> bool:
    return any(table.columns[column].nullable for column in columns)


def _place(table: Table, columns: tuple[str, ...]) -> int:
    return list(table.columns).index(columns[0])


def _by_table(edges: Iterable[Edge]) -> dict[str, tuple[Edge, ...]]:
    found: dict[str, tuple[Edge, ...]] = {}
    for edge in edges:
        found[edge.table] = (*found.get(edge.table, ()), edge)
    return found


# -- people without a row of their own --------------------------------------------------------------------


def _speaks_of_people(table: Table, readings: Mapping[str, Reading]) -> bool:
    """Whether a table that leads to nobody holds what is personal anywhere."""
    plain = {r.item for r in readings.values() if r.plain and r.kind} | {
        inner.item for r in readings.values() for inner in r.inside.values()
    }
    return bool(plain - {"free-text"}) and not (
        is_thing(table.name) and plain <= {"email", "phone", "address", "location"}
    )


def _inline(table: Table, readings: Mapping[str, Reading], taken: Set[str]) -> OwnerGuess | None:
    """The column that names somebody who has no row of their own.

    :param taken: names that mean a table, or people with a table.
    """
    for item, kind in _BY_ITSELF:
        for name, reading in readings.items():
            if (
                reading.item == item
                and reading.plain
                and table.columns[name].family in ("text", "inet", "uuid")
            ):
                reason = f"nothing leads to a row of theirs; `{item}` is what names them"
                called = kind if kind not in taken else f"unlisted-{kind}"
                return OwnerGuess(called, (name,), Why(POSSIBLE, reason))
    return None


def _may_be_empty(table: Table, owners: Iterable[OwnerGuess]) -> bool:
    return all(_nullable(table, owner.columns) for owner in owners)


# -- rows that belong to nobody any more ------------------------------------------------------------------


def unowned(
    schema: Schema, guessed: Ownership, edges: Sequence[Edge], people: Sequence[SubjectGuess]
) -> Iterator[str]:
    """Tables whose rows may belong to nobody: a pointer may be empty, or nothing keeps what it points to."""
    listed = {p.table for p in people} | {p.kind for p in people}
    keyed = {(e.table, e.columns) for e in edges if e.by_key}

    def loose(name: str, passed: frozenset[str]) -> bool:
        if name in passed or name not in guessed.owners:
            return False
        table = schema.tables[name]
        return all(
            _nullable(table, owner.columns)
            or (owner.to in {*listed, *guessed.owners} and (name, owner.columns) not in keyed)
            or (owner.to in guessed.owners and loose(owner.to, passed | {name}))
            for owner in guessed.owners[name]
        )

    for name in guessed.owners:
        if loose(name, frozenset()):
            yield name
