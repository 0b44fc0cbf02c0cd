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
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.entry import ConfirmationBody, DisposalBody, Entry, FileBody, PersonBody, StageBody
from jikim.evidence.merkle import check_inclusion, fold, inclusion_nodes, leaf_hash
from jikim.evidence.note import Verifier
from jikim.evidence.stage import Stage
from jikim.ledger import checkpoints, entries, queue, runs, tree
from jikim.ledger.engine import snapshot
from jikim.ledger.entries import SealedEntry
from jikim.ledger.errors import LedgerError
from jikim.render.certificate import Certificate, Confirmed, Line


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
        said = entries.found(connection, tag=tag, kinds=(PersonBody.kind,))
        bodies = [Entry.decode(each.exact).body for each in said]
        for run in sorted({body.run for body in bodies if isinstance(body, PersonBody)}):
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
    deeds = [e for e in proved if isinstance(e.body, DisposalBody | PersonBody)]
    confirmed = [
        Confirmed(e.body.run, e.body.role, e.at) for e in proved if isinstance(e.body, ConfirmationBody)
    ]
    return Certificate(
        about=about,
        name=name,
        runs=_said(deeds, "run"),
        lines=_lines(deeds, _reached(proved)),
        as_of=max((e.as_of for e in deeds), default=now),
        applied_first=min((e.at for e in deeds), default=now),
        applied_last=max((e.at for e in deeds), default=now),
        policies=_said(deeds, "policy"),
        plans=_said(deeds, "plan"),
        entries=tuple(e.seq for e in proved),
        head=head,
        vkey=verifier.vkey,
        confirmed=tuple(confirmed),
        at=now,
    )


def _said(deeds: Iterable[Entry], name: str) -> tuple[str, ...]:
    """What the entries say under a name, each once, in the order of the log."""
    return tuple(dict.fromkeys(str(getattr(e.body, name)) for e in deeds))


def _reached(proved: Iterable[Entry]) -> dict[tuple[str, str], Stage]:
    """The furthest stage that all which a run removed from a table has come to."""
    reached: dict[tuple[str, str], Stage] = {}
    for body in (e.body for e in proved if isinstance(e.body, StageBody)):
        before = reached.get((body.run, body.table), Stage.UNREACHABLE)
        reached[body.run, body.table] = max(before, body.stage, key=lambda stage: stage.height)
    return reached


def _lines(deeds: Iterable[Entry], reached: Mapping[tuple[str, str], Stage]) -> tuple[Line, ...]:
    alike: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for deed in deeds:
        body: Any = deed.body
        because, kept = body.because, body.action == "archive" or hasattr(body, "kept_until")
        name = (
            body.store,
            body.table,
            body.action,
            because.clauses,
            because.articles,
            reached.get((body.run, body.table), Stage(body.stage)),
            kept,
        )
        alike[name].append(body)
    return tuple(
        Line(
            store=store,
            table=table,
            action=action,
            rows=sum(body.rows for body in bodies),
            files=sum(getattr(body, "files", 0) for body in bodies),
            clauses=clauses,
            articles=articles,
            stage=stage,
            kept=kept,
            kept_until=max(
                (_instant(b.kept_until) for b in bodies if hasattr(b, "kept_until")), default=None
            ),
        )
        for (store, table, action, clauses, articles, stage, kept), bodies in alike.items()
    )


def _instant(said: str) -> datetime:
    return datetime.fromisoformat(said)
