"""Binds the promise to the tables: policy + law + data map + schema → schedules. Pure.

What cannot be bound is refused per table, with its fix; a refused table blocks itself, never the whole run.
Whether the map fits the schema at all is `datamap.check`; here the policy joins them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from jikim.datamap.model import NOBODY, ColumnMap, DataMap, Fact, FromLedger, RowClass, TableMap
from jikim.datamap.schema import Column, Schema
from jikim.datamap.told import PER_CLAIM, fact_name
from jikim.law.holidays import Holidays
from jikim.law.resolve import ResolvedPolicy, StatutoryRecord
from jikim.plan import json_path, roles
from jikim.plan.masks import Mask, fitting, parse_mask, unfit
from jikim.plan.order import Blocked, children_first, waiting
from jikim.plan.paths import Paths, Unbound
from jikim.plan.schedule import (
    Because,
    BoundClock,
    Calendar,
    Cell,
    Claim,
    Condition,
    DerivedCopy,
    FactRef,
    IdentityCell,
    OwnerPath,
    Ref,
    Schedules,
    StoreFact,
    TableSchedule,
    Variant,
)
from jikim.policy.model import Processing
from jikim.policy.retention import RetentionRule
from jikim.source import Diagnostic, Path

Facts = Mapping[str, Fact]

_SERVICE_WIDE = frozenset({"service closed"})
"""Triggers that happen once for everybody: they live in no row."""


@dataclass(frozen=True)
class Bound:
    """Schedules for every table that can be kept, and what blocks the others, by table."""

    schedules: Schedules
    blocked: Blocked


def bind(
    resolved: ResolvedPolicy,
    datamap: DataMap,
    schema: Schema,
    *,
    holidays: Holidays,
    refused: Blocked = MappingProxyType({}),
) -> Bound:
    """Schedules for every personal table of the map.

    :param refused: tables that something else found unfit (`datamap.check`); they get no schedule.
    :returns: dependents come before what they depend on; what must wait for a blocked table is blocked, too.
    """
    binder = _Binder(resolved, datamap, schema)
    tables: dict[str, TableSchedule] = {}
    blocked = dict(refused)
    for name, table in datamap.tables.items():
        if not table.personal or name not in schema.tables:
            continue
        try:
            tables[name] = binder.table(name, table)
        except Unbound as refusal:
            blocked[name] = _with(blocked.get(name, ()), refusal.finding)
    _, circles = children_first(tables, schema=schema)
    blocked |= {name: (*blocked.get(name, ()), *findings) for name, findings in circles.items()}
    blocked |= waiting(blocked, datamap, schema)
    order, _ = children_first(
        {name: each for name, each in tables.items() if name not in blocked}, schema=schema
    )
    calendar = Calendar(ZoneInfo(datamap.stores.app.zone), holidays, resolved.within)
    ordered = roles.beside_others(tuple(tables[name] for name in order))
    derived = tuple(
        DerivedCopy(name, (*view.reads, *view.upon))
        for name, view in schema.derived.items()
        if view.filled and view.remade
        if (name in order if view.of_itself else datamap.derived.get(name) == "refresh")
    )
    naming = tuple(datamap.naming(schema))
    return Bound(Schedules("app", ordered, calendar, resolved.digests, derived, naming), blocked)


def _with(known: tuple[Diagnostic, ...], finding: Diagnostic) -> tuple[Diagnostic, ...]:
    """Another finding about a table, unless its kind was already told."""
    return known if finding.code in {each.code for each in known} else (*known, finding)


class _Binder:
    """Binds one table at a time."""

    def __init__(self, resolved: ResolvedPolicy, datamap: DataMap, schema: Schema) -> None:
        self.resolved, self.datamap, self.schema = resolved, datamap, schema
        self.paths = Paths(resolved.policy, datamap, schema)

    # -- the table ----------------------------------------------------------------------------------------

    def table(self, name: str, table: TableMap) -> TableSchedule:
        """The schedule of one table. Raises ``Unbound``."""
        key = self.schema.tables[name].primary_key
        if not key:
            raise Unbound(
                "no-key",
                ("tables", name),
                f"`{name}` has no primary key",
                why="a row that cannot be named cannot be archived once and only once",
                fix="give it one: `jikim map check` says how",
            )
        groups = self.paths.groups(name)
        owners = self.paths.owners(name)
        roles.somebodys(name, groups)
        cells = self.cells(name, table)
        classes = tuple((label, self.where(name, row_class)) for label, row_class in table.classes.items())
        open_ = [label for label, where in classes if not where]
        if open_ != [classes[-1][0]]:
            what = (
                "rows of `{}` can fall outside every class"
                if not open_
                else "rows of `{}` never reach every class"
            )
            raise Unbound(
                "row-class",
                ("tables", name, "rows"),
                what.format(name),
                fix="let the last class of `rows`, and no other, have no `where`",
            )
        variants = tuple(
            self.variant(name, table, label, row_class, where=where, owner=owner, cells=cells)
            for (label, row_class), (_, where) in zip(table.classes.items(), classes, strict=True)
            for owner in owners
            if owner.subject != NOBODY
        )
        self._every_class_is_kept(name, table, variants)
        _every_cell_is_claimed(name, cells, variants)
        dependents = self.paths.dependents(name)
        orphan_date = self.orphan_date(name, table, variants)
        return TableSchedule(
            table=name,
            key=key,
            cells=tuple(
                self.masked_cells(name, cells, variants, stubbed=bool(dependents) or self.paths.leads(name))
            ),
            classes=classes,
            owners=owners,
            variants=variants,
            orphans="date-from" if orphan_date else table.orphans,  # type: ignore[arg-type]
            orphan_date=orphan_date,
            dependents=dependents,
            together=tuple(groups) if len(groups) > 1 else (),
            links=tuple(roles.link(self.paths, name, hop) for hop in self.paths.unlinked(name)),
            mentions=tuple(self.paths.mentions(name)),
        )

    def orphan_date(self, name: str, table: TableMap, variants: tuple[Variant, ...]) -> FactRef | None:
        """What dates the rows of nobody, where the map says so. Raises ``Unbound``."""
        path: Path = ("tables", name, "orphans")
        if table.orphans_dated_from is None:
            return None
        fact = self.fact(name, Fact(column=table.orphans_dated_from), path)
        lost = (
            clock
            for v in variants
            for claim in v.claims
            for clock in claim.clocks
            if isinstance(clock.fact, FactRef) and clock.fact.shared_with(v.owner)
        )
        if fact.time_type == "date" and (hourly := next((c for c in lost if c.period.unit == "hours"), None)):
            raise Unbound(
                "time-type",
                path,
                f"`{hourly.period} after {hourly.trigger}` cannot run from a date",
                why="where the owner is lost, this column dates what they started; a period in hours runs from an "
                "instant (민법 제156조)",
                fix="name a column that holds an instant, or `orphans: destroy`",
            )
        return fact

    # -- cells --------------------------------------------------------------------------------------------

    def cells(self, name: str, table: TableMap) -> tuple[Cell, ...]:
        """The personal cells of a table, masks still as the map writes them."""
        mapped = tuple(
            cell
            for column, written in table.columns.items()
            for cell in self._cells_of(name, column, written)
            if column in self.schema.tables[name].columns
        )
        known = {cell.column for cell in mapped}
        return (
            *mapped,
            *(cell for cell in roles.keys_given_up(self.paths, name) if cell.column not in known),
        )

    def _cells_of(self, name: str, column: str, written: ColumnMap) -> Iterator[Cell]:
        path: Path = ("tables", name, "columns", column)
        for item in written.items:
            if item not in self.resolved.policy.items:
                raise Unbound(
                    "unknown-item",
                    path,
                    f"`{item}` is no item of the policy",
                    why=f"`{name}.{column}` would hold what the promise does not name",
                    fix="declare the item in policy.yaml, or name the right one",
                )
            if self.resolved.policy.items[item].stored == "never":
                raise Unbound(
                    "never-stored",
                    path,
                    f"`{name}.{column}` holds `{item}`, which the policy says is never stored",
                    fix="drop the column, or change the promise",
                )
        try:
            mask = parse_mask(written.mask) if written.mask else None
        except ValueError as reason:
            raise Unbound("mask", (*path, "mask"), f"`{written.mask}`: {reason}") from None
        if written.item:
            yield Cell(column, written.item, mask, file=written.file or self.datamap.tables[name].files)
        for at, item in written.json_.items():
            try:
                steps = json_path.parse(at)
            except ValueError:
                raise Unbound(
                    "json-path",
                    path,
                    f"`{at}` is no path",
                    fix="write `$.name`, `$.name.inner`, or `$.list[*].name` for every element of a list",
                ) from None
            yield Cell(column, item, Mask("null"), steps)

    def masked_cells(
        self, name: str, cells: tuple[Cell, ...], variants: tuple[Variant, ...], *, stubbed: bool
    ) -> Iterator[Cell]:
        """Cells with the mask that will be used; key and trigger columns stay. Raises ``Unbound``."""
        table = self.schema.tables[name]
        staying = self._staying(name)
        given_up = {c for owner in self.datamap.tables[name].co_owners for c in owner.anonymise}
        inline = {
            column
            for owner in self.paths.owners(name)
            if owner.inline and not owner.hops
            for column in owner.key
            if column not in given_up
        }
        for cell in cells:
            column = table.columns[cell.column]
            partial = any(cell.name not in claim.cells for v in variants for claim in v.claims)
            if cell.path or cell.column in staying or not (stubbed or partial):
                yield cell
                continue
            mask = cell.mask or Mask("null")
            reason = unfit(mask, column, table)
            if not reason and mask.kind == "null" and cell.column in inline:
                reason = "names the person whose row it is"
            if reason:
                others = [m for m in fitting(column, table) if m.kind != "null" or cell.column not in inline]
                raise Unbound(
                    "mask",
                    ("tables", name, "columns", cell.column),
                    f"`{name}.{cell.column}` must be masked while its row stays; it {reason}, so `{mask}` "
                    "cannot stand there",
                    why="the row outlives this item's basis, or other rows still point to it",
                    fix=_mask_line(cell, column, others),
                )
            yield Cell(cell.column, cell.item, mask, cell.path, cell.file)

    def _staying(self, name: str) -> set[str]:
        """Columns that stay as long as their row: its keys, its clocks, and where it points."""
        table, written = self.schema.tables[name], self.datamap.tables[name]
        subject = self.datamap.subject_of(name)
        person = [self.datamap.subjects[subject]] if subject else []
        owners = [o for o in written.owners if o.to in self.datamap.subjects or o.to in self.datamap.tables]
        return {
            *table.primary_key,
            *self.paths.read_of(name),
            *(column for each in person for column in each.key),
            *(column for owner in owners for column in owner.columns if column not in owner.anonymise),
            *(column for _, owner in self.paths.edges_to(name) for column in owner.their),
            *(column for owner in written.owners for column in owner.when),
            *(column for dependent in self.paths.dependents(name) for column in dependent.hop.to_columns),
        }

    # -- claims -------------------------------------------------------------------------------------------

    def variant(
        self,
        name: str,
        table: TableMap,
        label: str,
        row_class: RowClass,
        *,
        where: tuple[Condition, ...],
        owner: OwnerPath,
        cells: tuple[Cell, ...],
    ) -> Variant:
        """The claims on rows of one class about one kind of person. Raises ``Unbound``."""
        path: Path = ("tables", name, *(("rows", label) if table.rows else ()))
        facts = {**self._subject_facts(owner), **_own(table.facts), **_own(row_class.facts)}
        processings = []
        for claimed in row_class.processing:
            processing = self.resolved.policy.processing.get(claimed.id)
            if processing is None:
                raise Unbound(
                    "unknown-processing",
                    (*path, "processing"),
                    f"`{claimed.id}` is no processing of the policy",
                )
            if owner.subject in processing.about:
                claim = self.processing(
                    name, processing, {**facts, **_own(claimed.facts)}, owner, cells, path
                )
                processings += roles.of_one_owner(self.paths, name, claim, owner, cells)
        if not processings:
            if table.co_owners:  # they are named in rows that others have a basis for
                return Variant(label, where, owner, (), ())
            raise _no_processing(name, path, f"`{owner.subject}`")
        records = []
        for claimed in row_class.records:
            record = self.resolved.records.get(claimed.id)
            if record is None:
                raise Unbound(
                    "unknown-record", (*path, "records"), f"`{claimed.id}` is no record under `kept_by_law`"
                )
            claim = self.record(name, record, {**facts, **_own(claimed.facts)}, owner, cells, path)
            records += roles.of_one_owner(self.paths, name, claim, owner, cells)
        return Variant(label, where, owner, tuple(processings), tuple(records))

    def _every_class_is_kept(self, name: str, table: TableMap, variants: tuple[Variant, ...]) -> None:
        """Refuse a class of rows for which no co-owner has a basis."""
        for label in table.classes:
            of_class = [v for v in variants if v.row_class == label]
            if not any(v.processings for v in of_class):
                path: Path = ("tables", name, *(("rows", label) if table.rows else ()))
                kinds = dict.fromkeys(f"`{v.owner.subject}`" for v in of_class)
                raise _no_processing(name, path, " or ".join(kinds))

    def processing(
        self,
        name: str,
        processing: Processing,
        facts: Mapping[str, tuple[Fact | FromLedger, OwnerPath | None]],
        owner: OwnerPath,
        cells: tuple[Cell, ...],
        path: Path,
    ) -> Claim:
        """A processing's claim on this table. Raises ``Unbound``."""
        if processing.keep is None:
            raise Unbound(
                "no-period",
                path,
                f"`processing.{processing.id}` has no period",
                why="what has no end cannot be kept",
                fix="give it a `keep` in policy.yaml",
            )
        grace = {trigger: g.period for trigger, g in self.resolved.policy.destruction.grace.items()}
        clocks = self.clocks(name, processing.id, processing.keep, facts, owner, path, grace)
        covered = frozenset(c.name for c in cells if c.item in processing.items.all)
        if not covered:
            raise Unbound(
                "no-item",
                path,
                f"`processing.{processing.id}` covers no column of `{name}`",
                fix="map a column to one of its items, or leave the processing out here",
            )
        because = Because(f"processing.{processing.id}")
        return Claim(processing.id, "processing", covered, processing.keep.combine, clocks, because)

    def record(
        self,
        name: str,
        record: StatutoryRecord,
        facts: Mapping[str, tuple[Fact | FromLedger, OwnerPath | None]],
        owner: OwnerPath,
        cells: tuple[Cell, ...],
        path: Path,
    ) -> Claim:
        """A statutory record's claim on this table, with the identity it may take along. Raises ``Unbound``."""
        told = {trigger for trigger, (fact, _) in facts.items() if isinstance(fact, FromLedger)}
        if of_a_processing := [c.trigger for c in record.rule.clocks if c.trigger in PER_CLAIM & told]:
            raise Unbound(
                "whose-consent",
                path,
                f"`kept_by_law.{record.id}` counts from `{of_a_processing[0]}`, which the ledger tells of a processing",
                fix="name a column that dates it",
            )
        clocks = self.clocks(name, record.id, record.rule, facts, owner, path, {})
        covered = frozenset(c.name for c in cells if c.item in record.items)
        identity = self.identity(record, owner, own={c.item for c in cells})
        lent = {i.ref.column for i in identity} if owner.hops else covered
        names_owner = set(owner.key) <= lent if owner.inline else self._identifies(record, owner)
        if owner.fan:  # a copy is of one row, and these are as many people as rows lead to
            names_owner = False
            if any(any(hop.many for hop in fact.ref.hops) for fact in _facts_of(clocks)):
                raise Unbound(
                    "many-clocks",
                    path,
                    f"`kept_by_law.{record.id}` would count from as many dates as rows of `{owner.fan[-1].table}` lead "
                    "to people",
                    why="the rows that lead there go with their people, and the copy needs one date",
                    fix=f"facts: {{{clocks[0].trigger}: a_column_of_{name}}}",
                )
        files = [c for c in cells if c.name in covered and c.file]
        if files and self.datamap.stores.archive.files is None:
            raise Unbound(
                "file-kept",
                ("tables", name, "columns", files[0].column),
                f"`kept_by_law.{record.id}` would keep `{files[0].column}`, which names a file",
                why="the archive has no folder: the file itself would stay where the service can reach it",
                fix="stores: {archive: {files: env:KEPT_FILES}}   # or leave the item out of the record",
            )
        if not covered:
            raise Unbound(
                "no-item",
                path,
                f"`kept_by_law.{record.id}` covers no column of `{name}`",
                fix="map a column to one of its items, or leave the record out here",
            )
        because = Because(f"kept_by_law.{record.id}", record.law, record.article)
        return Claim(
            record.id, "record", covered, record.rule.combine, clocks, because, identity, names_owner
        )

    def _identifies(self, record: StatutoryRecord, owner: OwnerPath) -> bool:
        """Whether the record covers anything that identifies its owner: else a copy names nobody."""
        person = self.datamap.tables.get(self.datamap.subjects[owner.subject].table, TableMap())
        return any(written.items & record.items for written in person.columns.values())

    def identity(
        self, record: StatutoryRecord, owner: OwnerPath, *, own: set[str]
    ) -> tuple[IdentityCell, ...]:
        """Cells of the owner's row that the record may take along: what it covers and the row itself lacks."""
        if not owner.hops or owner.fan:
            return ()
        at = owner.hops[-1].table
        table = self.datamap.tables.get(at, TableMap())
        return tuple(
            IdentityCell(Ref(column, owner.hops), f"{owner.subject}_{column}")
            for column, written in table.columns.items()
            if column in self.schema.tables[at].columns
            and written.item in record.items
            and written.item not in own
            and (column in owner.key or not owner.inline)
        )

    def clocks(
        self,
        name: str,
        claim: str,
        rule: RetentionRule,
        facts: Mapping[str, tuple[Fact | FromLedger, OwnerPath | None]],
        owner: OwnerPath,
        path: Path,
        grace: Mapping[str, object],
    ) -> tuple[BoundClock, ...]:
        """The rule's clocks, each with the column that starts it.

        A clock that this kind of person cannot start (a guest never leaves) is left out while another of the
        same rule can be; a rule without any is refused, unless only the end of the service was promised.
        """
        bound = []
        for clock in rule.clocks:
            period = grace.get(clock.trigger)
            if clock.trigger in _SERVICE_WIDE:
                bound.append(BoundClock(clock.trigger, clock.period, StoreFact(clock.trigger), period))  # type: ignore[arg-type]
            elif clock.trigger in facts:
                written, via = facts[clock.trigger]
                at = (*path, "facts", clock.trigger)
                if isinstance(written, FromLedger):
                    fact = self.paths.told(fact_name(clock.trigger, claim), owner, at)
                else:
                    fact = self.fact(name, written, at, via=via)
                if clock.period.unit == "hours" and fact.time_type == "date":
                    raise Unbound(
                        "time-type",
                        at,
                        f"`{clock.period} after {clock.trigger}` cannot run from a date",
                        why="a period in hours runs from an instant (민법 제156조)",
                        fix="name a column that holds an instant, or promise days",
                    )
                bound.append(BoundClock(clock.trigger, clock.period, fact, period))  # type: ignore[arg-type]
            elif rule.combine == "last":
                bound.clear()
                break
        named = [c.trigger for c in rule.clocks if c.trigger not in _SERVICE_WIDE]
        if not any(isinstance(b.fact, FactRef) for b in bound) and named:
            wanted = " or ".join(f"`{trigger}`" for trigger in named)
            raise Unbound(
                "no-start",
                path,
                f"nothing says when {wanted} happened for `{claim}` in `{name}` about `{owner.subject}`",
                why="a clock whose start nobody names never runs",
                fix=f"add `facts: {{{named[0]}: some_column}}` to the table, its class or its subject",
            )
        return tuple(bound)

    # -- facts and references -----------------------------------------------------------------------------

    def _subject_facts(self, owner: OwnerPath) -> dict[str, tuple[Fact | FromLedger, OwnerPath | None]]:
        if owner.inline:
            return {}
        return {
            trigger: (fact, owner) for trigger, fact in self.datamap.subjects[owner.subject].facts.items()
        }

    def fact(self, name: str, fact: Fact, path: Path, *, via: OwnerPath | None = None) -> FactRef:
        """Where a trigger is read: in this table, or in the person's row when ``via`` leads there."""
        start = via.hops[-1].table if via and via.hops else name
        prefix = via.hops if via else ()
        ref = self.paths.ref(start, fact.column, path, prefix=prefix)
        table = ref.hops[-1].table if ref.hops else name
        column = self.schema.tables[table].columns[ref.column]
        time_type = column.time_as(fact.as_, times=self.datamap.stores.app.times)
        if time_type is None:
            raise Unbound(
                "time-type",
                path,
                f"`{table}.{ref.column}` is `{column.type}`, which is not read as {fact.as_ or 'a time'}",
                fix=f"{{column: {fact.column}, as: epoch}} for a number; else name a date or a timestamp",
            )
        when = tuple(
            Condition(Ref(self.paths.ref(table, column, path).column, ref.hops), value)
            for column, value in fact.when.items()
        )
        return FactRef(ref, time_type, fact.never, when, of_subject=via is not None and bool(via.hops))

    def where(self, name: str, row_class: RowClass) -> tuple[Condition, ...]:
        """The conditions of a row class."""
        path: Path = ("tables", name, "rows")
        return tuple(
            Condition(self.paths.ref(name, column, path), value) for column, value in row_class.where.items()
        )


def _facts_of(clocks: tuple[BoundClock, ...]) -> list[FactRef]:
    return [clock.fact for clock in clocks if isinstance(clock.fact, FactRef)]


def _no_processing(name: str, path: Path, kinds: str) -> Unbound:
    return Unbound(
        "no-processing",
        path,
        f"no processing of `{name}` is about {kinds}",
        why="rows without any basis would be destroyed at once",
        fix=f"name a processing whose `about` has {kinds}",
    )


def _own(facts: Mapping[str, Fact | FromLedger]) -> dict[str, tuple[Fact | FromLedger, OwnerPath | None]]:
    return {trigger: (fact, None) for trigger, fact in facts.items()}


def _mask_line(cell: Cell, column: Column, others: list[Mask]) -> str:
    """The line of the map that would do."""
    if column.generated:
        return f"{cell.column}: no   # it follows the columns it is generated from"
    if not others:
        return "drop the constraint, or stop storing it here"
    if others[0].kind == "null":
        return f"{cell.column}: {cell.item}"
    return f"{cell.column}: {{item: {cell.item}, mask: {json.dumps(str(others[0]))}}}"


def _every_cell_is_claimed(name: str, cells: tuple[Cell, ...], variants: tuple[Variant, ...]) -> None:
    """Refuse a personal column that no basis covers: it would be masked the moment it is written."""
    claimed = frozenset[str]().union(*(claim.cells for variant in variants for claim in variant.claims))
    for cell in cells:
        if cell.name not in claimed and not cell.item:
            raise Unbound(
                "no-basis",
                ("tables", name, "co_owners"),
                f"`{cell.column}` is emptied when a co-owner leaves, and no processing of `{name}` is about them",
                why="who has no part in the row cannot leave it, so the column would be emptied at once",
                fix="name a processing that is about them, or leave the column out of `anonymise`",
            )
        if cell.name not in claimed:
            raise Unbound(
                "no-basis",
                ("tables", name, "columns", cell.column),
                f"no processing or record of `{name}` covers `{cell.item}`",
                why="an item without a basis may not be held (개인정보 보호법 제15조, 제30조)",
                fix=f"name a processing that lists `{cell.item}`, or stop storing it",
            )
