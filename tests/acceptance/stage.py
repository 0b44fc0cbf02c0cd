"""Plask as it is lived with: the service's own functions by day, sweeps at midnight.

A `Stage` is a Plask on a real PostgreSQL. Its sweeps are jikim's own; those of a `ModelStage` are the memory
model's, carried over to the same database: quicker, so that many a promise can be tried on the same lives.
A `LiteStage` is in SQLite files (`lite_stage`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, LiteralString, TypeVar

import psycopg
from examples.made_up.canary import PATTERN
from examples.made_up.scan import Finds
from examples.plask import service
from examples.plask.world import PRIMARY_KEY
from psycopg import Connection, sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from tests.acceptance.traces import everywhere
from tests.keeping import KEY, Kept, as_role, kept_at, seoul
from tests.telling import told

from jikim.backends import memory
from jikim.operations.hold import placing
from jikim.operations.plan_sweep import Promise, bound
from jikim.operations.remove_files import remove_files
from jikim.plan.schedule import Hold, Schedules

Seen = TypeVar("Seen")
Row = dict[str, Any]

SECRET = b"the key of rejoin_keys"
PASSWORD = "open sesame"  # noqa: S105 - nobody's
CARD = "9999-0000-1111-2222"
BROWSER = {"ip": "192.0.2.7", "browser": "Hare/4.1"}
JOINED = seoul(2025, 1, 6, 12)
LEFT = seoul(2025, 3, 3, 12)
"""A Monday noon. Five days after: the end of Saturday the 8th."""
GONE = seoul(2025, 3, 9)
LAST = seoul(2031, 1, 1)
"""No sweep is later: holidays that are known then are known to every sweep."""
IMPERSONAL = {"products", "events"}
BEGINNING = (
    "insert into products (name, price) values ('studio', 29000)",
    "insert into events (name) values ('spring contest')",
)
"""What there is before anybody joins: one product and one open event."""


class UnkeptError(Exception):
    """A sweep that did not do all it should: no answer to what a test asks."""


@dataclass(frozen=True)
class Copy:
    """An archived copy: whose it is, what it says, and when it goes."""

    whose: tuple[str | None, tuple[str, ...]]
    content: Row
    until: datetime


@dataclass
class Stage:
    """A Plask that jikim keeps.

    :param app: the service's own connection.
    :param office: Plask's back office, past row security: it closes the books on people who left.
    """

    kept: Kept
    app: Connection[Any]
    office: Connection[Any]
    files: Path

    # -- people -------------------------------------------------------------------------------------------

    def join(self, name: str = "haru", *, at: datetime = JOINED) -> int:
        """A new member, called that and reached there."""
        email = f"{name}@mail.example"
        return service.join(self.app, email=email, name=name, password=PASSWORD, secret=SECRET, at=at)

    def leave(self, member: int, *, at: datetime = LEFT) -> None:
        service.leave(self.app, member_id=member, secret=SECRET, at=at)

    def undo_leave(self, name: str, *, at: datetime) -> int:
        email = f"{name}@mail.example"
        return service.undo_leave(self.app, email=email, password=PASSWORD, secret=SECRET, at=at)

    def order(self, member: int, *, at: datetime = JOINED) -> int:
        return service.order(self.app, member_id=member, product_id=1, summary="studio, a year", at=at)

    def pay(self, order: int, *, at: datetime = JOINED) -> int:
        return service.pay(self.app, order_id=order, number=CARD, firm=service.SimulatedFirm(), at=at)

    def write(
        self, kind: Any, *, member: int | None = None, name: str = "haru", at: datetime = JOINED
    ) -> int:
        """Write to support and be replied to."""
        who: Row = {"member_id": member, "name": name, "email": f"{name}@mail.example"}
        post = service.post(self.app, kind=kind, title="slow", body="very slow", at=at, **who)
        service.reply(self.app, post_id=post, body="we look into it", at=at)
        return post

    def upload(self, member: int, content: bytes, *, at: datetime = JOINED) -> None:
        """A project with one motion file."""
        project = service.create_project(self.app, member_id=member, title="walk", at=at)
        service.upload(self.app, project_id=project, content=content, files=self.files, at=at)

    def sign_in(self, name: str = "haru", *, at: datetime = JOINED) -> service.Session:
        """A session, and a line in the access log."""
        email = f"{name}@mail.example"
        return service.sign_in(self.app, email=email, password=PASSWORD, at=at, **BROWSER)

    def settle_in(self, member: int, name: str = "haru") -> None:
        """Agree to everything and upload a file, on the day of joining."""
        who: Row = {"member_id": member, "at": JOINED, "version": "1.1"}
        email = f"{name}@mail.example"
        service.agree_to_profile(
            self.app, phone="010-0000-0000", occupation="dancer", nationality="KR", **who
        )
        service.agree_to_topic(self.app, topic="dance", **who)
        service.subscribe(self.app, email=email, **who)
        service.enter_event(self.app, event_id=1, phone="010-0000-0000", interest="film", **who)
        self.upload(member, f"MOTION of {name}".encode())

    # -- sweeping and looking -----------------------------------------------------------------------------

    def sweep(self, as_of: datetime) -> None:
        """Keep the promise as of an instant.

        :raises UnkeptError: something was blocked, refused or left.
        """
        applied = self.kept.sweep(as_of)
        removed = remove_files(self.kept.store, {"motions": self.files})
        if not applied.complete or removed.failed:
            raise UnkeptError([s for s in applied.steps if s.state != "done"], applied.blocked)

    def around(self, due: datetime, look: Callable[[], Seen]) -> list[Seen]:
        """What is seen after the sweeps at 00:00 of the day before, of the day itself and of the day after."""
        return self.nightly(due - timedelta(days=1), 3, look)

    def nightly(self, first: datetime, nights: int, look: Callable[[], Seen]) -> list[Seen]:
        """What is seen after each of several sweeps, a day apart."""
        seen = []
        for night in range(nights):
            self.sweep(first + timedelta(days=night))
            seen.append(look())
        return seen

    def hold(self, hold: Hold, *, at: datetime) -> None:
        """Place a legal hold."""
        schedules, _, _ = bound(self.kept.store, self.kept.promise, as_of=at)
        told(self.kept.store, placing(hold, because="asked for by the court", at=at, schedules=schedules))

    def rows(self, table: str) -> list[Row]:
        """Every row of a table of the service."""
        query = sql.SQL("select * from {} order by 1").format(sql.Identifier(table))
        with self.office.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query).fetchall()

    def count(self, table: str) -> int:
        return len(self.rows(table))

    def only(self, table: str) -> Row:
        """The only row of a table."""
        rows = self.rows(table)
        assert len(rows) == 1, table
        return rows[0]

    def copy(self, table: str, record: str) -> Copy:
        """The only archived copy of a table's rows under one record."""
        copies = self.copies(table, record)
        assert len(copies) == 1, (table, record)
        return copies[0]

    def filled(self) -> set[str]:
        """The tables about people that hold anything."""
        return {table for table in PRIMARY_KEY if table not in IMPERSONAL and self.rows(table)}

    def seen_by_the_service(self) -> set[str]:
        """The tables in which the service itself sees anything."""
        query = sql.SQL("select from {} limit 1")
        tables = [table for table in PRIMARY_KEY if table not in IMPERSONAL]
        return {t for t in tables if self.app.execute(query.format(sql.Identifier(t))).fetchone() is not None}

    def copies(self, table: str, record: str) -> list[Copy]:
        """Archived copies of a table's rows under one record."""
        query = sql.SQL("select * from kept_by_law.{} order by jikim_key").format(
            sql.Identifier(f"{table}__{record}")
        )
        with self.office.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(query).fetchall()
        return [
            Copy(
                (row["jikim_subject"], tuple(row["jikim_subject_key"] or ())),
                {name: value for name, value in row.items() if not name.startswith("jikim_")},
                row["jikim_destroy_after"],
            )
            for row in rows
        ]

    def archived(self) -> set[str]:
        """What the archive holds anything of."""
        return {name for name in self.archive_tables() if self.copies(*name.split("__"))}

    def archive_tables(self) -> set[str]:
        """The tables of the archive, filled or not."""
        return {t for schema, t, c in self.columns() if (schema, c) == ("kept_by_law", "jikim_key")}

    def columns(self) -> set[tuple[str, str, str]]:
        """Every column of service and archive, as schema, table and column."""
        listed = self.office.execute(
            "select table_schema, table_name, column_name from information_schema.columns"
            " where table_schema in ('public', 'kept_by_law')"
        )
        return set(listed.fetchall())

    def others_who_read_the_archive(self) -> set[str]:
        """Those beside its keeper who can look into a table of it."""
        reading = (
            "select role from unnest(array['plask_app', 'plask_sweeper']) role where"
            " exists (select from pg_tables where schemaname = 'kept_by_law' and"
            " has_schema_privilege(role, schemaname, 'usage') and"
            " has_table_privilege(role, format('%I.%I', schemaname, tablename), 'select'))"
        )
        return {role for (role,) in self.office.execute(reading).fetchall()}

    def found(self, papers: Mapping[str, bytes], *, pattern: re.Pattern[bytes] = PATTERN) -> Finds:
        """What matches in every table, in every file and in these papers, and where."""
        return everywhere(self.office, self.files, papers, pattern=pattern)

    def on_disk(self) -> set[bytes]:
        """The contents of every motion file."""
        return {file.read_bytes() for file in self.files.rglob("*") if file.is_file()}


@dataclass
class ModelStage(Stage):
    """Swept by the memory model; its archive is the model's."""

    archive: dict[tuple[str, str, tuple[Any, ...]], memory.Copy] = field(default_factory=dict)
    _bound: ClassVar[dict[tuple[str, str], Schedules]] = {}

    def sweep(self, as_of: datetime) -> None:
        """Read every row, sweep the model, and make its changes in the database."""
        schedules = self._schedules()
        before = {table: self.rows(table) for table in PRIMARY_KEY}
        world = memory.World(
            {table: [dict(row) for row in rows] for table, rows in before.items()},
            facts=self.kept.store.facts(),
            archive=self.archive,
        )
        memory.sweep(world, schedules, as_of=as_of, mask_key=KEY)
        for schedule in schedules:
            key, after = schedule.key, world.tables[schedule.table]
            left = {tuple(row[c] for c in key): row for row in after}
            for row in before[schedule.table]:
                self._change(schedule.table, key, row, left.get(tuple(row[c] for c in key)))
        for _, path in world.removed_files:
            (self.files / path).unlink()

    def _schedules(self) -> Schedules:
        """The promise bound to the tables, all of them or none; once for each promise that is tried."""
        digests = (self.kept.promise.resolved.digests["policy"], self.kept.promise.map_digest)
        if digests not in self._bound:
            schedules, _, findings = bound(self.kept.store, self.kept.promise, as_of=LAST)
            personal = {t for t, each in self.kept.promise.datamap.tables.items() if each.personal}
            if missing := personal - {schedule.table for schedule in schedules}:
                raise UnkeptError(missing, findings)
            self._bound[digests] = schedules
        return self._bound[digests]

    def _change(self, table: str, key: tuple[str, ...], before: Row, after: Row | None) -> None:
        named = sql.SQL(" and ").join(sql.SQL("{} = %s").format(sql.Identifier(c)) for c in key)
        values = tuple(before[c] for c in key)
        if after is None:
            statement = sql.SQL("delete from {} where {}").format(sql.Identifier(table), named)
            self.office.execute(statement, values)
        elif changed := {c: v for c, v in after.items() if v != before[c]}:
            sets = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(c)) for c in changed)
            new = (Jsonb(v) if isinstance(v, dict) else v for v in changed.values())
            statement = sql.SQL("update {} set {} where {}").format(sql.Identifier(table), sets, named)
            self.office.execute(statement, (*new, *values))

    def copies(self, table: str, record: str) -> list[Copy]:
        """The model's copies."""
        return [
            Copy((each.subject, tuple(map(str, each.subject_key))), dict(each.content), each.destroy_after)
            for each in self.archive.values()
            if (each.table, each.record) == (table, record)
        ]


@contextmanager
def stage(
    url: str,
    *,
    promise: Promise,
    files: Path,
    kind: type[Stage] = Stage,
    beginning: tuple[LiteralString, ...] = BEGINNING,
) -> Iterator[Stage]:
    """A stage in a database where Plask is installed and prepared."""
    with (
        kept_at(url, promise=promise, files=files) as kept,
        psycopg.connect(as_role(url, "plask_app"), autocommit=True) as app,
        psycopg.connect(url, autocommit=True) as office,
    ):
        for statement in beginning:
            office.execute(statement)
        yield kind(kept, app, office, files)
