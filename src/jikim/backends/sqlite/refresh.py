"""Makes full-text indexes anew (SQLite), each with a receipt of its own. Effectful.

A row that goes, or is changed, is only marked in such an index: its words stay in the file. So an index is stale while
a receipt of a change to what it indexes is not older than the index's own newest receipt; a run that was killed between
the two is finished by the next.
"""

import json
import sqlite3
import time

from jikim.backends.base import Run
from jikim.backends.sqlite.functions import instant_text
from jikim.backends.sqlite.session import rows
from jikim.datamap.schema import Derived
from jikim.datamap.survey import quoted
from jikim.plan.plan import Step

_STALE = """
    select exists (
        select 1 from main.jikim_receipt r
        where r.on_table in (select value from json_each(:reads)) and r.action not in ('expire', 'refresh')
            and r.at >= coalesce(
                (select max(at) from main.jikim_receipt where on_table = :name and action = 'refresh'), ''))"""
_RECEIPT = """
    insert into main.jikim_receipt (run, step, batch, action, on_table, rows, because, as_of, plan, policy)
    values (:run, :step, :batch, 'refresh', :name, 0, :because, :as_of, :plan, :policy)"""
_TICK = 0.002
"""Seconds after which SQLite's clock shows another time: two receipts of one time could not be told apart."""


def stale(connection: sqlite3.Connection, step: Step) -> bool:
    """Whether what is indexed was changed since the index was made. Raises ``sqlite3.Error``."""
    values = {"reads": json.dumps(list(step.reads), ensure_ascii=False), "name": step.table}
    return bool(rows(connection, _STALE, values)[0][0])


def refresh(connection: sqlite3.Connection, step: Step, index: Derived, *, run: Run, number: int) -> None:
    """Make an index anew and write the receipt, as the only writer. Raises ``sqlite3.Error``."""
    at, own = quoted(*index.at("main")), quoted(index.at("main")[1])
    connection.execute(f"insert into {at} ({own}) values ('rebuild')")
    time.sleep(_TICK)
    because = json.dumps([str(b) for b in step.because], ensure_ascii=False)
    values = {
        "run": run.id,
        "step": step.id,
        "batch": number,
        "name": step.table,
        "because": because,
        "as_of": instant_text(run.plan.as_of),
        "plan": run.plan.digest,
        "policy": run.policy_digest,
    }
    connection.execute(_RECEIPT, values)
