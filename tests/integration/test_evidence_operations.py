"""Evidence from end to end: receipts of a real store, imported, sealed, exported, proved, certified."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.integration.evidence import (
    AS_OF,
    NOW,
    PLAN,
    POLICY,
    STORE,
    World,
    die_at,
    fresh_world,
    open_store,
    person,
    said,
    sealed,
    write_receipt,
)
from tests.servers import fresh_database, name_of

from jikim.backends.base import Receipt
from jikim.evidence.entry import Entry, spelled
from jikim.evidence.stage import Stage
from jikim.ledger.errors import LedgerError
from jikim.operations.find_restored import find_restored
from jikim.operations.import_receipts import Imported, because_of, drafts_of
from jikim.postgres import Server

# -- receipts -------------------------------------------------------------------------------------------------


def test_a_receipt_becomes_one_entry_a_batch_one_a_person_and_one_for_its_files(world: World) -> None:
    write_receipt(world.store, "run-1", 0, rows=7, persons={person(2): 3, person(1): 4}, files=2)
    assert world.bring() == Imported(1, 1)
    entries = sealed(world.ledger, world.export)
    assert [(e.kind, getattr(e.body, "tag", None)) for e in entries] == [
        ("disposal", None),
        ("file", None),
        ("person-run", person(1)),
        ("person-run", person(2)),
    ]
    body: Any = entries[0].body
    assert (body.store, body.table, body.action, body.rows) == (STORE, "members", "destroy", 7)
    assert (body.policy, body.plan, body.stage) == (POLICY, PLAN, Stage.UNREACHABLE)
    assert (body.files, body.copies) == (2, 0)
    assert entries[0].as_of == AS_OF
    assert [deed.rows for e in entries[2:] for deed in getattr(e.body, "deeds")] == [4, 3]  # noqa: B009


def test_all_that_a_run_did_because_of_a_person_is_one_entry(world: World) -> None:
    for batch, table in enumerate(("posts", "posts", "members")):
        write_receipt(
            world.store, "run-1", batch, step=f"{table}/destroy", table=table, persons={person(1): 2}
        )
    write_receipt(world.store, "run-2", 0, persons={person(1): 1})
    world.bring()
    about: list[Any] = [e.body for e in sealed(world.ledger, world.export) if e.kind == "person-run"]
    assert [[(d.table, d.batch, d.rows) for d in body.deeds] for body in about] == [
        [("posts", 0, 2), ("posts", 1, 2), ("members", 2, 2)],
        [("members", 0, 1)],
    ]


def test_an_entry_about_a_person_is_of_the_time_of_their_own_last_deed(world: World) -> None:
    """Not of the last that the run did to anybody; and deeds stand in the order in which they were done."""
    for batch, (hour, tags) in enumerate(((3, (1, 2)), (1, (1,)), (2, (2,)))):
        write_receipt(world.store, "run-1", batch, persons={person(tag): 1 for tag in tags})
        with world.store.sweeper.begin() as connection:
            later = sa.text("update jikim.receipt set at = :at where batch = :batch")
            connection.execute(later, {"at": AS_OF + timedelta(hours=hour), "batch": batch})
    write_receipt(world.store, "run-1", 3, persons={person(3): 1})
    with world.store.sweeper.begin() as connection:
        connection.execute(sa.text("update jikim.receipt set at = :at where batch = 3"), {"at": AS_OF})
    world.bring()
    told = {
        e.body.tag: (e.at - AS_OF, [deed.batch for deed in e.body.deeds])  # type: ignore[attr-defined]
        for e in sealed(world.ledger, world.export)
        if e.kind == "person-run"
    }
    hours = timedelta(hours=1)
    assert told == {
        person(1): (3 * hours, [1, 0]),
        person(2): (3 * hours, [2, 0]),
        person(3): (0 * hours, [3]),
    }


def test_an_archived_copy_whose_date_came_was_destroyed(world: World) -> None:
    write_receipt(
        world.store, "run-1", 0, step="orders__contracts/expire", table="orders__contracts", action="expire"
    )
    world.bring()
    body: Any = sealed(world.ledger, world.export)[0].body
    assert (body.action, body.table) == ("destroy", "orders__contracts")


def test_reasons_are_taken_apart_into_clauses_and_articles() -> None:
    because = because_of(
        ["processing.membership", "kept_by_law.contracts (kr.ecommerce.contract 영 제6조①2(나))"]
    )
    assert because.clauses == ("processing.membership", "kept_by_law.contracts")
    assert because.articles == ("kr.ecommerce.contract 영 제6조①2(나)",)


def test_what_no_clause_keeps_goes_because_the_policy_is_silent() -> None:
    assert because_of([]).clauses == ("processing",)


def test_a_receipt_whose_files_are_still_there_is_not_evidence_yet(world: World) -> None:
    write_receipt(world.store, "run-1", 0, files=1)
    with world.store.sweeper.begin() as connection:
        connection.execute(
            sa.text("""
            insert into jikim.outbox (run, step, batch, store, path)
            values ('run-1', 'members/destroy', 0, 'files', 'a.png')""")
        )
    assert world.bring() == Imported(0, 0)
    world.store.removed(world.store.outbox())
    assert world.bring() == Imported(1, 1)


def test_a_receipt_from_a_newer_jikim_is_left_in_the_store(world: World) -> None:
    write_receipt(world.store, "run-1", 0, action="forget")
    with pytest.raises(LedgerError, match="`forget`"):
        world.bring()
    assert world.count("select count(*) from jikim.receipt where shipped_at is null") == 1
    assert sealed(world.ledger, world.export) == []


def test_a_batch_done_again_in_a_restored_store_is_another_deed(world: World) -> None:
    write_receipt(world.store, "run-1", 0)
    world.bring()
    with world.store.sweeper.begin() as connection:
        connection.execute(sa.text("update jikim.receipt set shipped_at = null, at = at + interval '1 hour'"))
    assert world.bring() == Imported(1, 1)
    assert len(sealed(world.ledger, world.export)) == 2


def test_a_person_is_said_as_a_batch_is_with_the_date_of_their_own_copies() -> None:
    kept = {person(1): "2031-01-17T15:00:00+09:00"}
    told = Receipt(
        run="run-1",
        step="members/archive",
        batch=0,
        action="archive",
        table="members",
        rows=7,
        at=NOW,
        as_of=AS_OF,
        plan=PLAN,
        policy=POLICY,
        because=("100%b (법 제1조)",),
        persons={person(2): 3, person(1): 4},
        persons_kept=kept,
    )
    batch, *people = (Entry.decode(draft.exact).body.model_dump() for draft in drafts_of([told], store=STORE))
    run = {n: batch.pop(n) for n in ("run", "store", "policy", "plan", "stage")}
    deed = {n: v for n, v in batch.items() if n not in ("rows", "copies", "files")}
    deed["at"] = spelled(NOW)
    assert people == [
        {**run, "tag": person(1), "deeds": ({**deed, "rows": 4, "kept_until": "2031-01-17T06:00:00Z"},)},
        {**run, "tag": person(2), "deeds": ({**deed, "rows": 3},)},
    ]
    for persons in ({"a name": 1}, {person(1): -1}):
        with pytest.raises(ValidationError):
            list(drafts_of([replace(told, persons=persons)], store=STORE))


# -- exactly once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["import", "seal"])
def test_killed_before_anything_it_asks_of_a_database_it_loses_nothing_and_says_nothing_twice(
    world: World, verb: str
) -> None:
    expected = Counter[tuple[Any, ...]]()
    for number in range(1, 100):
        run = f"run-{number}"
        for batch in range(3):
            write_receipt(world.store, run, batch, persons={person(batch): 3, person(9): 1})
            expected["disposal", run, "members/destroy", batch, None] = 1
            for tag in (person(batch), person(9)):
                expected["person-run", run, "members/destroy", batch, tag] = 1
        if verb == "seal":
            world.bring()
        if not die_at(number, verb, store_url=world.store_url, ledger_url=world.ledger_url):
            break
        world.bring()
        world.seal()
    assert number > (12 if verb == "import" else 8)
    world.bring()
    assert Counter(said(sealed(world.ledger, world.export))) == expected
    assert world.count("select count(*) from jikim.receipt where shipped_at is null") == 0


def test_two_importers_and_two_sealers_at_once_say_everything_once(world: World) -> None:
    for batch in range(300):
        write_receipt(world.store, "run-1", batch, persons={person(batch): 3})

    def work(number: int) -> None:
        for _ in range(4):
            if number % 2:
                world.bring()
            else:
                world.seal()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    entries = sealed(world.ledger, world.export)
    assert [e.seq for e in entries] == list(range(len(entries)))
    told = Counter(said(entries))
    assert (len(told), set(told.values())) == (600, {1})


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.one_of(
            st.tuples(st.just("write"), st.integers(0, 3)),
            st.tuples(st.just("forget shipping"), st.integers(0, 3)),
            st.tuples(st.just("import"), st.just(0)),
            st.tuples(st.just("seal"), st.just(0)),
        ),
        max_size=14,
    )
)
def test_however_often_receipts_come_and_whenever_they_are_sealed_each_is_said_once_and_in_order(
    pg18: Server,
    blank: tuple[str, str],
    tmp_path_factory: pytest.TempPathFactory,
    acts: list[tuple[str, int]],
) -> None:
    with fresh_world(pg18, blank, tmp_path_factory.mktemp("log")) as world:
        store, written = world.store, 0
        for act, number in acts:
            if act == "write":
                write_receipt(store, "run-1", written, persons={person(n): 1 for n in range(number)})
                written += 1
            elif act == "forget shipping":
                with store.sweeper.begin() as connection:
                    forget = sa.text("update jikim.receipt set shipped_at = null where batch % 4 = :number")
                    connection.execute(forget, {"number": number})
            elif act == "import":
                world.bring()
            else:
                world.seal()
        world.bring()
        entries = said(sealed(world.ledger, world.export))
        assert [batch for kind, _, _, batch, _ in entries if kind == "disposal"] == list(range(written))
        assert set(Counter(entries).values()) <= {1}


def test_a_store_restored_from_a_backup_is_noticed_by_what_it_forgot(world: World, pg18: Server) -> None:
    for batch in range(3):
        write_receipt(world.store, "run-1", batch)
    world.bring()
    assert find_restored(world.store, world.ledger, name=STORE) == []
    world.store.sweeper.dispose()
    with fresh_database(pg18, template=name_of(world.store_url)) as url:
        backup = open_store(url)
        for batch in range(3, 6):
            write_receipt(world.store, "run-1", batch)
        world.bring()
        assert find_restored(world.store, world.ledger, name=STORE) == []
        forgotten = find_restored(backup, world.ledger, name=STORE)
        assert [(r.run, r.step, r.batch) for r in forgotten] == [
            ("run-1", "members/destroy", batch) for batch in (5, 4, 3)
        ]
        backup.sweeper.dispose()
