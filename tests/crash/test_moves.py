"""Moves to an archive elsewhere, killed at every write: a row is in both places or in one, never in neither."""

import csv
import io
import itertools
import json
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.crash.killable import KillableServer
from tests.crash.shopping import shoppers
from tests.crash.stepping import writes_of
from tests.keeping import KEY, SEOUL, Kept, elsewhere, kept_at, promise_of, seoul
from tests.lite import kept_in
from tests.live import Row, Traffic
from tests.servers import fresh_database, name_of
from tests.shop import MAP_TEXT, POLICY, RIGHTS, ROLES

from jikim.backends import memory
from jikim.backends.base import StoreError
from jikim.backends.postgresql.archive import PostgresArchive
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.operations.plan_sweep import bound
from jikim.postgres import Server

APRIL = seoul(2026, 4, 1)
LONG = (pytest.mark.crash, pytest.mark.timeout(0))
PROMISE = promise_of(POLICY, MAP_TEXT.encode())
KEPT = {10, 11, 12}
"""Orders of a member who left, whose record runs on."""
TABLES = """
    create table members (id bigint primary key, email text not null, joined_at timestamptz not null,
        left_at timestamptz);
    create table orders (id bigint primary key, member_id bigint not null references members,
        what text not null, completed_at timestamptz);
    create index orders_member on orders (member_id);
"""


def _order(number: int, *, member: int = 1, year: int = 2026) -> Row:
    return {"id": number, "member_id": member, "what": "bread", "completed_at": seoul(year, 2, 1, 12)}


LIVES: dict[str, list[Row]] = {
    "members": [
        {
            "id": 1,
            "email": "a@mail.example",
            "joined_at": seoul(2026, 1, 1),
            "left_at": seoul(2026, 3, 1, 12),
        },
        {"id": 2, "email": "b@mail.example", "joined_at": seoul(2026, 1, 1), "left_at": None},
    ],
    "orders": [*map(_order, sorted(KEPT)), _order(20, year=2020)],
}
"""What the shop starts with."""


def _inserted(table: str, row: Row) -> str:
    values = ("null" if v is None else str(v) if isinstance(v, int) else f"'{v}'" for v in row.values())
    return f"insert into {table} values ({', '.join(values)});"


def _copied(url: str, one: str, other: str) -> None:
    """One database as a copy of another; nobody is kept in either."""
    server = psycopg.conninfo.make_conninfo(url, dbname="postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'drop database if exists "{other}" with (force)'.encode())
        connection.execute(f'create database "{other}" template "{one}"'.encode())


STARTS = TABLES + "".join(_inserted(table, row) for table, rows in LIVES.items() for row in rows)


# -- where rows are and where copies go -------------------------------------------------------------------


@dataclass
class Scene:
    """A shop whose orders are due to move, made afresh for every kill.

    :param app: the URL of the service's PostgreSQL; none for a file.
    :param archive: the URL of the archive's PostgreSQL; none for a file.
    :param schedules: what is promised of its tables.
    :param traded: doings of the service beside runs.
    :param moved: orders that came to the archive, each once.
    """

    folder: Path
    app: str = ""
    archive: str = ""
    mode: str = "wal"
    schedules: Any = None
    traded: int = 0
    moved: int = 0

    @contextmanager
    def kept(self) -> Iterator[Kept]:
        """jikim beside it, as every run opens it."""
        if self.archive:
            apart: PostgresArchive | SqliteArchive = elsewhere(self.archive)
        else:
            apart = SqliteArchive(self.folder / "archive.db", zone=SEOUL)
        opened = (
            kept_at(self.app, promise=PROMISE, archive=apart)
            if self.app
            else kept_in(self.folder, promise=PROMISE, archive=apart)
        )
        with opened as kept:
            kept.runs = iter([secrets.token_hex(4)])
            kept.alone = "its writes are counted; the shop trades beside it in a process of its own"
            yield kept
        if isinstance(apart, PostgresArchive):
            apart.keeper.dispose()
        else:
            apart.close()

    def make(self) -> None:
        """Everything as it was before any run: copied from what was made and prepared once."""
        first = self.folder / "first"
        if not first.is_dir():
            self._found()
            first.mkdir()
            for path in self.folder.glob("*.db"):
                shutil.copy(path, first)
            for url in filter(None, (self.app, self.archive)):
                _copied(url, name_of(url), f"{name_of(url)}_first")
        for path in self.folder.glob("*.db*"):
            path.unlink()
        for path in first.iterdir():
            shutil.copy(path, self.folder)
        for url in filter(None, (self.app, self.archive)):
            _copied(url, f"{name_of(url)}_first", name_of(url))

    def _found(self) -> None:
        if self.app:
            with psycopg.connect(self.app, autocommit=True) as connection:
                for text in (ROLES, STARTS, RIGHTS):
                    connection.execute(text.encode())
        else:
            with closing(sqlite3.connect(self.folder / "app.db")) as connection:
                connection.execute(f"pragma journal_mode = {self.mode}")
                connection.executescript(STARTS)
        with self.kept() as kept:
            self.schedules, _, _ = bound(kept.store, PROMISE, as_of=APRIL)
            kept.store.prepare(self.app or None, app_role=None)
        if not self.archive:
            with closing(sqlite3.connect(self.folder / "archive.db")) as connection:
                connection.execute(f"pragma journal_mode = {self.mode}")

    def sweep(self) -> None:
        """What every run does: finish what was left, then keep the promise, as far as the traffic lets it."""
        with self.kept() as kept:
            kept.store.recover()
            applied = kept.sweep(APRIL, size=2)
            assert {step.state for step in applied.steps} <= {"done", "incomplete"}, applied

    def goes_on(self) -> list[Row]:
        """The service writes: an order that stays, and a late one of the member who left, while they are there."""
        orders = [_order(30, member=2), _order(31)]
        self.ask(_inserted("orders", orders[0]))
        try:
            self.ask(_inserted("orders", orders[1]))
        except (sqlite3.IntegrityError, psycopg.errors.ForeignKeyViolation):
            return orders[:1]
        return orders

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """A statement of the service's."""
        if self.app:
            with psycopg.connect(self.app, autocommit=True) as postgres:
                cursor = postgres.execute(query.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.folder / "app.db", timeout=30, isolation_level=None)) as lite:
            lite.execute("pragma foreign_keys = on")
            return lite.execute(query.replace("jikim.", "jikim_")).fetchall()

    def stored(self, table: str = "orders") -> set[int]:
        """The service's orders, or members."""
        return {number for (number,) in self.ask(f"select id from {table}")}

    def archived(self, where: str = "true") -> list[int]:
        """Orders of which the archive holds a copy: in its place, or pending as a line."""
        query = f"select jikim_key from {{}}orders__contracts where {where}"
        if self.archive:
            with psycopg.connect(self.archive) as postgres:
                found = [key[0] for (key,) in postgres.execute(query.format("kept_by_law.").encode())]
                arriving = (
                    postgres.execute("select columns, lines from jikim.arriving") if where == "true" else ()
                )
                for columns, lines in arriving:
                    found += [
                        line["jikim_key"].strip("{}") for line in csv.DictReader(io.StringIO(lines), columns)
                    ]
            return sorted(map(int, found))
        with closing(sqlite3.connect(self.folder / "archive.db")) as lite:
            return sorted(int(json.loads(key)[0]) for (key,) in lite.execute(query.format("")))

    def assert_settled(self, late: list[Row], known: Traffic) -> None:
        """Everything is where the memory model has it, once, and nothing is on its way."""
        orders = [*LIVES["orders"], *late, *known.orders.values()]
        model = memory.World({"members": [*LIVES["members"], *known.members.values()], "orders": orders})
        memory.sweep(model, self.schedules, as_of=APRIL, mask_key=KEY)
        moved = sorted(int(key) for _, _, (key,) in model.archive)
        assert {*KEPT, *(row["id"] for row in late[1:])} <= {*moved}
        self.moved += len(moved)
        assert self.stored() == {row["id"] for row in model.tables["orders"]} >= {30}
        assert self.stored("members") == {row["id"] for row in model.tables["members"]} >= {2}
        assert self.archived() == self.archived("jikim_pending = ''") == moved
        assert self.ask("select count(*) from jikim.move") == [(0,)]
        receipts = "select sum(rows), sum(copies) from jikim.receipt where on_table = 'orders'"
        assert self.ask(receipts) == [(len(orders) - len(model.tables["orders"]), len(moved))]

    def beside(self) -> str:
        """What went on beside the runs."""
        assert self.traded
        return f"{self.traded} doings of the service, {self.moved} orders moved"

    def tries(self) -> None:
        """A run whose other server may be gone at any moment: it says so, and ends."""
        with suppress(StoreError), self.kept() as kept:
            kept.store.recover()
            kept.sweep(APRIL, size=2)

    def killed(self, *, each: int, other: KillableServer | None = None) -> int:
        """Kill a run, or the server of its archive, at each so-manieth of its writes; how many kills that took.

        The service trades beside that run and the next one; then one more finds nothing that stays open.
        """
        with shoppers() as service:
            for kills in itertools.count(step=each):
                self.make()
                with service.at(self.app or str(self.folder / "app.db")) as over:
                    if other:
                        seen = writes_of(self.tries, killed_at=kills, instead=other.kill)
                        other.restart()
                    else:
                        seen = writes_of(self.sweep, killed_at=kills)
                    assert self.stored() | set(self.archived()) >= KEPT, f"lost at write {kills}"
                    late = self.goes_on()
                    self.sweep()
                    known = over()
                self.sweep()
                self.assert_settled(late, known)
                self.traded += len(known.took)
                if seen < kills:
                    return kills // each
        raise AssertionError("it never ends")


# -- kills ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "each"),
    [
        ("wal", 31),
        pytest.param("wal", 1, marks=LONG),
        pytest.param("delete", 1, marks=LONG),
    ],
)
def test_a_move_between_two_files_survives_a_kill_at_every_write(
    tmp_path: Path, mode: str, each: int
) -> None:
    """At whichever write to either file: nothing is in neither, and the next run finishes, once."""
    scene = Scene(tmp_path, mode=mode)
    kills = scene.killed(each=each)
    assert kills > 2
    print(f"\n{kills} kills between two files ({mode}), all survived; {scene.beside()}")  # noqa: T201


@pytest.mark.parametrize("each", [80, pytest.param(1, marks=LONG)])
@pytest.mark.parametrize("way", ["server to server", "server to file", "file to server"])
def test_a_move_from_or_to_a_server_survives_a_kill_at_every_write(
    tmp_path: Path, pg15: Server, pg18: Server, way: str, each: int
) -> None:
    """At whichever word to either server, or write to a file: nothing is in neither, and the next run finishes."""
    with fresh_database(pg18) as app, fresh_database(pg15) as archive:
        scene = Scene(
            tmp_path,
            app=app if way.startswith("server") else "",
            archive=archive if way.endswith("server") else "",
        )
        kills = scene.killed(each=each)
    assert kills > 1
    print(f"\n{kills} kills from {way}, all survived; {scene.beside()}")  # noqa: T201


@pytest.mark.parametrize("each", [75, pytest.param(7, marks=LONG)])
@pytest.mark.parametrize("way", ["server to server", "file to server"])
def test_a_move_survives_that_the_server_of_the_archive_is_killed(
    tmp_path: Path, pg18: Server, way: str, each: int
) -> None:
    """At whichever word of the run: nothing is in neither, the run ends and says why, and the next one finishes."""
    killable = KillableServer(tmp_path / "apart", durable=False)
    with ExitStack() as opened:
        opened.callback(killable.stop)
        app = opened.enter_context(fresh_database(pg18)) if way.startswith("server") else ""
        with fresh_database(killable.server) as archive:
            scene = Scene(tmp_path, app=app, archive=archive)
            kills = scene.killed(each=each, other=killable)
    assert kills > 1
    print(f"\n{kills} kills of the archive's server from {way}, all survived; {scene.beside()}")  # noqa: T201


def test_the_attached_form_loses_rows_where_ours_does_not(tmp_path: Path) -> None:
    """Under a write-ahead log, one transaction over an attached file commits to one file before the other."""
    scene = Scene(tmp_path)

    def naive() -> None:
        connection = sqlite3.connect(tmp_path / "app.db", isolation_level=None)
        connection.execute("attach ? as apart", (str(tmp_path / "archive.db"),))
        connection.execute("begin immediate")
        connection.execute("create table apart.moved as select * from main.orders where id between 10 and 12")
        connection.execute("delete from main.orders where id between 10 and 12")
        connection.execute("commit")

    lost = 0
    for kills in itertools.count():
        scene.make()
        seen = writes_of(naive, killed_at=kills)
        with closing(sqlite3.connect(tmp_path / "archive.db")) as archive:
            there = archive.execute("select 1 from sqlite_schema where name = 'moved'").fetchone()
            moved = {n for (n,) in archive.execute("select id from moved")} if there else set()
        lost += not scene.stored() | moved >= KEPT
        if seen < kills:
            break
    assert lost
    print(f"\nthe attached form lost rows at {lost} of {kills} writes")  # noqa: T201
