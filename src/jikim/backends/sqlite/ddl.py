"""What jikim adds to a SQLite file: tables of its own, and those of an archive. Returns statements, runs nothing."""

from collections.abc import Iterable, Iterator

from jikim.datamap.schema import Column, Table
from jikim.datamap.survey import quoted
from jikim.plan.plan import archive_table
from jikim.plan.schedule import Schedules

BOOKS = (
    """create table if not exists jikim_receipt (
        run text not null, step text not null, batch integer not null,
        action text not null, on_table text not null, rows integer not null,
        copies integer not null default 0, files integer not null default 0,
        persons text not null default '{}', because text not null,
        kept_until text, persons_kept text not null default '{}',
        as_of text not null, plan text not null, policy text not null,
        at text not null default (strftime('%Y-%m-%d %H:%M:%f000', 'now')), shipped_at text,
        height integer not null default 0, told integer not null default 0,
        primary key (run, step, batch))""",
    "create index if not exists jikim_receipt_unshipped on jikim_receipt (at) where shipped_at is null",
    "create index if not exists jikim_receipt_height on jikim_receipt (height, on_table)",
    "create index if not exists jikim_receipt_untold on jikim_receipt (run) where told < height",
    """create table if not exists jikim_outbox (
        id integer primary key, run text not null, step text not null, batch integer not null,
        store text not null, path text not null, done_at text, mark text not null default '',
        kept text not null default '[]', stayed integer not null default 0)""",
    "create index if not exists jikim_outbox_stayed on jikim_outbox (run, step, batch) where stayed = 1",
    "create index if not exists jikim_outbox_open on jikim_outbox (run, step, batch) where done_at is null",
    "create index if not exists jikim_outbox_paths on jikim_outbox (path) where done_at is null",
)
"""What a store and an archive keep beside their rows."""
STORE_TABLES = (
    *BOOKS,
    """create table if not exists jikim_fact (
        id text primary key not null, kind text not null check (kind in ('hold', 'service')),
        name text not null, on_table text, subject_kind text, subject_key text,
        happened_at text, because text not null default '', placed_at text not null, released_at text)""",
    "create table if not exists jikim_heard (one integer primary key check (one = 1), place integer not null)",
    """create table if not exists jikim_restricted (
        id text primary key not null, subject_kind text not null, subject_key text not null,
        because text not null, placed_at text not null)""",
    "create index if not exists jikim_restricted_people on jikim_restricted (subject_kind, subject_key)",
    """create table if not exists jikim_move (
        run text not null, step text not null, batch integer not null, went text not null,
        primary key (run, step, batch))""",
)

ARCHIVE_COLUMNS = {
    "jikim_key": "text not null",
    "jikim_pending": "text not null default ''",
    "jikim_subject": "text",
    "jikim_subject_key": "text",
    "jikim_moved_at": "text not null default (strftime('%Y-%m-%d %H:%M:%f000', 'now'))",
    "jikim_destroy_after": "text not null",
    "jikim_provenance": "text",
}
PROVENANCES = """create table if not exists jikim_provenance (
    id text primary key not null, law text not null, article text not null, plan text not null, run text not null)"""
"""The table of an archive in which it says why its copies are kept."""


def listing_statements(listings: Iterable[Table]) -> Iterator[str]:
    """One table for each folder that is listed. Safe to run again.

    Ids are never given twice: a copy in the archive goes by the id of the file it was made for.
    """
    for table in listings:
        own = [c for c in table.columns.values() if c.name != "id"]
        columns = ", ".join(f"{quoted(c.name)} {_kind(c)}" for c in own)
        name = f"jikim_{table.called}"
        yield (
            f"create table if not exists {name} (id integer primary key autoincrement, {columns}, unique (path))"
        )
        for indexed in table.indexes:
            index = quoted("_".join([name, *indexed]))
            yield f"create index if not exists {index} on {name} ({', '.join(map(quoted, indexed))})"


def told_tables(tables: Iterable[Table]) -> Iterator[tuple[Table, str]]:
    """One table for each kind of person of whom the ledger tells facts; columns are added with :func:`told_column`."""
    for table in tables:
        key = table.primary_key
        columns = ", ".join(f"{quoted(c)} {_kind(table.columns[c])} not null" for c in key)
        name = quoted(f"jikim_{table.called}")
        yield (
            table,
            f"create table if not exists {name} ({columns}, primary key ({', '.join(map(quoted, key))}))",
        )


def told_columns(table: Table, there: Iterable[str]) -> Iterator[str]:
    """The dates of facts that are not there yet."""
    name = quoted(f"jikim_{table.called}")
    for column in (c for c in table.columns if c not in {*table.primary_key, *there}):
        yield f"alter table {name} add column {quoted(column)} text"
        yield f"create index {quoted(f'jikim_{table.called} by {column}')} on {name} ({quoted(column)})"


def _kind(column: Column) -> str:
    return "integer" if column.family == "number" else "text"


def archive_tables(schedules: Schedules) -> Iterator[tuple[str, list[str]]]:
    """Each table of the archive, by (table, record), and the columns its statute covers."""
    for schedule in schedules:
        for record, claims in schedule.records.items():
            covered = [cell.name for cell in schedule.copied(claims[0])]
            lent = [identity.name for claim in claims for identity in claim.identity]
            yield archive_table(schedule.table, record), list(dict.fromkeys([*covered, *lent]))


def archive_statements(name: str, content: list[str]) -> Iterator[str]:
    """One table; its content has no types, so that every value stays as it was."""
    columns = [f"{c} {t}" for c, t in ARCHIVE_COLUMNS.items()] + [quoted(c) for c in content]
    yield (
        f"create table if not exists {quoted(name)} ({', '.join(columns)}, primary key (jikim_key, jikim_pending))"
    )
    for suffix, indexed in {
        "destroy_after": "jikim_destroy_after",
        "subject_key": "jikim_subject_key",
        "pending": "jikim_pending) where (jikim_pending <> ''",
    }.items():
        yield f"create index if not exists {quoted(f'jikim_{suffix} of {name}')} on {quoted(name)} ({indexed})"


def named_once(name: str) -> Iterator[str]:
    """Of a table that was made when each copy said all of its provenance."""
    table, said = quoted(name), ("law", "article", "plan", "run")
    own = ", ".join(f"jikim_{each}" for each in said)
    yield f"alter table {table} add column jikim_provenance text"
    yield (
        f"insert into jikim_provenance (id, {', '.join(said)})"
        f" select lower(hex(randomblob(16))), {own} from (select distinct {own} from {table})"
    )
    yield (
        f"update {table} set jikim_provenance ="
        f" (select p.id from jikim_provenance p where ({', '.join(f'p.{each}' for each in said)}) = ({own}))"
    )
    for each in said:
        yield f"alter table {table} drop column jikim_{each}"
