"""The same faults, planted wherever a service and its archive may lie, are found alike."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
import yaml
from examples.made_up.world import World
from examples.plask.world import SETTING
from tests.keeping import SEOUL, Kept, as_role, audit_of, elsewhere, kept_at, plask, promise_of, seoul
from tests.lite import lite, plask_lite
from tests.servers import fresh_database
from tests.shop import APRIL, MAP, POLICY, RIGHTS, ROLES

from jikim.backends.base import Archive, Run
from jikim.backends.sqlite.archive import SqliteArchive
from jikim.ledger import facts
from jikim.ledger.engine import connect, transaction
from jikim.operations.audit_waits import PATIENCE
from jikim.operations.import_receipts import import_receipts
from jikim.operations.plan_sweep import bound
from jikim.operations.record_run import start_run
from jikim.plan.finding import Finding, FindingKind
from jikim.postgres import Server

PLACES = ["pg18", "file", "pg18, archive in a file", "file, archive in pg18"]
STORES = {**MAP["stores"], "app": {**MAP["stores"]["app"], "must_reach": "rewritten within 30 days"}}
PROMISE = promise_of(POLICY, yaml.safe_dump({**MAP, "stores": STORES}, allow_unicode=True).encode())
TABLES = """
    create table members (
        id integer primary key, email text not null, joined_at timestamptz not null, left_at timestamptz);
    create table orders (
        id integer primary key, member_id integer not null, what text not null, completed_at timestamptz);
    create index orders_of on orders (member_id);
    insert into members values (1, 'a@mail.example', '2026-01-01 00:00+09:00', '2026-03-01 12:00+09:00'),
        (2, 'b@mail.example', '2026-01-01 00:00+09:00', null);
    insert into orders values (1, 1, 'bread', '2026-02-01 12:00+09:00'), (2, 1, 'milk', '2020-02-01 12:00+09:00'),
        (3, 2, 'salt', '2026-02-01 12:00+09:00');
"""
CARD = "4000000000000002"


@dataclass
class Scene:
    """A shop that kept its promise in April, one copy in the archive, wherever they lie."""

    kept: Kept
    lite: bool
    apart: Any

    def store(self, statement: str) -> None:
        """Somebody writes into the service's database."""
        self.kept.execute(self.named(statement, lite=self.lite))

    def archive(self, statement: str) -> None:
        """Somebody writes into the archive."""
        if not isinstance(self.apart, SqliteArchive):
            url = self.kept.url if self.apart is None else self.apart.keeper.url.render_as_string(False)
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute(self.named(statement, lite=False).encode())
            return
        with closing(sqlite3.connect(self.apart.path, isolation_level=None)) as connection:
            connection.executescript(self.named(statement, lite=True))

    @staticmethod
    def named(statement: str, *, lite: bool) -> str:
        """With the names that tables have there."""
        for name in ("receipt", "outbox", "move"):
            statement = statement.replace(f"jikim.{name}", f"jikim_{name}" if lite else f"jikim.{name}")
        return statement.replace("kept_by_law.", "") if lite else statement

    def found(self, **options: Any) -> dict[tuple[str, str], int]:
        """What an audit finds, but for who may reach what, by kind and place."""
        return {(f.kind.value, f.where): f.count for f in self.findings(**options)}

    def findings(self, **options: Any) -> list[Finding]:
        """The same, as they are told."""
        report = audit_of(self.kept, as_of=APRIL, **options)
        silent = (FindingKind.REACHABLE, FindingKind.ONE_ROLE, FindingKind.MAP)
        return [f for f in report.findings if f.kind not in silent]


@pytest.fixture(params=PLACES)
def scene(request: pytest.FixtureRequest, pg18: Server, tmp_path: Path) -> Iterator[Scene]:
    """One in each kind of place."""
    where, _, there = request.param.partition(", archive in ")
    with ExitStack() as opened:
        apart: Archive | None = None
        if there.startswith("pg"):
            apart = elsewhere(opened.enter_context(fresh_database(pg18)))
            opened.callback(apart.keeper.dispose)
        elif there or where == "file":
            apart = SqliteArchive(tmp_path / "archive.db", zone=SEOUL)
            opened.callback(apart.close)
        if where == "file":
            made = lite(
                tmp_path,
                tables=[TABLES],
                promise=PROMISE,
                as_of=APRIL,
                archive=apart,
            )
            kept = opened.enter_context(made)
        else:
            kept = opened.enter_context(_in_postgres(opened.enter_context(fresh_database(pg18)), apart))
        assert kept.sweep(APRIL).complete
        scene = Scene(kept, where == "file", apart)
        for told in (scene.store, *([scene.archive] if apart else [])):
            told("update jikim.receipt set shipped_at = at")
        yield scene


@contextmanager
def _in_postgres(url: str, apart: Archive | None) -> Iterator[Kept]:
    with psycopg.connect(url, autocommit=True) as connection:
        for text in (ROLES, TABLES, RIGHTS):
            connection.execute(text.encode())
    with kept_at(url, promise=PROMISE, archive=apart) as kept:
        bound(kept.store, PROMISE, as_of=APRIL)
        kept.store.prepare(url, app_role=None)
        yield kept


COPIES = "kept_by_law.orders__contracts"
LATE = "2026-03-01 00:00:00.000000"
NOT_LATE = seoul(2026, 3, 31, 9)
"""When what was removed then is late to be finished a moment later."""
FAULTS: dict[str, tuple[str, str, tuple[str, str]]] = {
    "a row that came late": (
        "store",
        "insert into members values (7, 'c@mail.example', '2019-01-01 00:00+09:00', '2020-01-01 12:00+09:00')",
        ("overdue", "members"),
    ),
    "a row of nobody": (
        "store",
        "insert into orders values (8, 999, 'rye', '2026-01-01 12:00+09:00')",
        ("orphan", "orders"),
    ),
    "a number of a card": (
        "store",
        f"update orders set what = 'paid by {CARD}' where id = 3",
        ("clear-secret", "orders.what"),
    ),
    "a number of a card in a copy": (
        "archive",
        f"update {COPIES} set what = '{CARD}'",
        ("clear-secret", "orders__contracts.what"),
    ),
    "a copy past its date": (
        "archive",
        f"update {COPIES} set jikim_destroy_after = '{LATE}'",
        ("overdue-copy", "orders__contracts"),
    ),
    "a copy that is to stay": (
        "archive",
        f"insert into {COPIES} (jikim_key, jikim_provenance, jikim_destroy_after, what)"
        f" select '{{99}}', jikim_provenance, '2199-01-01 00:00:00.000000', 'rice' from {COPIES}",
        ("overlong-copy", "orders__contracts"),
    ),
    "a copy that cannot say why it is kept": (
        "archive",
        f"update {COPIES} set jikim_provenance = '00000000-0000-0000-0000-000000000000' where what = 'rice'",
        ("unexplained-copy", "orders__contracts"),
    ),
    "a column beyond the statute": (
        "archive",
        f"alter table {COPIES} add column shoe_size text",
        ("archive-column", "orders__contracts.shoe_size"),
    ),
    "a table of no record": (
        "archive",
        "create table kept_by_law.everything (note text)",
        ("archive-table", "everything"),
    ),
    "a receipt that waits": (
        "store",
        f"update jikim.receipt set at = '{LATE}', shipped_at = null where step = 'members/destroy'",
        ("unshipped-receipt", "jikim.receipt"),
    ),
    "a file that waits": (
        "store",
        "update jikim.receipt set at = '2026-03-20 00:00:00.000000' where step = 'orders/destroy';"
        "insert into jikim.outbox (run, step, batch, store, path)"
        " select run, step, batch, 'receipts', 'x' from jikim.receipt where step = 'orders/destroy';",
        ("open-outbox", "jikim.outbox"),
    ),
}


def test_every_fault_is_found_wherever_it_lies(scene: Scene) -> None:
    """Each by its kind and place and nothing else; where nothing was done nothing is found."""
    expected: dict[tuple[str, str], int] = {}
    assert scene.found() == expected
    for fault, (side, statement, kind) in FAULTS.items():
        getattr(scene, side)(statement)
        expected[kind] = 1
        assert scene.found(now=NOT_LATE) == expected, fault
    # Thirty days on, what was removed is late to be finished as well.
    scene.store(f"update jikim.receipt set at = '{LATE}' where step = 'orders/destroy'")
    expected |= {("late-finish", "members"): 1, ("late-finish", "orders"): 1}
    assert scene.found(now=APRIL) == expected
    never = "'soon'" if isinstance(scene.apart, SqliteArchive) else "'infinity'"
    scene.archive(f"update {COPIES} set jikim_destroy_after = {never} where what = 'rice'")
    del expected["overlong-copy", "orders__contracts"]
    expected["unjudged", "orders__contracts"] = 1
    assert scene.found() == expected
    scene.archive(f"drop table {COPIES}")
    gone = {("archive-missing", "orders__contracts"): 1}
    here = {key: count for key, count in expected.items() if not key[1].startswith("orders__contracts")}
    assert scene.found() == here | gone
    scene.store("alter table members add column shoe_size text; create table leads (email text);")
    said = [f.message for f in audit_of(scene.kept, as_of=APRIL).findings if f.kind is FindingKind.MAP]
    assert [len([m for m in said if name in m]) for name in ("`members.shoe_size`", "`leads`")] == [1, 1]


def test_a_move_that_is_not_settled_is_found_after_a_day(scene: Scene) -> None:
    """By the row that the store has of it, and by copies that are pending; both of one move are one."""
    receipts = "select run, step, batch from jikim.receipt where step = 'orders/archive'"
    scene.store(
        f"insert into jikim.move (run, step, batch, went) select run, step, batch, '[]' from ({receipts}) r"
    )
    scene.store(f"update jikim.receipt set at = '{LATE}' where step = 'orders/archive'")
    early = seoul(2026, 3, 2, 9)
    assert scene.found(now=early) == {}
    [finding] = scene.findings(now=early + timedelta(seconds=1))
    assert (finding.kind, finding.where, finding.count) == (FindingKind.UNSETTLED, "jikim.move", 1)
    assert finding.oldest == early - timedelta(days=1)
    if scene.apart is None:
        return
    scene.archive(f"update {COPIES} set jikim_pending = 'run-0/0/orders/archive', jikim_moved_at = '{LATE}'")
    [finding] = scene.findings(now=early + timedelta(seconds=1))
    assert (finding.count, "1 copy is pending" in finding.message) == (1, True)
    scene.store("delete from jikim.move")
    assert scene.findings(now=early + timedelta(seconds=1)) == [finding]
    scene.kept.store.recover()
    assert scene.found(now=early + timedelta(seconds=1)) == {}


@pytest.mark.parametrize("scene", PLACES[1:2], indirect=True)
def test_a_file_and_its_archive_that_forgot_are_found_by_the_ledger(
    scene: Scene, pg18: Server, blank_ledger: str
) -> None:
    """Receipts of either that are gone, and a fact that the file was never told."""
    with fresh_database(pg18, template=blank_ledger) as url:
        ledger = connect(url)
        try:
            told = import_told(scene, ledger)
            assert scene.found(ledger=ledger) == {}
            scene.archive("delete from jikim.receipt")
            scene.store("delete from jikim.receipt where step = 'members/destroy'")
            assert scene.found(ledger=ledger) == {("restored-store", "app"): 2}
            with transaction(ledger, doing="telling") as connection:
                facts.say(connection, b"{}", at=APRIL)
            assert scene.found(ledger=ledger, now=APRIL + PATIENCE) == told
            late = scene.found(ledger=ledger, now=APRIL + PATIENCE + timedelta(seconds=1))
            assert late == told | {("untold-facts", "app"): 1}
        finally:
            ledger.dispose()


def import_told(scene: Scene, ledger: sa.Engine) -> dict[tuple[str, str], int]:
    """The ledger has every receipt of the store, and one of a copy that expired."""
    scene.store("update jikim.receipt set shipped_at = null")
    scene.archive(f"update {COPIES} set jikim_destroy_after = '{LATE}'")
    assert scene.kept.sweep(APRIL).complete
    for name in ("run-0", "run-1"):
        plan = scene.kept.plan(APRIL).plan
        start_run(ledger, Run(name, plan, PROMISE.resolved.digests["policy"]), now=APRIL)
    import_receipts(scene.kept.store, ledger, name="app")
    return {("restored-store", "app"): 2}


def test_a_service_in_a_file_is_judged_as_one_in_a_server(pg18: Server, tmp_path: Path) -> None:
    """Plask, never swept: each table's rows by state and every finding are the same, to its words and oldest date."""
    as_of = seoul(2026, 2, 1)
    with fresh_database(pg18) as url, plask(url) as server, plask_lite(tmp_path) as file:
        said = []
        for kept in (server, file):
            kept.live(World(SETTING, 8, 20).until(as_of))
            report = audit_of(kept, as_of=as_of)
            other = (FindingKind.REACHABLE, FindingKind.ONE_ROLE, FindingKind.MAP)
            said.append((report.tables, report.copies, [f for f in report.findings if f.kind not in other]))
    assert said[0] == said[1]
    kinds = {finding.kind for finding in said[0][2]}
    assert kinds >= {FindingKind.OVERDUE, FindingKind.OVERDUE_CELL, FindingKind.WAITING}


def test_copies_that_each_said_why_they_are_kept_say_the_same_after_an_archive_is_prepared_anew(
    scene: Scene,
) -> None:
    """Whatever was prepared then, law, article, plan and run stand in one place now."""
    before = scene.kept.store.archived("member", ("1",))
    assert {"jikim_law", "jikim_article", "jikim_plan", "jikim_run"} <= before[0].keys()
    for name in ("law", "article", "plan", "run"):
        said = f"(select {name} from kept_by_law.jikim_provenance where id = jikim_provenance)"
        scene.archive(f"alter table {COPIES} add column jikim_{name} text")
        scene.archive(f"update {COPIES} set jikim_{name} = {said}")
    scene.archive(f"alter table {COPIES} drop column jikim_provenance")
    scene.archive("delete from kept_by_law.jikim_provenance")
    scene.kept.store.prepare(None if scene.lite else as_role(scene.kept.url, "postgres"), app_role=None)
    assert scene.kept.store.archived("member", ("1",)) == before
    assert ("unexplained-copy", "orders__contracts") not in scene.found()
