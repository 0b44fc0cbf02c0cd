"""Two rows of one table that point to one another each wait for the other: told beforehand, with the way out."""

from pathlib import Path

import pytest
from tests.backends.test_sqlite import ids, shop
from tests.lite import KeptLite
from tests.shop import APRIL, MAP

from jikim.operations.plan_sweep import bound
from jikim.source import Diagnostic

TABLES = """
    create table members (id integer primary key, email text not null, joined_at datetime, left_at datetime);
    create table orders (
        id integer primary key, member_id integer not null references members, what text not null,
        completed_at datetime, twin_id integer {} references orders deferrable initially deferred);
    create index orders_of on orders (member_id);
    create {} index twins on orders (twin_id);
    insert into members values (1, 'a@mail.example', '2026-01-01 00:00:00', '2026-03-01 03:00:00'),
        (2, 'b@mail.example', '2026-01-01 00:00:00', null);
    begin;
    insert into orders values (1, 1, 'bread', null, 2), (2, 1, 'milk', null, 1), (3, 2, 'salt', null, 3);
    commit;
"""
ORDERS = {
    **MAP["tables"]["orders"],
    "records": [],
    "columns": {"what": {"item": "order-history", "mask": "fixed(-)"}, "completed_at": "no", "twin_id": "no"},
}


def mutual(kept: KeptLite) -> list[Diagnostic]:
    return [f for f in bound(kept.store, kept.promise, as_of=APRIL)[2] if f.code == "mutual"]


@pytest.mark.parametrize(
    ("null", "unique", "severity"),
    [("not null", "", "WARNING"), ("", "unique", "WARNING"), ("", "", "INFO")],
    ids=["each row has one", "each is named once", "a tree, likely"],
)
def test_what_can_stand_in_a_circle_is_told_and_stays(
    tmp_path: Path, null: str, unique: str, severity: str
) -> None:
    """Both rows are keys without content after a sweep, and after the next; the rest of the table is kept."""
    with shop(tmp_path, tables=TABLES.format(null, unique), rows="", mapped={"orders": ORDERS}) as kept:
        [told] = mutual(kept)
        assert (told.path, told.severity.name) == (("tables", "orders"), severity)
        assert "orders: {unlink: twin_id}" in told.fix
        assert ('make "orders" anew, with no NOT NULL on "twin_id"' in told.fix) is bool(null)
        for _ in range(2):
            kept.sweep(APRIL)
            assert [(row["id"], row["what"]) for row in kept.rows("orders")] == [
                (1, "-"),
                (2, "-"),
                (3, "salt"),
            ]


def test_the_way_out_lets_both_go(tmp_path: Path) -> None:
    """With `unlink` nothing is told, and nothing of the two is left."""
    orders = {**ORDERS, "unlink": "twin_id"}
    with shop(tmp_path, tables=TABLES.format("", ""), rows="", mapped={"orders": orders}) as kept:
        assert mutual(kept) == []
        assert kept.sweep(APRIL).complete
        assert ids(kept, "orders") == [3]
