"""Trap 7: secrets survive. What no query finds any more can still be read in the table's file."""

import psycopg
import sqlalchemy as sa
from examples.made_up.canary import canary
from tests.keeping import Kept, as_role
from tests.traps.people import SIGNER, keep, member

from jikim.clock import now
from jikim.evidence.entry import DisposalBody, PersonRunBody, StageBody
from jikim.evidence.stage import Stage
from jikim.operations.finish_store import Demand, Finished, finish_store
from jikim.operations.list_evidence import list_evidence

SECRET = canary(7, "members", 10, "name")


def in_the_file(kept: Kept, secret: str) -> bool:
    """Whether the bytes stand in the file of `members`, as the operating system has it."""
    kept.execute("checkpoint")
    [row] = kept.execute("select pg_read_binary_file(pg_relation_filepath('members')) as bytes")
    return secret.encode() in row["bytes"]


def test_a_delete_leaves_the_bytes_in_the_file(kept: Kept) -> None:
    """Naive: after DELETE nobody finds the row, and its file still holds it; only a rewrite takes it away."""
    member(kept, 10, name=SECRET)
    member(kept, 11, left=None)
    kept.execute("delete from members where id = 10")
    assert [row["id"] for row in kept.rows("members")] == [11]
    assert in_the_file(kept, SECRET)
    kept.execute("vacuum full members")
    assert not in_the_file(kept, SECRET)


def finish(kept: Kept, ledger: sa.Engine, *, stage: str, admin: str | None = None) -> Finished:
    """Take everything to a stage, as the owner of the tables."""
    demand = Demand.parse(f"{stage} within 1 days")
    return finish_store(
        kept.store, ledger, demand, signer=SIGNER, admin=admin or kept.url, now=now(), everything=True
    )


def test_a_rewritten_table_holds_no_byte_and_no_statistic(kept: Kept, ledger: sa.Engine) -> None:
    """Ours: the heap, its index and the statistics forget, the receipts say so, and only then does the log."""
    member(kept, 10, name=SECRET)
    member(kept, 11, left=None)
    kept.execute("analyze members")
    assert keep(kept, ledger, run="run").complete
    done = finish(kept, ledger, stage="rewritten")
    assert done.complete, done
    assert not in_the_file(kept, SECRET)
    assert not kept.execute("select 1 from pg_stats where most_common_vals::text like %s", f"%{SECRET}%")
    [body] = [b for e in list_evidence(ledger).entries if isinstance(b := e.body, StageBody)]
    assert (body.table, body.stage) == ("members", Stage.REWRITTEN)
    assert finish(kept, ledger, stage="rewritten").told == 0


def test_what_an_old_snapshot_may_see_is_not_said_to_be_gone(kept: Kept, ledger: sa.Engine) -> None:
    """A transaction from before still reads the row: the stage is not reached, and the next time finishes."""
    member(kept, 10, name=SECRET)
    member(kept, 11, left=None)
    with psycopg.connect(kept.url) as reader:
        reader.execute("set transaction isolation level repeatable read")
        reader.execute("select count(*) from members")
        assert keep(kept, ledger, run="run").complete
        done = finish(kept, ledger, stage="vacuumed")
        assert not done.complete
        assert done.told == 0
        assert "older transaction" in done.driven[0].reason
    assert finish(kept, ledger, stage="vacuumed").complete


def test_whoever_may_not_vacuum_is_told_so(kept: Kept, ledger: sa.Engine) -> None:
    """PostgreSQL would pass over the table with a warning; here it counts as left."""
    member(kept, 10, name=SECRET)
    assert keep(kept, ledger, run="run").complete
    done = finish(kept, ledger, stage="rewritten", admin=as_role(kept.url, "plask_sweeper"))
    assert not done.complete
    assert "may not vacuum" in done.driven[0].reason
    assert in_the_file(kept, SECRET)


def test_evidence_says_no_more_than_unreachable(kept: Kept, ledger: sa.Engine) -> None:
    """Ours: the bytes are there as well, and no entry claims otherwise."""
    member(kept, 10, name=SECRET)
    member(kept, 11, left=None)
    assert keep(kept, ledger, run="run").complete
    assert [row["id"] for row in kept.rows("members")] == [11]
    assert in_the_file(kept, SECRET)
    bodies = [e.body for e in list_evidence(ledger).entries]
    stages = [b.stage for b in bodies if isinstance(b, DisposalBody)]
    stages += [b.stage for b in bodies if isinstance(b, PersonRunBody)]
    assert len(stages) >= 2
    assert set(stages) == {Stage.UNREACHABLE}
