"""Owners of every shape in every kind of store: by a column that tells their kind, by keys of several columns, by
words whose case does not matter. Each store does what the memory model means."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from tests.agreement import counted, swept
from tests.keeping import Kept, audit_of, seoul
from tests.lite import lite
from tests.shapes import APRIL, MAP, POLICY, TABLES, mapped, promise
from tests.shop import shop
from tests.telling import released, told

from jikim.operations.explain_rows import explain_person
from jikim.operations.hold import is_known, placing
from jikim.plan.schedule import Hold

Made = Callable[[], AbstractContextManager[Kept]]


@contextmanager
def postgresql(url: str) -> Iterator[Kept]:
    with shop(url, tables=TABLES, datamap=MAP, policy=POLICY.encode()) as kept:
        yield kept


@pytest.fixture(params=["postgresql", "sqlite"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    """The service in each kind of store."""
    if request.param == "postgresql":
        return partial(postgresql, request.getfixturevalue("empty_database_18"))
    return partial(lite, tmp_path, tables=[TABLES], promise=promise(), as_of=APRIL)


def ids(kept: Kept, table: str, key: str = "id") -> list[int]:
    return [row[key] for row in kept.execute(f"select {key} from {table} order by {key}")]


def hold(kept: Kept, name: str, kind: str, *key: str) -> None:
    schedules = kept.plan(APRIL).schedules
    assert is_known(kept.store, kind, key, schedules, as_of=APRIL)
    wanted = Hold(name, "case 27", kind, key)
    told(kept.store, placing(wanted, because="asked by the court", at=APRIL, schedules=schedules))


def test_rows_of_every_shape_go_stay_and_are_kept_as_the_memory_model_means(made: Made) -> None:
    """Census, survivors, copies and receipts are the same, with holds and without; then the same a year later."""
    with made() as kept:
        for name, kind, *key in (
            ("1", "member", "3"),
            ("2", "guest", "other@X.EXAMPLE"),
            ("3", "holder", "2", "busan"),
        ):
            hold(kept, name, kind, *key)
        assert counted(kept, APRIL)["attachments"]["held"] == 2
        model = swept(kept, APRIL)
        assert ids(kept, "attachments") == [2, 4, 5, 7, 15, 18, 19, 20, 22]
        assert ids(kept, "orders") == [2, 5, 8]
        assert kept.execute("select order_id, number from lines order by 1") == [
            {"order_id": 2, "number": 1},
            {"order_id": 5, "number": 1},
        ]
        assert (ids(kept, "notes"), ids(kept, "posts")) == ([2, 3], [2])
        assert kept.execute("select site, number from accounts order by 1, 2") == [
            {"site": "busan", "number": 1},
            {"site": "busan", "number": 2},
            {"site": "seoul", "number": 2},
        ]
        assert ids(kept, "writers") == [2]
        assert ids(kept, "members") == [2, 3, 1234567890123456789]
        for name in "123":
            released(kept.store, name, at=APRIL)
        model = swept(kept, APRIL, archive=model.archive)
        assert ids(kept, "members") == [2, 1234567890123456789]
        swept(kept, seoul(2027, 4, 1), archive=model.archive)
        assert ids(kept, "attachments") == [18, 19]


def test_a_guest_is_one_person_however_the_address_is_written(made: Made) -> None:
    """Holds, explanations and the archive know them by any case of A to Z; other letters are as they stand."""
    with made() as kept:
        schedules = kept.plan(APRIL).schedules

        def orders(*key: str) -> list[str]:
            rows = explain_person(
                kept.store, schedules, subject="guest", key=key, as_of=APRIL, table="orders"
            )
            return sorted(row.facts.key[0] for row in rows)

        assert orders("GUEST@x.example") == orders("guest@X.EXAMPLE") == ["3", "4", "5"]
        assert (orders("İß@X.example"), orders("i̇ß@x.example"), orders("İSS@x.example")) == (["9"], [], [])
        swept(kept, APRIL)
        for written in ("Guest@X.Example", "guest@x.example"):
            copies = kept.store.archived("guest", schedules.named("guest", (written,)))
            assert [copy["what"] for copy in copies] == ["salt"]
            assert list(copies[0]["jikim_subject_key"]) == ["guest@x.example"]


def test_a_key_of_two_columns_names_a_person_in_the_order_of_the_map(made: Made) -> None:
    """`(1, seoul)` is another than `(1, busan)`, and nobody is named by one of the two."""
    with made() as kept:
        schedules = kept.plan(APRIL).schedules
        found = {
            key: [
                (row.table, row.facts.key)
                for row in explain_person(kept.store, schedules, subject="holder", key=key, as_of=APRIL)
            ]
            for key in (("1", "seoul"), ("1", "busan"), ("seoul", "1"), ("1",))
        }
        assert found["1", "seoul"] == [("notes", ("1",)), ("accounts", ("seoul", "1"))]
        assert found["1", "busan"] == [("notes", ("2",)), ("accounts", ("busan", "1"))]
        assert (found["seoul", "1"], found[("1",)]) == ([], [])


def test_an_audit_counts_the_same_by_a_way_of_its_own(empty_database: str) -> None:
    """Every row is in the state in which the plan counts it, held rows among them; after a sweep nothing is late."""
    with postgresql(empty_database) as kept:
        for name, kind, *key in (
            ("1", "member", "3"),
            ("2", "guest", "OTHER@x.example"),
            ("3", "holder", "2", "busan"),
        ):
            hold(kept, name, kind, *key)
        planned = counted(kept, APRIL)
        told = audit_of(kept, as_of=APRIL).tables
        assert {t: {s: told[t][s] for s in states} for t, states in planned.items()} == planned
        swept(kept, APRIL)
        assert not [f for f in audit_of(kept, as_of=APRIL).findings if f.kind.value.startswith("overdue")]


def test_while_a_row_is_of_an_unknown_kind_its_table_is_left_alone(empty_database_18: str) -> None:
    """Where the map does not say what becomes of orphans; once the row is another's, the table is swept."""
    named = {**MAP["tables"]["attachments"], "orphans": "refuse"}
    columns = "alter table attachments alter owner_type set not null, alter owner_id set not null"
    rows = (
        TABLES
        + "delete from attachments where id in (8, 10, 11, 14, 17, 19, 23, 24) or id between 12 and 13 or id = 16;"
        + columns
    )
    datamap = mapped(attachments=named)
    with shop(empty_database_18, tables=rows, datamap=datamap, policy=POLICY.encode()) as kept:
        planned = kept.plan(APRIL).plan
        assert planned.census["attachments"].orphan == 1
        assert "or to a kind that the map does not name" in planned.blocked["attachments"]
        assert not kept.sweep(APRIL).complete
        assert len(ids(kept, "attachments")) == 13
        kept.execute("update attachments set owner_type = 'Member' where id = 9")
        assert kept.sweep(APRIL).complete
        assert ids(kept, "attachments") == [2, 5, 7, 9, 15, 18, 20]
