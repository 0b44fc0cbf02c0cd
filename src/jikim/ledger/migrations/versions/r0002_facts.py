"""What is said of facts that stand in no row of a service."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "fact",
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, comment="what a hold or a restriction goes by"),
        sa.Column("over", sa.Boolean, nullable=False),
        sa.Column("words", sa.LargeBinary, comment="canonical JSON; null: forgotten"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("id", "over", name="once_each"),
        schema="jikim",
        comment="facts from elsewhere, in the order in which stores are told of them",
    )
    op.create_index(
        "fact_remembered", "fact", ["at"], schema="jikim", postgresql_where=sa.text("words is not null")
    )
