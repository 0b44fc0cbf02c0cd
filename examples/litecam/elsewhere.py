"""What of liteCam's data lies outside its database: sheets of paper, and copies at processors. Effectful.

A row of ``elsewhere`` has a number and a place, and nobody's name. Whose it is stands in ``paper_records`` or
``handovers``, which jikim keeps like any other row. So the morning's tasks follow from what is left of those: a sheet
that only the archive still names belongs into the other cabinet, and what nothing names any more is to be shredded or
burnt, or to be deleted by the processor, who certifies it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from psycopg import Connection

Number = int
How = Literal["shredded", "burnt", "certified"]
APART: Final = "the other cabinet"
"""Where paper is kept that a law demands."""


@dataclass(frozen=True)
class Tasks:
    """Numbers of what is to be moved to the other cabinet, destroyed, and deleted by its processor."""

    apart: frozenset[Number]
    destroy: frozenset[Number]
    ask: frozenset[Number]


def tasks(app: Connection[Any], archive: Connection[Any]) -> Tasks:
    """What is to be done, and is not yet.

    :param app: as the office, which reads ``elsewhere``, ``paper_records`` and ``handovers``.
    :param archive: as the keeper.
    """
    here = _numbers(app, "select number from paper_records union select number from handovers")
    kept = _numbers(archive, "select number from kept_by_law.paper_records__complaints")
    left = app.execute("select number, kind, place from elsewhere where gone_at is null").fetchall()
    over = {number: kind for number, kind, _ in left if number not in here | kept}
    return Tasks(
        apart=frozenset(
            n for n, kind, place in left if kind == "paper" and n in kept - here and place != APART
        ),
        destroy=frozenset(n for n, kind in over.items() if kind == "paper"),
        ask=frozenset(n for n, kind in over.items() if kind == "copy"),
    )


def _numbers(connection: Connection[Any], query: str) -> set[Number]:
    return {number for (number,) in connection.execute(query.encode())}


def set_apart(app: Connection[Any], number: Number) -> None:
    """A sheet was moved to the other cabinet."""
    app.execute("update elsewhere set place = %s where number = %s", (APART, number))


def gone(app: Connection[Any], number: Number, *, how: How, at: datetime) -> None:
    """A sheet was shredded or burnt, or a processor certified that its copy is deleted."""
    app.execute("update elsewhere set gone_at = %s, how = %s where number = %s", (at, how, number))
