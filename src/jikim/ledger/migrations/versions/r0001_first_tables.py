"""The evidence log, runs, imported receipts, confirmations, keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SCHEMA = "jikim"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and refuse whatever would change evidence."""
    _make_the_log()
    _make_runs()
    _make_keys()
    op.execute("""
        create function jikim.refuse_change() returns trigger language plpgsql as $$
        begin
            raise exception 'evidence is only ever added to';
        end $$""")
    for table in ("entry", "tree_node", "checkpoint", "confirmation", "imported"):
        op.execute(f"""
            create trigger only_added_to before update or delete or truncate on jikim.{table}
            for each statement execute function jikim.refuse_change()""")


def _make_the_log() -> None:
    op.create_table(
        "entry_queue",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column(
            "key", sa.Text, nullable=False, unique=True, comment="says it once, however often it is said"
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("run", sa.Text),
        sa.Column("tag", sa.Text),
        sa.Column("draft", sa.LargeBinary, nullable=False, comment="the entry's canonical bytes at seq 0"),
        schema=_SCHEMA,
        comment="entries that wait to be sealed, in order",
    )
    op.create_table(
        "entry",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column(
            "kind", sa.Text, nullable=False, comment="kind, run, tag only help to find: exact is the evidence"
        ),
        sa.Column("run", sa.Text),
        sa.Column("tag", sa.Text),
        sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
        sa.Column("exact", sa.LargeBinary, nullable=False, comment="the bytes that were hashed and signed"),
        schema=_SCHEMA,
        comment="the sealed log; only ever added to",
    )
    op.create_index(
        "entry_run",
        "entry",
        ["run", "kind", "seq"],
        schema=_SCHEMA,
        postgresql_where=sa.text("run is not null"),
    )
    op.create_index(
        "entry_tag", "entry", ["tag", "seq"], schema=_SCHEMA, postgresql_where=sa.text("tag is not null")
    )
    op.create_table(
        "tree_node",
        sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        schema=_SCHEMA,
        comment="hashes of complete subtrees of 64 entries and more; smaller ones are taken from the leaves",
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text, nullable=False, comment="the signed note"),
        sa.Column("at", _INSTANT, nullable=False),
        schema=_SCHEMA,
        comment="signed heads of the log",
    )


def _make_runs() -> None:
    op.create_table(
        "run",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("store", sa.Text, nullable=False),
        sa.Column("policy", sa.Text, nullable=False, comment="digest"),
        sa.Column("plan", sa.Text, nullable=False, comment="digest of program"),
        sa.Column("program", sa.LargeBinary, nullable=False, comment="canonical JSON"),
        sa.Column("as_of", _INSTANT, nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("finished_at", _INSTANT),
        sa.Column("outcome", sa.Text, comment="how it ended: finished, partial, stopped"),
        sa.CheckConstraint("(finished_at is null) = (outcome is null)", name="ended_somehow"),
        schema=_SCHEMA,
        comment="applications of plans",
    )
    op.create_table(
        "confirmation",
        sa.Column("run", sa.Text, sa.ForeignKey(f"{_SCHEMA}.run.id"), primary_key=True),
        sa.Column("role", sa.Text, nullable=False, comment="an office, never a name"),
        sa.Column("at", _INSTANT, nullable=False),
        schema=_SCHEMA,
        comment="runs that the privacy officer has looked at",
    )
    op.create_table(
        "imported",
        sa.Column("store", sa.Text, primary_key=True),
        sa.Column("run", sa.Text, primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("batch", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", _INSTANT, primary_key=True, comment="by the store's clock"),
        schema=_SCHEMA,
        comment="receipts that the ledger holds: what is here was imported, and is not imported again",
    )
    op.create_index("imported_newest", "imported", ["store", "at", "run", "step", "batch"], schema=_SCHEMA)


def _make_keys() -> None:
    op.create_table(
        "epoch_key",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, comment="AES-256-GCM under the key file's key; null: shredded"),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("ends_at", _INSTANT, nullable=False, comment="makes no new tags from then on"),
        sa.Column("retire_after", _INSTANT, nullable=False, comment="when no backup needs it any more"),
        sa.Column("shredded_at", _INSTANT, comment="its bytes left the table's file then"),
        sa.CheckConstraint("shredded_at is null or wrapped is null", name="shredded_means_gone"),
        schema=_SCHEMA,
        comment="what persons' tags are made with",
    )
