"""Makes materialised views anew (PostgreSQL), each with a receipt of its own. Effectful.

A view is stale while a receipt of a change to what it reads is younger than the view's own newest receipt. So a run
that was killed between the two is finished by the next.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jikim.backends.base import Run
from jikim.datamap.schema import Derived
from jikim.datamap.survey import quoted
from jikim.plan.plan import Step

_STALE = sa.text("""
    select exists (
        select from jikim.receipt r
        where r.on_table = any(:reads) and r.action <> 'expire' and r.at > coalesce(
            (select max(at) from jikim.receipt where on_table = :name and action = 'refresh'), '-infinity'))
    and (select c.relispopulated from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'm' and n.nspname = :schema and c.relname = :called)
""")
_RECEIPT = sa.text("""
    insert into jikim.receipt (run, step, batch, action, on_table, rows, because, as_of, plan, policy, at)
    values (:run, :step, :batch, 'refresh', :name, 0, :because, :as_of, :plan, :policy, :at)
""").bindparams(sa.bindparam("because", type_=pg.JSONB))


def stale(connection: sa.Connection, step: Step, view: Derived, *, home: str) -> bool:
    """Whether what a view reads was changed since it was made; one that holds no rows needs nothing."""
    schema, called = view.at(home)
    values = {"reads": list(step.reads), "name": step.table, "schema": schema, "called": called}
    return bool(connection.execute(_STALE, values).scalar_one())


def settled(connection: sa.Connection) -> datetime:
    """An instant before which every receipt is committed: batches under way are waited for."""
    connection.exec_driver_sql("lock table jikim.receipt in share mode")
    at: datetime = connection.execute(sa.text("select clock_timestamp()")).scalar_one()
    return at


def refresh(
    connection: sa.Connection, step: Step, view: Derived, *, run: Run, number: int, at: datetime, home: str
) -> None:
    """Make a view anew, beside its readers where a unique index allows that; write the receipt.

    :param at: what changed until then is in it.
    """
    beside = "concurrently " if view.apart else ""
    as_it_stands = connection.execution_options(no_parameters=True)
    as_it_stands.exec_driver_sql(f"refresh materialized view {beside}{quoted(*view.at(home))}")
    values: dict[str, Any] = {
        "run": run.id,
        "step": step.id,
        "batch": number,
        "name": step.table,
        "because": [str(b) for b in step.because],
        "as_of": run.plan.as_of,
        "plan": run.plan.digest,
        "policy": run.policy_digest,
        "at": at,
    }
    connection.execute(_RECEIPT, values)


def rights(view: Derived, *, home: str, role: str) -> str:
    """What gives a role the right to make a view anew."""
    at, who = quoted(*view.at(home)), quoted(role)
    return f"ALTER MATERIALIZED VIEW {at} OWNER TO {who};   -- from PostgreSQL 17: GRANT MAINTAIN ON {at} TO {who};"
