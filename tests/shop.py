"""A shop of two tables, the one of the how-to, with whatever tables and map a test gives it. Effectful."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import yaml
from tests.keeping import Kept, as_role, kept_at, promise_of, seoul

from jikim.backends.base import Archive
from jikim.operations.plan_sweep import bound

HOWTO = Path(__file__).parents[1] / "docs/howto/keep-your-database.md"
POLICY = HOWTO.read_text().partition("```yaml policy.yaml\n")[2].partition("```")[0].encode()
MAP_TEXT = HOWTO.read_text().partition("```yaml datamap.yaml\n")[2].partition("```")[0]
MAP: Mapping[str, Any] = yaml.safe_load(MAP_TEXT.replace(": no", ": 'no'"))
TABLES = """
    create table members (
        id bigint primary key, email text not null, joined_at timestamptz not null, left_at timestamptz);
    create table orders (
        id bigint primary key, member_id bigint not null references members, what text not null,
        completed_at timestamptz);
    create index on orders (member_id);
    insert into members values
        (1, 'a@mail.example', '2026-01-01+09', '2026-03-01 12:00+09'), (2, 'b@mail.example', '2026-01-01+09', null);
    insert into orders values
        (1, 1, 'bread', '2026-02-01 12:00+09'), (2, 1, 'milk', '2020-02-01 12:00+09'),
        (3, 2, 'salt', '2026-02-01 12:00+09');
"""
"""Member 1 left in March, with an order whose record still runs and one whose record has run out."""

ROLES = """
    do $$ begin
        create role plask_sweeper login bypassrls; create role plask_keeper login;
        exception when duplicate_object then null;
    end $$;
"""
RIGHTS = "grant select, update, delete on all tables in schema public to plask_sweeper"
APRIL = seoul(2026, 4, 1)


def mapped(**tables: Any) -> dict[str, Any]:
    """The how-to's map, with some tables put instead."""
    return {**MAP, "tables": {**MAP["tables"], **tables}}


@contextmanager
def shop(
    url: str,
    *,
    tables: str = TABLES,
    datamap: Mapping[str, Any] = MAP,
    policy: bytes = POLICY,
    archive: Archive | None = None,
) -> Iterator[Kept]:
    """Such a shop in an empty database, prepared; its archive in the same, unless another is given."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in (ROLES, tables, RIGHTS):
            connection.execute(statement.encode())
    promise = promise_of(policy, yaml.safe_dump(dict(datamap), allow_unicode=True).encode())
    with kept_at(url, promise=promise, archive=archive) as kept:
        bound(kept.store, promise, as_of=APRIL)
        kept.store.prepare(as_role(url, "postgres"), app_role=promise.datamap.stores.app.app_role)
        yield kept


def errors(kept: Kept) -> list[str]:
    """The codes of the errors about its map."""
    _, _, findings = bound(kept.store, kept.promise, as_of=APRIL)
    return [f.code for f in findings if f.severity.name == "ERROR"]
