"""What a ledger is asked past SQLAlchemy, where no event tells of it. Effectful: changes this process's ledger."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from jikim.ledger import checkpoints, entries, queue, tree


def watch(say: Callable[[str, str], None]) -> None:
    """Say each statement twice: ``before`` and ``after`` it."""

    def around(asking: Callable[..., Any]) -> Callable[..., Any]:
        def asked(connection: sa.Connection, what: sa.Table | str, *more: Any) -> Any:
            statement = f"insert into {what.fullname}" if isinstance(what, sa.Table) else what
            say(statement, "before")
            answer = asking(connection, what, *more)
            say(statement, "after")
            return answer

        return asked

    for module in (checkpoints, entries, queue, tree):
        for name in {"copy_in", "fetch"} & vars(module).keys():
            setattr(module, name, around(getattr(module, name)))
