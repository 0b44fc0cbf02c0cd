"""The shop on PostgreSQL. Effectful."""

from collections.abc import Collection, Iterable
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import sql

from bench.shop import AS_OF, HERE, KEY, ZONE, Shop, promise
from jikim.backends.auditing.auditor import Auditor
from jikim.backends.postgresql.archive import PostgresArchive, SameDatabase
from jikim.backends.postgresql.audit import PostgresDatabase
from jikim.backends.postgresql.session import engine
from jikim.backends.postgresql.store import PostgresStore
from jikim.ledger.engine import connect
from jikim.ledger.upgrading import upgrade
from jikim.operations.plan_sweep import bound

DEBIAN = (Path("/usr/lib/postgresql/15/bin"), HERE.parents[1] / ".servers/pg15/bin")
ROLES = """
    do $$ begin
        create role bench_sweeper login bypassrls; create role bench_keeper login; create role bench_app login;
        exception when duplicate_object then null;
    end $$;
"""
RIGHTS = "grant select, insert, update, delete, truncate on all tables in schema public to bench_sweeper"


def debian() -> Path:
    """Where Debian's PostgreSQL 15 is. Raises ``FileNotFoundError``."""
    for programs in DEBIAN:
        if (programs / "postgres").exists():
            return programs
    raise FileNotFoundError("PostgreSQL 15 is not here: run tools/install-test-servers, or make bench")


class OnServer(Shop):
    """The shop in one database, and a ledger in another."""

    def __init__(
        self, url: str, ledger: str, *, archive: str | None = None, tables: Collection[str] = ()
    ) -> None:
        self.sweeper = engine(_as(url, "bench_sweeper"), role="sweeper", tables_in="public")
        self.keeper = engine(_as(archive or url, "bench_keeper"), role="keeper")
        kept = (
            PostgresArchive(self.keeper, schema="kept_by_law", zone=ZONE)
            if archive
            else SameDatabase(self.keeper, self.sweeper, schema="kept_by_law")
        )
        store = PostgresStore(
            self.sweeper, kept, name="app", tables_in="public", zone=ZONE, mask_key=KEY, epoch_key=KEY
        )
        super().__init__(url, store, connect(ledger), promise(tables), archive=archive)
        upgrade(self.ledger)

    def prepare(self) -> None:
        """jikim's own tables, and the archive's."""
        bound(self.store, self.promise, as_of=AS_OF)
        self.store.prepare(self.where, app_role="bench_app")

    def left(self, tables: Iterable[str], *, of: int) -> int:
        """How many rows of the first members are left in these tables."""
        with psycopg.connect(self.where) as connection:
            return sum(
                connection.execute(
                    sql.SQL("select count(*) from {} where {} <= %s").format(
                        sql.Identifier(table), sql.Identifier("id" if table == "members" else "member_id")
                    ),
                    (of,),
                ).fetchone()[0]
                for table in tables
            )

    def auditor(self) -> Auditor:
        """Whoever audits it."""
        live, kept = (
            PostgresDatabase(self.sweeper, ("public",)),
            PostgresDatabase(self.keeper, ("kept_by_law",)),
        )
        return Auditor(live, kept, home="public", apart=False)

    def close(self) -> None:
        """End every session."""
        for each in (self.sweeper, self.keeper, self.ledger):
            each.dispose()


def _as(url: str, role: str) -> str:
    return sa.make_url(url).set(username=role, drivername="postgresql").render_as_string(hide_password=False)
