"""Copies that come to an archive from another server, as lines. Effectful.

A copy that is written when it comes, and again when it is settled, costs twice what it weighs, and its indexes do, too.
So lines are written down as they came, which is what *pending* is for them, and committed. A second transaction puts
them in their places and strikes them out. It ends when the store's has: killed anywhere before, the lines are still
there for whoever asks the store whether their rows went.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import psycopg
import sqlalchemy as sa

from jikim.backends.base import Move, Provenance
from jikim.backends.postgresql.session import run_all, scrubbed
from jikim.backends.sql.provenance import PROVENANCE
from jikim.datamap.survey import quoted

TABLE: Final = ("jikim", "arriving")
STATEMENTS: Final = (
    """create table if not exists jikim.arriving (
        move text not null, part integer not null, on_table text not null, columns text[] not null,
        copies bigint not null, lines text not null, at timestamptz not null default clock_timestamp(),
        primary key (move, part))""",
    "alter table jikim.arriving alter column lines set storage external",  # compressing takes longer than writing
)
"""The table of lines that are pending. Safe to run again."""

_WRITE: Final = sa.text("""
    insert into jikim.arriving (move, part, on_table, columns, copies, lines)
    values (:move, :part, :on_table, :columns, :copies, :lines)""")
_FORGET: Final = sa.text("delete from jikim.arriving where move = :move")
_STRIKE: Final = sa.text(f"{_FORGET.text} returning on_table, columns, copies, lines, at")


@dataclass(frozen=True)
class Lines:
    """Copies on their way to one table of the archive, as lines of CSV without a header.

    :param provenance: why they are kept, if the archive was not told yet.
    :param at: when they came, if that was before.
    """

    to: str
    columns: tuple[str, ...]
    copies: int
    lines: str
    provenance: Provenance | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class Arriving:
    """What arrives at one archive.

    :param keeper: owns the archive's tables.
    """

    keeper: sa.Engine
    schema: str

    @contextmanager
    def crossing(self, move: Move) -> Iterator[Callable[[Sequence[Lines]], int]]:
        """Take lines, once, of rows that a store is about to let go, and tell how many copies are new.

        They are kept when the block ends: the store has committed by then. Where it ends by an error nobody here knows
        whether the store has, so they stay pending until somebody asks it.
        """
        with ExitStack() as opened:
            yield lambda lines: self._take(move, lines, opened)
            with scrubbed("settling a move"):
                opened.close()

    def keep(self, move: Move) -> None:
        """Keep what is pending of a move whose rows went. Safe to run again."""
        with scrubbed("settling a move"), self.keeper.begin() as connection:
            found = connection.execute(_STRIKE, {"move": str(move)}).all()
            for to, columns, copies, lines, at in found:
                self._put(connection, Lines(to, tuple(columns), copies, lines, at=at), fresh=False)

    def drop(self, connection: sa.Connection, move: Move) -> None:
        """Forget what is pending of a move whose rows stayed."""
        connection.execute(_FORGET, {"move": str(move)})

    def moves(self, connection: sa.Connection) -> set[str]:
        """Those of which something is pending."""
        return {move for (move,) in connection.execute(sa.text("select distinct move from jikim.arriving"))}

    def _take(self, move: Move, lines: Sequence[Lines], opened: ExitStack) -> int:
        said = [
            {"move": str(move), "part": n, "on_table": each.to, "columns": list(each.columns)}
            | {"copies": each.copies, "lines": each.lines}
            for n, each in enumerate(lines)
        ]
        with scrubbed("copying to the archive"):
            connection = opened.enter_context(self.keeper.connect())
            with connection.begin():
                tell_provenance(
                    connection, self.schema, [each.provenance for each in lines if each.provenance]
                )
                for each in said:
                    connection.execute(_WRITE, each)
            try:
                return self._strike(connection, move, lines, opened, fresh=True)
            except psycopg.errors.UniqueViolation:  # a copy of such a row is kept already
                return self._strike(connection, move, lines, opened, fresh=False)

    def _strike(
        self, connection: sa.Connection, move: Move, lines: Sequence[Lines], opened: ExitStack, *, fresh: bool
    ) -> int:
        """Put lines in their places and strike them out, in a transaction that stays open."""
        with ExitStack() as own:
            own.enter_context(connection.begin())
            connection.execute(_FORGET, {"move": str(move)})
            new = sum(self._put(connection, each, fresh=fresh) for each in lines)
            opened.enter_context(own.pop_all())
        return new

    def _put(self, connection: sa.Connection, lines: Lines, *, fresh: bool) -> int:
        """Put lines in their places; how many are new. Those that should all be are refused if one is not."""
        table, columns = quoted(self.schema, lines.to), ", ".join(map(quoted, lines.columns))
        driver: Any = connection.connection.driver_connection
        if fresh:
            _copied(driver, f"{table} ({columns})", lines.lines)
            return lines.copies
        apart = "pg_temp.jikim_arriving"
        run_all(
            connection,
            (
                f"drop table if exists {apart}",
                f"create temp table jikim_arriving on commit drop as select {columns} from {table} limit 0",
            ),
        )
        _copied(driver, f"{apart} ({columns})", lines.lines)
        table, columns = (name.replace("%", "%%") for name in (table, columns))
        insert = f"""
            insert into {table} ({columns}, jikim_moved_at) select {columns}, coalesce(%(at)s::timestamptz, now())
            from {apart} on conflict do nothing"""
        return connection.exec_driver_sql(insert, {"at": lines.at}).rowcount


def tell_provenance(connection: sa.Connection, schema: str, provenances: Iterable[Provenance]) -> None:
    """Let an archive say why copies are kept, where it does not yet."""
    for each in dict.fromkeys(provenances):
        names = ", ".join(each.row)
        places = ", ".join(f"%({name})s" for name in each.row)
        table = quoted(schema, PROVENANCE).replace("%", "%%")
        connection.exec_driver_sql(
            f"insert into {table} ({names}) values ({places}) on conflict do nothing", each.row
        )


def _copied(driver: Any, into: str, lines: str) -> None:
    with driver.cursor() as cursor, cursor.copy(f"copy {into} from stdin (format csv)".encode()) as copy:
        copy.write(lines)
