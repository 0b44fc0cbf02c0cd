"""Trap 7: secrets survive. What no query finds any more can still be read in the table's file."""

import sqlalchemy as sa
from examples.plask.canary import canary
from tests.keeping import Kept
from tests.traps.people import keep, member

from jikim.evidence.entry import DisposalBody, PersonBody
from jikim.evidence.stage import Stage
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


def test_evidence_says_no_more_than_unreachable(kept: Kept, ledger: sa.Engine) -> None:
    """Ours: the bytes are there as well, and no entry claims otherwise."""
    member(kept, 10, name=SECRET)
    member(kept, 11, left=None)
    assert keep(kept, ledger, run="run").complete
    assert [row["id"] for row in kept.rows("members")] == [11]
    assert in_the_file(kept, SECRET)
    bodies = [e.body for e in list_evidence(ledger).entries]
    stages = [b.stage for b in bodies if isinstance(b, DisposalBody)]
    stages += [b.model_dump()["stage"] for b in bodies if isinstance(b, PersonBody)]
    assert len(stages) >= 2
    assert set(stages) == {Stage.UNREACHABLE}
