"""The audit on a real PostgreSQL: nothing to find where the promise was kept, and every planted fault found."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from examples.made_up.world import World
from examples.plask.world import SETTING
from psycopg import sql
from tests.keeping import Kept, as_role, audit_of, auditor_of, plask, seoul
from tests.servers import PROJECT, fresh_database
from tests.telling import held, released

from jikim.backends.base import Run, StoreError
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.postgresql.session import engine
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.operations.apply_plan import Applied
from jikim.operations.audit_store import AuditReport, audit_store
from jikim.operations.confirm_run import confirm_run
from jikim.operations.import_receipts import import_receipts
from jikim.operations.record_run import finish_run, start_run
from jikim.plan.finding import Finding, FindingKind
from jikim.plan.reading import Reading
from jikim.plan.recognise import luhn
from jikim.plan.schedule import Hold, Hop, Ref
from jikim.postgres import Server
from jikim.source import Severity

AS_OF = seoul(2025, 7, 1)


def audited(kept: Kept, *, as_of: datetime = AS_OF, **options: Any) -> AuditReport:
    """An audit as of one day."""
    return audit_of(kept, as_of=as_of, **options)


def found(report: AuditReport, kind: FindingKind) -> list[Finding]:
    """The findings of one kind."""
    return [finding for finding in report.findings if finding.kind is kind]


def faults(report: AuditReport) -> list[Finding]:
    """Every finding but what is told for information."""
    return [finding for finding in report.findings if finding.severity is not Severity.INFO]


def acknowledge(kept: Kept) -> None:
    """Let the ledger have had every receipt, and every file be gone."""
    kept.execute("update jikim.receipt set shipped_at = at")
    kept.execute("update jikim.outbox set done_at = now(), path = ''")


@pytest.fixture(scope="module")
def template(pg18: Server) -> Iterator[str]:
    """The name of a database in which Plask kept its promise until ``AS_OF``."""
    with fresh_database(pg18) as url:
        with plask(url) as kept:
            kept.live(World(SETTING, 5, 60).until(AS_OF))
            assert kept.sweep(AS_OF).complete
            acknowledge(kept)
        yield str(sa.make_url(url).database)


@pytest.fixture
def kept(pg18: Server, template: str) -> Iterator[Kept]:
    """A copy of that database, to plant a fault in."""
    with fresh_database(pg18, template=template) as url, plask(url) as kept:
        kept.runs = iter(range(1000, 2000))  # the template's receipts hold the first numbers
        yield kept


# -- where nothing is wrong -------------------------------------------------------------------------------


def test_a_kept_promise_leaves_nothing_to_find(kept: Kept) -> None:
    """After a full sweep: no finding, every row and copy read, exit code 0."""
    report = audited(kept)
    assert faults(report) == []
    assert report.exit_code == 0
    assert report.tables["members"]["total"] == len(kept.rows("members")) > 20
    assert report.tables["products"] == {"total": 3}
    assert sum(report.copies.values()) == len(kept.archive(AS_OF)) > 5


def test_the_auditor_and_the_compiled_predicates_count_alike(empty_database: str) -> None:
    """Two ways that share nothing, on both servers, before and after each of two sweeps."""
    world = World(SETTING, 8, 40)
    with plask(empty_database) as kept:
        for as_of in (seoul(2022, 6, 30, 12), seoul(2026, 2, 1)):
            kept.live(world.until(as_of))
            for _ in range(2):
                census = kept.plan(as_of).plan.census
                tables = audited(kept, as_of=as_of).tables
                for table, counts in census.items():
                    states = {name: tables[table][name] for name in vars(counts)}
                    assert states == vars(counts), table
                assert all(tables[table]["unjudged"] == 0 for table in census)
                assert kept.sweep(as_of).complete


def test_an_unswept_store_is_overdue_and_a_sweep_heals_it(kept: Kept) -> None:
    """Half a year on: rows, cells and copies are late; after the sweep nothing is."""
    later = seoul(2026, 1, 1)
    world = World(SETTING, 5, 60)
    world.until(AS_OF)
    kept.live(world.until(later))
    report = audited(kept, as_of=later)
    kinds = {f.kind for f in report.findings}
    assert {FindingKind.OVERDUE, FindingKind.OVERDUE_CELL, FindingKind.OVERDUE_COPY} <= kinds
    assert report.exit_code == 1
    assert all(f.oldest is not None and f.oldest < later and f.because for f in faults(report))
    assert kept.sweep(later).complete
    acknowledge(kept)
    assert faults(audited(kept, as_of=later)) == []


def test_progress_tells_every_table_and_ends_with_its_rows(kept: Kept) -> None:
    """Also of those nobody judges, and of the archive."""
    seen: dict[str, int] = {}
    report = audited(kept, progress=lambda table, done, _: seen.__setitem__(table, done))
    read = {**{t: c["total"] for t, c in report.tables.items()}, **report.copies}
    assert seen == {table: rows for table, rows in read.items() if rows}


# -- rows that should be gone -----------------------------------------------------------------------------


def test_a_row_that_came_late_is_found(kept: Kept) -> None:
    """Written for a member who is long gone, after the sweep that should have seen it."""
    kept.execute(
        "insert into abuse_records (member_id, detail, recorded_at) values (999999999, 'x', '2023-05-01 12:00+09')"
    )
    [finding] = faults(audited(kept))
    assert (finding.kind, finding.where, finding.count) == (FindingKind.OVERDUE, "abuse_records", 1)
    assert finding.oldest == seoul(2024, 5, 2)
    assert finding.because == ("processing.abuse-prevention",)


def test_a_row_that_a_broken_compiler_misses_is_found(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """The compiler compares with cutoffs ten years too early: sweep and census see nothing, the audit does."""
    kept.execute(
        "update members set status = 'left', left_at = '2025-06-01 12:00+09'"
        " where id = (select min(id) from members where status = 'active')"
    )
    right = PostgreSQL.time
    monkeypatch.setattr(
        PostgreSQL, "time", lambda self, at, time_type: right(self, at - timedelta(days=3650), time_type)
    )
    assert kept.sweep(AS_OF).complete
    assert kept.plan(AS_OF).plan.census["members"].due == 0
    acknowledge(kept)
    late = {f.where: f for f in faults(audited(kept))}
    assert late["members"].kind is FindingKind.OVERDUE
    assert late["members"].oldest == seoul(2025, 6, 7)
    monkeypatch.undo()
    assert kept.sweep(AS_OF).complete
    acknowledge(kept)
    assert faults(audited(kept)) == []


def test_the_auditor_shares_no_code_with_the_sweeps_predicates() -> None:
    """Neither module names the predicates, their compiler, the statements or the steps of a plan."""
    forbidden = {
        "jikim.plan.predicate",
        "jikim.plan.plan",
        "jikim.backends.sql.compile",
        "jikim.backends.postgresql.dialect",
        "jikim.backends.postgresql.statements",
        "jikim.backends.sql.books",
        "jikim.backends.sqlite.dialect",
        "jikim.backends.sqlite.functions",
        "jikim.backends.sqlite.statements",
    }
    for module in (
        "plan/audit.py",
        "plan/watch.py",
        "backends/auditing/auditor.py",
        "backends/auditing/select.py",
        "backends/auditing/side.py",
        "backends/files/reach.py",
        "backends/postgresql/audit.py",
        "backends/postgresql/reach.py",
        "backends/sqlite/audit.py",
    ):
        tree = ast.parse((PROJECT / "src/jikim" / module).read_text())
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not imported & forbidden, module


def test_a_held_row_is_no_finding(kept: Kept) -> None:
    """A legal hold on a table's rows excuses them while it stands."""
    kept.execute(
        "insert into abuse_records (member_id, detail, recorded_at) values (999999999, 'x', '2023-05-01 12:00+09')"
    )
    held(kept.store, Hold("h1", "case 1", table="abuse_records"), at=AS_OF)
    assert faults(audited(kept)) == []
    released(kept.store, "h1", at=AS_OF)
    assert [f.where for f in faults(audited(kept))] == ["abuse_records"]


def test_orphans_without_a_rule_are_found(kept: Kept) -> None:
    """A profile of nobody: the map says nothing of its orphans."""
    kept.execute("alter table profiles drop constraint profiles_member_id_fkey")
    kept.execute("insert into profiles (member_id, sex, agreed_at) values (999999999, 'x', now())")
    [finding] = found(audited(kept), FindingKind.ORPHAN)
    assert (finding.where, finding.count, finding.severity) == ("profiles", 1, Severity.ERROR)


def test_times_beyond_any_calendar_are_read(kept: Kept) -> None:
    """`infinity` has not happened, `-infinity` happened long ago; neither stops the audit."""
    first, second = [
        row["id"] for row in kept.execute("select id from members where status = 'active' limit 2")
    ]
    kept.execute("update members set status = 'left', left_at = 'infinity' where id = %s", first)
    assert faults(audited(kept)) == []
    kept.execute("update members set status = 'left', left_at = '-infinity' where id = %s", second)
    assert "members" in [f.where for f in found(audited(kept), FindingKind.OVERDUE)]


def test_a_copy_past_its_own_date_is_found_unless_held(kept: Kept) -> None:
    """Five days on; a hold on the person excuses it."""
    kept.execute("update kept_by_law.orders__contracts set jikim_destroy_after = '2025-06-20 00:00+09'")
    [finding] = faults(audited(kept))
    assert (finding.kind, finding.where) == (FindingKind.OVERDUE_COPY, "orders__contracts")
    assert finding.oldest == seoul(2025, 6, 20)
    assert "전자상거래" in finding.because[0]
    held(kept.store, Hold("h", "case", table="orders"), at=AS_OF)
    assert faults(audited(kept)) == []


# -- secrets ----------------------------------------------------------------------------------------------


def card() -> str:
    """A Visa number nobody has: its check digit found by trying."""
    return next(f"400000000000000{d}" for d in range(10) if luhn(f"400000000000000{d}"))


def resident() -> str:
    """A resident number from a date and a computed check digit."""
    twelve = "900101" + "123456"
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    rest = sum(int(d) * w for d, w in zip(twelve, weights, strict=True)) % 11
    return f"{twelve[:6]}-{twelve[6:]}{(11 - rest) % 10}"


def test_numbers_in_clear_are_found_and_not_repeated(kept: Kept) -> None:
    """A card in a post, a resident number in an archived copy and in a JSON answer; the report quotes neither."""
    kept.execute(
        "update support_posts set body = %s where id = (select min(id) from support_posts)", f"pay {card()}"
    )
    kept.execute("update kept_by_law.orders__contracts set summary = %s", resident())
    kept.execute(
        "insert into event_entries (event_id, member_id, answers, agreed_at)"
        " select (select max(id) from events), min(id), %s, now() from members",
        json.dumps({"id": resident()}),
    )
    report = audited(kept)
    places = {(f.where, re.sub(".* holds? ", "", f.message)) for f in found(report, FindingKind.CLEAR_SECRET)}
    assert places == {
        ("support_posts.body", "a card-number in clear (likely)"),
        ("orders__contracts.summary", "a resident-number in clear (certain)"),
        ("event_entries.answers", "a resident-number in clear (certain)"),
    }
    assert report.exit_code == 1
    said = json.dumps(report.to_json())
    assert card() not in said
    assert resident()[:6] not in said


def test_a_password_in_clear_is_found(kept: Kept) -> None:
    """One row whose hash is no hash, among all those that are."""
    kept.execute(
        "update members set password_hash = 'open sesame'"
        " where id = (select max(id) from members where status = 'active')"
    )
    [finding] = faults(audited(kept))
    assert (finding.where, finding.count) == ("members.password_hash", 1)
    assert finding.because == ("개인정보의 안전성 확보조치 기준 제7조",)


# -- the archive ------------------------------------------------------------------------------------------


def test_a_column_beyond_the_statute_is_found(kept: Kept) -> None:
    """Whatever stands in it; also when it is dressed up as one of jikim's own."""
    kept.execute("alter table kept_by_law.orders__contracts add birth_date date, add jikim_note text")
    wheres = {f.where for f in found(audited(kept), FindingKind.ARCHIVE_COLUMN)}
    assert wheres == {"orders__contracts.birth_date", "orders__contracts.jikim_note"}


def test_a_table_of_no_record_and_a_missing_one_are_found(kept: Kept) -> None:
    """The archive holds exactly what the policy names."""
    kept.execute("create table kept_by_law.everything (note text)")
    kept.execute("drop table kept_by_law.access_log__visits")
    report = audited(kept)
    assert [f.where for f in found(report, FindingKind.ARCHIVE_TABLE)] == ["everything"]
    assert [f.where for f in found(report, FindingKind.ARCHIVE_MISSING)] == ["access_log__visits"]


COPIES = "kept_by_law.orders__contracts"
VIEW = f"create view window_in as select summary from {COPIES}; grant select on window_in to plask_app"
FUNCTION = (
    "set role plask_keeper; create function kept_by_law.peep() returns text"
    " language sql security definer as 'select null::text'"
)
REACHED = {
    f"grant select on {COPIES} to plask_app": f"has select on table `{COPIES}`",
    f"grant select (summary) on {COPIES} to public": f"has select on table `{COPIES}`",
    "grant usage on schema kept_by_law to plask_app": "has usage on schema `kept_by_law`",
    "grant plask_keeper to plask_app": "may become `plask_keeper`, which owns the archive or a part of it",
    "grant pg_read_all_data to plask_app": "`pg_read_all_data`, which reads or writes past every grant",
    "alter role plask_app bypassrls": "`plask_app` passes row security (BYPASSRLS)",
    "alter role plask_app superuser": "`plask_app` is a superuser",
    VIEW: "has select on view `public.window_in`, which shows what lies there",
    FUNCTION: "has execute on function `kept_by_law.peep()`, which runs as an owner",
    "grant select on jikim.receipt to plask_app": "has select on table `jikim.receipt`",
    "grant usage on schema jikim to plask_app": "has usage on schema `jikim`",
}


@pytest.mark.parametrize("grant", REACHED)
def test_every_way_to_the_archive_is_found(kept: Kept, grant: str) -> None:
    """By grant, by PUBLIC, by column, by membership, by attribute, by view, by function."""
    try:
        with psycopg.connect(kept.url, autocommit=True) as connection:
            connection.execute(grant.encode())
        ways = found(audited(kept), FindingKind.REACHABLE)
        assert [f for f in ways if REACHED[grant] in f.message], [f.message for f in ways]
        assert all(f.severity is Severity.ERROR for f in ways)
    finally:
        kept.execute("alter role plask_app nosuperuser nobypassrls")
        kept.execute("revoke plask_keeper, pg_read_all_data from plask_app")


def test_a_creator_of_roles_is_found_where_that_means_everything(pg: Server) -> None:
    """Before PostgreSQL 16 CREATEROLE may become any role; since then it may not."""
    with fresh_database(pg) as url, plask(url) as kept:
        old = kept.execute("select current_setting('server_version_num')::int < 160000 as old")[0]["old"]
        kept.execute("alter role plask_app createrole")
        try:
            ways = found(audited(kept), FindingKind.REACHABLE)
        finally:
            kept.execute("alter role plask_app nocreaterole")
    assert [f.message for f in ways if "CREATEROLE" in f.message] == [f.message for f in ways]
    assert bool(ways) is old


def test_a_waiver_is_shown_in_every_audit(kept: Kept) -> None:
    """It turns what it waives into warnings, and hides nothing."""
    kept.execute("grant usage on schema kept_by_law to plask_app")
    stores = kept.promise.datamap.stores
    waived = stores.model_copy(
        update={"archive": stores.archive.model_copy(update={"waiver": "one role only, until May"})}
    )
    kept.promise = replace(kept.promise, datamap=kept.promise.datamap.model_copy(update={"stores": waived}))
    report = audited(kept)
    assert [f.message for f in found(report, FindingKind.WAIVER)] == [
        "a waiver stands for the archive: one role only, until May"
    ]
    assert [f.severity for f in found(report, FindingKind.REACHABLE)] == [Severity.WARNING]
    assert report.exit_code == 0


def test_without_a_named_role_nobody_can_say_who_reaches_it(kept: Kept) -> None:
    """No role in the map, or one that does not exist."""
    stores = kept.promise.datamap.stores
    for role in (None, "nobody_here"):
        app = stores.model_copy(update={"app": stores.app.model_copy(update={"app_role": role})})
        kept.promise = replace(kept.promise, datamap=kept.promise.datamap.model_copy(update={"stores": app}))
        [finding] = found(audited(kept), FindingKind.REACHABLE)
        assert finding.severity is Severity.ERROR


# -- the map, receipts, files, runs -----------------------------------------------------------------------


def test_what_the_map_does_not_know_is_found(kept: Kept) -> None:
    """A new column, a new table and a materialised view with a number in it, though nobody mapped any."""
    kept.execute("alter table products add supplier_phone text")
    kept.execute("alter table profiles add shoe_size text")
    kept.execute("create table leads (email text)")
    kept.execute(sql.SQL("create materialized view lately as select {} as n").format(card()).as_string())
    report = audited(kept)
    said = " ".join(f.message for f in found(report, FindingKind.MAP))
    for name in ("`profiles.shoe_size`", "`leads`", "`lately`"):
        assert name in said, said
    assert "lately.n" in {f.where for f in found(report, FindingKind.CLEAR_SECRET)}


def test_a_receipt_and_a_file_that_wait_too_long_are_found(kept: Kept) -> None:
    """An hour is patience enough; the oldest tells since when."""
    at = datetime.fromisoformat("2025-07-01T00:00+09:00")
    kept.execute(
        "update jikim.receipt set at = %s, shipped_at = null"
        " where (run, step, batch) = (select run, step, batch from jikim.receipt limit 1)",
        at,
    )
    assert faults(audited(kept, now=at + timedelta(minutes=59))) == []
    [receipt] = faults(audited(kept, now=at + timedelta(minutes=61)))
    assert (receipt.kind, receipt.count, receipt.oldest) == (FindingKind.UNSHIPPED, 1, at)
    kept.execute(
        "insert into jikim.outbox (run, step, batch, store, path)"
        " select run, step, batch, 'motions', 'x' from jikim.receipt where shipped_at is null"
    )
    [file] = faults(audited(kept, now=at + timedelta(minutes=61)))
    assert (file.kind, file.count, file.oldest) == (FindingKind.OUTBOX, 1, at)


def test_unconfirmed_runs_and_a_restored_store_are_found(kept: Kept, pg18: Server) -> None:
    """By a real ledger: a run older than seven days, and batches that it holds and the store forgot."""
    with fresh_database(pg18) as url:
        ledger = connect(url)
        try:
            upgrade(ledger)
            kept.execute("update jikim.receipt set shipped_at = null")
            planned = kept.plan(AS_OF).plan
            start_run(ledger, Run("r1", planned, kept.promise.resolved.digests["policy"]), now=AS_OF)
            import_receipts(kept.store, ledger, name="app")
            assert faults(audited(kept, ledger=ledger)) == []
            later = AS_OF + timedelta(days=7, seconds=1)
            [run] = found(audited(kept, now=later, ledger=ledger), FindingKind.UNCONFIRMED)
            assert (run.count, run.oldest) == (1, AS_OF)
            finish_run(ledger, Applied("r1", planned.digest, AS_OF, ()), now=AS_OF)
            confirm_run(ledger, "r1", role="privacy officer", now=later)
            assert faults(audited(kept, now=later, ledger=ledger)) == []
            lost = len(kept.execute("delete from jikim.receipt where step like 'orders/%%' returning 1"))
            [restored] = found(audited(kept, ledger=ledger), FindingKind.RESTORED)
            assert restored.count == lost > 0
        finally:
            ledger.dispose()


# -- reading ----------------------------------------------------------------------------------------------


def test_an_auditor_who_may_not_see_every_row_is_told_so(kept: Kept) -> None:
    """Row security would hide what is overdue; the audit fails instead, and quotes no row."""
    kept.execute(
        "grant select on all tables in schema public to plask_keeper; grant usage on schema public to plask_keeper"
    )
    blind = engine(as_role(kept.url, "plask_keeper"), role="auditor")
    auditor = auditor_of(blind)
    try:
        with pytest.raises(StoreError, match="InsufficientPrivilege"):
            audit_store(auditor, kept.promise, as_of=AS_OF, now=AS_OF)
    finally:
        blind.dispose()


def test_the_rights_that_the_how_to_names_are_enough(kept: Kept) -> None:
    """A role that may read three schemas, as the page says, and nothing else of the server."""
    page = (PROJECT / "docs/howto/audit.md").read_text()
    rights = re.findall(r"^grant (?:usage|select) on .*;$", page, re.MULTILINE)
    assert len(rights) == 2
    made = ["drop role if exists shop_auditor", "create role shop_auditor login bypassrls", *rights]
    kept.execute(";".join(line.rstrip(";") for line in made))
    reader = engine(as_role(kept.url, "shop_auditor"), role="auditor")
    try:
        assert faults(audit_store(auditor_of(reader), kept.promise, as_of=AS_OF, now=AS_OF)) == []
    finally:
        reader.dispose()
        kept.execute("drop owned by shop_auditor; drop role shop_auditor")


def test_the_how_to_says_what_to_do_about_each_kind_of_finding() -> None:
    """By its name in the report."""
    page = (PROJECT / "docs/howto/audit.md").read_text()
    assert [kind.value for kind in FindingKind if f"`{kind.value}`" not in page] == []


def test_where_no_auditor_is_named_sweeper_and_keeper_read(kept: Kept) -> None:
    """Nothing to find with them either; a table that the sweeper may not read is a finding, and hides no other."""
    auditor = auditor_of(kept.store.sweeper, kept.store.archive.keeper)
    assert faults(audit_store(auditor, kept.promise, as_of=AS_OF, now=AS_OF)) == []
    kept.execute("create table leads (email text)")
    kept.execute("update members set password_hash = 'open sesame' where status = 'active'")
    report = audit_store(auditor, kept.promise, as_of=AS_OF, now=AS_OF)
    assert {(f.kind, f.where) for f in report.findings} >= {
        (FindingKind.UNREAD, "leads"),
        (FindingKind.CLEAR_SECRET, "members.password_hash"),
    }


def test_who_may_not_read_why_copies_are_kept_is_told_so_and_nothing_else(kept: Kept) -> None:
    """No copy is said to have no law."""
    auditor = auditor_of(kept.store.sweeper, kept.store.archive.keeper)
    kept.execute("revoke select on kept_by_law.jikim_provenance from plask_keeper")
    report = audit_store(auditor, kept.promise, as_of=AS_OF, now=AS_OF)
    assert [(f.kind, f.where) for f in faults(report)] == [(FindingKind.UNREAD, "jikim_provenance")]


def test_an_audit_changes_nothing_and_cannot(kept: Kept) -> None:
    """Its snapshots are read-only even for a role that may write."""
    owner = engine(kept.url, role="auditor")
    auditor = auditor_of(owner)
    try:
        with auditor.snapshot() as snapshot, pytest.raises(sa.exc.DBAPIError, match="read-only"):
            snapshot.live.connection.exec_driver_sql("delete from public.products")
    finally:
        owner.dispose()


def test_a_column_that_names_several_rows_multiplies_none(kept: Kept) -> None:
    """Where nothing makes the columns unique that a hop leads to, one row is taken; missing ones are NULL."""
    hop = Hop(("kind",), "support_posts", ("kind",))
    wanted = Reading("support_posts", (), (Ref("id"), Ref("kind", (hop,))))
    auditor = auditor_of(kept.store.sweeper, kept.store.archive.keeper)
    with auditor.snapshot() as snapshot:
        rows = [tuple(row) for part in snapshot.read(wanted) for row in part]
        assert snapshot.count("support_posts") == len(rows) > 2
    assert sorted(rows) == sorted((row["id"], row["kind"]) for row in kept.rows("support_posts"))


def test_names_that_need_quoting_are_read(kept: Kept) -> None:
    """Tables and columns may hold percent signs, quotes and blanks."""
    kept.execute('create table "100 % o\'""dd" ("per % cent" text, "a""b" numeric)')
    kept.execute('insert into "100 %% o\'""dd" values (%s, 1)', card())
    where = {f.where for f in found(audited(kept), FindingKind.CLEAR_SECRET)}
    assert where == {"100 % o'\"dd.per % cent"}
