"""Bring a store's receipts into the ledger, each exactly once.

1. Read what the store has not shipped, so many receipts at a time as make a transaction of bearable size.
2. In one transaction of the ledger: note which of them are new to it, and queue their entries: one for the
   batch, one for its files, one for each person who caused it.
3. Only then tell the store that the ledger holds them.

Killed after 2, the next import meets receipts that the ledger knows: they are not queued again, only marked.
Killed before, nothing was done. Two imports at once meet in the ledger's primary key.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ConfigDict, TypeAdapter

from jikim.backends.base import Receipt, Store
from jikim.evidence.alike import Alike
from jikim.evidence.entry import Because, Body, Count, DisposalBody, Entry, FileBody, PersonBody, Tag, spelled
from jikim.evidence.stage import Stage
from jikim.ledger import imports, queue
from jikim.ledger.engine import transaction
from jikim.ledger.errors import LedgerError
from jikim.ledger.imports import ReceiptName
from jikim.ledger.queue import Draft

ENTRIES_AT_ONCE = 20_000
"""Entries in one transaction of the ledger, about; a receipt of a large batch may name as many persons."""

NOTHING_KEEPS_IT = "processing"
"""The clause of what goes because no clause names it: the whole chapter, by its silence."""

_BECAUSE = re.compile(r"(?P<clause>\S+)(?: \((?P<article>.+)\))?")

_PERSONS = TypeAdapter(dict[Tag, Count], config=ConfigDict(strict=True, hide_input_in_errors=True))

_ACTIONS = {
    "archive": "archive",
    "mask": "mask",
    "stub": "stub",
    "destroy": "destroy",
    "expire": "destroy",  # an archived copy whose own date has come
    "refresh": "refresh",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """How many receipts the store handed over, and how many of them were new to the ledger."""

    receipts: int
    new: int


def import_receipts(store: Store, ledger: sa.Engine, *, name: str) -> Imported:
    """Import everything the store has not shipped. Safe to be killed, and run again, and run twice at once.

    :param name: the store's, as the data map calls it.
    :raises StoreError: the store cannot be read or marked.
    :raises LedgerError: the ledger refused, or a receipt is not one that this jikim writes.
    """
    seen = new = 0
    while receipts := _next(store):
        with transaction(ledger, doing="importing receipts") as connection:
            added = imports.add_new(connection, [_name(r) for r in receipts], store=name)
            drafts = (d for r in receipts if _name(r) in added for d in drafts_of(r, store=name))
            queue.enqueue_all(connection, drafts)
        store.shipped(receipts)
        seen += len(receipts)
        new += len(added)
    return Imported(seen, new)


def _next(store: Store) -> list[Receipt]:
    """The oldest unshipped receipts. The store's session is free again when this returns."""
    receipts: list[Receipt] = []
    entries = 0
    for receipt in store.unshipped():
        receipts.append(receipt)
        entries += 1 + len(receipt.persons)
        if entries >= ENTRIES_AT_ONCE:
            break
    return receipts


def drafts_of(receipt: Receipt, *, store: str) -> Iterator[Draft]:
    """The entries of one receipt. Raises ``LedgerError`` for one that this jikim would not write.

    None has a key: the receipt's name is noted in the transaction that queues them, once.
    """
    if receipt.action not in _ACTIONS:
        raise LedgerError(
            f"a receipt of `{receipt.step}` says `{receipt.action}`, which this jikim does not do",
            fix="import with the jikim that applied the plan, or a newer one",
        )
    common: dict[str, Any] = {
        "run": receipt.run,
        "store": store,
        "table": receipt.table,
        "because": because_of(receipt.because),
    }
    deed: dict[str, Any] = {
        **common,
        "step": receipt.step,
        "batch": receipt.batch,
        "action": _ACTIONS[receipt.action],
        "policy": receipt.policy,
        "plan": receipt.plan,
        "stage": Stage.UNREACHABLE.value,
    }
    counts: dict[str, Any] = {"rows": receipt.rows, "copies": receipt.copies, "files": receipt.files}
    bodies: list[Body] = [DisposalBody(**deed, **counts, **_kept(receipt.kept_until))]
    if receipt.files:
        bodies.append(FileBody(**common, files=receipt.files))
    for body in bodies:
        yield Draft.of(body, key=None, at=receipt.at, as_of=receipt.as_of)
    yield from _persons(receipt, deed)


def _persons(receipt: Receipt, deed: dict[str, Any]) -> Iterator[Draft]:
    """An entry for each person: all say the same but who, how many rows, and until when copies are kept."""
    if not receipt.persons:
        return
    rows_of = _PERSONS.validate_python(receipt.persons)
    until_of = {
        tag: spelled(datetime.fromisoformat(until)) for tag, until in receipt.persons_kept.items() if until
    }

    def alike(body: PersonBody, *names: str) -> Alike:
        return Alike.of(Entry(0, at=receipt.at, as_of=receipt.as_of, body=body), *names, "rows", "tag")

    nobody: dict[str, Any] = {**deed, "rows": 0, "tag": "0" * 32}
    gone = alike(PersonBody(**nobody))
    kept = alike(PersonBody(**nobody, kept_until=""), "kept_until")
    for tag, rows in sorted(rows_of.items()):
        said = b"%d" % rows, _quoted(tag)
        until = until_of.get(tag)
        exact = kept.encode(_quoted(until), *said) if until else gone.encode(*said)
        yield Draft(None, PersonBody.kind, receipt.run, tag, exact)


def _quoted(plain: str) -> bytes:
    """A tag or an instant as JSON: neither has anything to escape."""
    return b'"%b"' % plain.encode()


def _kept(until: datetime | None) -> dict[str, Any]:
    """Until when archived copies of what went are kept at the latest; nothing for what was not copied."""
    return {"kept_until": spelled(until)} if until else {}


def because_of(reasons: Iterable[str]) -> Because:
    """Clauses and articles, from reasons as a plan spells them: ``clause`` or ``clause (law article)``."""
    found = [match for reason in reasons if (match := _BECAUSE.fullmatch(reason))]
    clauses = dict.fromkeys(match["clause"] for match in found)
    articles = dict.fromkeys(match["article"] for match in found if match["article"])
    return Because(clauses=tuple(clauses) or (NOTHING_KEEPS_IT,), articles=tuple(articles))


def _name(receipt: Receipt) -> ReceiptName:
    return ReceiptName(receipt.run, receipt.step, receipt.batch, receipt.at)
