"""What a million entries need not write: keys of what receipts say, and places in the indexes of runs and tags."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Keys may be missing, and only those that are there are indexed. A run's entries lie in their order anyway; tags
    have none.
    """
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
    said = "says it once, however often it is said; null: its receipt's name does"
    op.alter_column("entry_queue", "key", comment=said, schema="jikim")
    op.drop_index("entry_run", "entry", schema="jikim")
    op.create_index(
        "entry_run", "entry", ["run", "kind"], schema="jikim", postgresql_where=sa.text("run is not null")
    )
    op.drop_index("entry_tag", "entry", schema="jikim")
    op.create_index("entry_tag", "entry", ["tag"], schema="jikim", postgresql_using="hash")
