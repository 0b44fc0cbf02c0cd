"""What a receipt says needs no key of its own: `imported` holds the receipt's name."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keys may be missing, and only those that are there are indexed."""
    for table in ("entry_queue", "entry"):
        op.drop_constraint(f"{table}_key_key", table, schema="jikim", type_="unique")
        op.alter_column(table, "key", nullable=True, schema="jikim")
        op.create_index(
            f"{table}_key",
            table,
            ["key"],
            unique=True,
            schema="jikim",
            postgresql_where=sa.text("key is not null"),
        )
