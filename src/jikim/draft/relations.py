"""Which tables list people, and which columns point where: by keys, by names, by what the store answers. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from jikim.datamap.schema import Column, Schema, Table
from jikim.draft.guess import CERTAIN, LIKELY, POSSIBLE, Why
from jikim.draft.proposal import SubjectGuess
from jikim.draft.reading import Reading
from jikim.draft.topics import HANDLING, HISTORIES, OWNING, PEOPLE, PROFILES, TOPICS
from jikim.draft.words import IDENTIFIERS, THINGS, glued, singular, words

Readings = Mapping[str, Mapping[str, Reading]]
"""What each column of each table seems to be."""

Role = Literal["owning", "handling"]

_PREFIX: Final = re.compile(r"^(?:tbl|tb|tn|t|comtn|comvn|comth|lettn)(?=[a-z]{3})")
_TAIL: Final = glued("info information master mst base data list tbl table main inf m new old all bak")
PEOPLE_WORDS: Final = frozenset().union(*(people.words for people in PEOPLE.values()))
"""Every word that says what people a table lists."""
_NAMING: Final = (
    PEOPLE_WORDS | PROFILES | HISTORIES | _TAIL | frozenset().union(*(t.words for t in TOPICS.values()))
)
_POINTING: Final = PEOPLE_WORDS | OWNING | HANDLING | IDENTIFIERS
_IDENTITY: Final = frozenset(
    {"email", "phone", "name", "login-id", "password", "resident-number", "birth-date", "nickname"}
)


@dataclass(frozen=True)
class Edge:
    """Columns of one table that point to a key of another.

    :param role: whether they name the person whose row it is, or somebody who handled it.
    :param by_key: whether the store itself answers for it, by a foreign key.
    """

    table: str
    columns: tuple[str, ...]
    to: str
    to_columns: tuple[str, ...]
    role: Role
    by_key: bool
    why: Why


@dataclass(frozen=True)
class Overlap:
    """How many different values of some rows point to a row that exists."""

    asked: int
    found: int


def head(table: str) -> tuple[str, ...]:
    """The words of a table's name, the last being what its rows are; prefixes and tails that mean nothing are gone."""
    said = list(words(table, _NAMING))
    if said and said[0] not in _NAMING:
        bare = words(_PREFIX.sub("", said[0]), _NAMING)
        if singular("".join(bare[-1:])) in _NAMING:
            said[:1] = bare
    said = [singular(word) for word in said]
    while len(said) > 1 and said[-1] in _TAIL:
        said.pop()
    return tuple(said)


def kind_of(table: str) -> str:
    """The kind of people that a table of this name lists; empty for none."""
    last = head(table)[-1:]
    return next((id for id, people in PEOPLE.items() if last and last[0] in people.words), "")


# -- people -----------------------------------------------------------------------------------------------


def subjects(schema: Schema, readings: Readings) -> tuple[SubjectGuess, ...]:
    """Tables with one row a person, the surest first. One that another of them owns is none."""
    found = ((_lists_people(schema, readings, name), name) for name in schema.tables)
    scored = sorted(
        ((why, weight, name) for (why, weight), name in found if why),
        key=lambda each: (-each[0].confidence, -each[1], each[2]),
    )
    chosen: dict[str, Why] = {}
    for why, _, name in scored:
        if not _belongs_to(schema, schema.tables[name], chosen):
            chosen[name] = why
    kinds: dict[str, str] = {}
    for name in chosen:
        kinds[name] = _fresh(kind_of(name) or "person", name, set(kinds.values()))
    return tuple(
        SubjectGuess(kinds[name], name, schema.tables[name].primary_key, why) for name, why in chosen.items()
    )


def _lists_people(schema: Schema, readings: Readings, name: str) -> tuple[Why | None, int]:
    """What speaks for a table of people, and how much: keys that point to it, items that identify."""
    table, said, kind = schema.tables[name], head(name), kind_of(name)
    plain = {r.item for r in readings[name].values() if r.item in _IDENTITY and r.plain}
    sure = bool(kind) and PEOPLE[kind].sure
    identity = plain | (
        {"name"} if sure and any(r.item == "name" for r in readings[name].values()) else set()
    )
    if len(table.primary_key) != 1 or not said or set(said) & HISTORIES or not identity:
        return None, 0
    pointed = len(schema.referring_to(name))
    weight = 10 * pointed + len(identity)
    what = f"has {', '.join(sorted(identity))}{_pointed(pointed)}"
    if sure:
        return Why(CERTAIN if pointed else LIKELY, f"named like people, {what}"), weight
    if kind and identity & {"name", "email"}:
        return Why(POSSIBLE, f"may list people: {what}"), weight
    topical = set(said) & (_NAMING - PEOPLE_WORDS - _TAIL)
    if "password" in identity and identity & {"email", "login-id", "name"} and not topical:
        return Why(LIKELY, what), weight
    return None, 0


def _pointed(count: int) -> str:
    return f"; {count} foreign {'key points' if count == 1 else 'keys point'} to it" if count else ""


def _belongs_to(schema: Schema, table: Table, chosen: Iterable[str]) -> bool:
    """Whether each row of a table is one of a person listed elsewhere: an extension, or somebody they noted down."""
    for key in table.foreign_keys:
        if key.to_table in chosen and key.to_table != table.name and role_of(table, key.columns) == "owning":
            filled = not any(table.columns[c].nullable for c in key.columns)
            if filled or key.columns in (table.primary_key, *table.unique):
                return True
    own = {key[0] for key in (table.primary_key, *table.unique) if len(key) == 1}
    return any(
        c in table.columns and c not in own for name in chosen for c in _speaking_keys(schema.tables[name])
    )


def _speaking_keys(table: Table) -> Iterator[str]:
    """Keys of one column whose name tells whose key it is: ``mb_id``, but neither ``id`` nor ``email``."""
    for key in (table.primary_key, *table.unique):
        if len(key) == 1 and len(said := words(key[0])) > 1 and said[-1] in IDENTIFIERS:
            yield key[0]


def _fresh(kind: str, table: str, taken: set[str]) -> str:
    if kind not in taken:
        return kind
    slug = "-".join(word for word in words(table) if word.isascii())
    other = slug if re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) else kind
    return next(each for each in (other, *(f"{kind}-{n}" for n in range(2, 10_000))) if each not in taken)


# -- edges ------------------------------------------------------------------------------------------------


def stem(column: str) -> tuple[str, ...]:
    """A column's name without what makes it a key: ``member_id`` → member, ``created_by`` → created, by."""
    said = list(words(column, _POINTING))
    while len(said) > 1 and said[-1] in IDENTIFIERS:
        said.pop()
    return tuple(map(singular, said))


def role_of(table: Table, columns: tuple[str, ...]) -> Role:
    """Whether such columns name the person whose row it is, or somebody who handled it."""
    said = [word for column in columns for word in stem(column)]
    own = set(head(table.name))
    handled = [word for word in said if word in HANDLING and word not in own]
    acting = "".join(said) in HANDLING and not set(said) & own
    return "handling" if handled or acting else "owning"


def keyed(schema: Schema) -> Iterator[Edge]:
    """Every foreign key."""
    for table in schema.tables.values():
        for key in table.foreign_keys:
            if key.to_table in schema.tables:
                why = Why(CERTAIN, "a foreign key")
                yield Edge(
                    table.name,
                    key.columns,
                    key.to_table,
                    key.to_columns,
                    role_of(table, key.columns),
                    True,
                    why,
                )


def named(schema: Schema, people: Sequence[SubjectGuess]) -> Iterator[Edge]:
    """Columns without a foreign key whose names point to a table, or to people; of one column perhaps several."""
    for table in schema.tables.values():
        taken = {column for key in table.foreign_keys for column in key.columns}
        for column in table.columns.values():
            if column.name in taken or column.time_type or _is_own_key(table, column):
                continue
            for to, key, why in _meant(schema, people, table, column):
                yield Edge(table.name, (column.name,), to, key, role_of(table, (column.name,)), False, why)


def _is_own_key(table: Table, column: Column) -> bool:
    """Whether the column is the table's own number, and not the key of a person that it shares."""
    said = stem(column.name)
    shared = len(said) < len(words(column.name, _POINTING)) and bool(set(said) & (PEOPLE_WORDS | OWNING))
    own = set(said) <= set(head(table.name))
    return (
        (column.name,) == table.primary_key and (not shared or own) and not set(head(table.name)) & HISTORIES
    )


Meant = tuple[str, tuple[str, ...], Why]
"""A key that a column may point to: its table, its columns, and why."""


def _meant(schema: Schema, people: Sequence[SubjectGuess], table: Table, column: Column) -> list[Meant]:
    """The keys that a column may point to, by its name."""
    others = [name for name in schema.tables if name != table.name]
    return (
        _same_key(schema, people, table, column)
        or _after_table(schema, others, column)
        or _after_people(schema, people, table, column)
        or _of_origin(schema, others, table, column)
    )


def _same_key(schema: Schema, people: Sequence[SubjectGuess], table: Table, column: Column) -> list[Meant]:
    """``mb_id`` and ``recv_mb_id``, where people have a key ``mb_id``."""
    found: list[Meant] = []
    for person in people:
        for key in _speaking_keys(schema.tables[person.table]):
            same = column.name == key or column.name.endswith(f"_{key}")
            fits = schema.tables[person.table].columns[key].family == column.family
            if same and fits and person.table != table.name:
                found.append(
                    (person.table, (key,), Why(LIKELY, f"named like the key of {_tick(person.table)}"))
                )
    return found


def _after_table(schema: Schema, others: Sequence[str], column: Column) -> list[Meant]:
    """``order_id``, where there is a table ``orders`` or ``shop_order``."""
    said = stem(column.name)
    if len(said) == len(words(column.name, _POINTING)):
        return []
    same = [n for n in others if "".join(head(n)) == "".join(said) or head(n)[-len(said) :] == said]
    keys = ((n, _key_for(schema.tables[n], column)) for n in same)
    return [(n, key, Why(LIKELY, f"named after the table {_tick(n)}")) for n, key in keys if key]


def _after_people(
    schema: Schema, people: Sequence[SubjectGuess], table: Table, column: Column
) -> list[Meant]:
    """``user_id``, ``author``, ``created_by``: which people, the store may tell."""
    whole, said = words(column.name, _POINTING), stem(column.name)
    is_key = len(said) < len(whole) or column.family in ("number", "uuid")
    others = [p for p in people if p.table != table.name]
    called = [p for p in others if said[-1:] and said[-1] in PEOPLE.get(p.kind, PEOPLE["person"]).words]
    acting = "".join(said) in OWNING | HANDLING or bool(set(said) & (OWNING | HANDLING))
    return [
        (p.table, key, Why(POSSIBLE, f"named after a person; {_tick(p.table)} lists people"))
        for p in (called or (others if acting else ()))
        if is_key
        for key in (schema.tables[p.table].primary_key, *schema.tables[p.table].unique)
        if len(key) == 1 and schema.tables[p.table].columns[key[0]].family == column.family
    ]


def _of_origin(schema: Schema, others: Sequence[str], table: Table, column: Column) -> list[Meant]:
    """``id`` of ``historicalorder``: that of the order whose history it is."""
    if column.name != "id" or not set(head(table.name)) & HISTORIES:
        return []
    said = [word for word in head(table.name) if word not in HISTORIES]
    found = [n for n in others if list(head(n))[-1:] == said[-1:] and not set(head(n)) & HISTORIES]
    keys = ((n, _key_for(schema.tables[n], column)) for n in found)
    return [(n, key, Why(LIKELY, f"a history of {_tick(n)}")) for n, key in keys if key][:1]


def _key_for(to: Table, column: Column) -> tuple[str, ...]:
    """The key of a table that a column can be compared with; the primary key, else one of a single column."""
    for key in (to.primary_key, *to.unique):
        if len(key) == 1 and key[0] in to.columns and to.columns[key[0]].family == column.family:
            return key
    return ()


def _tick(name: str) -> str:
    return f"`{name}`"


def confirmed(answers: Iterable[tuple[Edge, Overlap | None]]) -> list[Edge]:
    """Guessed edges in the light of what the store answered; of each column the one that it speaks for most."""
    best: dict[tuple[str, tuple[str, ...]], tuple[float, Edge]] = {}
    for edge, overlap in answers:
        share = overlap.found / overlap.asked if overlap and overlap.asked else 0.5
        told = _told(edge, overlap, share)
        place = (edge.table, edge.columns)
        if told and (place not in best or share > best[place][0]):
            best[place] = (share, told)
    return [edge for _, edge in best.values()]


def _told(edge: Edge, overlap: Overlap | None, share: float) -> Edge | None:
    """The edge with what the store says of it; None where it contradicts a mere resemblance."""
    if overlap is None:
        return edge
    if not overlap.asked:
        return replace(edge, why=Why(POSSIBLE, f"{edge.why.reason}, and holds no value to compare"))
    if share < 0.5 and edge.why.open:
        return None
    reason = f"{edge.why.reason}; {overlap.found:,} of {overlap.asked:,} different values are found in {_tick(edge.to)}"
    if share == 1 and overlap.asked >= 20 and not edge.why.open:
        return replace(edge, why=Why(CERTAIN, reason))
    return replace(edge, why=Why(LIKELY if share > (0.9 if edge.why.open else 0.5) else POSSIBLE, reason))


def keyed_by(people: Sequence[SubjectGuess], edges: Sequence[Edge]) -> tuple[SubjectGuess, ...]:
    """People by the key that most edges lead to: some number their rows and let all else name the sign-in name."""
    found = []
    for person in people:
        used = Counter(
            edge.to_columns for edge in edges if edge.to == person.table and edge.table != person.table
        )
        used[person.key] += 0
        found.append(replace(person, key=max(used, key=lambda key: (used[key], key == person.key))))
    return tuple(found)


def polymorphic(table: Table) -> Iterator[tuple[str, str]]:
    """Pairs of columns, one of which names a table and the other a row of it: ``commentable_type``, ``…_id``."""
    ends = Counter[str]()
    types: dict[str, str] = {}
    for name in table.columns:
        said = words(name)
        if len(said) >= 2 and said[-1] == "type":
            types["".join(said[:-1])] = name
        ends["".join(said)] += 1
    for stem_of_type, type_column in types.items():
        for name in table.columns:
            said = words(name)
            if (
                len(said) >= 2
                and said[-1] in ("id", "no", "key", "pk")
                and "".join(said[:-1]) == stem_of_type
            ):
                yield type_column, name
    content = next(
        (name for name in table.columns if "".join(words(name)) in ("contenttypeid", "contenttype")), ""
    )
    target = next((name for name in table.columns if "".join(words(name)) in ("objectid", "objectpk")), "")
    if content and target:
        yield content, target


def is_thing(table: str) -> bool:
    """Whether a table's name is that of a thing: a shop has a telephone, too."""
    said = head(table)
    return bool(said) and (said[-1] in THINGS or said[-1] in glued("supplier vendor shipper"))
