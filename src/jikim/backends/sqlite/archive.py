"""An archive in a SQLite file, for a store that is elsewhere. Effectful.

SQLite has no roles: who may read the file may read the archive. So it is a file of its own, made readable by its
owner only, and belongs to another owner than the service.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jikim.backends.base import (
    Copies,
    Driven,
    Key,
    Move,
    Run,
    StoreError,
)
from jikim.backends.sql.books import Books
from jikim.backends.sql.provenance import BECAUSE, PROVENANCE, UNSAID
from jikim.backends.sqlite.ddl import BOOKS, PROVENANCES, archive_statements, archive_tables, named_once
from jikim.backends.sqlite.functions import instant_of, instant_text, key_of
from jikim.backends.sqlite.session import opened, reading, rows, scrubbed, writing
from jikim.backends.sqlite.turns import Log
from jikim.datamap.files import KEPT
from jikim.datamap.schema import Schema, Table
from jikim.datamap.survey import quoted
from jikim.evidence.stage import Stage
from jikim.plan.plan import Step
from jikim.plan.schedule import Hold, Schedules

BOUND = 3000
"""Values that one statement inserts. Each statement opens the table and all its indexes anew."""
AS_IS = (str, int, float, type(None), bytes)
"""Types that SQLite keeps as they are."""
_TELL = f"""insert or ignore into main.{PROVENANCE} (id, law, article, plan, run)
    values (:id, :law, :article, :plan, :run)"""
NOW = "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


class SqliteBooks(Books):
    """jikim's own tables in a SQLite file."""

    now = NOW

    def __init__(self, path: Path, *, role: str, zone: ZoneInfo) -> None:
        self.path, self.role, self.zone = path, role, zone

    @cached_property
    def connection(self) -> Any:
        """The session, opened when it is first needed. Raises ``StoreError``."""
        return opened(self.path, role=self.role)

    def close(self) -> None:
        """End the session, if there is one."""
        if "connection" in vars(self):
            self.connection.close()
            del self.connection

    def _own(self, table: str) -> str:
        return quoted("main", f"jikim_{table}")

    def _as_key(self, placeholder: str) -> str:
        return placeholder

    def _among(self, placeholder: str) -> str:
        return f"select value from json_each({placeholder})"

    def _ask(self, doing: str, query: str, **values: Any) -> Iterator[Mapping[str, Any]]:
        connection = self.connection
        with scrubbed(doing), reading(connection):
            found = rows(connection, query, plain(values))
        yield from (dict(row) for row in found)

    def take_in(self, listing: Table, files: Sequence[Mapping[str, Any]]) -> None:
        """List these files; their instants name their zone, as a column of the service would."""
        super().take_in(listing, [{n: _zoned(value) for n, value in file.items()} for file in files])

    def _tell(self, doing: str, statement: str, values: Iterable[Mapping[str, Any]]) -> int:
        connection = self.connection
        with scrubbed(doing), writing(connection):
            return int(connection.executemany(statement, [plain(each) for each in values]).rowcount)

    def rewritten(self, stage: Stage) -> list[Driven]:
        """Take the whole file to a stage: its log emptied, or all of it written anew.

        :raises StoreError: somebody is reading or writing, or there is no room for another file.
        """
        behind = Books.behind(self, stage)
        if stage not in (Stage.VACUUMED, Stage.REWRITTEN):
            raise StoreError(
                f"nothing takes rows of SQLite to `{stage.value}`", fix="let `must_reach` say `rewritten`"
            )
        if not behind:
            return []
        connection = self.connection
        with scrubbed("rewriting the file"):
            connection.execute("pragma journal_size_limit = 0")  # a journal that stays is emptied
            if stage is Stage.REWRITTEN:
                connection.execute("pragma temp_store = file")  # the new file is as large as the old
                connection.execute("vacuum")
                connection.execute("pragma temp_store = memory")
            [(busy, *_)] = rows(connection, "pragma wal_checkpoint(truncate)")
            if busy:
                raise StoreError(
                    "the write-ahead log could not be emptied: somebody is reading", fix="run it again"
                )
        values = [{"height": stage.height, "table": each.table} for each in behind]
        marked = "update main.jikim_receipt set height = :height where on_table = :table and height < :height"
        self._tell("marking receipts", marked, values)
        return [Driven(each.table, each.batches, 0) for each in behind]


class SqliteArchive(SqliteBooks):
    """The archive by its keeper."""

    def __init__(self, path: Path, *, zone: ZoneInfo) -> None:
        super().__init__(path, role="keeper", zone=zone)
        self._log = Log()

    def prepare(self, schedules: Schedules, schema: Schema) -> None:
        """Make the file, if there is none, and the archive's tables."""
        del schema
        opened(self.path, role="keeper", make=True).close()
        connection = self.connection
        with scrubbed("preparing the archive"):
            # A commit waits for the disk once, not four times.
            connection.execute("pragma journal_mode = wal")
        with scrubbed("preparing the archive"), writing(connection):
            for statement in (*BOOKS, PROVENANCES):
                connection.execute(statement)
            for name, content in archive_tables(schedules):
                for statement in archive_statements(name, content):
                    connection.execute(statement)
                there = {
                    r["name"] for r in rows(connection, "select name from pragma_table_info(:n)", {"n": name})
                }
                for column in content:
                    if column not in there:
                        connection.execute(f"alter table {quoted(name)} add column {quoted(column)}")
                for statement in named_once(name) if "jikim_law" in there else ():
                    connection.execute(statement)

    def drive(self, stage: Stage, tables: Collection[str]) -> Iterator[Driven]:
        """Take what expired to a stage, and with it the whole file."""
        del tables
        return iter(self.rewritten(stage))

    # -- moves --------------------------------------------------------------------------------------------

    def add(self, move: Move, copies: Sequence[Copies]) -> int:
        """Keep copies as pending, but for those of rows of which a copy is kept already."""
        connection, pending, new = self.connection, str(move), 0
        with scrubbed("copying to the archive"), self._log.writing(connection):
            connection.executemany(_TELL, [each.provenance.row for each in copies])
            for each in copies:
                table = f"main.{quoted(each.to)}"
                said: Iterable[Any] = each.rows
                if not each.as_kept:
                    said = (tuple(v if type(v) in AS_IS else _value(v) for v in row) for row in said)
                columns = ("jikim_pending", *each.columns)
                into = f"{table} ({', '.join(map(quoted, columns))})"
                for count, values in _together(map((pending,).__add__, said), of=len(columns)):
                    places = ", ".join([f"({', '.join('?' * len(columns))})"] * count)
                    statement = f"insert into {into} values {places} on conflict do nothing"
                    new += connection.execute(statement, values).rowcount
                # Asked of all at once: SQLite would put each row aside before it inserts into what it reads.
                kept_already = connection.execute(
                    f"delete from {table} as a where a.jikim_pending = ? and a.jikim_pending <> '' and exists"
                    f" (select 1 from {table} k where k.jikim_key = a.jikim_key and k.jikim_pending = '')",
                    [pending],
                )
                new -= kept_already.rowcount
        return new

    def settle(self, move: Move, went: Sequence[Key] | None) -> None:
        """Keep the pending copies of these rows, drop the move's others."""
        connection, values, these = self.connection, {"move": str(move)}, ""
        if went is not None:
            values["went"] = json.dumps([key_of(key) for key in went], ensure_ascii=False)
            these = "and jikim_key in (select value from json_each(:went))"
        with scrubbed("settling a move"):
            with self._log.writing(connection):
                for name in self._tables():
                    table = f"main.{quoted(name)}"
                    connection.execute(
                        f"update or ignore {table} set jikim_pending = ''"
                        f" where jikim_pending = :move and jikim_pending <> '' {these}",
                        values,
                    )
                    # An index lists what is pending; it answers only who asks for nothing else.
                    connection.execute(
                        f"delete from {table} where jikim_pending = :move and jikim_pending <> ''",
                        {"move": str(move)},
                    )
            self._log.copied(connection)

    def unsettled(self) -> list[Move]:
        """Moves of which copies are pending."""
        connection = self.connection
        with scrubbed("reading the archive"), reading(connection):
            found = {
                row[0]
                for name in self._tables()
                for row in rows(
                    connection,
                    f"select distinct jikim_pending from main.{quoted(name)} where jikim_pending <> ''",
                )
            }
        return sorted(map(Move.parse, found), key=str)

    def _tables(self) -> list[str]:
        """The archive's own tables: those with pending copies."""
        query = """
            select t.name from sqlite_schema t, pragma_table_info(t.name) c
            where t.type = 'table' and c.name = 'jikim_pending' order by t.name"""
        return [row[0] for row in rows(self.connection, query)]

    # -- expiry and reading -------------------------------------------------------------------------------

    def expirable(self, steps: Sequence[Step], *, as_of: datetime, holds: tuple[Hold, ...]) -> dict[str, int]:
        """Copies whose own date has come and which no hold names, by step."""
        connection, found = self.connection, {}
        for step in steps:
            due, values = self._expired(step, as_of, holds)
            with scrubbed(f"counting `{step.id}`"), reading(connection):
                [(count,)] = rows(
                    connection, f"select count(*) from {self._archived(step)} a where {due}", values
                )
            found[step.id] = int(count)
        return found

    def expire(self, step: Step, *, run: Run, number: int, size: int, holds: tuple[Hold, ...]) -> int:
        """Destroy up to ``size`` of them, in one transaction with its receipt."""
        connection = self.connection
        due, values = self._expired(step, run.plan.as_of, holds)
        receipt = {
            "run": run.id,
            "step": step.id,
            "batch": number,
            "action": step.action.value,
            "on_table": step.copies[0].archive,
            "because": json.dumps([str(b) for b in step.because], ensure_ascii=False),
            "as_of": instant_text(run.plan.as_of),
            "plan": run.plan.digest,
            "policy": run.policy_digest,
        }
        with scrubbed(f"carrying out `{step.id}`"), writing(connection):
            went = rows(
                connection,
                f"delete from {self._archived(step)} where jikim_pending = '' and jikim_key in"
                f" (select a.jikim_key from {self._archived(step)} a where {due} limit :size)"
                f" returning {', '.join([quoted(c.name) for c in step.cells] or ['1'])}",
                {**values, "size": size},
            )
            gone = len(went)
            files = [path for row in went for path in tuple(row) if step.cells and path is not None]
            connection.executemany(
                "insert into main.jikim_outbox (run, step, batch, store, path) values (?, ?, ?, ?, ?)",
                [(run.id, step.id, number, KEPT, path) for path in files],
            )
            if gone:
                receipt |= {"rows": gone, "files": len(files)}
                connection.execute(
                    f"insert into main.jikim_receipt ({', '.join(receipt)})"
                    f" values ({', '.join(f':{name}' for name in receipt)})",
                    receipt,
                )
        return gone

    def _archived(self, step: Step) -> str:
        return f"main.{quoted(step.copies[0].archive)}"

    def _expired(self, step: Step, as_of: datetime, holds: tuple[Hold, ...]) -> tuple[str, dict[str, Any]]:
        """So of copies that go now."""
        naming = [h for h in holds if h.table in (None, step.table)]
        due = "a.jikim_pending = '' and a.jikim_destroy_after <= :as_of"
        values: dict[str, Any] = {"as_of": instant_text(as_of)}
        if any(h.subject is None for h in naming):
            return "false", values
        if naming:
            held = [[h.subject, key_of(h.key)] for h in naming]
            values["held"] = json.dumps(held, ensure_ascii=False)
            due += (
                " and not exists (select 1 from json_each(:held) h where h.value ->> 0 = a.jikim_subject"
                " and h.value ->> 1 = a.jikim_subject_key)"
            )
        return due, values

    def archived(self, subject: str, key: Key) -> list[dict[str, Any]]:
        """Everything that is kept about one person."""
        connection, found = self.connection, []
        with scrubbed("reading the archive"), reading(connection):
            for name in self._tables():
                query = (
                    f"select a.*, {BECAUSE} from main.{quoted(name)} a"
                    f" left join main.{PROVENANCE} p on p.id = a.{PROVENANCE} where jikim_pending = ''"
                    " and jikim_subject = :subject and jikim_subject_key = :key"
                )
                for row in rows(connection, query, {"subject": subject, "key": key_of(key)}):
                    copy = {c: row[c] for c in row.keys() if c not in UNSAID}  # noqa: SIM118 - a row's
                    copy |= {c: tuple(json.loads(copy[c])) for c in ("jikim_key", "jikim_subject_key")}
                    copy |= {c: instant_of(copy[c]) for c in ("jikim_moved_at", "jikim_destroy_after")}
                    found.append({"archive": name, **copy})
        return found


def _together(rows: Iterable[tuple[Any, ...]], *, of: int) -> Iterator[tuple[int, list[Any]]]:
    """Rows of so many values each, by as many as one statement inserts: how many these are, and all their values."""
    remaining = iter(rows)
    while some := list(islice(remaining, max(1, BOUND // of))):
        yield len(some), list(chain.from_iterable(some))


def _value(value: Any) -> Any:
    """A value as SQLite keeps it."""
    match value:
        case datetime():
            return _instant(value)
        case list() | tuple():
            return key_of(list(value))
        case bool() | None | int() | float() | str() | bytes():
            return value
    return str(value)


_instant = lru_cache(maxsize=4096)(instant_text)


def _zoned(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(" ") if isinstance(value, datetime) else value


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in values.items()}
