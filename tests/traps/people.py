"""People for the traps, put into Plask's tables as its superuser; and events in the midst of a sweep. Effectful."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from tests.crash.boundaries import Boundaries
from tests.keeping import Kept, seoul

from jikim.backends.base import Run
from jikim.evidence.note import Signer
from jikim.operations.keep_promise import Kept as Outcome
from jikim.operations.keep_promise import keep_promise

AS_OF = seoul(2025, 6, 2, 12)
JOINED, LEFT = AS_OF - timedelta(days=300), AS_OF - timedelta(days=60)
SIGNER = Signer("jikim.plask", b"s" * 32)


def member(kept: Kept, key: int, *, left: datetime | None = LEFT, name: str = "Ahra") -> int:
    """A member, who left two months ago unless told otherwise."""
    kept.execute(
        "insert into members values (%s, %s, %s, '-', %s, %s, %s)",
        *(key, f"member-{key}@mail.example", name, JOINED, "left" if left else "active", left),
    )
    return key


def order(kept: Kept, key: int, *, of: int, summary: str = "as ordered") -> int:
    """A completed order: once the member has left, a statute keeps it for five years."""
    kept.execute("insert into products values (1, 'plan', 9900) on conflict do nothing")
    kept.execute(
        "insert into orders values (%s, %s, 1, 9900, %s, %s, %s)", *(key, of, summary, JOINED, JOINED)
    )
    return key


def interest(kept: Kept, key: int, *, of: int, topic: str = "light") -> int:
    """An interest: no statute keeps it."""
    kept.execute("insert into interests values (%s, %s, %s, %s, null)", key, of, topic, JOINED)
    return key


COMPLAINT = (
    "insert into support_posts values"
    " (%s, %s, 'member@mail.example', 'Ahra', 'complaint', %s, %s, %s, null, %s)"
)


def complaint(kept: Kept, key: int, *, of: int, title: str = "title", body: str = "body") -> int:
    """A complaint that was dealt with: a statute keeps it for three years. No foreign key leads to the member."""
    kept.execute(COMPLAINT, *(key, of, title, body, JOINED, JOINED))
    return key


@contextmanager
def meanwhile(kept: Kept, events: Mapping[str, Callable[[], object]]) -> Iterator[None]:
    """Let things happen in the midst of a sweep: each once, at the boundary it is filed under, and all of them."""
    waiting = dict(events)

    def say(name: str) -> None:
        if event := waiting.pop(name.removeprefix("apply_plan "), None):
            event()

    Boundaries(say).watch(kept.store.sweeper, who="sweeper")
    yield
    assert not waiting, "the sweep never came there"


def archived(kept: Kept, table: str) -> dict[str, dict[str, object]]:
    """The copies in one table of the archive, by key."""
    rows = kept.execute(f'select * from kept_by_law."{table}"')
    return {row["jikim_key"][0]: row for row in rows}


def keep(kept: Kept, ledger: sa.Engine, *, run: str, as_of: datetime = AS_OF) -> Outcome:
    """Plan, apply, prove."""
    planned = kept.plan(as_of)
    doing = Run(run, planned.plan, kept.promise.resolved.digests["policy"])
    with kept.busy():
        return keep_promise(kept.store, ledger, doing, signer=SIGNER, folders={}, clock=lambda: as_of)
