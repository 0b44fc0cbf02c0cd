"""Prepare a store: jikim's schema, its rights, and the archive's tables. Run once, and after the map changes."""

from collections.abc import Iterator

import sqlalchemy as sa

from jikim.backends.postgresql.ddl import store_statements
from jikim.backends.postgresql.store import PostgresStore, run_all, scrubbed
from jikim.datamap.model import DataMap
from jikim.datamap.survey import quoted


def statements(datamap: DataMap, *, sweeper: str, keeper: str) -> Iterator[str]:
    """What an administrator runs once, as SQL: schema, tables, rights. Safe to run again."""
    archive = quoted(datamap.stores.archive.tables_in)
    yield from store_statements(sweeper=sweeper, keeper=keeper, app=datamap.stores.app.app_role)
    yield f"create schema if not exists {archive} authorization {quoted(keeper)}"
    yield f"revoke all on schema {archive} from public"
    yield f"grant usage on schema {archive} to {quoted(sweeper)}"


def prepare_store(admin: sa.Engine, store: PostgresStore, datamap: DataMap) -> None:
    """Run :func:`statements` as the administrator, then make the archive's tables as the keeper.

    :raises StoreError: a right is missing.
    """
    sweeper, keeper = store.principals()
    with scrubbed("preparing the store"), admin.begin() as connection:
        run_all(connection, statements(datamap, sweeper=sweeper, keeper=keeper))
    store.prepare_archive(sweeper=sweeper)
