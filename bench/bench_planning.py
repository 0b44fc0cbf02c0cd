"""How long the plan of a large schema takes: 200 tables of 3,000 columns in a real PostgreSQL, nearly empty.

What is measured is all that a plan is made of: the schema is read from the catalogue, the promise bound to it, the
steps put together as predicates, compiled into SQL and counted, and the plan's digest taken. Reading the files and
what is done once a process (the holidays of eighty years) are measured beside it.
"""

import gc
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from examples.plask.world import PLASK
from tests.keeping import Kept, kept_at, promise_of, seoul

from bench.measure import Figure, Scale, at_most, median, seconds
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

        took = _took(kept, scale.times)
        whole = took.pop("whole")
        yield Figure(
            f"plan {size}",
            "s",
            whole,
            target=at_most(1),
            note=f"{len(planned.plan.steps)} steps; reflect, fit, predicates, SQL, count, digest",
        )
        took["counting, beyond the SQL"] -= took["SQL"]
        for name, part in took.items():
            yield Figure(f"of that: {name}", "s", part, note=f"{part / whole:.0%} of the plan")
        yield Figure(
            f"read the map of {size}", "s", median(scale.times, lambda: parse(datamap, name="datamap.yaml"))
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without a collector, as in a plan."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _took(kept: Kept, times: int) -> dict[str, float]:
    """The whole, and each part on its own, in the order in which they follow one another; medians of seconds.

    They take turns, so that all of them feel alike what else the machine does.
    """
    took: dict[str, list[float]] = {}
    for _ in range(times):
        kept.promise = replace(kept.promise)  # what it fits is remembered for one command only
        took.setdefault("whole", []).append(seconds(lambda: kept.plan(AS_OF).plan.digest))
        with _uncollected():
            for name, work in _parts(kept):
                took.setdefault(name, []).append(seconds(work))
    return {name: statistics.median(each) for name, each in took.items()}


def _parts(kept: Kept) -> Iterator[tuple[str, Callable[[], object]]]:
    store, promise = kept.store, kept.promise
    yield "reading the schema", store.reflect
    schedules, schema, _ = bound(store, promise, as_of=AS_OF)
    holidays = holidays_for(AS_OF)
    yield "the holidays", lambda: holidays_for(AS_OF).digest
    yield (
        "fitting map and schema",
        lambda: fit(promise.resolved, promise.datamap, schema, holidays=holidays),
    )
    facts = store.facts()
    sweeps = [Sweep(schedule, schedules, facts, AS_OF) for schedule in schedules]
    every: list[Step] = []
    asked: dict[str, list[Predicate]] = {}

    def put_together() -> None:
        every.extend(steps(sweeps, schema=schema, derived=schedules.derived))
        asked.update({s.schedule.table: [getattr(s, state) for state in STATES] for s in sweeps})
        for step in every:
            if step.action not in NOT_COUNTED:
                asked[step.table].append(step.predicate)

    yield "predicates", put_together

    def compiled() -> None:
        compiler = Compiler(PostgreSQL(store.zone, store.tables_in), schema, b"k" * 32)
        for table, predicates in asked.items():
            compiler.counts(table, predicates)

    yield "SQL", compiled

    def counted() -> None:
        store.use(schedules)
        store.count(sweeps, tuple(every), as_of=AS_OF)

    yield "counting, beyond the SQL", counted
    planned = kept.plan(AS_OF).plan
    yield "the digest", lambda: planned.digest


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
