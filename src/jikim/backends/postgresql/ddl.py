"""What jikim adds to a store: its own schema, and the archive's tables. Returns statements, runs nothing.

Every name is quoted; types are those the catalogue gave.
"""

from collections.abc import Iterator

from jikim.datamap.schema import Schema
from jikim.datamap.survey import quoted
from jikim.plan.plan import archive_table
from jikim.plan.schedule import Claim, Schedules, TableSchedule

ARCHIVE_COLUMNS = {
    "jikim_key": "text[] not null",
    "jikim_subject": "text",
    "jikim_subject_key": "text[]",
    "jikim_law": "text not null",
    "jikim_article": "text not null",
    "jikim_plan": "text not null",
    "jikim_run": "text not null",
    "jikim_moved_at": "timestamptz not null default now()",
    "jikim_destroy_after": "timestamptz not null",
}

STORE_TABLES = (
    """create table if not exists jikim.receipt (
        run text not null, step text not null, batch integer not null,
        action text not null, on_table text not null, rows bigint not null,
        copies bigint not null default 0, files bigint not null default 0,
        persons jsonb not null default '{}', because jsonb not null,
        kept_until timestamptz, persons_kept jsonb not null default '{}',
        as_of timestamptz not null, plan text not null, policy text not null,
        at timestamptz not null default clock_timestamp(), shipped_at timestamptz,
        primary key (run, step, batch))""",
    "create index if not exists receipt_unshipped on jikim.receipt (at) where shipped_at is null",
    """create table if not exists jikim.outbox (
        id bigint generated always as identity primary key,
        run text not null, step text not null, batch integer not null,
        store text not null, path text not null, done_at timestamptz)""",
    "create index if not exists outbox_open on jikim.outbox (run, step, batch) where done_at is null",
    """create table if not exists jikim.fact (
        id text primary key, kind text not null check (kind in ('hold', 'service')),
        name text not null, on_table text, subject_kind text, subject_key text[],
        happened_at timestamptz, because text not null default '',
        placed_at timestamptz not null, released_at timestamptz)""",
)


def store_statements(*, sweeper: str, keeper: str, app: str | None) -> Iterator[str]:
    """The schema ``jikim`` of a store, closed to everybody but sweeper and keeper. Safe to run again."""
    yield "create schema if not exists jikim"
    yield "revoke all on schema jikim from public"
    yield from STORE_TABLES
    s, k = quoted(sweeper), quoted(keeper)
    yield f"grant usage on schema jikim to {s}, {k}"
    yield f"grant select, insert, update on jikim.receipt, jikim.outbox, jikim.fact to {s}"
    yield f"grant insert on jikim.receipt, jikim.outbox to {k}"
    yield f"grant select (run, step, batch, rows) on jikim.receipt to {k}"
    yield f"grant select on jikim.fact to {k}"
    if app:
        yield f"revoke all on all tables in schema jikim from {quoted(app)}"


def archive_statements(schedules: Schedules, *, schema: Schema, archive: str, sweeper: str) -> Iterator[str]:
    """One table for each (table, record), with the columns the statute covers and no other.

    Run by the keeper, who owns them; the sweeper may add rows and read none.
    """
    for schedule in schedules:
        for record, claims in schedule.records.items():
            name = quoted(archive, archive_table(schedule.table, record))
            content = content_columns(schedule, claims, schema)
            columns = [f"{c} {t}" for c, t in ARCHIVE_COLUMNS.items()]
            columns += [f"{quoted(c)} {t}" for c, t in content.items()]
            yield f"create table if not exists {name} ({', '.join(columns)}, primary key (jikim_key))"
            for column, kind in content.items():
                yield f"alter table {name} add column if not exists {quoted(column)} {kind}"
            for column in ("jikim_destroy_after", "jikim_subject_key"):
                index = quoted(archive_table(archive_table(schedule.table, record), column))
                yield f"create index if not exists {index} on {name} ({column})"
            yield f"grant insert on {name} to {quoted(sweeper)}"


def content_columns(schedule: TableSchedule, claims: tuple[Claim, ...], schema: Schema) -> dict[str, str]:
    """Columns of an archive table beyond jikim's own: the covered cells and the identity taken along."""
    columns = schema.tables[schedule.table].columns
    found = {
        cell.name: "jsonb" if cell.path else columns[cell.column].type
        for cell in schedule.cells
        if cell.name in claims[0].cells
    }
    for identity in (i for claim in claims for i in claim.identity):
        found[identity.name] = schema.tables[identity.ref.hops[-1].table].columns[identity.ref.column].type
    return found
