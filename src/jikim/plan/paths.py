"""From a row to other rows: references, owners, and what points here. Pure.

Every way is checked before it is used: a hop whose ends do not exist or do not fit is refused with its fix.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import product
from operator import itemgetter

from jikim.datamap.model import DataMap, Fact, Facts, Owner, TableMap
from jikim.datamap.schema import ForeignKey, Schema
from jikim.datamap.told import column_of, table_of
from jikim.plan.schedule import Dependent, FactRef, Hop, Mention, OwnerPath, Ref
from jikim.policy.model import Policy
from jikim.source import Diagnostic, Path, Severity


class Unbound(Exception):  # noqa: N818 - not an error of the run: it blocks one table
    """A part of the map that the policy or the schema cannot bear."""

    def __init__(self, code: str, path: Path, message: str, *, why: str = "", fix: str = "") -> None:
        super().__init__(message)
        self.finding = Diagnostic(code, Severity.ERROR, message, why, fix, None, path)


class Paths:
    """The ways between the rows of a mapped store."""

    def __init__(self, policy: Policy, datamap: DataMap, schema: Schema) -> None:
        self.policy, self.datamap, self.schema = policy, datamap, schema
        self._dependents: dict[str, tuple[Dependent, ...]] = {}
        self._groups: dict[str, list[tuple[OwnerPath, ...]]] = {}

    def dependents(self, name: str) -> tuple[Dependent, ...]:
        """Everything that points to this table: owner edges, foreign keys, references that a clock reads by, and those
        that are emptied before a row of it goes."""
        if name not in self._dependents:
            self._dependents[name] = tuple(self._pointing(name))
        return self._dependents[name]

    def _pointing(self, name: str) -> Iterator[Dependent]:
        key = self.schema.tables[name].primary_key
        found = [
            (other, hop)
            for other, owner in self.edges_to(name)
            if not owner.their and (hop := self._towards(other, owner))
        ]
        found += [
            (self._table_of(owner), Hop(owner.their, name, key))
            for owner in self.datamap.tables[name].owners
            if owner.their
        ]
        found += [
            (other, Hop(foreign.columns, name, foreign.to_columns))
            for other, foreign in self.schema.referring_to(name)
        ]
        found += [(other, hop) for other, hop in self._read[1] if hop.table == name and not hop.many]
        unlinked = {(other, hop) for other, hop in self._unlinked if hop.table == name}
        for other, hop in dict.fromkeys((*found, *sorted(unlinked, key=str))):
            if self._sound(other, hop):
                yield Dependent(other, hop, unlinked=(other, hop) in unlinked)

    def edges_to(self, name: str) -> list[tuple[str, Owner]]:
        """Every edge to an owner that leads to this table, or to the kind of people whose rows it holds: the tables
        where they stand, in the order of the map."""
        found = [
            edge for to in {name, self.datamap.subject_of(name)} if to for edge in self._edges.get(to, ())
        ]
        return [(other, owner) for _, other, owner in sorted(found, key=itemgetter(0))]

    @cached_property
    def _edges(self) -> Mapping[str, list[tuple[int, str, Owner]]]:
        """Every edge to an owner by what it names, with its place in the map."""
        found: dict[str, list[tuple[int, str, Owner]]] = {}
        every = ((other, owner) for other, mapped in self.datamap.tables.items() for owner in mapped.owners)
        for place, (other, owner) in enumerate(every):
            found.setdefault(owner.to, []).append((place, other, owner))
        return found

    @cached_property
    def _unlinked(self) -> tuple[tuple[str, Hop], ...]:
        """Every table and each of its references that are emptied."""
        return tuple((name, hop) for name in self.datamap.tables for hop in self.unlinked(name))

    def leads(self, name: str) -> bool:
        """Whether rows of this table point to others and say whose those are."""
        return name in self._leading

    @cached_property
    def _leading(self) -> frozenset[str]:
        others = (owner for mapped in self.datamap.tables.values() for owner in mapped.owners)
        return frozenset(self._table_of(owner) for owner in others if owner.their)

    def unlinked(self, name: str) -> Iterator[Hop]:
        """The references of a table that are emptied before the rows they lead to go, as far as they lead anywhere."""
        mapped = self.datamap.tables[name]
        if not mapped.personal or name not in self.schema.tables:
            return
        for accessor in mapped.accessors:
            if accessor.keep is None and accessor.to in self.datamap.subjects:
                person = self.datamap.subjects[accessor.to]
                yield Hop(accessor.columns, person.table, person.key)
        for column in mapped.unlink:
            hop = self.reference(name, column)
            if hop is not None and self.datamap.tables.get(hop.table, TableMap(personal=False)).personal:
                yield hop

    def mentions(self, name: str) -> Iterator[Mention]:
        """Who is named in rows of a table and has a row of their own."""
        for accessor in self.datamap.tables[name].accessors:
            if accessor.to in self.datamap.subjects:
                person = self.datamap.subjects[accessor.to]
                yield Mention(accessor.to, accessor.columns, person.table, accessor.keep or "")

    def _table_of(self, owner: Owner) -> str:
        """The table that an edge leads to."""
        return self.datamap.subjects[owner.to].table if owner.to in self.datamap.subjects else owner.to

    def read_of(self, name: str) -> frozenset[str]:
        """Columns of a table that a clock or a class of any table reads: to mask them would move a date."""
        return frozenset(self._read[0].get(name, ()))

    def steps_by(self, name: str, hop: Hop) -> bool:
        """Whether a clock or a class of any table reads by this hop, or what it starts from."""
        return (name, hop) in self._read[1] or bool(self.read_of(name) & set(hop.columns))

    @cached_property
    def _read(self) -> tuple[Mapping[str, set[str]], tuple[tuple[str, Hop], ...]]:
        """Every column that decides about some row, by table, and every (table, hop) by which it is reached."""
        columns, hops = dict[str, set[str]](), dict[tuple[str, Hop], None]()
        for name, written, beside in self._said():
            try:
                ref = self.ref(name, written, ())
            except Unbound:
                continue  # its own table is refused for it
            at = name
            for hop in ref.hops:
                hops[at, hop] = None
                at = hop.table
            columns.setdefault(at, set()).update((ref.column, *beside))
        return columns, tuple(hops)

    def _said(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Each table, a column as the map writes it there, and the columns beside it that a condition reads."""
        for subject in self.datamap.subjects.values():
            yield from _columns(subject.table, subject.facts)
        for name, table in self.datamap.tables.items():
            if not table.personal or name not in self.schema.tables:
                continue
            claims = [c for r in table.classes.values() for c in (*r.processing, *r.records)]
            for facts in (
                table.facts,
                *(r.facts for r in table.classes.values()),
                *(c.facts for c in claims),
            ):
                yield from _columns(name, facts)
            yield from ((name, column, ()) for r in table.classes.values() for column in r.where)
            if table.orphans_dated_from:
                yield name, table.orphans_dated_from, ()

    def _sound(self, name: str, hop: Hop) -> bool:
        """Whether both ends of a hop exist and fit: one that does not blocks its own table."""
        here, there = self.schema.tables.get(name), self.schema.tables.get(hop.table)
        return (
            here is not None
            and there is not None
            and set(hop.columns) <= set(here.columns)
            and set(hop.to_columns) <= set(there.columns)
            and 0 < len(hop.columns) == len(hop.to_columns)
        )

    def owners(self, name: str) -> tuple[OwnerPath, ...]:
        """Every way from a row of this table to the people it is about. Raises ``Unbound`` for none."""
        return tuple(dict.fromkeys(path for group in self.groups(name) for path in group))

    def groups(self, name: str, passed: tuple[str, ...] = ()) -> list[tuple[OwnerPath, ...]]:
        """For each co-owner of a row, every way to them; one group for a row of one owner. Raises ``Unbound``."""
        if name in self._groups:
            return self._groups[name]
        found = self._ways(name, passed)
        self._groups[name] = found
        return found

    def _ways(self, name: str, passed: tuple[str, ...]) -> list[tuple[OwnerPath, ...]]:
        subject = self.datamap.subject_of(name)
        if subject:
            return [(OwnerPath(subject, (), self.datamap.subjects[subject].key, sure=True),)]
        mapped = self.datamap.tables[name]
        if not mapped.owners:
            raise Unbound(
                "unowned",
                ("tables", name),
                f"nobody owns the rows of `{name}`",
                why="a row that belongs to no person would never fall due",
                fix="add `owner: {member: member_id}`, or `personal: no`",
            )
        role = "co_owners" if mapped.co_owners else "owner"
        if name in passed:
            raise Unbound(
                "unreachable",
                ("tables", name, role),
                f"no person is reached from `{name}`: its owners own one another",
                fix="name the column that names the person",
            )
        edges = [
            self._edge(name, owner, ("tables", name, role, n, owner.to), (*passed, name))
            for n, owner in enumerate(mapped.owners)
        ]
        if mapped.co_owners:
            return [group for groups in edges for group in groups]
        return [tuple(path for group in chosen for path in group) for chosen in product(*edges)]

    def by_edge(self, name: str, owner: Owner) -> frozenset[OwnerPath]:
        """Every way that begins with one edge of this table."""
        return frozenset(path for group in self._edge(name, owner, (), (name,)) for path in group)

    def _edge(
        self, name: str, owner: Owner, path: Path, passed: tuple[str, ...]
    ) -> list[tuple[OwnerPath, ...]]:
        """The groups of ways that begin with one edge. Raises ``Unbound``."""
        hop = self._towards(name, owner)
        if hop is not None:
            hop = self._hop(name, hop, path)
            kept = self._kept(name, hop)
            return [
                tuple(replace(p, hops=(hop, *p.hops), sure=kept and p.sure) for p in group)
                for group in self.groups(hop.table, passed)
            ]
        if owner.to not in self.policy.people and not owner.nobody:
            raise Unbound(
                "unknown-owner",
                path,
                f"`{owner.to}` is neither a kind of person nor a table of the map",
                fix="name a key of `subjects`, a table, or a kind of `people` in the policy",
            )
        key = () if owner.nobody else owner.columns
        for column in (*key, *owner.when):
            self.ref(name, column, path)
        sure = not owner.when and not any(self.schema.tables[name].columns[c].nullable for c in key)
        match, when = self.datamap.match_of(owner.to), tuple(owner.when.items())
        return [(OwnerPath(owner.to, (), key, inline=True, sure=sure, match=match, when=when),)]

    def _towards(self, name: str, owner: Owner) -> Hop | None:
        """The step from a row to its owner's, be it sound or not; None for someone named inline."""
        if owner.to in self.datamap.subjects:
            person = self.datamap.subjects[owner.to]
            table, key = person.table, person.key
        elif owner.to in self.datamap.tables and owner.to in self.schema.tables:
            table, key = owner.to, self.schema.tables[owner.to].primary_key
        else:
            return None
        when = tuple(owner.when.items())
        if owner.their:
            return Hop(self.schema.tables[name].primary_key, table, owner.their, when, many=True)
        spelled = bool(owner.when) and self._spelled(name, owner.columns, table, key)
        return Hop(owner.columns, table, key, when, spelled)

    def _spelled(self, name: str, columns: tuple[str, ...], to: str, key: tuple[str, ...]) -> bool:
        """Whether some of these columns hold as text what is of another type where they lead."""
        here, there = self.schema.tables.get(name), self.schema.tables.get(to)
        if here is None or there is None:
            return False
        pairs = ((here.columns.get(c), there.columns.get(k)) for c, k in zip(columns, key, strict=False))
        return any(own and other and own.family != other.family for own, other in pairs)

    def _kept(self, name: str, hop: Hop) -> bool:
        """Whether the store itself sees to it that every row's hop leads to another row."""
        if hop.when:
            return False
        table = self.schema.tables[name]
        key = ForeignKey(hop.columns, hop.table, hop.to_columns)
        kept = any(replace(k, on_delete=key.on_delete) == key and k.valid for k in table.foreign_keys)
        return kept and not hop.many and not any(table.columns[c].nullable for c in hop.columns)

    def _hop(self, name: str, hop: Hop, path: Path) -> Hop:
        """An owner's hop, once both of its ends are known to exist and to fit. Raises ``Unbound``."""
        for column in (*hop.columns, *(column for column, _ in hop.when)):
            self.ref(name, column, path)
        for column in hop.to_columns if hop.many and hop.table in self.schema.tables else ():
            self.ref(hop.table, column, path)
        if not self._sound(name, hop):
            raise Unbound(
                "edge",
                path,
                f"{' + '.join(hop.columns)} cannot name a row of `{hop.table}`, "
                f"whose key is {' + '.join(hop.to_columns) or 'missing'}",
                fix="name as many columns as the key has, in its order; a table without a key needs one",
            )
        return hop

    def ref(self, name: str, written: str, path: Path, *, prefix: tuple[Hop, ...] = ()) -> Ref:
        """``column`` or ``reference.column`` as seen from a table. Raises ``Unbound``."""
        hops, table = prefix, name
        column, further = self.schema.tables[table].step(written)
        while further:
            step = column
            hop = self.reference(table, step)
            if hop is None:
                raise Unbound(
                    "no-reference",
                    path,
                    f"`{step}` of `{table}` points to no table",
                    fix=f"references: {{{step}: the_table}}",
                )
            hops, table = (*hops, hop), hop.table
            if not self._sound(hops[-2].table if len(hops) > 1 else name, hop):
                raise Unbound(
                    "no-reference", path, f"`{step}` leads to no row of `{table}` that can be named"
                )
            column, further = self.schema.tables[table].step(further)
        if column not in self.schema.tables[table].columns:
            raise Unbound("unknown-column", path, f"`{table}` has no column `{column}`")
        return Ref(column, hops)

    def told(self, fact: str, owner: OwnerPath, path: Path) -> FactRef:
        """Where a trigger is read that the ledger tells about a row's person. Raises ``Unbound``."""
        if owner.inline or owner.subject not in self.datamap.subjects:
            raise Unbound(
                "told-of-nobody",
                path,
                f"the ledger tells facts about people who have a row of their own, and `{owner.subject}` has none",
                fix=f"name the table of `{owner.subject}` under `subjects`, or a column that dates the fact",
            )
        key = self.datamap.subjects[owner.subject].key
        hop = Hop(key, table_of(owner.subject), key)
        return FactRef(Ref(column_of(fact), (*owner.hops, hop)), "utc")

    def reference(self, name: str, column: str) -> Hop | None:
        """The table a column points to: by the map, by an owner edge, or by a foreign key."""
        table = self.datamap.tables.get(name, TableMap())
        target = table.references.get(column)
        for edge in table.edges:
            if edge.columns == (column,) and not (isinstance(edge, Owner) and edge.when):
                if edge.to in self.datamap.subjects:
                    person = self.datamap.subjects[edge.to]
                    return Hop((column,), person.table, person.key)
                target = target or (edge.to if edge.to in self.schema.tables else None)
        if target is not None and target in self.schema.tables:
            return Hop((column,), target, self.schema.tables[target].primary_key)
        for foreign in self.schema.tables[name].foreign_keys:
            if foreign.columns == (column,):
                return Hop((column,), foreign.to_table, foreign.to_columns)
        return None


def _columns(name: str, facts: Facts) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The columns of a table that facts are read from, each with those beside it."""
    stored = (fact for fact in facts.values() if isinstance(fact, Fact))
    return ((name, fact.column, tuple(fact.when)) for fact in stored)
