"""Trap 9: a restored backup resurrects people, and the store itself cannot know."""

import sqlalchemy as sa
from tests.keeping import Kept, kept_at
from tests.servers import fresh_database
from tests.traps.people import keep, member

from jikim.operations.find_restored import find_restored
from jikim.postgres import Server


def test_the_ledger_knows_what_a_restored_store_has_forgotten(
    kept: Kept, ledger: sa.Engine, pg18: Server
) -> None:
    """Naive: the restored store has the member back, and not one receipt that anything ever went.

    Ours: the ledger holds the receipts and finds them missing; a run on the restored store mends it.
    """
    member(kept, 10)
    with fresh_database(pg18, template=str(sa.make_url(kept.url).database)) as backup:
        assert keep(kept, ledger, run="run-1").complete
        assert find_restored(kept.store, ledger, name="app") == []
        with kept_at(backup, promise=kept.promise) as restored:
            assert [row["id"] for row in restored.rows("members")] == [10]
            assert restored.execute("select 1 from jikim.receipt") == []
            lost = find_restored(restored.store, ledger, name="app")
            assert {batch.step for batch in lost} == {"members/destroy"}
            assert {batch.run for batch in lost} == {"run-1"}
            assert keep(restored, ledger, run="run-2").complete
            assert restored.rows("members") == []
            assert find_restored(restored.store, ledger, name="app") == []
