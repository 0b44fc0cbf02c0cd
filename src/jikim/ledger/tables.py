"""The ledger's tables, as the newest migration leaves them. Pure."""

import sqlalchemy as sa

SCHEMA = "jikim"
METADATA = sa.MetaData(schema=SCHEMA)

_INSTANT = sa.DateTime(timezone=True)

ENTRY_QUEUE = sa.Table(
    "entry_queue",
    METADATA,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column(
        "key", sa.Text, comment="says it once, however often it is said; null: its receipt's name does"
    ),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("run", sa.Text),
    sa.Column("tag", sa.Text),
    sa.Column("draft", sa.LargeBinary, nullable=False, comment="the entry's canonical bytes at seq 0"),
    sa.Index("entry_queue_key", "key", unique=True, postgresql_where=sa.text("key is not null")),
    comment="entries that wait to be sealed, in order",
)

ENTRY = sa.Table(
    "entry",
    METADATA,
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text),
    sa.Column(
        "kind", sa.Text, nullable=False, comment="kind, run, tag only help to find: exact is the evidence"
    ),
    sa.Column("run", sa.Text),
    sa.Column("tag", sa.Text),
    sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
    sa.Column("exact", sa.LargeBinary, nullable=False, comment="the bytes that were hashed and signed"),
    sa.Index("entry_key", "key", unique=True, postgresql_where=sa.text("key is not null")),
    sa.Index("entry_run", "run", "kind", postgresql_where=sa.text("run is not null")),
    sa.Index("entry_tag", "tag", postgresql_using="hash"),
    comment="the sealed log; only ever added to",
)

TREE_NODE = sa.Table(
    "tree_node",
    METADATA,
    sa.Column("level", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    comment="hashes of complete subtrees of 64 entries and more; smaller ones are taken from the leaves",
)

CHECKPOINT = sa.Table(
    "checkpoint",
    METADATA,
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("note", sa.Text, nullable=False, comment="the signed note"),
    sa.Column("at", _INSTANT, nullable=False),
    comment="signed heads of the log",
)

RUN = sa.Table(
    "run",
    METADATA,
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
    comment="applications of plans",
)

CONFIRMATION = sa.Table(
    "confirmation",
    METADATA,
    sa.Column("run", sa.Text, sa.ForeignKey(f"{SCHEMA}.run.id"), primary_key=True),
    sa.Column("role", sa.Text, nullable=False, comment="an office, never a name"),
    sa.Column("at", _INSTANT, nullable=False),
    comment="runs that the privacy officer has looked at",
)

IMPORTED = sa.Table(
    "imported",
    METADATA,
    sa.Column("store", sa.Text, primary_key=True),
    sa.Column("run", sa.Text, primary_key=True),
    sa.Column("step", sa.Text, primary_key=True),
    sa.Column("batch", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", _INSTANT, primary_key=True, comment="by the store's clock"),
    sa.Index("imported_newest", "store", "at", "run", "step", "batch"),
    comment="receipts that the ledger holds: what is here was imported, and is not imported again",
)

POLICY = sa.Table(
    "policy",
    METADATA,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("version", sa.Text, nullable=False, unique=True),
    sa.Column("digest", sa.Text, nullable=False, comment="of its meaning"),
    sa.Column("text", sa.LargeBinary, nullable=False, comment="policy.yaml as it was published"),
    sa.Column("announced", sa.Date, nullable=False),
    sa.Column("effective", sa.Date, nullable=False, unique=True),
    sa.Column(
        "said", sa.LargeBinary, nullable=False, comment="canonical JSON: how it was judged, digests of pages"
    ),
    sa.Column("at", _INSTANT, nullable=False),
    comment="published versions of the policy, in order; a trigger refuses to change or remove one",
)

EPOCH_KEY = sa.Table(
    "epoch_key",
    METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, comment="AES-256-GCM under the key file's key; null: shredded"),
    sa.Column("created_at", _INSTANT, nullable=False),
    sa.Column("ends_at", _INSTANT, nullable=False, comment="makes no new tags from then on"),
    sa.Column("retire_after", _INSTANT, nullable=False, comment="when no backup needs it any more"),
    sa.Column("shredded_at", _INSTANT, comment="its bytes left the table's file then"),
    sa.CheckConstraint("shredded_at is null or wrapped is null", name="shredded_means_gone"),
    comment="what persons' tags are made with",
)

FACT = sa.Table(
    "fact",
    METADATA,
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, comment="what a hold or a restriction goes by"),
    sa.Column("over", sa.Boolean, nullable=False),
    sa.Column("words", sa.LargeBinary, comment="canonical JSON; null: forgotten"),
    sa.Column("at", _INSTANT, nullable=False),
    sa.UniqueConstraint("id", "over", name="once_each"),
    sa.Index("fact_remembered", "at", postgresql_where=sa.text("words is not null")),
    comment="facts from elsewhere, in the order in which stores are told of them",
)
