"""Applications of plans, and their confirmation by the privacy officer. Effectful."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from jikim.ledger.tables import CONFIRMATION, RUN

CONFIRMED_WITHIN = timedelta(days=7)
"""A run that nobody confirmed for longer shows in the audit (표준 개인정보 보호지침 제10조)."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One application of a plan.

    ``outcome`` and ``finished_at`` are None while it goes on and when it was killed. It is ``over`` once it has
    finished, or a later run of the same store has begun.
    """

    id: str
    store: str
    policy: str
    plan: str
    as_of: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    over: bool
    confirmed_by: str | None
    confirmed_at: datetime | None


_LATER = RUN.alias("later")
_OVER = sa.or_(
    RUN.c.finished_at.is_not(None),
    sa.exists().where(_LATER.c.store == RUN.c.store, _LATER.c.started_at > RUN.c.started_at),
)
_COLUMNS = (
    *(RUN.c.id, RUN.c.store, RUN.c.policy, RUN.c.plan, RUN.c.as_of),
    *(RUN.c.started_at, RUN.c.finished_at, RUN.c.outcome, _OVER.label("over")),
    *(CONFIRMATION.c.role.label("confirmed_by"), CONFIRMATION.c.at.label("confirmed_at")),
)
_RUNS = sa.select(*_COLUMNS).select_from(RUN.outerjoin(CONFIRMATION))


def start(
    connection: sa.Connection,
    run: str,
    *,
    store: str,
    policy: str,
    plan: str,
    program: bytes,
    as_of: datetime,
    at: datetime,
) -> bool:
    """Note that a run began; False when there is one of that name."""
    values = {"id": run, "store": store, "policy": policy, "plan": plan, "program": program}
    insert = pg.insert(RUN).values(**values, as_of=as_of, started_at=at).on_conflict_do_nothing()
    return connection.execute(insert.returning(RUN.c.id)).first() is not None


def finish(connection: sa.Connection, run: str, *, outcome: str, at: datetime) -> bool:
    """Note how a run ended; False when there is none of that name that goes on."""
    update = sa.update(RUN).where(RUN.c.id == run, RUN.c.finished_at.is_(None))
    ended = update.values(outcome=outcome, finished_at=at).returning(RUN.c.id)
    return connection.execute(ended).first() is not None


def confirm(connection: sa.Connection, run: str, *, role: str, at: datetime) -> bool:
    """Note that a run was looked at; False when it already was."""
    insert = pg.insert(CONFIRMATION).values(run=run, role=role, at=at).on_conflict_do_nothing()
    return connection.execute(insert.returning(CONFIRMATION.c.run)).first() is not None


def get(connection: sa.Connection, run: str) -> RunRow | None:
    """The run of that name."""
    row = connection.execute(_RUNS.where(RUN.c.id == run)).one_or_none()
    return RunRow(**row._mapping) if row else None


def newest(connection: sa.Connection, *, most: int) -> list[RunRow]:
    """Runs, the newest first."""
    query = _RUNS.order_by(RUN.c.started_at.desc(), RUN.c.id.desc()).limit(most)
    return [RunRow(**row._mapping) for row in connection.execute(query)]


def unconfirmed(connection: sa.Connection, *, now: datetime) -> list[RunRow]:
    """Runs that began more than seven days ago and that nobody has confirmed, the oldest first."""
    query = _RUNS.where(CONFIRMATION.c.run.is_(None), RUN.c.started_at < now - CONFIRMED_WITHIN)
    return [RunRow(**row._mapping) for row in connection.execute(query.order_by(RUN.c.started_at, RUN.c.id))]
