"""Certify what a run destroyed, or what was destroyed about a person, from evidence that holds.

1. The newest checkpoint is opened with the public key.
2. Every entry about the run, or with the person's tag, is read from the log. None of them may still wait to be
   sealed.
3. Each is proved, from its exact bytes, to be under that checkpoint: what somebody changed in the database
   is not certified.
4. What they say is added up by table, action, reason and stage; apart from it, what a law has kept in the archive.

That no entry was *removed* is what ``verify`` of an export shows, not this.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.entry import (
    Because,
    ConfirmationBody,
    DisposalBody,
    Entry,
    FileBody,
    PersonBody,
    PersonRunBody,
    StageBody,
)
from jikim.evidence.merkle import check_inclusion, fold, inclusion_nodes, leaf_hash
from jikim.evidence.note import Verifier
from jikim.evidence.stage import Stage
from jikim.ledger import checkpoints, entries, queue, runs, tree
from jikim.ledger.engine import snapshot
from jikim.ledger.entries import SealedEntry
from jikim.ledger.errors import LedgerError
from jikim.render.certificate import Certificate, Confirmed, Line

ABOUT_PEOPLE = (PersonRunBody.kind, PersonBody.kind)
"""Kinds of entries that tell what was done because of a person."""


def certify_run(ledger: sa.Engine, run: str, *, verifier: Verifier, now: datetime) -> Certificate:
    """The certificate of a run that is over.

    :raises LedgerError: no such run, or it goes on, or entries of it are not sealed yet.
    :raises EvidenceError: an entry or the checkpoint is not what was signed.
    :raises JikimError: it changed nothing.
    """
    with snapshot(ledger, doing="certifying a run") as connection:
        found = runs.get(connection, run)
        if found is None:
            raise LedgerError(f"there is no run `{run}`", fix="see `jikim evidence list`")
        if not found.over:
            raise LedgerError(f"the run `{run}` has not ended", fix="certify it once it has")
        kinds = (DisposalBody.kind, FileBody.kind, ConfirmationBody.kind, StageBody.kind)
        said = entries.found(connection, run=run, kinds=kinds)
        waiting = queue.waiting(connection, run=run)
        head, proved = _proved(connection, said, waiting=waiting, verifier=verifier)
    return _certificate(proved, about="run", name=run, head=head, verifier=verifier, now=now)


def certify_person(ledger: sa.Engine, tag: str, *, verifier: Verifier, now: datetime) -> Certificate:
    """The certificate of all that was done because of the person with this tag.

    :raises LedgerError: entries about them are not sealed yet.
    :raises EvidenceError: an entry or the checkpoint is not what was signed.
    :raises JikimError: nothing was done because of them.
    """
    with snapshot(ledger, doing="certifying for a person") as connection:
        said = entries.found(connection, tag=tag, kinds=ABOUT_PEOPLE)
        bodies = [Entry.decode(each.exact).body for each in said]
        for run in sorted({body.run for body in bodies if isinstance(body, PersonRunBody | PersonBody)}):
            said += entries.found(connection, run=run, kinds=(ConfirmationBody.kind, StageBody.kind))
        waiting = queue.waiting(connection, tag=tag)
        head, proved = _proved(connection, said, waiting=waiting, verifier=verifier)
    return _certificate(proved, about="person", name=tag, head=head, verifier=verifier, now=now)


def _proved(
    connection: sa.Connection, said: Sequence[SealedEntry], *, waiting: int, verifier: Verifier
) -> tuple[Checkpoint, list[Entry]]:
    """The log's head, and these entries once each is proved to be under it."""
    note = checkpoints.latest(connection)
    if waiting or note is None:
        raise LedgerError(
            f"`{waiting}` entries about it are not sealed yet", fix="seal them first: `jikim evidence export`"
        )
    head = Checkpoint.open(note, verifier=verifier)
    paths = {each.seq: inclusion_nodes(each.seq, size=head.size) for each in said}
    hash_at = tree.hashes(connection, [n for path in paths.values() for group in path for n in group])
    for each in said:
        path = [fold([hash_at(*node) for node in group]) for group in paths[each.seq]]
        check_inclusion(leaf_hash(each.exact), index=each.seq, size=head.size, path=path, root=head.root)
    return head, [Entry.decode(each.exact) for each in sorted(said, key=lambda each: each.seq)]


def _certificate(
    proved: Sequence[Entry],
    *,
    about: Literal["run", "person"],
    name: str,
    head: Checkpoint,
    verifier: Verifier,
    now: datetime,
) -> Certificate:
    telling = [e for e in proved if isinstance(e.body, DisposalBody | PersonRunBody | PersonBody)]
    deeds = [deed for entry in telling for deed in _deeds(entry)]
    confirmed = [
        Confirmed(e.body.run, e.body.role, e.at) for e in proved if isinstance(e.body, ConfirmationBody)
    ]
    return Certificate(
        about=about,
        name=name,
        runs=_said(telling, "run"),
        lines=_lines(deeds, _reached(proved)),
        as_of=max((e.as_of for e in telling), default=now),
        applied_first=min((deed.at for deed in deeds), default=now),
        applied_last=max((deed.at for deed in deeds), default=now),
        policies=_said(telling, "policy"),
        plans=_said(telling, "plan"),
        entries=tuple(e.seq for e in proved),
        head=head,
        vkey=verifier.vkey,
        confirmed=tuple(confirmed),
        at=now,
    )


@dataclass(frozen=True, slots=True)
class _Done:
    """What one batch did, to all its rows or because of one person."""

    at: datetime
    run: str
    store: str
    table: str
    action: Any
    because: Because
    stage: Stage
    rows: int
    files: int
    kept_until: datetime | None


def _deeds(entry: Entry) -> Iterator[_Done]:
    """Everything that an entry says was done."""
    about: Any = entry.body
    several = isinstance(about, PersonRunBody)
    for deed in about.deeds if several else (about,):
        until = getattr(deed, "kept_until", None)
        yield _Done(
            at=_instant(deed.at) if several else entry.at,
            run=about.run,
            store=about.store,
            table=deed.table,
            action=deed.action,
            because=deed.because,
            stage=Stage(about.stage),
            rows=deed.rows,
            files=getattr(deed, "files", 0),
            kept_until=_instant(until) if until else None,
        )


def _said(telling: Iterable[Entry], name: str) -> tuple[str, ...]:
    """What the entries say under a name, each once, in the order of the log."""
    return tuple(dict.fromkeys(str(getattr(e.body, name)) for e in telling))


def _reached(proved: Iterable[Entry]) -> dict[tuple[str, str], Stage]:
    """The furthest stage that all which a run removed from a table has come to."""
    reached: dict[tuple[str, str], Stage] = {}
    for body in (e.body for e in proved if isinstance(e.body, StageBody)):
        before = reached.get((body.run, body.table), Stage.UNREACHABLE)
        reached[body.run, body.table] = max(before, body.stage, key=lambda stage: stage.height)
    return reached


def _lines(deeds: Iterable[_Done], reached: Mapping[tuple[str, str], Stage]) -> tuple[Line, ...]:
    alike: dict[tuple[Any, ...], list[_Done]] = defaultdict(list)
    for deed in deeds:
        because, kept = deed.because, deed.action == "archive" or deed.kept_until is not None
        stage = reached.get((deed.run, deed.table), deed.stage)
        name = deed.store, deed.table, deed.action, because.clauses, because.articles, stage, kept
        alike[name].append(deed)
    return tuple(
        Line(
            store=store,
            table=table,
            action=action,
            rows=sum(deed.rows for deed in same),
            files=sum(deed.files for deed in same),
            clauses=clauses,
            articles=articles,
            stage=stage,
            kept=kept,
            kept_until=max((deed.kept_until for deed in same if deed.kept_until), default=None),
        )
        for (store, table, action, clauses, articles, stage, kept), same in alike.items()
    )


def _instant(said: str) -> datetime:
    return datetime.fromisoformat(said)
