"""The auditor's judgement of single rows, against the memory model and at the edges of the law."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jikim.backends import memory
from jikim.law.holidays import korea
from jikim.plan.audit import Judge, copy_is_late
from jikim.plan.finding import FindingKind
from jikim.plan.masks import Mask
from jikim.plan.reading import reading
from jikim.plan.recognise import Confidence, Secret
from jikim.plan.schedule import (
    Because,
    BoundClock,
    Calendar,
    Cell,
    Claim,
    Condition,
    Dependent,
    FactRef,
    Facts,
    Hold,
    Hop,
    OwnerPath,
    Ref,
    Schedules,
    TableSchedule,
    Variant,
)
from jikim.plan.tally import Judgement, State, Tally
from jikim.plan.watch import Watch, is_bare, watched
from jikim.policy.period import Period
from jikim.source import Severity

SEOUL = ZoneInfo("Asia/Seoul")
CALENDAR = Calendar(SEOUL, korea(range(2015, 2040)), Period(5, "days"))
KEY = b"k" * 32
NEVER = ("9999-12-31",)

PERSON = Hop(("member_id",), "members", ("id",))
LEFT = FactRef(Ref("left_at"), "instant", NEVER, (Condition(Ref("status"), "left"),))
LEFT_OF_OWNER = replace(
    LEFT, ref=Ref("left_at", (PERSON,)), when=(Condition(Ref("status", (PERSON,)), "left"),), of_subject=True
)
USE = Claim(
    "use",
    "processing",
    frozenset({"text", "phone"}),
    "first",
    (BoundClock("membership ended", Period(0, "days"), LEFT_OF_OWNER, Period(5, "days")),),
    Because("processing.use"),
)
CALL = Claim(
    "call",
    "processing",
    frozenset({"phone"}),
    "first",
    (BoundClock("consent withdrawn", Period(0, "days"), FactRef(Ref("withdrawn_at"), "instant")),),
    Because("processing.call"),
)
RECORD = Claim(
    "contracts",
    "record",
    frozenset({"text"}),
    "first",
    (BoundClock("contract completed", Period(5, "years"), FactRef(Ref("done_on"), "date")),),
    Because("kept_by_law.contracts", "전자상거래법 시행령", "제6조"),
)
OWNER = OwnerPath("member", (PERSON,), ("id",))
CELLS = (Cell("text", "order-history", Mask("fixed", "-")), Cell("phone", "phone", Mask("null")))
ORDERS = TableSchedule(
    "orders",
    ("id",),
    CELLS,
    (("bill", (Condition(Ref("kind"), "bill"),)), ("rest", ())),
    (OWNER,),
    (
        Variant("bill", (Condition(Ref("kind"), "bill"),), OWNER, (USE,), (RECORD,)),
        Variant("rest", (), OWNER, (replace(USE, cells=frozenset({"text"})), CALL), ()),
    ),
)
SELF = OwnerPath("member", (), ("id",))
MEMBERS = TableSchedule(
    "members",
    ("id",),
    (Cell("name", "name", Mask("fixed", "-")),),
    (("all", ()),),
    (SELF,),
    (
        Variant(
            "all",
            (),
            SELF,
            (replace(USE, cells=frozenset({"name"}), clocks=(replace(USE.clocks[0], fact=LEFT),)),),
            (),
        ),
    ),
    dependents=(Dependent("orders", PERSON),),
)
ORDER_COLUMNS = ("id", "member_id", "kind", "text", "phone", "withdrawn_at", "done_on")
LEAVING = datetime(2024, 3, 4, 15, 30, tzinfo=SEOUL)
LIMIT = datetime(2024, 3, 10, tzinfo=SEOUL)
"""Five days after the day of leaving have passed: the grace and the days for destruction are the same five."""


def order(**changes: Any) -> dict[str, Any]:
    """An order of member 1, of no particular kind."""
    row = {
        "id": 7,
        "member_id": 1,
        "kind": "rest",
        "text": "a",
        "phone": "b",
        "withdrawn_at": None,
        "done_on": None,
    }
    return row | changes


def member(**changes: Any) -> dict[str, Any]:
    """Member 1, who left."""
    return {"id": 1, "name": "n", "status": "left", "left_at": LEAVING} | changes


def read(schedule: TableSchedule, row: dict[str, Any], others: dict[str, list[dict[str, Any]]]) -> list[Any]:
    """The row as an auditor's store would hand it over."""
    wanted = reading(schedule.table, tuple(row), schedule)
    values = []
    for ref in wanted.refs:
        at: dict[str, Any] | None = row
        for hop in ref.hops:
            keys = [at[c] for c in hop.columns] if at else [None]
            found = [
                o for o in others[hop.table] if keys == [o[c] for c in hop.to_columns] and None not in keys
            ]
            at = found[0] if found else None
        values.append(at[ref.column] if at else None)
    pointed = any(
        [o[c] for c in d.hop.columns] == [row[c] for c in d.hop.to_columns]
        for d in schedule.dependents
        for o in others[d.table]
    )
    return [*values, pointed, *(False for _ in wanted.identity)]


def judged(
    schedule: TableSchedule,
    row: dict[str, Any],
    *,
    as_of: datetime,
    facts: Facts = Facts(),  # noqa: B008 - a value
    members: tuple[dict[str, Any], ...] = (),
    orders: tuple[dict[str, Any], ...] = (),
) -> Judgement:
    """The judgement on one row beside others."""
    judge = Judge(reading(schedule.table, tuple(row), schedule), calendar=CALENDAR, facts=facts, as_of=as_of)
    return judge(read(schedule, row, {"members": list(members), "orders": list(orders)}))


def test_a_row_is_due_before_it_is_late() -> None:
    """Late begins with the first instant after the last day allowed, and not a second earlier."""
    before = judged(ORDERS, order(), as_of=LIMIT - timedelta(seconds=1), members=(member(),))
    assert before.state is not State.DUE
    after = judged(ORDERS, order(), as_of=LIMIT, members=(member(),))
    assert (after.state, [x.cell for x in after.late]) == (State.DUE, ["text"])
    gone = judged(ORDERS, order(withdrawn_at=LEAVING), as_of=LIMIT, members=(member(),))
    assert (gone.state, [x.cell for x in gone.late]) == (State.DUE, [""])
    assert gone.late[0].because == (Because("processing.use"), Because("processing.call"))


def test_a_cell_without_a_basis_is_late_by_itself() -> None:
    """A withdrawn consent leaves the row; its own cell is late five days on, masked cells never."""
    row, active = order(withdrawn_at=LEAVING), member(status="active", left_at=None)
    early = judged(ORDERS, row, as_of=LEAVING + timedelta(days=1), members=(active,))
    assert (early.state, early.late) == (State.DUE, ())
    late = judged(ORDERS, row, as_of=LIMIT, members=(active,))
    assert [x.cell for x in late.late] == ["phone"]
    masked = judged(ORDERS, row | {"phone": None}, as_of=LIMIT, members=(active,))
    assert masked == Judgement(State.WAITING)


def test_what_a_statute_keeps_is_late_to_be_moved_and_not_to_be_destroyed() -> None:
    """A completed contract leaves the service's tables with its member; until it is completed it stays."""
    bill = order(kind="bill", done_on=date(2024, 2, 1))
    assert judged(ORDERS, bill, as_of=LIMIT, members=(member(),)).late
    open_bill = order(kind="bill", text="a", phone=None)
    assert judged(ORDERS, open_bill, as_of=LIMIT, members=(member(),)) == Judgement(State.WAITING)


def test_a_stub_waits_for_its_dependents_only_when_it_is_masked() -> None:
    """The row of somebody who left stays while orders point to it, emptied."""
    bare = judged(MEMBERS, member(), as_of=LIMIT, orders=(order(),))
    assert (bare.state, len(bare.late)) == (State.DUE, 1)
    assert judged(MEMBERS, member(name="-"), as_of=LIMIT, orders=(order(),)) == Judgement(
        State.RETAINED, stub=True
    )
    alone = judged(MEMBERS, member(name="-"), as_of=LIMIT)
    assert (alone.state, len(alone.late)) == (State.DUE, 1)


def test_a_held_row_is_never_late() -> None:
    """By person, by table, or everything; a hold on somebody else changes nothing."""
    for hold in (
        Hold("h", "case", "member", ("1",)),
        Hold("h", "case", table="orders"),
        Hold("h", "case"),
        Hold("h", "case", "member", ("1",), "orders"),
    ):
        held = judged(ORDERS, order(), as_of=LIMIT, members=(member(),), facts=Facts(holds=(hold,)))
        assert held == Judgement(State.HELD)
    for hold in (Hold("h", "case", "member", ("2",)), Hold("h", "case", table="members")):
        free = judged(ORDERS, order(), as_of=LIMIT, members=(member(),), facts=Facts(holds=(hold,)))
        assert free.state is State.DUE


def test_an_orphan_follows_the_maps_word() -> None:
    """Refused where the map is silent; gone at once, or by its own date, where it speaks."""
    assert judged(ORDERS, order(), as_of=LIMIT).state is State.ORPHAN
    row = order(withdrawn_at=LEAVING)
    at_once = judged(replace(ORDERS, orphans="destroy"), row, as_of=LIMIT)
    assert (at_once.state, len(at_once.late)) == (State.DUE, 1)
    dated = replace(ORDERS, orphans="date-from", orphan_date=FactRef(Ref("done_on"), "date"))
    young = judged(dated, row | {"phone": None, "done_on": LIMIT.date()}, as_of=LIMIT)
    assert (young.state, young.late) == (State.RETAINED, ())


def test_a_row_that_no_class_fits_and_a_time_that_is_none_are_said() -> None:
    """Neither is counted as anything else."""
    only_bills = replace(ORDERS, classes=ORDERS.classes[:1])
    assert judged(only_bills, order(), as_of=LIMIT, members=(member(),)).state is State.UNJUDGED
    nonsense = judged(ORDERS, order(withdrawn_at="soon"), as_of=LIMIT, members=(member(),))
    assert nonsense.state is State.UNJUDGED


def test_epochs_are_read_as_numbers_of_any_kind() -> None:
    """A numeric column hands over decimals."""
    epoch = replace(CALL, clocks=(replace(CALL.clocks[0], fact=FactRef(Ref("withdrawn_at"), "epoch")),))
    variant = replace(ORDERS.variants[1], processings=(ORDERS.variants[1].processings[0], epoch))
    schedule = replace(ORDERS, variants=(ORDERS.variants[0], variant))
    row = order(withdrawn_at=Decimal(int(LEAVING.timestamp())))
    active = member(status="active", left_at=None)
    assert [x.cell for x in judged(schedule, row, as_of=LIMIT, members=(active,)).late] == ["phone"]


def test_an_archived_copy_is_late_five_days_after_its_own_date() -> None:
    """The days allowed for destruction count for copies as well."""
    assert not copy_is_late(LEAVING, calendar=CALENDAR, as_of=LIMIT - timedelta(seconds=1))
    assert copy_is_late(LEAVING, calendar=CALENDAR, as_of=LIMIT)


MOMENTS = st.none() | st.builds(
    lambda day, hour, minute, zone: datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone),
    st.dates(date(2018, 1, 1), date(2024, 6, 1)),
    st.integers(0, 23),
    st.sampled_from([0, 1]),
    st.sampled_from([UTC, SEOUL]),
)
ROWS = st.builds(
    order,
    kind=st.sampled_from(["bill", "rest"]),
    member_id=st.sampled_from([1, 2, 3, None]),
    text=st.sampled_from(["a", "-", None]),
    phone=st.sampled_from(["b", None]),
    withdrawn_at=MOMENTS,
    done_on=st.none() | st.dates(date(2017, 1, 1), date(2024, 6, 1)),
)
PEOPLE = st.tuples(
    st.builds(member, left_at=MOMENTS, name=st.sampled_from(["n", "-"])),
    st.builds(member, id=st.just(2), left_at=MOMENTS, status=st.sampled_from(["left", "active"])),
)
PUBLISHED = st.sampled_from(
    [
        ORDERS,
        replace(ORDERS, orphans="destroy"),
        replace(ORDERS, orphans="date-from", orphan_date=FactRef(Ref("done_on"), "date")),
    ]
)
HOLDS = st.sampled_from([(), (Hold("h", "c", "member", ("2",)),), (Hold("h", "c", table="members"),)])


@given(st.lists(ROWS, max_size=12), PEOPLE, PUBLISHED, HOLDS, st.dates(date(2018, 1, 1), date(2031, 1, 1)))
def test_the_auditor_sees_each_row_as_the_memory_model_does(
    orders: list[dict[str, Any]],
    people: tuple[dict[str, Any], ...],
    schedule: TableSchedule,
    holds: tuple[Hold, ...],
    day: date,
) -> None:
    """Same states and stubs, though decisions are kept by day and rows flat; of rows together as of each alone."""
    as_of = datetime(day.year, day.month, day.day, 9, 30, tzinfo=SEOUL)
    orders = [row | {"id": n} for n, row in enumerate(orders)]
    schedules = Schedules("app", (schedule, MEMBERS), CALENDAR)
    world = memory.World({"orders": orders, "members": list(people)}, Facts(holds=holds))
    meant = memory.census(world, schedules, as_of=as_of, mask_key=KEY)
    for each, rows in ((schedule, orders), (MEMBERS, list(people))):
        tally = Tally(each.table, counted=len(rows))
        if rows:
            wanted = reading(each.table, tuple(rows[0]), each)
            judge = Judge(wanted, calendar=CALENDAR, facts=Facts(holds=holds), as_of=as_of)
            found_rows = [read(each, row, world.tables) for row in rows]
            alone = Counter(judge(row) for row in found_rows)
            together = Counter[Judgement]()
            for judgement, count in judge.every(found_rows):
                together[judgement] += count
                tally.add(judgement, count)
            assert together == alone
        found = {state.value: tally.states[state] for state in State if state is not State.UNJUDGED}
        assert found | {"stubs": tally.stubs} == vars(meant[each.table])
        assert not [f for f in tally.findings() if f.kind is FindingKind.PARTITION]


def test_rows_together_are_told_apart_by_whom_a_hold_names() -> None:
    """Also where the key is 1, which is equal to true; and by instants that lie on either side of a midnight."""
    held = Facts(holds=(Hold("h", "c", "member", ("1",)),))
    judge = Judge(
        reading("members", tuple(member()), MEMBERS),
        calendar=CALENDAR,
        facts=held,
        as_of=LIMIT - timedelta(days=1),
    )
    midnight = datetime(2024, 3, 4, tzinfo=SEOUL)
    lefts = (midnight, midnight + timedelta(microseconds=1), LIMIT + timedelta(days=9), None)
    rows = [read(MEMBERS, member(id=n, left_at=left), {"orders": []}) for n in (1, 2, 3) for left in lefts]
    together = Counter[Judgement]()
    for judgement, count in judge.every(rows):
        together[judgement] += count
    assert together == Counter(map(judge, rows))
    assert sum(count for judgement, count in together.items() if judgement.state is State.HELD) == len(lefts)
    assert len(together) > 3


def test_rows_that_do_not_add_up_are_a_finding() -> None:
    """More rows than the table holds come back when a column names several others."""
    tally = Tally("orders", counted=3)
    for _ in range(4):
        tally.add(Judgement(State.RETAINED))
    [finding] = tally.findings()
    assert (finding.kind, finding.severity, finding.count) == (FindingKind.PARTITION, Severity.ERROR, 1)


def watch(columns: dict[str, str], *rows: list[Any], **options: Any) -> dict[tuple[str, Secret], int]:
    """What is seen in these rows, by column and kind."""
    looking = Watch(watched(columns, ORDERS, **options), today=date(2026, 1, 1))
    for row in rows:
        looking(row)
    totals: Counter[tuple[str, Secret]] = Counter()
    for (column, kind, _), count in looking.seen.items():
        totals[column, kind] += count
    return dict(totals)


CARD = "4111 1111 1111 1111"


def test_secrets_are_seen_in_text_json_bytes_and_numbers() -> None:
    """Wherever a value can hide one; encrypted bytes and short numbers are passed over."""
    columns = {"a": "text", "b": "jsonb", "c": "bytea", "d": "numeric(20,0)", "e": "uuid", "f": "text[]"}
    rows = [
        [f"pay {CARD}", {"deep": [{"card": CARD}]}, CARD.encode(), Decimal(4111111111111111), CARD, [CARD]],
        [None, None, b"\xff\xfe" + CARD.encode(), Decimal("NaN"), None, None],
        ["", {"n": 4111111111111111}, b"", Decimal(12), None, []],
    ]
    seen = watch(columns, *rows)
    assert seen == {(c, Secret.CARD): 2 if c == "b" else 1 for c in "abcdf"}


def test_a_column_that_must_be_one_way_holds_hashes_or_masks() -> None:
    """Clear words count; a hash, a masked value and nothing at all do not."""
    columns = {"text": "text", "phone": "text"}
    items = frozenset({"order-history"})
    rows = [["open sesame", "x"], ["$2b$12$" + "a" * 53, "x"], ["-", "x"], [None, None], ["1234", "x"]]
    assert watch(columns, *rows, one_way_items=items) == {("text", Secret.PASSWORD): 2}


def test_an_unmaskable_column_is_looked_at_all_the_same() -> None:
    """A cell without a mask is never taken for masked."""
    bare = replace(ORDERS, cells=(replace(CELLS[0], mask=None),))
    looking = Watch(
        watched({"text": "text"}, bare, one_way_items=frozenset({"order-history"})), today=date(2026, 1, 1)
    )
    looking(["open sesame"])
    assert dict(looking.seen) == {("text", Secret.PASSWORD, Confidence.CERTAIN): 1}


@pytest.mark.parametrize(
    ("mask", "value", "bare"),
    [
        (Mask("null"), "x", True),
        (Mask("fixed", "0"), Decimal(0), False),
        (Mask("tag", "gone-{tag}@x.example"), "gone-0123456789abcdef@x.example", False),
        (Mask("tag", "gone-{tag}@x.example"), "haru@x.example", True),
        (Mask("truncated-ip"), "192.0.2.0", False),
        (Mask("truncated-ip"), "192.0.2.1", True),
        (Mask("year"), datetime(2024, 1, 1, tzinfo=UTC), False),
    ],
)
def test_a_masked_cell_is_known_by_looking_at_it(mask: Mask, value: object, bare: bool) -> None:
    """Without the key that tags were made with."""
    assert is_bare(Cell("c", "item", mask), value) is bare


def test_a_path_in_json_is_bare_while_it_is_there() -> None:
    """A JSON value that is a text is no object, whatever it spells."""
    cell = Cell("answers", "phone", Mask("null"), ("phone",))
    assert is_bare(cell, {"phone": "x"})
    assert not is_bare(cell, '{"phone": "x"}')
    assert not is_bare(cell, "SECRET")
    assert not is_bare(cell, {"other": "x"})
    assert not is_bare(cell, ["phone"])
