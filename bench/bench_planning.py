"""How long the plan of a large schema takes: 200 tables of 3,000 columns in a real PostgreSQL, nearly empty.

What is measured is all that a plan is made of: the schema is read from the catalogue, the promise bound to it, the
steps put together as predicates, compiled into SQL and counted, and the plan's digest taken. Reading the files and
what is done once a process (the holidays of eighty years) are measured beside it.
"""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from examples.plask.world import PLASK
from tests.keeping import Kept, kept_at, promise_of, seoul

from bench.measure import Figure, Scale, at_most, median
from bench.wide import DEPARTMENTS, wide
from jikim.backends.postgresql.dialect import PostgreSQL
from jikim.backends.sql.both import NOT_COUNTED, STATES
from jikim.backends.sql.compile import Compiler
from jikim.datamap.parse import parse
from jikim.operations.plan_sweep import bound, holidays_for
from jikim.plan.fit import fit
from jikim.plan.plan import Step, steps
from jikim.plan.predicate import Predicate
from jikim.plan.sweep import Sweep
from jikim.postgres import Server

AS_OF = seoul(2026, 1, 15)
ROWS = """
    insert into members (id, email, name, password_hash, joined_at)
    values (1, 'one@mail.example', 'one', '-', '2025-01-01'), (2, 'two@mail.example', 'two', '-', '2025-01-01');
    insert into orders_1 (id, member_id, amount, summary, ordered_at) values (1, 1, 5, 'bread', '2025-02-01');"""


def figures(scale: Scale) -> Iterator[Figure]:
    """The plan as a whole, and what each part of the work takes."""
    made, datamap = wide(1 if scale.small else DEPARTMENTS)
    with _kept(made, datamap) as kept:
        schema = kept.store.reflect()
        tables, columns = len(schema.tables), sum(len(table.columns) for table in schema.tables.values())
        size = f"{tables} tables of {columns:,} columns"
        planned = kept.plan(AS_OF)
        assert not planned.plan.blocked, planned.plan.blocked

        def forget() -> None:
            kept.promise = replace(kept.promise)  # what it fits is remembered for one command only

        whole = median(scale.times, lambda: kept.plan(AS_OF).plan.digest, before=forget)
        yield Figure(
            f"plan {size}",
            "s",
            whole,
            target=at_most(1),
            note=f"{len(planned.plan.steps)} steps; reflect, fit, predicates, SQL, count, digest",
        )
        for name, seconds in _parts(kept, scale.times):
            yield Figure(f"of that: {name}", "s", seconds, note=f"{seconds / whole:.0%} of the plan")
        yield Figure(
            f"read the map of {size}", "s", median(scale.times, lambda: parse(datamap, name="datamap.yaml"))
        )


def _parts(kept: Kept, times: int) -> Iterator[tuple[str, float]]:
    """Each part of a plan on its own, in the order in which they follow one another, without a collector as there."""
    gc.disable()
    try:
        yield from _each(kept, times)
    finally:
        gc.enable()


def _each(kept: Kept, times: int) -> Iterator[tuple[str, float]]:
    store, promise = kept.store, kept.promise
    yield "reading the schema", median(times, store.reflect)
    schedules, schema, _ = bound(store, promise, as_of=AS_OF)
    yield "the holidays", median(times, lambda: holidays_for(AS_OF).digest)
    holidays = holidays_for(AS_OF)
    yield (
        "fitting map and schema",
        median(times, lambda: fit(promise.resolved, promise.datamap, schema, holidays=holidays)),
    )
    facts = store.facts()

    def put_together() -> tuple[list[Sweep], tuple[Step, ...], dict[str, list[Predicate]]]:
        sweeps = [Sweep(schedule, schedules, facts, AS_OF) for schedule in schedules]
        every = steps(sweeps, schema=schema, derived=schedules.derived)
        asked = {s.schedule.table: [getattr(s, state) for state in STATES] for s in sweeps}
        for step in every:
            if step.action not in NOT_COUNTED:
                asked[step.table].append(step.predicate)
        return sweeps, every, asked

    yield "predicates", median(times, put_together)
    sweeps, every, asked = put_together()

    def compiled() -> None:
        compiler = Compiler(PostgreSQL(store.zone, store.tables_in), schema, b"k" * 32)
        for table, predicates in asked.items():
            compiler.counts(table, predicates)

    sql = median(times, compiled)
    yield "SQL", sql

    def counted() -> None:
        store.use(schedules)
        store.count(sweeps, every, as_of=AS_OF)

    yield "counting, beyond the SQL", median(times, counted) - sql
    planned = kept.plan(AS_OF).plan
    fresh = [planned]

    def forget() -> None:
        fresh[:] = [replace(planned, steps=put_together()[1])]

    yield "the digest", median(times, lambda: fresh[0].digest, before=forget)


@contextmanager
def _kept(made: str, datamap: bytes) -> Iterator[Kept]:
    """The service on a server of its own, prepared for jikim."""
    service = replace(PLASK, id="wide")
    roles = (PLASK.folder.parent / "made_up" / "roles.sql").read_text().replace("{service}", service.package)
    with tempfile.TemporaryDirectory() as home, Server.start(Path(home), durable=False) as server:
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute((made + roles + ROWS).encode())
        promise = promise_of((PLASK.folder / "policy.yaml").read_bytes(), datamap)
        with kept_at(server.url(), promise=promise, service=service) as kept:
            bound(kept.store, kept.promise, as_of=AS_OF)
            kept.store.prepare(server.url(), app_role=service.role("app"))
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute("vacuum analyze")
            yield kept
