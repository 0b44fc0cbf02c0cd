"""Give up a file that is to go and that jikim can never remove: a directory of that name, a path outside its store."""

from dataclasses import replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from jikim.backends.base import OutboxEntry, Store, StoreError
from jikim.evidence.entry import FileSettledBody
from jikim.operations.record_event import record_event

Reason = Literal["gone", "foreign"]
"""Somebody removed it by hand, or it is no file of that store's."""


def called(entry: OutboxEntry) -> str:
    """What an entry of the outbox goes by; numbers of different files stores may be the same."""
    return f"{entry.store}:{entry.id}"


def settle_file(
    store: Store, ledger: sa.Engine, file: str, *, name: str, because: Reason, now: datetime
) -> OutboxEntry:
    """Let an entry of the outbox wait no longer; its name goes, and its receipt is told without that file.

    :param file: the files store and the entry's number, such as ``uploads:12``.
    :param name: the store's, as the data map calls it.
    :raises StoreError: nothing waits under that name, or the store cannot be told.
    :raises LedgerError: the ledger refused; the file waits as before.
    """
    entry = next((each for each in store.outbox() if called(each) == file), None)
    if entry is None:
        raise StoreError(f"no file `{file}` waits to be removed", fix="see `jikim file list`")
    # First the word, then the deed: killed between them it is said again, and another entry tells of it.
    body = FileSettledBody(store=name, files=entry.store, because=because, unkept=len(entry.kept))
    record_event(ledger, body, about=(name, file), at=now)
    store.removed([replace(entry, stayed=True)])
    return entry
