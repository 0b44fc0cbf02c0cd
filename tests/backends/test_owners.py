"""However a row is owned, every store does what the memory model means, and tells so; audit agrees on its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg
import pytest
from examples.made_up.load import plain
from psycopg import sql
from tests import owned
from tests.agreeing import audited_alike, swept_alike, told_alike
from tests.keeping import KEY, Kept, as_role, audit_of, kept_at
from tests.lite import lite, tables_of
from tests.servers import fresh_database
from tests.shop import RIGHTS, ROLES
from tests.telling import held

from jikim.evidence.tags import tag
from jikim.operations.plan_sweep import bound
from jikim.plan.schedule import Hold


@contextmanager
def in_postgres(url: str) -> Iterator[Kept]:
    """The service in an empty database, prepared."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (ROLES, *owned.postgres_tables(), RIGHTS):
            connection.execute(statement.encode())
    with kept_at(url, promise=owned.promise()) as kept:
        bound(kept.store, kept.promise, as_of=owned.NOW)
        kept.store.prepare(as_role(url, "postgres"), app_role=None)
        yield kept


def put(kept: Kept, rows: owned.Rows) -> None:
    """Let these rows, and no others, stand in a PostgreSQL store, and nothing in its archive."""
    with psycopg.connect(kept.url, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        archived = connection.execute(
            "select tablename from pg_tables where schemaname = 'kept_by_law'"
        ).fetchall()
        for name in [("public", table) for table in rows] + [("kept_by_law", table) for (table,) in archived]:
            connection.execute(sql.SQL("truncate {} cascade").format(sql.Identifier(*name)))
        for table, several in rows.items():
            for row in several:
                into = sql.SQL("insert into {} ({}) values ({})").format(
                    sql.Identifier(table),
                    sql.SQL(", ").join(map(sql.Identifier, row)),
                    sql.SQL(", ").join([sql.Placeholder()] * len(row)),
                )
                connection.execute(into, list(row.values()))


HOLDS = [
    Hold("1", "case", "member", ("1",)),
    Hold("2", "case", "contact", ("kim@mail.example",)),
    Hold("3", "case", None, (), "households"),
    Hold("4", "case", "member", ("2",), "chores"),
]


def thrown(kept: Kept, seed: int) -> owned.Rows:
    """Rows and holds as dice of that seed throw them; the holds are placed."""
    dice = Random(seed)  # noqa: S311
    rows = owned.drawn(dice)
    for hold in dice.sample(HOLDS, k=dice.choice([0, 0, 1, 2])):
        held(kept.store, hold, at=owned.NOW)
    return rows


@pytest.mark.parametrize(("server", "seeds"), [("pg15", (6,)), ("pg18", (18, 30))])
def test_rows_owned_in_every_way_are_swept_told_and_audited_as_the_model_means(
    request: pytest.FixtureRequest, server: str, seeds: tuple[int, ...]
) -> None:
    """Whoever owns, together, by join rows or inline, whoever is only named, whatever is missing or held."""
    met = set()
    with fresh_database(request.getfixturevalue(server)) as url, in_postgres(url) as kept:
        findings = bound(kept.store, kept.promise, as_of=owned.NOW)[2]
        assert [f.message for f in findings if f.severity.name == "ERROR"] == []
        for seed in seeds:
            put(kept, thrown(kept, seed))
            met |= told_alike(kept, owned.NOW)
            audited_alike(kept, owned.NOW)
            swept_alike(kept, owned.NOW, {})
            audited_alike(kept, owned.NOW)
            kept.execute("delete from jikim.fact")
    assert {("contact", "contacts"), ("member", "chores"), ("member", "pacts")} <= met


def test_a_store_in_a_file_does_the_same(tmp_path: Path) -> None:
    """The same worlds in SQLite: told and audited before and after, and swept."""
    with lite(tmp_path, tables=tables_of(owned.SCHEMA), promise=owned.promise(), as_of=owned.NOW) as kept:
        for table, rows in thrown(kept, 18).items():
            for row in rows:
                marks = ", ".join("?" for _ in row)
                values = map(plain, row.values())
                kept.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", *values)
        told_alike(kept, owned.NOW)
        audited_alike(kept, owned.NOW)
        swept_alike(kept, owned.NOW, {})
        told_alike(kept, owned.NOW)
        audited_alike(kept, owned.NOW)


def test_receipts_name_whoever_left_and_an_audit_what_of_them_is_late(empty_database_18: str) -> None:
    """Of a row of two: the one whose columns went; where both left, both. A reference that is emptied names nobody."""
    left = owned.NOW.replace(month=9)
    rows: owned.Rows = {name: [] for name in owned.SCHEMA.tables}
    rows["members"] = [
        {"id": n, "email": f"m{n}@mail.example", "left_at": left if n < 3 else None} for n in (1, 2, 3)
    ]
    rows["pacts"] = [
        {"id": n, "one_id": one, "other_id": other, "one_name": "갑", "other_name": "을", "terms": "약속"}
        for n, (one, other) in enumerate([(1, 3), (1, 2), (3, 3)], 1)
    ]
    rows["staff"] = [{"id": 1, "name": "김직원", "left_at": left}]
    rows["tickets"] = [{"id": 1, "member_id": 3, "handled_by": 1, "approved_by": None, "note": "문의"}]
    with in_postgres(empty_database_18) as kept:
        put(kept, rows)
        late = {
            f.where for f in audit_of(kept, as_of=owned.NOW).findings if f.kind.value.startswith("overdue")
        }
        assert kept.sweep(owned.NOW).complete
        receipts = kept.execute("select step, rows, persons from jikim.receipt order by step")
    tags = {n: tag(KEY, store="app", kind="member", key=str(n)) for n in (1, 2)}
    told = {each["step"]: (each["rows"], each["persons"]) for each in receipts}
    assert told["pacts/destroy"] == (1, {tags[1]: 1, tags[2]: 1})
    assert [each for step, each in told.items() if step.startswith("pacts/mask")] == [(1, {tags[1]: 1})]
    assert told["tickets/unlink-handled_by"] == (1, {})
    assert late == {"members", "pacts", "pacts.one_name", "staff", "tickets.handled_by"}
    assert sorted(told) == [
        "members/destroy",
        "members/stub",
        "pacts/destroy",
        "pacts/mask-1",
        "staff/destroy",
        "tickets/unlink-handled_by",
    ]
