"""What an audit tells that is no fault, and how it words what it found, on a small shop."""

from datetime import datetime
from typing import Any

import pytest
from tests.keeping import Kept, audit_of, seoul
from tests.shop import APRIL, MAP, TABLES, mapped, shop

from jikim.operations.plan_sweep import bound
from jikim.plan.finding import Finding, FindingKind
from jikim.source import Severity

LATER = seoul(2027, 6, 1)
ORDERS: dict[str, Any] = MAP["tables"]["orders"]
MEMBERS: dict[str, Any] = MAP["tables"]["members"]


def told(kept: Kept, kind: FindingKind, *, as_of: datetime = APRIL) -> list[Finding]:
    """The findings of one kind."""
    return [finding for finding in audit_of(kept, as_of=as_of).findings if finding.kind is kind]


def test_rows_that_wait_for_somebodys_work_for_over_a_year_are_told(empty_database_18: str) -> None:
    """An order never completed keeps its member's key for ever; a member who stays is no finding."""
    ordered = (
        "alter table orders add ordered_at timestamptz; update orders set ordered_at = '2026-04-01 09:00+09'"
    )
    orders = {**ORDERS, "columns": {**ORDERS["columns"], "ordered_at": "order-history"}}
    with shop(empty_database_18, tables=f"{TABLES}; {ordered}", datamap=mapped(orders=orders)) as kept:
        kept.execute("update orders set completed_at = null where id in (1, 3)")
        assert told(kept, FindingKind.WAITING, as_of=seoul(2027, 4, 1, 9)) == []
        [finding] = told(kept, FindingKind.WAITING, as_of=LATER)
        assert (finding.where, finding.count, finding.severity) == ("orders", 2, Severity.INFO)
        assert finding.oldest == seoul(2026, 4, 1, 9)
        assert finding.message == "2 rows of `orders` have waited over a year for `contract completed`"
        kept.execute("update orders set completed_at = '2027-05-31' where id = 3")
        [finding] = told(kept, FindingKind.WAITING, as_of=LATER)
        assert finding.message.startswith("1 row of `orders` has waited")
        kept.execute("update orders set completed_at = '2027-05-31' where id = 1")
        assert told(kept, FindingKind.WAITING, as_of=LATER) == []


def test_rows_without_a_date_wait_since_nobody_knows_when(empty_database_18: str) -> None:
    with shop(empty_database_18) as kept:
        kept.execute("update orders set completed_at = null where id = 1")
        [finding] = told(kept, FindingKind.WAITING)
        assert (
            finding.message == "1 row of `orders` waits for `contract completed`, and nothing says since when"
        )
        assert finding.oldest is None


@pytest.mark.parametrize("when", ["-infinity", "0044-03-15 BC", "0001-01-01", "1900-01-01"])
def test_a_clock_that_stands_before_any_service_is_told_with_a_hint_at_never(
    empty_database_18: str, when: str
) -> None:
    with shop(empty_database_18) as kept:
        assert told(kept, FindingKind.LONG_AGO) == []
        kept.execute("update members set left_at = %s where id = 2", when)
        [finding] = told(kept, FindingKind.LONG_AGO)
        assert (finding.where, finding.count, finding.severity) == ("members.left_at", 1, Severity.INFO)
        assert finding.message == "1 time in `members.left_at` lies before 1901: long ago"
        assert "`never: [" in finding.fix


def test_a_sentinel_that_the_map_names_is_no_finding(empty_database_18: str) -> None:
    members = {
        "member": {
            "table": "members",
            "key": "id",
            "facts": {"membership ended": {"column": "left_at", "never": ["1900-01-01"]}},
        }
    }
    with shop(empty_database_18, datamap={**MAP, "subjects": members}) as kept:
        kept.execute("update members set left_at = '1900-01-01' where id = 2")
        assert told(kept, FindingKind.LONG_AGO) == []


def test_missing_indexes_are_one_line(empty_database_18: str) -> None:
    more = "create table notes (id bigint primary key, member_id bigint not null references members);"
    notes = {"owner": {"member": "member_id"}, "processing": ["membership"], "columns": {}}
    with shop(empty_database_18, tables=TABLES + more, datamap=mapped(notes=notes)) as kept:
        kept.execute("drop index orders_member_id_idx")
        [finding] = [f for f in told(kept, FindingKind.MAP) if "index" in f.message]
        assert (finding.severity, finding.because, finding.fix) == (Severity.WARNING, (), "")
        _, _, checked = bound(kept.store, kept.promise, as_of=APRIL)
        missing = [f for f in checked if f.code in ("no-index", "no-clock-index")]
        assert finding.count == len(missing) > 2
        assert finding.message == f"{len(missing)} indexes are missing: `jikim map check` tells which"


def test_a_missing_primary_key_is_told_once_and_with_a_remedy_that_runs(empty_database_18: str) -> None:
    with shop(
        empty_database_18, tables=TABLES.replace("id bigint primary key, member_id", "id bigint, member_id")
    ) as kept:
        [finding] = [f for f in told(kept, FindingKind.MAP) if "primary key" in f.message]
        kept.execute(finding.fix)
        assert [f for f in told(kept, FindingKind.MAP) if "primary key" in f.message] == []


@pytest.mark.parametrize(("unit", "scale"), [("epoch", 1), ("epoch-ms", 1000)])
def test_a_clock_in_numbers_is_no_number_of_a_card_or_a_person(
    empty_database_18: str, unit: str, scale: int
) -> None:
    """Neither in the table nor in the archive's copies; the same number beside it is one."""
    change = f"""
        alter table orders alter completed_at type bigint
            using (extract(epoch from completed_at) * {scale})::bigint;
        alter table orders add other bigint;
    """
    orders = {
        **ORDERS,
        "facts": {"contract completed": {"column": "completed_at", "as": unit}},
        "columns": {**ORDERS["columns"], "other": "order-history"},
    }
    with shop(empty_database_18, tables=TABLES + change, datamap=mapped(orders=orders)) as kept:
        looks_like = 4111111111111111 if unit == "epoch-ms" else 9001011234560
        kept.execute("update orders set completed_at = %s where id = 3", looks_like)
        assert told(kept, FindingKind.CLEAR_SECRET) == []
        kept.execute("update orders set other = 4111111111111111 where id = 1")
        assert [f.where for f in told(kept, FindingKind.CLEAR_SECRET)] == ["orders.other"]
        kept.sweep(APRIL)
        kept.execute("update kept_by_law.orders__contracts set completed_at = 4111111111111111, other = null")
        assert told(kept, FindingKind.CLEAR_SECRET) == []
