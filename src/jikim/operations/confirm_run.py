"""The privacy officer looks at a run afterwards and confirms it (표준 개인정보 보호지침 제10조).

That never delays destruction. Runs that nobody confirmed within seven days show in the audit.
"""

from datetime import datetime

import sqlalchemy as sa

from jikim.errors import JikimError
from jikim.evidence.entry import ConfirmationBody
from jikim.ledger import queue, runs
from jikim.ledger.engine import snapshot, transaction
from jikim.ledger.errors import LedgerError
from jikim.ledger.queue import Draft
from jikim.ledger.runs import RunRow

LONGEST_ROLE = 60


def confirm_run(ledger: sa.Engine, run: str, *, role: str, now: datetime) -> None:
    """Record that a run was confirmed, once.

    :param role: the office that confirms, such as ``개인정보 보호책임자``; never a person's name or address.
    :raises JikimError: ``role`` is not an office's name.
    :raises LedgerError: no such run, or it goes on, or it was confirmed before.
    """
    _check_role(role)
    body = ConfirmationBody(run=run, role=role)
    with transaction(ledger, doing="confirming a run") as connection:
        found = runs.get(connection, run)
        if found is None:
            raise LedgerError(f"there is no run `{run}`", fix="see `jikim evidence list`")
        if not found.over:
            raise LedgerError(f"the run `{run}` has not ended", fix="confirm it once it has")
        if not runs.confirm(connection, run, role=role, at=now):
            raise LedgerError(f"the run `{run}` was confirmed before")
        draft = Draft.of(body, key=queue.key("confirmation", run), at=now, as_of=found.as_of)
        queue.enqueue(connection, [draft])


def unconfirmed_runs(ledger: sa.Engine, *, now: datetime) -> list[RunRow]:
    """Runs that began more than seven days ago and that nobody has confirmed. Raises ``LedgerError``."""
    with snapshot(ledger, doing="looking for unconfirmed runs") as connection:
        return runs.unconfirmed(connection, now=now)


def _check_role(role: str) -> None:
    if not 1 <= len(role) <= LONGEST_ROLE or role != role.strip() or not role.isprintable():
        raise JikimError(f"a role is one line of 1 to {LONGEST_ROLE} characters")
    if "@" in role or any(c.isdigit() for c in role):
        raise JikimError(
            "a role names an office, without address or number",
            fix="evidence names no person: write `개인정보 보호책임자` or `privacy officer`",
        )
