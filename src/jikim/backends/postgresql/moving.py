"""Batches on their way from a store to an archive elsewhere, as the store sees them. Effectful.

To another server copies go as lines, told by the statement that takes the rows away. To a file they go row by row, of
rows that are locked and go afterwards. Either way they are pending in the archive before the store commits, and settled
after it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from jikim.backends.base import Archive, Copies, Move, Provenance, Run
from jikim.backends.postgresql.archive import PostgresArchive
from jikim.backends.postgresql.arriving import Lines
from jikim.backends.postgresql.session import changing, scrubbed
from jikim.backends.postgresql.session import run as run_statement
from jikim.backends.postgresql.statements import Batches
from jikim.backends.sql.dialect import Statement
from jikim.plan.plan import Step

_NAMED = "run = :run and step = :step and batch = :batch"
_FORGET = sa.text(f"delete from jikim.move where {_NAMED}")


@dataclass
class Moving:
    """One batch on its way.

    :param take: takes lines, if the archive takes any, and tells how many copies are new.
    """

    move: Move
    archive: Archive
    take: Callable[[Sequence[Lines]], int]
    copied: bool = field(default=False, init=False)
    crossed: bool = field(default=False, init=False)

    def copy(
        self,
        connection: sa.Connection,
        copies: Sequence[tuple[str, tuple[str, ...], Provenance, Statement]],
        picked: Mapping[str, str],
    ) -> int:
        """Copy what a law demands of the locked rows to the archive, row by row; how many are new.

        :param copies: where they go, their columns there, their provenance, and a query for them.
        """
        found = []
        for to, columns, provenance, query in copies:
            rows = [
                (tuple(key), subject, tuple(of) if of is not None else None, *rest)
                for key, subject, of, *rest in map(tuple, run_statement(connection, query, **picked))
            ]
            if rows:
                found.append(Copies(to, columns, rows, provenance))
        self.copied = True
        return self.archive.add(self.move, found) if found else 0

    def cross(
        self, connection: sa.Connection, step: Step, run: Run, batches: Batches, told: Sequence[Any]
    ) -> int:
        """Bring over the copies that a statement told beside the rows that went; how many rows.

        The receipt took every copy for a new one.
        """
        changed = next((rows for n, rows, _ in told if n is None), 0)
        lines = [
            Lines(
                step.copies[n].archive,
                batches.columns(step, n, run),
                copies,
                text,
                Provenance.of(step.copies[n].claim.because, run),
            )
            for n, copies, text in told
            if n is not None
        ]
        if lines:
            self.crossed, new = True, self.take(lines)
            if new < sum(each.copies for each in lines):
                receipt = f"update jikim.receipt set copies = :copies where {_NAMED}"
                connection.execute(sa.text(receipt), {**_values(self.move), "copies": new})
        return int(changed)


@dataclass(frozen=True)
class Moves:
    """The moves of one store."""

    sweeper: sa.Engine
    archive: Archive

    @property
    def as_lines(self) -> bool:
        """Whether the archive takes copies as lines."""
        return isinstance(self.archive, PostgresArchive)

    @contextmanager
    def one(self, step: Step, *, run: Run, number: int) -> Iterator[Moving]:
        """Move one batch; what is carried out in the block has been committed at its end."""
        move = Move(run.id, step.id, number)
        arriving = self.archive.arriving if isinstance(self.archive, PostgresArchive) else None
        with arriving.crossing(move) if arriving else nullcontext(len) as take:
            moving = Moving(move, self.archive, take)
            yield moving
        if moving.copied:
            self.settle(move)
        elif moving.crossed:
            at_once = self.sweeper.execution_options(isolation_level="AUTOCOMMIT")
            with scrubbed("settling a move"), at_once.connect() as connection:
                connection.execute(_FORGET, _values(move))

    def settle(self, move: Move, within: sa.Connection | None = None) -> None:
        """Let the archive keep what went."""
        with (
            scrubbed("settling a move"),
            nullcontext(within) if within else self.sweeper.begin() as connection,
        ):
            went = connection.execute(
                sa.text(f"select went from jikim.move where {_NAMED}"), _values(move)
            ).scalar()
            if went is True and isinstance(self.archive, PostgresArchive):
                self.archive.arriving.keep(move)
            else:
                self.archive.settle(move, [tuple(key) for key in went or ()])
            connection.execute(_FORGET, _values(move))

    def recover(self) -> None:
        """Settle what killed runs left between the store and its archive."""
        with scrubbed("finishing earlier moves"), changing(self.sweeper, alone=True) as connection:
            listed = connection.exec_driver_sql("select run, step, batch from jikim.move")
            for move in dict.fromkeys([*self.archive.unsettled(), *(Move(*row) for row in listed)]):
                self.settle(move, connection)


def _values(move: Move) -> dict[str, Any]:
    return {"run": move.run, "step": move.step, "batch": move.batch}
