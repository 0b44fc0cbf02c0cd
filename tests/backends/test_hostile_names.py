"""Names that hold quotes, semicolons, percent signs, colons and another language's letters are names like others."""

from pathlib import Path

import psycopg
import yaml
from tests.keeping import as_role, audit_of, kept_at, promise_of, seoul

from jikim.backends.sql.store import engine
from jikim.operations.plan_sweep import bound
from jikim.operations.prepare_store import prepare_store

HOWTO = Path(__file__).parents[2] / "docs/howto/keep-your-database.md"
PEOPLE = 'mem"bers; drop table "x" --%s'
ORDERS = "주문 %(size)s :size 'o"
MAIL, LEFT, WHAT, DONE, STATE = 'e"mail %', "left at?", "what :ctids %%", "select", "st'ate"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


SCHEMA = f"""
    do $$ begin
        create role plask_sweeper login bypassrls; create role plask_keeper login;
        exception when duplicate_object then null;
    end $$;
    create type "Sta%te; '" as enum ('open', 'do%ne');
    create table {quoted(PEOPLE)} (id bigint primary key, {quoted(MAIL)} text not null, {quoted(LEFT)} timestamptz);
    create table {quoted(ORDERS)} (
        id bigint primary key, {quoted(PEOPLE)} bigint not null references {quoted(PEOPLE)},
        {quoted(WHAT)} text not null, {quoted(DONE)} timestamptz, {quoted(STATE)} "Sta%te; '" not null);
    create index on {quoted(ORDERS)} ({quoted(PEOPLE)});
    grant select, update, delete on all tables in schema public to plask_sweeper;
    insert into {quoted(PEOPLE)} values (1, 'a@mail.example', '2026-03-01 12:00+09'), (2, 'b@mail.example', null);
    insert into {quoted(ORDERS)} values
        (1, 1, 'bread', '2026-02-01 12:00+09', 'do%ne'), (2, 1, 'milk', '2026-02-01 12:00+09', 'open'),
        (3, 2, 'salt', '2026-02-01 12:00+09', 'do%ne');
"""
MAP = {
    "jikim": 1,
    "service": "shop",
    "stores": {"app": {"url": "env:S", "zone": "Asia/Seoul"}, "archive": {"url": "env:K"}},
    "subjects": {"member": {"table": PEOPLE, "key": "id", "facts": {"membership ended": LEFT}}},
    "tables": {
        PEOPLE: {
            "processing": ["membership"],
            "columns": {MAIL: {"item": "email", "mask": "tag(gone-{tag}@invalid.example)"}, LEFT: "no"},
        },
        ORDERS: {
            "owner": {"member": PEOPLE},
            "rows": {
                "done": {
                    "where": {STATE: "do%ne"},
                    "processing": ["purchase"],
                    "records": [{"contracts": {"contract completed": DONE}}],
                },
                "other": {"processing": ["purchase"]},
            },
            "columns": {WHAT: {"item": "order-history", "mask": "fixed(%)"}, DONE: "no", STATE: "no"},
        },
    },
}


def policy() -> bytes:
    text = HOWTO.read_text()
    return text.partition("```yaml policy.yaml\n")[2].partition("```")[0].encode()


def test_a_sweep_over_hostile_names_keeps_the_promise(empty_database: str) -> None:
    """What was completed is archived, what was not is destroyed, who left is gone; the others are untouched."""
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
    promise = promise_of(policy(), yaml.safe_dump(MAP, allow_unicode=True).encode())
    with kept_at(empty_database, promise=promise) as kept:
        _, _, findings = bound(kept.store, promise, as_of=seoul(2026, 4, 1))
        assert [f.message for f in findings if f.severity.name == "ERROR"] == []
        admin = engine(as_role(empty_database, "postgres"), role="administrator")
        prepare_store(admin, kept.store, promise.datamap)
        admin.dispose()
        assert kept.sweep(seoul(2026, 4, 1)).complete
        assert [row["id"] for row in kept.rows(PEOPLE.replace('"', '""'))] == [2]
        assert [row["id"] for row in kept.rows(ORDERS)] == [3]
        kept.execute("update jikim.receipt set shipped_at = at")
        report = audit_of(kept, as_of=seoul(2026, 4, 1))
        assert {f.kind.value for f in report.findings} <= {"reachable", "map"}  # what the map leaves unsaid
        assert report.tables[PEOPLE]["total"] == 1
        [copy] = kept.archive(seoul(2026, 4, 1)).values()
        assert (copy[WHAT], copy["jikim_subject_key"]) == ("bread", ["1"])
