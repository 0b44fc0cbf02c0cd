"""Bring a store's receipts into the ledger, each exactly once.

1. Read what the store has not shipped, so many receipts at a time as make a transaction of bearable size.
2. In one transaction of the ledger: note which of them are new to it, and queue their entries: one for the
   batch, one for its files, and for each person one that says what each of these batches did because of them.
3. Only then tell the store that the ledger holds them.

Killed after 2, the next import meets receipts that the ledger knows: they are not queued again, only marked.
Killed before, nothing was done. Two imports at once meet in the ledger's primary key.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from pydantic import ConfigDict, TypeAdapter

from jikim.backends.base import Receipt, Store
from jikim.evidence.alike import Alike
from jikim.evidence.entry import (
    Because,
    Body,
    Count,
    Deed,
    DisposalBody,
    Entry,
    FileBody,
    PersonRunBody,
    Tag,
    spelled,
)
from jikim.evidence.stage import Stage
from jikim.ledger import imports, queue
from jikim.ledger.engine import transaction
from jikim.ledger.errors import LedgerError
from jikim.ledger.imports import ReceiptName
from jikim.ledger.queue import Draft

DEEDS_AT_ONCE = 20_000
"""Batches, and what they did because of each person, that one transaction of the ledger takes, about. A receipt of a
large batch may name as many persons; a run that did more has several entries for one person."""

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
            queue.enqueue_all(connection, drafts_of([r for r in receipts if _name(r) in added], store=name))
        store.shipped(receipts)
        seen += len(receipts)
        new += len(added)
    return Imported(seen, new)


def _next(store: Store) -> list[Receipt]:
    """The oldest unshipped receipts. The store's session is free again when this returns."""
    receipts: list[Receipt] = []
    deeds = 0
    for receipt in store.unshipped():
        receipts.append(receipt)
        deeds += 1 + len(receipt.persons)
        if deeds >= DEEDS_AT_ONCE:
            break
    return receipts


def drafts_of(receipts: Sequence[Receipt], *, store: str) -> Iterator[Draft]:
    """The entries of some receipts, run by run: of each batch and its files; then of each person.

    None has a key: the receipts' names are noted in the transaction that queues them, once.

    :raises LedgerError: a receipt is not one that this jikim writes.
    """
    by_run = defaultdict[str, list[Receipt]](list)
    for receipt in receipts:
        by_run[receipt.run].append(receipt)
    for of_run in by_run.values():
        for receipt in of_run:
            yield from _batch(receipt, store=store)
        yield from _persons(of_run, store=store)


def _batch(receipt: Receipt, *, store: str) -> Iterator[Draft]:
    """What a batch did, and how many files went with it."""
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
        "step": receipt.step,
        "batch": receipt.batch,
        "action": _ACTIONS[receipt.action],
        "policy": receipt.policy,
        "plan": receipt.plan,
        "stage": Stage.UNREACHABLE.value,
    }
    counts: dict[str, Any] = {"rows": receipt.rows, "copies": receipt.copies, "files": receipt.files}
    bodies: list[Body] = [DisposalBody(**common, **deed, **counts, **_kept(receipt.kept_until))]
    if receipt.files:
        bodies.append(FileBody(**common, files=receipt.files))
    for body in bodies:
        yield Draft.of(body, key=None, at=receipt.at, as_of=receipt.as_of)


def _persons(receipts: Sequence[Receipt], *, store: str) -> Iterator[Draft]:
    """An entry for each person of some receipts of one run: all say the same but who, and which batches did what.

    What a batch did because of them is the same but for how many rows, and until when copies are kept.
    """
    deeds, latest = defaultdict[str, list[bytes]](list), dict[str, Receipt]()
    for receipt in sorted(receipts, key=lambda receipt: receipt.at):
        rows_of = _PERSONS.validate_python(receipt.persons)
        until_of = receipt.persons_kept
        deed = _deed(receipt)
        gone = Alike.part(deed, "rows")
        kept = Alike.part(deed | {"kept_until": ""}, "kept_until", "rows")
        for tag, rows in rows_of.items():
            until, said = until_of.get(tag), b"%d" % rows
            deeds[tag].append(kept.encode(_instant(until), said) if until else gone.encode(said))
            latest[tag] = receipt
    lasts = {receipt.at: receipt for receipt in latest.values()}
    forms = {at: _person_run(receipt, store=store) for at, receipt in lasts.items()}
    for tag in sorted(deeds):
        last = latest[tag]
        exact = forms[last.at].encode(b"[%b]" % b",".join(deeds[tag]), _quoted(tag))
        yield Draft(None, PersonRunBody.kind, last.run, tag, exact)


def _person_run(last: Receipt, *, store: str) -> Alike:
    """What entries share about people for whom a run did something last with this batch."""
    body = PersonRunBody(
        run=last.run,
        tag="0" * 32,
        store=store,
        policy=last.policy,
        plan=last.plan,
        stage=Stage.UNREACHABLE,
        deeds=(Deed.model_validate(_deed(last)),),
    )
    return Alike.of(Entry(0, at=last.at, as_of=last.as_of, body=body), "deeds", "tag")


def _deed(receipt: Receipt) -> dict[str, Any]:
    """What a batch did, without how many rows it were because of whom."""
    return {
        "at": spelled(receipt.at),
        "step": receipt.step,
        "batch": receipt.batch,
        "table": receipt.table,
        "action": _ACTIONS[receipt.action],
        "rows": 0,
        "because": because_of(receipt.because).model_dump(mode="json"),
    }


@lru_cache(maxsize=4096)
def _instant(text: str) -> bytes:
    """An instant as a receipt spells it, as evidence does."""
    return _quoted(spelled(datetime.fromisoformat(text)))


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
