"""The log from end to end: sealed, exported, listed, proved; runs and their confirmation; certificates."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.integration.evidence import (
    AS_OF,
    NOW,
    PLAN,
    POLICY,
    SIGNER,
    STORE,
    VKEY,
    World,
    begin,
    end,
    fill,
    person,
    sealed,
    tamper,
    write_receipt,
)

from jikim.errors import JikimError
from jikim.evidence.entry import Because, HoldBody, PersonBody
from jikim.evidence.errors import EvidenceError, NoteError, TamperedError
from jikim.evidence.note import Signer
from jikim.evidence.proof import verify_proof
from jikim.evidence.stage import Stage
from jikim.ledger import queue
from jikim.ledger.errors import LedgerError
from jikim.ledger.queue import Draft
from jikim.ledger.tables import CHECKPOINT, ENTRY, RUN
from jikim.operations.certify import certify_person, certify_run
from jikim.operations.confirm_run import confirm_run, unconfirmed_runs
from jikim.operations.export_evidence import export_evidence
from jikim.operations.list_evidence import list_evidence, list_runs
from jikim.operations.record_event import record_event
from jikim.operations.seal_evidence import seal_evidence
from jikim.operations.show_evidence import show_evidence
from jikim.operations.verify_evidence import verify_evidence

# -- the log --------------------------------------------------------------------------------------------------


def test_an_empty_log_is_signed_and_exported_too(world: World) -> None:
    head = export_evidence(world.ledger, world.export, signer=SIGNER, now=NOW)
    assert head.size == 0
    assert verify_evidence(world.export, vkey=VKEY) == head


def test_a_changed_export_is_refused_by_line_and_entry(world: World) -> None:
    fill(world)
    export_evidence(world.ledger, world.export, signer=SIGNER, now=NOW)
    raw = world.export.read_bytes()
    world.export.write_bytes(raw.replace(b'"batch":3', b'"batch":4'))
    with pytest.raises(TamperedError) as caught:
        verify_evidence(world.export, vkey=VKEY)
    assert (caught.value.line, caught.value.seq) == (6, 3)


def test_an_entry_changed_in_the_ledger_shows_in_its_export(world: World) -> None:
    fill(world)
    tamper(world.ledger, sa.update(ENTRY).where(ENTRY.c.seq == 2).values(exact=b"{}"))
    export_evidence(world.ledger, world.export, signer=SIGNER, now=NOW)
    with pytest.raises(TamperedError) as caught:
        verify_evidence(world.export, vkey=VKEY)
    assert caught.value.seq == 2


def test_an_export_continues_the_checkpoint_that_somebody_kept(world: World, tmp_path: Path) -> None:
    fill(world)
    with world.ledger.connect() as connection:
        kept = (
            connection.execute(sa.select(CHECKPOINT.c.note).order_by(CHECKPOINT.c.size.desc()))
            .scalars()
            .first()
        )
    write_receipt(world.store, "run-2", 0)
    world.bring()
    export_evidence(world.ledger, world.export, signer=SIGNER, now=NOW)
    assert verify_evidence(world.export, vkey=VKEY, known=kept).size == 7
    with pytest.raises(NoteError):
        verify_evidence(world.export, vkey=VKEY, known=str(kept).replace("6", "5", 1))


def test_a_failed_export_leaves_the_older_file(world: World) -> None:
    fill(world)
    export_evidence(world.ledger, world.export, signer=SIGNER, now=NOW)
    before = world.export.read_bytes()
    tamper(world.ledger, sa.update(CHECKPOINT).values(note="nothing"))
    with pytest.raises(LedgerError):
        export_evidence(world.ledger, world.export, signer=SIGNER, now=NOW)
    assert world.export.read_bytes() == before
    assert [path.name for path in world.export.parent.iterdir()] == [world.export.name]


def test_nothing_is_signed_on_top_of_a_changed_log(world: World) -> None:
    fill(world)
    tamper(world.ledger, sa.update(ENTRY).where(ENTRY.c.seq == 5).values(leaf_hash=bytes(32)))
    write_receipt(world.store, "run-2", 0)
    world.bring()
    with pytest.raises(LedgerError, match="somebody changed the ledger"):
        world.seal()


def test_nothing_is_signed_on_top_of_another_keys_log(world: World) -> None:
    fill(world)
    with pytest.raises(LedgerError, match="newest checkpoint does not hold"):
        seal_evidence(world.ledger, signer=Signer(SIGNER.name, bytes(32)), now=NOW)


def test_more_entries_than_one_checkpoint_covers_are_sealed_in_several(world: World, tmp_path: Path) -> None:
    write_receipt(world.store, "run-1", 0, persons={person(n): 1 for n in range(4200)})
    world.bring()
    assert seal_evidence(world.ledger, signer=SIGNER, now=NOW).size == 4201
    with world.ledger.connect() as connection:
        sizes = connection.execute(sa.select(CHECKPOINT.c.size).order_by(CHECKPOINT.c.size)).scalars().all()
    assert sizes == [0, 4096, 4201]
    assert len(sealed(world.ledger, world.export)) == 4201


def test_entries_are_listed_by_page_run_person_and_kind(world: World) -> None:
    for run in ("run-1", "run-2"):
        write_receipt(world.store, run, 0, persons={person(1): 1, person(2): 2})
    world.bring()
    assert list_evidence(world.ledger).waiting == 6
    world.seal()
    assert [e.seq for e in list_evidence(world.ledger, after=1, most=2).entries] == [2, 3]
    assert [e.seq for e in list_evidence(world.ledger, run="run-2").entries] == [3, 4, 5]
    assert [e.seq for e in list_evidence(world.ledger, tag=person(2)).entries] == [2, 5]
    assert [e.seq for e in list_evidence(world.ledger, kinds=["disposal"]).entries] == [0, 3]


def test_an_entry_is_shown_with_a_proof_that_stands_alone(world: World) -> None:
    fill(world, 70)
    for seq in (0, 63, 64, 69):
        shown = show_evidence(world.ledger, seq, vkey=VKEY)
        proven = verify_proof(shown.proof, vkey=VKEY)
        assert (proven.seq, proven.entry, shown.entry.seq) == (seq, shown.exact, seq)
    with pytest.raises(LedgerError, match="no entry `70`"):
        show_evidence(world.ledger, 70, vkey=VKEY)


def test_a_changed_entry_is_not_shown(world: World) -> None:
    fill(world)
    tamper(world.ledger, sa.update(ENTRY).where(ENTRY.c.seq == 2).values(exact=b"{}"))
    with pytest.raises(EvidenceError):
        show_evidence(world.ledger, 2, vkey=VKEY)


def test_an_event_told_again_is_told_once_even_after_it_was_sealed(world: World) -> None:
    for _ in range(2):
        for _ in range(2):
            body = HoldBody(hold="case-1", state="placed")
            record_event(world.ledger, body, about=("case-1",), at=NOW)
        world.seal()
    record_event(world.ledger, HoldBody(hold="case-1", state="released"), about=("case-1",), at=NOW)
    assert [getattr(e.body, "state", "") for e in sealed(world.ledger, world.export)] == [
        "placed",
        "released",
    ]


# -- runs -----------------------------------------------------------------------------------------------------


def test_a_run_is_on_record_from_its_beginning_with_its_program_to_its_end_with_its_counts(
    world: World,
) -> None:
    plan = begin(world, "run-1")
    end(world, "run-1", plan)
    first, last = sealed(world.ledger, world.export)
    started, finished = first.body.model_dump(), last.body.model_dump()
    assert (started["state"], started["plan"], started["policy"]) == ("started", plan.digest, POLICY)
    assert (finished["state"], finished["outcome"]) == ("finished", "partial")
    assert finished["rows"] == {"destroy": 7, "mask": 0}
    assert finished["left"] == {"orders/mask-1": "refused"}
    with world.ledger.connect() as connection:
        program = connection.execute(
            sa.select(sa.func.encode(sa.func.sha256(RUN.c.program), "hex"))
        ).scalar_one()
    assert f"sha256:{program}" == plan.digest
    assert [(r.id, r.outcome) for r in list_runs(world.ledger)] == [("run-1", "partial")]


def test_a_run_has_a_name_of_its_own_and_ends_once(world: World) -> None:
    plan = begin(world, "run-1")
    with pytest.raises(LedgerError, match="there was a run `run-1`"):
        begin(world, "run-1")
    end(world, "run-1", plan)
    with pytest.raises(LedgerError, match="no run `run-1` goes on"):
        end(world, "run-1", plan)
    assert len(sealed(world.ledger, world.export)) == 2


def test_the_officer_confirms_a_run_once_it_is_over_and_once_only(world: World) -> None:
    plan = begin(world, "run-1")
    with pytest.raises(LedgerError, match="has not ended"):
        confirm_run(world.ledger, "run-1", role="개인정보 보호책임자", now=NOW)
    end(world, "run-1", plan)
    confirm_run(world.ledger, "run-1", role="개인정보 보호책임자", now=NOW)
    with pytest.raises(LedgerError, match="confirmed before"):
        confirm_run(world.ledger, "run-1", role="개인정보 보호책임자", now=NOW)
    with pytest.raises(LedgerError, match="no run `run-2`"):
        confirm_run(world.ledger, "run-2", role="개인정보 보호책임자", now=NOW)
    last = sealed(world.ledger, world.export)[-1].body
    assert last.model_dump() == {"run": "run-1", "role": "개인정보 보호책임자"}


def test_a_killed_run_can_be_confirmed_when_a_later_one_of_its_store_has_begun(world: World) -> None:
    begin(world, "run-1", days_ago=1)
    with pytest.raises(LedgerError, match="has not ended"):
        confirm_run(world.ledger, "run-1", role="officer", now=NOW)
    begin(world, "run-2")
    confirm_run(world.ledger, "run-1", role="officer", now=NOW)


@pytest.mark.parametrize(
    "role", ["", " officer", "x" * 61, "two\nlines", "someone@plask.example", "010 1234"]
)
def test_a_role_is_an_office_and_no_person(world: World, role: str) -> None:
    end(world, "run-1", begin(world, "run-1"))
    with pytest.raises(JikimError, match="a role"):
        confirm_run(world.ledger, "run-1", role=role, now=NOW)


def test_runs_that_nobody_confirmed_for_more_than_seven_days_are_named(world: World) -> None:
    for run, days in (("old", 9), ("confirmed", 8), ("edge", 7), ("new", 1)):
        end(world, run, begin(world, run, days_ago=days))
    confirm_run(world.ledger, "confirmed", role="officer", now=NOW)
    assert [r.id for r in unconfirmed_runs(world.ledger, now=NOW)] == ["old"]


# -- certificates ---------------------------------------------------------------------------------------------


def a_run(world: World, *, confirmed: bool = True) -> None:
    plan = begin(world, "run-1")
    law = "kept_by_law.contracts (kr.ecommerce.contract 영 제6조)"
    for batch in range(2):
        write_receipt(world.store, "run-1", batch, rows=3, persons={person(1): 1, person(2): 2}, files=batch)
    write_receipt(
        world.store,
        "run-1",
        0,
        step="orders/archive",
        table="orders",
        action="archive",
        rows=5,
        because=[law],
    )
    world.bring()
    end(world, "run-1", plan)
    if confirmed:
        confirm_run(world.ledger, "run-1", role="개인정보 보호책임자", now=NOW)


def test_a_run_is_certified_by_what_was_done_why_and_how_far(world: World) -> None:
    a_run(world)
    world.seal()
    made = certify_run(world.ledger, "run-1", verifier=SIGNER.verifier, now=NOW)
    lines = {line.table: line for line in made.lines}
    assert (lines["members"].rows, lines["members"].files, lines["members"].action) == (6, 1, "destroy")
    assert lines["members"].clauses == ("processing.membership",)
    assert (lines["orders"].rows, lines["orders"].articles) == (5, ("kr.ecommerce.contract 영 제6조",))
    assert (made.rows, made.rows_kept) == (6, 5)
    assert made.stage is Stage.UNREACHABLE
    assert [(c.run, c.role) for c in made.confirmed] == [("run-1", "개인정보 보호책임자")]
    assert (made.policies, made.plans, made.as_of) == ((POLICY,), (PLAN,), AS_OF)
    assert made.head == export_evidence(world.ledger, world.export, signer=SIGNER, now=NOW)


def test_a_person_is_certified_by_their_tag_and_nobody_elses_rows(world: World) -> None:
    a_run(world)
    world.seal()
    made = certify_person(world.ledger, person(2), verifier=SIGNER.verifier, now=NOW)
    assert [(line.table, line.rows) for line in made.lines] == [("members", 4)]
    assert (made.runs, len(made.confirmed)) == (("run-1",), 1)


def test_a_log_with_an_entry_for_each_of_a_persons_batches_certifies_the_same(world: World) -> None:
    """Logs said so before what a run did because of somebody became one entry."""
    with world.ledger.begin() as connection:
        for batch, rows in enumerate((2, 3)):
            body = PersonBody.model_validate(
                {
                    **{
                        "run": "run-1",
                        "tag": person(2),
                        "store": STORE,
                        "table": "members",
                        "action": "destroy",
                    },
                    **{"rows": rows, "because": Because(clauses=("processing.membership",))},
                    **{"step": "members/destroy", "batch": batch, "policy": POLICY, "plan": PLAN},
                    "stage": "unreachable",
                }
            )
            draft = Draft.of(body, key=None, at=NOW + timedelta(seconds=batch), as_of=AS_OF)
            queue.enqueue_all(connection, [draft])
    world.seal()
    made = certify_person(world.ledger, person(2), verifier=SIGNER.verifier, now=NOW)
    assert [(line.table, line.rows) for line in made.lines] == [("members", 5)]
    assert (made.applied_first, made.applied_last) == (NOW, NOW + timedelta(seconds=1))
    export_evidence(world.ledger, world.export, signer=SIGNER, now=NOW)
    verify_evidence(world.export, vkey=VKEY, strict=True)


def test_nothing_is_certified_while_entries_about_it_wait(world: World) -> None:
    a_run(world)
    for certify, name in ((certify_run, "run-1"), (certify_person, person(1))):
        with pytest.raises(LedgerError, match="not sealed yet"):
            certify(world.ledger, name, verifier=SIGNER.verifier, now=NOW)


def test_what_did_not_happen_is_not_certified(world: World) -> None:
    plan = begin(world, "run-1")
    with pytest.raises(LedgerError, match="has not ended"):
        certify_run(world.ledger, "run-1", verifier=SIGNER.verifier, now=NOW)
    end(world, "run-1", plan)
    world.seal()
    with pytest.raises(LedgerError, match="no run `run-2`"):
        certify_run(world.ledger, "run-2", verifier=SIGNER.verifier, now=NOW)
    for certify, name in ((certify_run, "run-1"), (certify_person, person(1))):
        with pytest.raises(JikimError, match="nothing to certify"):
            certify(world.ledger, name, verifier=SIGNER.verifier, now=NOW)


def test_an_entry_that_somebody_changed_is_not_certified_however_consistently(world: World) -> None:
    a_run(world)
    world.seal()
    with world.ledger.connect() as connection:
        query = sa.select(ENTRY.c.seq, ENTRY.c.exact).where(ENTRY.c.kind == "disposal").order_by(ENTRY.c.seq)
        seq, exact = connection.execute(query).first() or (0, b"")
    forged = re.sub(rb'"rows":3', b'"rows":9', exact)
    assert forged != exact
    hashed = sa.func.sha256(sa.literal(b"\x00" + forged, sa.LargeBinary))
    tamper(world.ledger, sa.update(ENTRY).where(ENTRY.c.seq == seq).values(exact=forged, leaf_hash=hashed))
    with pytest.raises(EvidenceError, match="does not lead"):
        certify_run(world.ledger, "run-1", verifier=SIGNER.verifier, now=NOW)


def test_another_keys_checkpoint_certifies_nothing(world: World) -> None:
    a_run(world)
    world.seal()
    with pytest.raises(NoteError):
        certify_run(world.ledger, "run-1", verifier=Signer(SIGNER.name, bytes(32)).verifier, now=NOW)
