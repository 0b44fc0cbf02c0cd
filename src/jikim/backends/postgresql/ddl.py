"""What jikim adds to a store: its own schema, and the archive's tables. Returns statements, runs nothing.

Every name is quoted; types are those the catalogue gave.
"""

from collections.abc import Iterable, Iterator, Mapping

from jikim.backends.sql.provenance import PROVENANCE
from jikim.datamap.schema import Schema, Table
from jikim.datamap.survey import quoted
from jikim.plan.plan import archive_table
from jikim.plan.schedule import Claim, Schedules, TableSchedule

ARCHIVE_COLUMNS = {
    "jikim_key": "text[] not null",
    "jikim_subject": "text",
    "jikim_subject_key": "text[]",
    "jikim_moved_at": "timestamptz not null default now()",
    "jikim_destroy_after": "timestamptz not null",
    "jikim_provenance": "uuid",
}

_PROVENANCES = """create table if not exists {} (
    id uuid primary key, law text not null, article text not null, plan text not null, run text not null)"""
"""Of the table of an archive in which it says why its copies are kept."""

MOST_COLUMNS = 32
"""The most that an index of PostgreSQL has."""

FIRST = 'jikim_key[1] collate "C"'
"""The first part of a row's key, compared as its bytes."""

PORTABLE = frozenset(
    {
        *("smallint", "integer", "bigint", "numeric", "real", "double precision", "boolean", "date", "uuid"),
        *("timestamp with time zone", "timestamp without time zone", "time without time zone", "interval"),
        *("json", "jsonb", "inet", "cidr"),
    }
)
"""Types of content that every PostgreSQL knows, and reads from the text that another writes."""

STORE_TABLES = (
    """create table if not exists jikim.receipt (
        run text not null, step text not null, batch integer not null,
        action text not null, on_table text not null, rows bigint not null,
        copies bigint not null default 0, files bigint not null default 0,
        persons jsonb not null default '{}', because jsonb not null,
        kept_until timestamptz, persons_kept jsonb not null default '{}',
        as_of timestamptz not null, plan text not null, policy text not null,
        at timestamptz not null default clock_timestamp(), shipped_at timestamptz,
        height smallint not null default 0, told smallint not null default 0,
        primary key (run, step, batch))""",
    "create index if not exists receipt_unshipped on jikim.receipt (at) where shipped_at is null",
    "create index if not exists receipt_height on jikim.receipt (height, on_table)",
    "create index if not exists receipt_untold on jikim.receipt (run) where told < height",
    """create table if not exists jikim.outbox (
        id bigint generated always as identity primary key,
        run text not null, step text not null, batch integer not null,
        store text not null, path text not null, done_at timestamptz, mark text not null default '',
        kept text not null default '[]')""",
    "alter table jikim.outbox add column if not exists mark text not null default ''",
    "alter table jikim.outbox add column if not exists kept text not null default '[]'",
    "alter table jikim.outbox add column if not exists stayed smallint not null default 0",
    "create index if not exists outbox_stayed on jikim.outbox (run, step, batch) where stayed = 1",
    "create index if not exists outbox_open on jikim.outbox (run, step, batch) where done_at is null",
    "create index if not exists outbox_paths on jikim.outbox (path) where done_at is null",
    """create table if not exists jikim.fact (
        id text primary key, kind text not null check (kind in ('hold', 'service')),
        name text not null, on_table text, subject_kind text, subject_key text[],
        happened_at timestamptz, because text not null default '',
        placed_at timestamptz not null, released_at timestamptz)""",
    # Of a table that it never looked at PostgreSQL takes ten blocks for granted, and to ask it for holds, row by row,
    # for what costs most of a batch, whatever else the batch does.
    "analyze jikim.fact",
    "create table if not exists jikim.heard (one smallint primary key check (one = 1), place bigint not null)",
    "create schema if not exists jikim_service",
    """create table if not exists jikim_service.restricted (
        id text primary key, subject_kind text not null, subject_key text[] not null,
        because text not null, placed_at timestamptz not null)""",
    "create index if not exists restricted_people on jikim_service.restricted (subject_kind, subject_key)",
    """create table if not exists jikim.move (
        run text not null, step text not null, batch integer not null, went jsonb not null,
        primary key (run, step, batch))""",
)

_NO_LONGER = """do $jikim$ declare
    known text := (select conname from pg_constraint where conrelid = '{table}'::regclass and contype = 'p');
    begin
        if known is not null then
            execute 'alter table {table} drop constraint ' || quote_ident(known);
        end if;
    end $jikim$"""
"""Of an archive that was prepared when a list of texts was the primary key of each of its tables."""
_NAMED_ONCE = """do $jikim$ begin
    if exists (select 1 from pg_attribute where attrelid = '{named}'::regclass and attname = 'jikim_law') then
        with said as materialized (
            select gen_random_uuid() as id, * from (
                select distinct jikim_law, jikim_article, jikim_plan, jikim_run from {table}) said),
        told as (insert into {provenance} select * from said)
        update {table} a set jikim_provenance = said.id from said
        where a.jikim_law = said.jikim_law and a.jikim_article = said.jikim_article
            and a.jikim_plan = said.jikim_plan and a.jikim_run = said.jikim_run;
        alter table {table} drop column jikim_law, drop column jikim_article, drop column jikim_plan,
            drop column jikim_run;
    end if;
    end $jikim$"""
"""Of one that was prepared when each copy said all of its provenance."""


def store_statements(*, sweeper: str, keeper: str | None, app: str | None) -> Iterator[str]:
    """The schema ``jikim`` of a store, closed to everybody but sweeper and keeper, and what the service may ask.

    Safe to run again.

    :param keeper: None where the archive is elsewhere.
    """
    yield "create schema if not exists jikim"
    yield "revoke all on schema jikim from public"
    yield from STORE_TABLES
    s = quoted(sweeper)
    yield f"grant usage on schema jikim to {s}"
    yield f"grant select, insert, update on jikim.receipt, jikim.outbox, jikim.fact, jikim.heard to {s}"
    yield f"grant select, insert, delete on jikim.move to {s}"
    yield f"grant usage on schema jikim_service to {s}"
    yield f"grant select, insert, update, delete on jikim_service.restricted to {s}"
    if keeper:
        k = quoted(keeper)
        yield f"grant usage on schema jikim to {k}"
        yield f"grant insert on jikim.receipt, jikim.outbox to {k}"
        yield f"grant select (run, step, batch, rows) on jikim.receipt to {k}"
    if app:
        yield f"revoke all on all tables in schema jikim from {quoted(app)}"
        yield f"grant usage on schema jikim_service to {quoted(app)}"
        yield f"grant select (subject_kind, subject_key) on jikim_service.restricted to {quoted(app)}"


def rights_elsewhere(schemas: Mapping[str, tuple[str, ...]], *, sweeper: str) -> Iterator[str]:
    """Rights to tables about people that lie in other schemas than the service's own."""
    for schema, tables in schemas.items():
        yield f"grant usage on schema {quoted(schema)} to {quoted(sweeper)}"
        for table in tables:
            yield f"grant select, update, delete on {quoted(schema, table)} to {quoted(sweeper)}"


def listing_statements(listings: Iterable[Table], *, sweeper: str) -> Iterator[str]:
    """One table for each folder that is listed. Safe to run again; what a pattern yields now is filled by the next run.

    A listing holds nothing that its folder does not: to drop it loses nothing.
    """
    for table in listings:
        name = quoted(table.lies_in, table.called)
        own = [c for c in table.columns.values() if c.name != "id"]
        columns = ", ".join(f"{quoted(c.name)} {c.type}" for c in own)
        yield (
            f"create table if not exists {name} (id bigint generated always as identity primary key,"
            f" {columns}, unique (path))"
        )
        for column in own:
            yield f"alter table {name} add column if not exists {quoted(column.name)} {column.type}"
        for columns_of in table.indexes:
            index = quoted("_".join([table.called[:40], *columns_of])[:60])
            yield f"create index if not exists {index} on {name} ({', '.join(map(quoted, columns_of))})"
        yield f"grant select, insert, update, delete on {name} to {quoted(sweeper)}"


def told_statements(tables: Iterable[Table], *, sweeper: str) -> Iterator[str]:
    """One table for each kind of person of whom the ledger tells facts. Safe to run again."""
    for table in tables:
        name, key = quoted(table.lies_in, table.called), table.primary_key
        columns = ", ".join(f"{quoted(c)} {table.columns[c].type} not null" for c in key)
        yield f"create table if not exists {name} ({columns}, primary key ({', '.join(map(quoted, key))}))"
        for column in (c for c in table.columns.values() if c.name not in key):
            yield f"alter table {name} add column if not exists {quoted(column.name)} {column.type}"
            index = quoted(archive_table(table.called, column.name))
            yield f"create index if not exists {index} on {name} ({quoted(column.name)})"
        yield f"grant select, insert, update, delete on {name} to {quoted(sweeper)}"


def archive_statements(
    schedules: Schedules, *, schema: Schema, archive: str, sweeper: str | None
) -> Iterator[str]:
    """One table for each (table, record), with the columns the statute covers and no other.

    Run by the keeper, who owns them; the sweeper may add rows and read none. In another database than the rows',
    nobody sweeps, copies can be pending, and types that only the rows' database may know become text.

    :param sweeper: None for an archive in another database.
    """
    provenance = quoted(archive, PROVENANCE)
    yield _PROVENANCES.format(provenance)
    if sweeper:
        yield f"grant insert on {provenance} to {quoted(sweeper)}"
    for schedule in schedules:
        for record, claims in schedule.records.items():
            name = quoted(archive, archive_table(schedule.table, record))
            content = content_columns(schedule, claims, schema)
            if sweeper is None:
                content = {c: t if t in PORTABLE else "text" for c, t in content.items()}
            pending = {} if sweeper else {"jikim_pending": "text not null default ''"}
            columns = [f"{c} {t}" for c, t in (ARCHIVE_COLUMNS | pending).items()]
            columns += [f"{quoted(c)} {t}" for c, t in content.items()]
            yield f"create table if not exists {name} ({', '.join(columns)})"
            yield f"alter table {name} add column if not exists jikim_provenance uuid"
            for column, kind in content.items():
                yield f"alter table {name} add column if not exists {quoted(column)} {kind}"
            by_date, by_key, by_person, unique = (
                archive_table(archive_table(schedule.table, record), each)
                for each in ("jikim_destroy_after", "jikim_subject_key", "jikim_subject", "jikim_key")
            )
            if sweeper:
                yield from _told_apart(schedule, record, schema, archive)
                yield f"drop index if exists {quoted(archive, unique)}"
            else:  # copies are looked for there, whatever keys the rows had when they came
                key = f"({FIRST}), jikim_key, jikim_pending"
                yield f"create unique index if not exists {quoted(unique)} on {name} ({key})"
            named = name.replace("'", "''")
            yield _NO_LONGER.format(table=named)
            yield _NAMED_ONCE.format(named=named, table=name, provenance=provenance)
            yield f"alter table {name} alter column jikim_provenance set not null"
            yield f"alter table {name} replica identity full"  # no primary key says which row went
            yield f"create index if not exists {quoted(by_date)} on {name} (jikim_destroy_after)"
            # Keys are lists of texts, and comparing those is most of what an index of them costs.
            yield (
                f"create index if not exists {quoted(by_person)} on {name} (hash_array(jikim_subject_key))"
                " where jikim_subject_key is not null"
            )
            yield f"drop index if exists {quoted(archive, by_key)}"
            if sweeper:
                yield f"grant insert on {name} to {quoted(sweeper)}"
            else:
                index = quoted(archive_table(archive_table(schedule.table, record), "pending"))
                yield f"create index if not exists {index} on {name} (jikim_pending) where jikim_pending <> ''"


def _told_apart(schedule: TableSchedule, record: str, schema: Schema, archive: str) -> Iterator[str]:
    """Copies by the parts of their keys, which are compared in half the time of lists of texts and take half the room.

    By the length of the first part before all: so keys that are numbers come at the index's end, where they grow, and
    not all over it. A key may have as many parts as an index has columns, and then there is no room for that.

    If the rows get keys of another length, copies are refused until this was said anew: no index tells those apart.
    """
    table = archive_table(schedule.table, record)
    name, parts = quoted(archive, table), len(schema.tables[schedule.table].primary_key)
    so_long = f"cardinality(jikim_key) = {parts}"
    length = ["octet_length(jikim_key[1])"] if parts < MOST_COLUMNS else []
    key = ", ".join([*length, *(f'(jikim_key[{n}] collate "C")' for n in range(1, 1 + parts))])
    before, unique = (
        quoted(archive, archive_table(table, f"jikim_key_{parts}")),
        quoted(archive_table(table, f"jikim_key_by_length_{parts}")),
    )
    yield f"create unique index if not exists {unique} on {name} ({key}) where {so_long}"
    yield f"drop index if exists {before}"
    yield (
        f"alter table {name} drop constraint if exists jikim_key_parts,"
        f" add constraint jikim_key_parts check ({so_long}) not valid"
    )


def content_columns(schedule: TableSchedule, claims: tuple[Claim, ...], schema: Schema) -> dict[str, str]:
    """Columns of an archive table beyond jikim's own: the covered cells and the identity taken along.

    A type that somebody made may change, or go: its text is kept.
    """

    def kind(table: str, column: str) -> str:
        held = schema.tables[table].columns[column]
        return "text" if held.loose or held.made else held.type

    found = {
        cell.name: "jsonb" if cell.path else "text" if cell.file else kind(schedule.table, cell.column)
        for cell in schedule.copied(claims[0])
    }
    for identity in (i for claim in claims for i in claim.identity):
        found[identity.name] = kind(identity.ref.hops[-1].table, identity.ref.column)
    return found
