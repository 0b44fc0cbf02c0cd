"""What alembic runs: migrations inside the transaction that ``upgrade`` opened. Effectful."""

import sqlalchemy as sa
from alembic import context

from jikim.ledger.tables import METADATA, SCHEMA

_connection: sa.Connection = context.config.attributes["connection"]
_connection.execute(sa.text(f"create schema if not exists {SCHEMA}"))
_connection.execute(sa.text(f"revoke all on schema {SCHEMA} from public"))
context.configure(connection=_connection, target_metadata=METADATA, version_table_schema=SCHEMA)
with context.begin_transaction():
    context.run_migrations()
