"""The statements of one batch (PostgreSQL). Builds them, runs nothing.

A batch is two statements in one transaction. *Pick* locks due rows and names them by ctid, passing over rows
that others hold. *Carry out* then sees every row committed before the locks were taken: it repeats the whole
predicate, makes the archived copies, changes the rows, queues their files and writes the receipt, all at once.

Rows to which nothing can point need not be locked first: *carry out* then takes what is due in some blocks of the
table, all or so many, or so many of those to which an index leads. Where nothing goes along with the rows, it is a
plain DELETE or UPDATE, and the receipt comes after it.

A trigger of the store may keep a row as it was. So copies, files and receipt speak only of rows that were seen to
go, or whose masks were seen to stand in the row as the store took it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from jikim.backends.base import Provenance, Run
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.sql.compile import Compiler, Row, every, negated, some
from jikim.backends.sql.dialect import Sql, Statement
from jikim.backends.sql.leaving import Leaving, due_days
from jikim.backends.sql.provenance import PROVENANCE
from jikim.plan.plan import Action, Step

_PLAIN = frozenset(
    {
        *("smallint", "integer", "bigint", "numeric", "real", "double precision", "boolean", "uuid", "date"),
        *("timestamp with time zone", "timestamp without time zone"),
    }
)
"""Types of which no value has a comma, a quote or the end of a line in it."""
_SPELLED_ONE_WAY = frozenset({"smallint", "integer", "bigint", "uuid"})
"""Types of which equal values have equal texts."""
_QUOTED = """'"' || replace(({})::text, '"', '""') || '"'"""
_PART = 1_000_000
"""Bytes of lines that are told together; more are not put together, however wide the rows of a batch are."""
By = Literal["place", "blocks", "some", "index", "person"]
"""How rows are named: by their places, bound as ``ctids`` and ``leaves``; as those of some blocks (bound: ``first``,
``after``), or up to ``size`` (bound) of them; as up to ``size`` of all that are due; or as one person's."""


@dataclass(frozen=True)
class Batches:
    """Builds the statements of one step's batches.

    :param archive: the schema of the archive; None where that is in another database.
    :param as_lines: whether an archive in another database takes copies as lines of CSV.
    :param theirs: the condition under which a row is the person's, where rows are named so.
    :param hers: what is known of such a row, where it is nobody else's.
    """

    dialect: PostgreSQL
    leaving: Leaving
    archive: str | None
    as_lines: bool = False
    theirs: Sql = "true"
    hers: Row | None = None

    @property
    def compiler(self) -> Compiler:
        """What turns predicates into SQL."""
        return self.leaving.compiler

    def pick(self, step: Step, *, by: By = "place") -> Statement:
        """Lock due rows and name them: up to ``size`` (bound), or those of some blocks."""
        row, limit = self.compiler.base(step.table), f" limit {self.dialect.named('size', 'integer')}"
        due = (
            f"select r.ctid, r.tableoid from {self.compiler.source(row)} where"
            f" {every([*self._within(by), self.compiler.condition(step.predicate, row)])}"
            f"{'' if by == 'blocks' else limit} for update of r skip locked"
        )
        named = "array_agg(ctid)::text, array_agg(tableoid)::text"
        return self.compiler.statement(f"select {named}, count(*) from ({due}) picked")

    def count(self, step: Step) -> Statement:
        """Count due rows, locking none."""
        row = self.compiler.base(step.table)
        due = self.compiler.condition(step.predicate, row)
        return self.compiler.statement(f"select count(*) from {self.compiler.source(row)} where {due}")

    def first(self, step: Step) -> Statement:
        """The first of some blocks (bound) in which a row is due, locking none; NULL for none."""
        row = self.compiler.base(step.table)
        due = every([*self._within("blocks"), self.compiler.condition(step.predicate, row)])
        first = "(min(r.ctid)::text::point)[0]::bigint"
        return self.compiler.statement(f"select {first} from {self.compiler.source(row)} where {due}")

    def share(self, step: Step, *, part: Sql) -> Statement:
        """Count the rows of a partition, and those that are due.

        In an aggregate's own filter PostgreSQL would look for each row's owner anew, as if there were one row.
        """
        due = self.compiler.condition(step.predicate, self.compiler.base(step.table))
        looked = f"select {due} as due from only {part} r {self.dialect.as_it_stands}"
        return self.compiler.statement(f"select count(*), count(*) filter (where due) from ({looked}) looked")

    def bare(self, step: Step) -> bool:
        """No file goes with a row, and no person is told of it."""
        return not (self.leaving.file_cells(step) or step.persons)

    def just_goes(self, step: Step) -> bool:
        """Its rows are deleted, and nothing goes along with them but whose they were."""
        return step.action is Action.DESTROY and not (step.copies or self.leaving.file_cells(step))

    def whose(self, step: Step, *, by: By) -> Statement:
        """Delete the rows that are due, of which nothing goes along; say who caused it, and of how many rows."""
        row = self.compiler.base(step.table)
        owners = self.leaving.owners(step, row)
        named = ", ".join(f"{value} as {name}" for name, value in owners.items()) or "true"
        change = f"{self._change(step, row)} where {self._due(step, row, by)} returning {named}"
        said = ", ".join(["count(*)", *owners])
        grouped = f" group by {', '.join(owners)}" if owners else ""
        return self.compiler.statement(f"with gone as ({change}) select {said} from gone{grouped}")

    def plainly(self, step: Step, *, by: By) -> Statement:
        """Change the rows that are due, of which nothing goes anywhere."""
        row = self.compiler.base(step.table)
        return self.compiler.statement(f"{self._change(step, row)} where {self._due(step, row, by)}")

    def _change(self, step: Step, row: Row) -> Sql:
        source = self.compiler.source(row)
        if step.action in (Action.ARCHIVE, Action.DESTROY):
            return f"delete from {source}"
        columns = dict.fromkeys(cell.column for cell, _ in step.masks)
        new = ", ".join(f"{self.dialect.quoted(c)} = {self.leaving.masked(row, step, c)}" for c in columns)
        return f"update {source} set {new}"

    def _due(self, step: Step, row: Row, by: By) -> Sql:
        due = self.compiler.condition(step.predicate, (self.hers if by == "person" else None) or row)
        match by:
            case "place":
                named = [self._picked(step)]
            case "blocks":
                named = self._within(by)
            case "index" | "some":
                size = self.dialect.named("size", "integer")
                there = every([*self._within(by), due])
                some = f"select r.ctid from {self.compiler.source(row)} where {there} limit {size}"
                named = [f"r.ctid = any(array({some}))"]
            case "person":
                named = [self.theirs]
        return every([*named, due])

    def _within(self, by: By) -> list[Sql]:
        """The row lies in the blocks, where rows are named so."""
        first, after = (self.dialect.named(each, "tid") for each in ("first", "after"))
        return [f"r.ctid >= {first}", f"r.ctid < {after}"] if by in ("blocks", "some") else []

    def carry_out(
        self, step: Step, *, run: Run, by: By = "place", again: bool = True, part: Sql = ""
    ) -> Statement:
        """Change the picked rows that are still due, or those due in some blocks, all or so many; write the receipt.

        Of a ``part`` it is told what goes with its due rows, which are there still.

        A copy may be kept already of a row that was archived before. Where that is rare it is faster to find out by
        the archive's refusal: without ``again``, it does refuse.

        Bound: the ``number`` of the batch. Where the archive is elsewhere, copies are there already (bound: how many
        are new, ``copied``), and what went is written down for it. Where it takes lines, they are told with the rows:
        see :meth:`crossing`.
        """
        row = self.compiler.base(step.table)
        due, change = self._due(step, row, by), self._change(step, row)
        wanted = self._wanted(step, row)
        labelled = ", ".join(f"{value} as {name}" for name, value in wanted.items())
        if part:
            due = self.compiler.condition(step.predicate, row)
            ctes = {"gone": f"select {labelled} from only {part} r where {due}"}
        elif step.action in (Action.ARCHIVE, Action.DESTROY):
            ctes = {"gone": f"{change} where {due} returning {labelled}"}
        else:
            masked = every(negated(self.compiler.condition(bare, row)) for _, bare in step.masks)
            ctes = {
                "due": f"select {labelled} from {self.compiler.source(row)} where {due}",
                "changed": f"{change} where {due}"
                f" returning {self.compiler.row_key(row)} as jikim_key, {masked} as masked",
                "gone": "select due.* from due join changed using (jikim_key) where changed.masked",
            }
        ctes |= {"whose": self._whose(step, run), "people": self._people(step)}
        kept = {f"kept_{n}": self._kept(step, n, run) for n in range(len(step.copies))}
        if self.archive is None:
            copies = {"moved": self._moved(step, run, kept)} if kept else {}
        else:
            copies = {f"copies_{n}": self._archived(step, n, run, again) for n in range(len(step.copies))}
        files = {f"files_{n}": self._files(step, run, n) for n, _ in enumerate(self.leaving.file_cells(step))}
        parts = {**ctes, **kept, **copies, **files}
        if self.archive is not None:
            parts |= {f"said_{n}": self._said(step, n, run) for n in range(len(step.copies))}
        receipt = self._receipt(step, run, copies=copies, files=files)
        if self.crosses(step):
            parts["receipt"] = receipt
            told = "select null::integer, rows, null::text from receipt"
            receipt = " union all ".join([told, *(self._lines(step, n, run) for n in range(len(kept)))])
        return self.compiler.statement(
            f"with {', '.join(f'{name} as ({text})' for name, text in parts.items())} {receipt}"
        )

    # -- to an archive on another server ------------------------------------------------------------------

    def crosses(self, step: Step) -> bool:
        """Rows go, and the statement that takes them away tells their copies: there is no other look at them.

        It then answers, beside how many rows went (of no copy), for each of the step's copies: which, how many, and
        their lines, about a megabyte at a time.
        """
        return self.as_lines and bool(step.copies) and not step.masks

    def columns(self, step: Step, n: int, run: Run) -> tuple[str, ...]:
        """The columns of the copies under a step's ``n``-th record, in their order."""
        return tuple(self._values(step, n, run))

    def _lines(self, step: Step, n: int, run: Run) -> Sql:
        """Copies under one record as lines of CSV."""
        plain = self._plain(step, n)
        each = (
            f"coalesce({f'{value}::text' if name in plain else _QUOTED.format(value)}, '')"
            for name, value in self._values(step, n, run).items()
        )
        line = f"select concat_ws(',', {', '.join(each)}) as line from kept_{n}"
        part = f"sum(octet_length(line)) over (rows unbounded preceding) / {_PART} as part"
        parted = f"select line, {part} from ({line} {self.dialect.as_it_stands}) lines"
        return f"select {n}, count(*), string_agg(line, E'\\n') from ({parted}) parted group by part"

    def _plain(self, step: Step, n: int) -> set[str]:
        """Columns of a copy whose values need no quotes, whatever they are."""
        columns = self.compiler.schema.tables[step.table].columns
        cells = self.leaving.schedule.copied(step.copies[n].claim)
        bare = {
            each.name
            for each in cells
            if not (each.path or each.file) and columns[each.column].type.partition("(")[0] in _PLAIN
        }
        return {"jikim_destroy_after", "jikim_provenance", *bare}

    def _wanted(self, step: Step, row: Row) -> dict[str, Sql]:
        """What the rest of the statement needs of a row, by label: of one that just goes, whose it was."""
        owners = self.leaving.owners(step, row)
        read = {name: value for _, parts in self._caused(step, row).values() for name, value in parts.items()}
        if self.just_goes(step):
            return read or {"jikim_key": self.compiler.row_key(row)}
        caused = owners.values()
        along = self.leaving.wanted(step, row).items()
        return {n: v for n, v in along if v not in caused or not n.startswith("subject_key")} | read

    def _caused(self, step: Step, row: Row) -> dict[str, tuple[Sql, dict[str, Sql]]]:
        """The keys of those who caused that a row goes, by label: as text, made of what is read of the row by label.

        A number is read as it is, and spelled once for all rows of a person.
        """
        caused: dict[str, tuple[Sql, dict[str, Sql]]] = {}
        columns = self.compiler.schema.tables[row.table].columns
        for n, (label, key) in enumerate(self.leaving.owners(step, row).items()):
            path = step.persons[n]
            hops, own, when = path.named_at
            plain = not (hops or when or n) and path.match == "exact" and self.leaving.certainly(path)
            if plain and all(columns[c].type in _SPELLED_ONE_WAY for c in own):
                read = {f"{label}_{m}": self.compiler.column(row, c) for m, c in enumerate(own)}
                parts = [self.dialect.spelled(part, columns[c]) for part, c in zip(read, own, strict=True)]
                caused[label] = self.dialect.key(parts), read
            else:
                caused[label] = label, {label: key}
        return caused

    def _subject_key(self, step: Step, n: int, row: Row) -> Sql:
        """Whose copy it is under the ``n``-th record: mostly that of who caused the step."""
        label = f"subject_key_{n}"
        keys = self._caused(step, row)
        said = {value: keys[name][0] for name, value in self.leaving.owners(step, row).items()}
        return said.get(self.leaving.wanted(step, row)[label], label)

    def places(self, step: Step) -> Statement:
        """Where the picked rows lie, and their keys, one column of texts for each of the key's."""
        row = self.compiler.base(step.table)
        keys = ", ".join(f"{self.compiler.column(row, c)}::text" for c in self._key(step))
        return self.compiler.statement(
            f"select r.ctid::text, r.tableoid::text, {keys} from {self.compiler.source(row)}"
            f" where {self._picked(step)}"
        )

    def put_back(self, step: Step) -> Statement:
        """Which rows of these keys (bound: ``key_0``…) are as they were before they were masked."""
        row, key = self.compiler.base(step.table), self._key(step)
        columns = self.compiler.schema.tables[step.table].columns
        given = [
            f"{self.dialect.named(f'key_{n}', 'text[]')}::{columns[c].type}[]" for n, c in enumerate(key)
        ]
        named = f"({', '.join(self.compiler.column(row, c) for c in key)})"
        bare = some(self.compiler.condition(each, row) for _, each in step.masks)
        texts = ", ".join(f"{self.compiler.column(row, c)}::text" for c in key)
        return self.compiler.statement(
            f"select {texts} from {self.compiler.source(row)}"
            f" where {named} in (select * from unnest({', '.join(given)})) and {bare}"
        )

    def _key(self, step: Step) -> tuple[str, ...]:
        return self.compiler.schema.tables[step.table].primary_key

    def _picked(self, step: Step) -> Sql:
        """The row is one of those picked. In each partition the same ctid names another row."""
        ctids = self.dialect.named("ctids", "tid[]")
        if not self.compiler.schema.tables[step.table].partitioned:
            return f"r.ctid = any({ctids})"
        leaves = self.dialect.named("leaves", "oid[]")
        return f"r.ctid = any({ctids}) and (r.tableoid, r.ctid) in (select * from unnest({leaves}, {ctids}))"

    def copies(self, step: Step, n: int, run: Run) -> Statement:
        """A query for the copies of picked rows under a step's ``n``-th record, their content as text."""
        row = self.compiler.base(step.table)
        labelled = ", ".join(f"{value} as {name}" for name, value in self._wanted(step, row).items())
        due = (
            f"select {labelled} from {self.compiler.source(row)}"
            f" where {self._picked(step)} and {self.compiler.condition(step.predicate, row)}"
        )
        values = self._values(step, n, run)
        own = {name: value for name, value in values.items() if name.startswith("jikim_")}
        read = ", ".join([*own.values(), *(f"{v}::text" for name, v in values.items() if name not in own)])
        return self.compiler.statement(
            f"with gone as ({due}), kept as ({self._kept(step, n, run)}) select {read} from kept"
        )

    # -- where it goes ------------------------------------------------------------------------------------

    def receipt(self, step: Step, run: Run) -> Statement:
        """Insert what a batch did of which nothing went anywhere (bound: ``changed``, how many rows)."""
        rows = self.dialect.named("changed", "bigint")
        return self.compiler.statement(self._receipt(step, run, rows=rows, copies={}, files={}))

    def _whose(self, step: Step, run: Run) -> Sql:
        """Of what went: how many rows of whom, until when the last of them is kept, and of how many each record keeps a
        copy. Everything that a receipt says of rows is said of these few."""
        caused = self._caused(step, self.compiler.base(step.table))
        people = [f"{key} as {name}" for name, (key, _) in caused.items()]
        runs = [f"filter (where {self._runs(step, n, run)})" for n, _ in enumerate(step.copies)]
        # What began to count on a later day is kept no shorter.
        ends = [self._end(step, n, run, day=f"max(day_{n}) {kept}") for n, kept in enumerate(runs)]
        said = [
            "count(*) as rows",
            f"greatest({', '.join(ends)}) as due" if ends else "null::timestamptz as due",
            *(f"count(*) {kept} as kept_{n}" for n, kept in enumerate(runs)),
        ]
        by = ", ".join(name for _, read in caused.values() for name in read)
        grouped = f" group by {by}" if by else ""
        return f"select {', '.join([*people, *said])} from gone{grouped}"

    def _receipt(
        self,
        step: Step,
        run: Run,
        *,
        copies: Mapping[str, Sql],
        files: Mapping[str, Sql],
        rows: Sql | None = None,
    ) -> Sql:
        """Insert what the batch did, if it did anything; say how many rows.

        :param rows: how many they were, where nobody looks at whose.
        """
        bind, alone = self.dialect.bind, rows is not None
        rows = rows or _sum("rows")
        receipt = {
            "run": bind(run.id, "text"),
            "step": bind(step.id, "text"),
            "batch": self.dialect.named("number", "integer"),
            "action": bind(step.action.value, "text"),
            "on_table": bind(step.table, "text"),
            "rows": rows,
            "copies": "0" if alone else self._copied(step, copies),
            "files": _counted(files, where=" where kept = '[]'"),
            "persons": "'{}'" if alone else _told("rows"),
            "kept_until": "(select max(due) from whose)" if step.copies else "null",
            "persons_kept": _told("due") if step.copies else "'{}'",
            "because": bind(json.dumps([str(b) for b in step.because], ensure_ascii=False), "jsonb"),
            "as_of": bind(run.plan.as_of, "timestamptz"),
            "plan": bind(run.plan.digest, "text"),
            "policy": bind(run.policy_digest, "text"),
        }
        return (
            f"insert into {self.dialect.own('receipt')} ({', '.join(receipt)})"
            f" select {', '.join(receipt.values())} where {rows} > 0 returning rows"
        )

    def _people(self, step: Step) -> Sql:
        """Tags of the people who caused what went, of how many rows each, and until when the last of them is kept."""
        each = [
            f"select {self.leaving.tag(path, f'person_{n}')} as tag, rows, due from whose where person_{n} is not null"
            for n, path in enumerate(step.persons)
        ]
        if not each:
            return "select null::text as tag, 0 as rows, null::timestamptz as due where false"
        return f"select tag, sum(rows) as rows, max(due) as due from ({' union all '.join(each)}) people group by tag"

    def _kept(self, step: Step, n: int, run: Run) -> Sql:
        """The rows that go on being kept under one record, each with its own destroy-after date."""
        due = self._end(step, n, run, day=f"gone.day_{n}")
        return f"select gone.*, {due} as due from gone where {self._runs(step, n, run)}"

    def _runs(self, step: Step, n: int, run: Run) -> Sql:
        """One record keeps a row that went, for a while yet."""
        days = self._days(step, n, run)
        newest, oldest = (self.dialect.bind(day.isoformat(), "date") for day, _ in (days[0], days[-1]))
        return f"gone.in_{n} and gone.day_{n} between {oldest} and {newest}"

    def _end(self, step: Step, n: int, run: Run, *, day: Sql) -> Sql:
        """Until when one record keeps what began to count on a day, while it keeps it."""
        days = self._days(step, n, run)
        # As text, and of numbers: to read thousands of times for every batch takes as long as the batch. Day follows
        # day, so that each finds its own by its place: a join would be planned for as few days as anybody guesses. They
        # stand in the statement, so that one that is told once is read once. All of them are still to come.
        newest = self.dialect.bind(days[0][0].isoformat(), "date")
        ends = f"'{{{','.join(f'{due.timestamp():.0f}' for _, due in days)}}}'::bigint[]"
        return f"to_timestamp(({ends})[1 + {newest} - {day}])"

    def _days(self, step: Step, n: int, run: Run) -> list[tuple[date, datetime]]:
        return due_days(step.copies[n].claim.clocks[0].period, run.plan.as_of, self.leaving.calendar)

    def _values(self, step: Step, n: int, run: Run) -> dict[str, Sql]:
        """What a copy under one record says, by its columns in the archive."""
        copy, bind = step.copies[n], self.dialect.bind
        row = self.compiler.base(step.table)
        return {
            "jikim_key": "jikim_key",
            "jikim_subject": f"subject_{n}",
            "jikim_subject_key": self._subject_key(step, n, row),
            "jikim_destroy_after": "due",
            "jikim_provenance": bind(Provenance.of(copy.claim.because, run).id, "uuid"),
            **{name: label for name, label, _ in self.leaving.contents(row, n, copy)},
        }

    def _archived(self, step: Step, n: int, run: Run, again: bool) -> Sql:
        """Insert the copies under one record; ``again``, but for those that are there."""
        values = self._values(step, n, run)
        target = self.dialect.quoted(str(self.archive), step.copies[n].archive)
        # No conflict target and nothing read back: the sweeper may add to the archive and not read it.
        return (
            f"insert into {target} ({', '.join(map(self.dialect.quoted, values))})"
            f" select {', '.join(values.values())} from kept_{n}"
            f"{' on conflict do nothing' if again else ''} returning 1"
        )

    def _said(self, step: Step, n: int, run: Run) -> Sql:
        """Let the archive say why these copies are kept, if it does not yet."""
        said = Provenance.of(step.copies[n].claim.because, run).row
        values = (self.dialect.bind(each, "uuid" if name == "id" else "text") for name, each in said.items())
        return (
            f"insert into {self.dialect.quoted(str(self.archive), PROVENANCE)} ({', '.join(said)})"
            f" select {', '.join(values)} where exists (select from copies_{n}) on conflict do nothing"
        )

    def _moved(self, step: Step, run: Run, kept: Mapping[str, Sql]) -> Sql:
        """Write down for an archive elsewhere which rows of the batch went: of those it keeps the copies.

        What crosses over as lines is copied as it goes, and goes whole.
        """
        bind = self.dialect.bind
        named = " union ".join(f"select jikim_key from {name}" for name in kept)
        keys = f"coalesce(jsonb_agg(to_jsonb(jikim_key)), '[]') from ({named}) went"
        whole = f"'true' where {_sum(*kept)} > 0"
        return (
            f"insert into {self.dialect.own('move')} (run, step, batch, went)"
            f" select {bind(run.id, 'text')}, {bind(step.id, 'text')}, {self.dialect.named('number', 'integer')},"
            f" {whole if self.crosses(step) else keys} returning 1"
        )

    def _copied(self, step: Step, copies: Mapping[str, Sql]) -> Sql:
        """How many copies are new; of those that cross over as lines, all that anybody knows of yet."""
        kept = _sum(*(f"kept_{n}" for n, _ in enumerate(step.copies)))
        if self.crosses(step):
            return kept
        if self.archive is not None or not copies:
            return _counted(copies)
        return f"least({self.dialect.named('copied', 'bigint')}, {kept})"

    def _files(self, step: Step, run: Run, n: int) -> Sql:
        """Queue the files of the rows for removal, in the transaction that removes the rows."""
        cell, bind = self.leaving.file_cells(step)[n], self.dialect.bind
        labels = self.leaving.kept_files(step, self.compiler.base(step.table), cell)
        named = " union ".join(
            f"select jikim_key, {label} as name from kept_{m}" for m, label in labels.items()
        )
        kept = "'[]'"
        if named:
            names = f"select json_agg(k.name)::text from ({named}) k where k.jikim_key = gone.jikim_key"
            kept = f"coalesce(({names}), '[]')"
        return (
            f"insert into {self.dialect.own('outbox')} (run, step, batch, store, path, mark, kept)"
            f" select {bind(run.id, 'text')}, {bind(step.id, 'text')}, {self.dialect.named('number', 'integer')},"
            f" {bind(cell.file, 'text')}, gone.file_{n}, gone.mark_{n}, {kept} from gone"
            f" where gone.file_{n} is not null returning kept"
        )


def _counted(ctes: Mapping[str, Sql], *, where: Sql = "") -> Sql:
    """The rows of some parts of the statement together."""
    return " + ".join(f"(select count(*) from {name}{where})" for name in ctes) or "0"


def _sum(*numbers: str) -> Sql:
    """What is said of all the rows that went, together."""
    return f"(select coalesce(sum({' + '.join(numbers)}), 0)::bigint from whose)"


def _told(what: Literal["rows", "due"]) -> Sql:
    """What is said of people, by their tags."""
    told = f"select jsonb_object_agg(tag, {what}) filter (where {what} is not null) from people"
    return f"coalesce(({told}), '{{}}'::jsonb)"
