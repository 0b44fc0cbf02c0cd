"""Published versions of the policy, none of which is ever changed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table, and what keeps its rows as they are."""
    op.create_table(
        "policy",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.Text, nullable=False, unique=True),
        sa.Column("digest", sa.Text, nullable=False, comment="of its meaning"),
        sa.Column("text", sa.LargeBinary, nullable=False, comment="policy.yaml as it was published"),
        sa.Column("announced", sa.Date, nullable=False),
        sa.Column("effective", sa.Date, nullable=False, unique=True),
        sa.Column(
            "said",
            sa.LargeBinary,
            nullable=False,
            comment="canonical JSON: how it was judged, digests of pages",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        schema="jikim",
        comment="published versions of the policy, in order; a trigger refuses to change or remove one",
    )
    op.execute(
        "create trigger only_added_to before update or delete or truncate on jikim.policy"
        " for each statement execute function jikim.refuse_change()"
    )
