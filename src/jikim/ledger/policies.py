"""Published versions of the policy, as the ledger holds them: only ever added to. Effectful."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from jikim.canonical import canonical
from jikim.ledger.errors import LedgerError
from jikim.ledger.tables import POLICY

_POLICY_LOCK = 0x6A696B05
"""Advisory lock: one version is published after another."""


@dataclass(frozen=True)
class Published:
    """One version.

    :param place: its number among all versions, from 1.
    :param digest: of its meaning.
    :param text: the policy's file, byte for byte.
    :param said: how it was judged when it was published, and the digests of its pages by name.
    """

    place: int
    version: str
    digest: str
    text: bytes
    announced: date
    effective: date
    said: Mapping[str, Any]
    at: datetime


def add(
    connection: sa.Connection,
    *,
    version: str,
    digest: str,
    text: bytes,
    announced: date,
    effective: date,
    said: Mapping[str, Any],
    at: datetime,
    after: int,
) -> Published:
    """Add a version.

    :param after: the place of the newest version that it was judged against; 0 for none.
    :raises LedgerError: another was published meanwhile, or one of that name or day is there already.
    """
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POLICY_LOCK)))
    known = every(connection)
    if len(known) != after:
        raise LedgerError("another version was published meanwhile", fix="run it again")
    for other in known:
        if other.version == version:
            raise LedgerError(
                f"version `{version}` was published on {other.at:%Y-%m-%d} and stays as it is",
                fix="give the changed policy a new `version`",
            )
    if known and effective <= known[-1].effective:
        raise LedgerError(
            f"version `{known[-1].version}` takes effect on {known[-1].effective}, not before {effective}",
            fix="let the new version take effect on a later day",
        )
    row = {
        "place": after + 1,
        "version": version,
        "digest": digest,
        "text": text,
        "announced": announced,
        "effective": effective,
        "said": canonical(said),
        "at": at,
    }
    connection.execute(sa.insert(POLICY).values(**row))
    return Published(**{**row, "said": said})  # type: ignore[arg-type]


def every(connection: sa.Connection) -> tuple[Published, ...]:
    """All versions, the oldest first."""
    rows = connection.execute(sa.select(POLICY).order_by(POLICY.c.place)).mappings()
    return tuple(Published(**{**row, "said": json.loads(row["said"])}) for row in rows)


def in_force_on(known: tuple[Published, ...], day: date) -> Published | None:
    """The version that is in force on a day; None before the first."""
    return next((each for each in reversed(known) if each.effective <= day), None)
