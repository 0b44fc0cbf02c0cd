"""Partitions that hold nothing but due rows: each is emptied at once. Effectful.

All of it is one transaction. Whoever writes to the partition waits from the beginning, so what is counted is what goes;
whoever reads it waits only for the TRUNCATE at the end, which takes as long for many rows as for few. The
receipt is written before it: killed anywhere, there is either a receipt and an empty partition, or neither.

Whoever could be told of each row by the store is told of none by a TRUNCATE. So a partition is left to the batches
that delete row by row where a trigger or a rule speaks of deleting, a key points here, or a replica would keep what
went.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from jikim.backends.base import Run
from jikim.backends.postgresql.session import run as run_statement
from jikim.backends.postgresql.statements import Batches
from jikim.backends.sql.compile import Compiler
from jikim.backends.sql.dialect import Statement
from jikim.plan.plan import AccessPath, Action, Step
from jikim.plan.predicate import Predicate

MOST: Final = 100_000
"""Where something goes along with the rows, a transaction is no longer than that of the largest batch."""

# What is said of a table is said of those it is a part of, too. Of triggers and rules, those upon delete (8, '4') and
# truncate (32) count.
_PARTS = sa.text("""
    select c.oid::bigint as number, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name,
           c.relkind = 'r' and has_table_privilege(c.oid, 'SELECT') and has_table_privilege(c.oid, 'TRUNCATE')
           and not row_security_active(c.oid)
           and not exists (
               select from pg_partition_ancestors(c.oid) a where
                   exists (select from pg_trigger t where t.tgrelid = a.relid and not t.tgisinternal
                           and t.tgenabled <> 'D' and t.tgtype & 40 <> 0)
                   or exists (select from pg_rewrite w where w.ev_class = a.relid and w.ev_type = '4'
                              and w.ev_enabled <> 'D')
                   or exists (select from pg_constraint k where k.confrelid = a.relid and k.contype = 'f'))
           and not exists (
               select from pg_publication p join pg_publication_tables t using (pubname)
               join pg_namespace s on s.nspname = t.schemaname
               join pg_class w on w.relnamespace = s.oid and w.relname = t.tablename
               join pg_partition_ancestors(c.oid) a on a.relid = w.oid
               where p.pubdelete and (p.pubviaroot or not p.pubtruncate)) as at_once
    from pg_partition_tree(to_regclass(:table)) l
    join pg_class c on c.oid = l.relid join pg_namespace n on n.oid = c.relnamespace
    where l.isleaf
""")


@dataclass(frozen=True)
class Part:
    """A partition that has none below it.

    ``at_once`` tells whether this role may empty it, and nobody needs to be told of each row.
    """

    number: int
    name: str
    at_once: bool


def parts_of(connection: sa.Connection, schema: str, table: str) -> list[Part]:
    """The partitions of a table, as they are now; ``name`` is quoted where it must be."""
    named = connection.scalar(
        sa.text("select quote_ident(:schema) || '.' || quote_ident(:table)"),
        {"schema": schema, "table": table},
    )
    return [Part(*row) for row in connection.execute(_PARTS, {"table": named})]


def may_empty(step: Step, batches: Batches) -> bool:
    """Rows leave by this step, and wait for no others; what is kept of them is kept in the same transaction."""
    leaves = step.action in (Action.ARCHIVE, Action.DESTROY) and not (step.follows or step.inward)
    return leaves and not (step.copies and batches.archive is None)


def counts(compiler: Compiler, table: str, asked: Sequence[Predicate]) -> Statement:
    """For each partition that has rows: its number, how many there are, and of how many each predicate is so."""
    counted, looked = compiler.looked(table, asked, beside="r.tableoid")
    each = f"select array[tableoid::bigint, {', '.join(counted)}] as counted from ({looked}) looked group by tableoid"
    return compiler.statement(f"select array_agg(counted) from ({each}) parts")


def chosen(
    step: Step, batches: Batches, parts: Sequence[Part], *, found: Mapping[int, tuple[int, int]]
) -> AccessPath | None:
    """Which partitions a step empties at once; None for none.

    :param found: how many rows each has, and how many of them are due.
    """
    most = MOST if _goes_along(step, batches) else None
    whole = [
        part.name
        for part in parts
        if part.at_once and 0 < (rows := found.get(part.number, (0, 0)))[0] == rows[1] <= (most or rows[0])
    ]
    if not whole:
        return None
    why = f"{len(whole):,} of {len(parts):,} partitions hold nothing but due rows: emptied at once"
    return AccessPath("parts", why, tuple(sorted(whole)))


def _goes_along(step: Step, batches: Batches) -> bool:
    """Copies, files or tags of people go with the rows."""
    return bool(step.copies) or not batches.bare(step)


@dataclass(frozen=True)
class Emptying:
    """The statements that empty one partition, in their order."""

    part: str
    lock: Statement
    count: Statement
    carry_out: Statement
    truncate: Statement

    @classmethod
    def of(cls, part: str, step: Step, *, run: Run, batches: Batches) -> "Emptying":
        """Those for a partition of this name, quoted where it must be."""
        name = part.replace("%", "%%")
        along = _goes_along(step, batches)
        return cls(
            part,
            Statement(f"lock table only {name} in share row exclusive mode", {}),
            batches.share(step, part=name),
            batches.carry_out(step, run=run, part=name) if along else batches.receipt(step, run),
            Statement(f"truncate only {name}", {}),
        )

    @property
    def statements(self) -> list[Statement]:
        """As they stand in the transaction."""
        return [self.lock, self.count, self.carry_out, self.truncate]

    def __call__(self, connection: sa.Connection, table: tuple[str, str], *, number: int) -> int:
        """Empty it if it is still such a part of the table, and all of its rows are due; how many went.

        :raises sqlalchemy.exc.DBAPIError: somebody uses it, or it is not there any more.
        """
        run_statement(connection, self.lock)  # what is seen behind it stays as it is
        if not any(each.name == self.part and each.at_once for each in parts_of(connection, *table)):
            return 0
        total, due = map(int, run_statement(connection, self.count).one())
        if not 0 < total == due:
            return 0
        with connection.begin_nested() as attempt:
            carried = run_statement(connection, self.carry_out, number=number, changed=total).scalar()
            if carried != total:  # what the other statement saw of its owners was changed meanwhile
                attempt.rollback()
                return 0
            run_statement(connection, self.truncate)
        return total
