"""Plask's lives, told day by day: the model does what was reckoned by hand, and the telling stays as it was read.

Set ``JIKIM_RETELL=1`` to write the tellings anew; read them before they are committed.
"""

import os
from collections.abc import Callable

import psycopg
import pytest
import sqlalchemy as sa
from examples.plask.world import PLASK
from tests.golden.chronicle import LIFE, Story, plask_schema, tell
from tests.golden.lives_of_members import (
    complaining,
    consenting,
    leaving_and_undoing,
    misusing,
    paying_and_leaving,
    rejoining,
    settling_later,
)
from tests.golden.lives_of_others import a_guest, a_legal_hold, boundaries, closing, orphans, visiting

from jikim.backends.postgresql.reflect import reflect

Telling = Callable[[], Story]
STORIES: tuple[Telling, ...] = (
    leaving_and_undoing,
    paying_and_leaving,
    complaining,
    misusing,
    consenting,
    visiting,
    settling_later,
    a_guest,
    orphans,
    a_legal_hold,
    rejoining,
    closing,
    boundaries,
)
lives = pytest.mark.parametrize("telling", STORIES, ids=lambda telling: str(telling.__name__))


@lives
def test_the_sweep_moves_on_the_days_reckoned_by_hand_and_on_no_others(telling: Telling) -> None:
    """Every midnight at which something is done was counted by hand, and at every one counted something is done."""
    story = telling()
    assert tell(story).moved == set(story.reckoned)


@lives
def test_a_life_is_told_as_it_was_read(telling: Telling) -> None:
    """The day-by-day telling is the one that was read against the clauses and the law."""
    story = telling()
    told = "\n".join(tell(story).lines) + "\n"
    golden = LIFE / f"{story.name}.txt"
    if os.environ.get("JIKIM_RETELL"):
        golden.write_text(told)
    assert told == golden.read_text()


def test_the_schema_of_the_lives_is_that_of_a_real_plask(empty_database_18: str) -> None:
    """The tables as the file holds them have the same digests as Plask's in PostgreSQL."""
    with psycopg.connect(empty_database_18, autocommit=True) as connection:
        PLASK.install(connection)
    engine = sa.create_engine(sa.make_url(empty_database_18).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        found = reflect(connection, tables_in="public")
    engine.dispose()
    written = plask_schema()
    assert {t.name: t.digest() for t in written.tables.values()} == {
        t.name: t.digest() for t in found.tables.values()
    }
