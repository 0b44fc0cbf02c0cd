"""For every small promise, store and instant: predicates by cutoff say what the memory model decides row by row."""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import combinations
from random import Random
from typing import Any, Literal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.properties.answers import Answers
from tests.unit.plan import small

from jikim.backends import memory
from jikim.backends.memory import Row, World
from jikim.datamap.model import NOBODY
from jikim.datamap.schema import Schema, TimeType
from jikim.datamap.schema import table as small_table
from jikim.plan.decide import Decision, Disposition
from jikim.plan.masks import masked, row_tag
from jikim.plan.plan import Action, Step, steps
from jikim.plan.predicate import all_of, any_of
from jikim.plan.schedule import (
    BoundClock,
    Claim,
    Condition,
    Dependent,
    FactRef,
    Facts,
    Hold,
    Hop,
    IdentityCell,
    IdentityUse,
    OwnerPath,
    Ref,
    Schedules,
    StoreFact,
    TableSchedule,
    Variant,
)
from jikim.plan.sweep import Sweep

EXAMPLES = settings(max_examples=80, deadline=None)
STATES = ("due", "retained", "waiting", "orphan", "held")
NEW_YORK = ZoneInfo("America/New_York")
TO_PARENT = Hop(("parent_id",), "orders", ("id",))
KIND_PERSON = Hop(("of",), "people", ("id",), (("kind", "person"),), spelled=True)
KIND_ORDER = Hop(("of",), "orders", ("id",), (("kind", "order"),), spelled=True)
GUEST = replace(small.BY_GUEST, match="any-case")
LINE_OF_GUEST = replace(small.LINE_OF_GUEST, match="any-case")
FILE_OF_PERSON = OwnerPath("person", (KIND_PERSON,), ("id",))
FILE_OF_ORDER = OwnerPath("person", (KIND_ORDER, small.TO_PERSON), ("id",))
FILE_OF_GUESTS_ORDER = replace(GUEST, hops=(KIND_ORDER,))
FILE_OF_GUEST = replace(GUEST, key=("of",), when=(("kind", "guest"),))
FILE_OF_NOBODY = OwnerPath(NOBODY, (), (), inline=True, when=(("kind", "thing"),))

INSTANTS = [
    small.at("2026-03-08"),  # a Sunday: statutory minimums wait for the Monday
    small.at("2026-03-09"),
    small.at("2026-10-05 12:34:56"),  # a substitute holiday
    datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK),  # the first of two half past ones
    datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=NEW_YORK),
]
PERIODS = ["", "1 days", "5 days", "1 weeks", "1 months", "3 months"]
SENTINEL = "9999-12-31"
COMBINE: tuple[Literal["first", "last"], ...] = ("first", "last")


@dataclass(frozen=True)
class Case:
    """One promise, one store, one instant."""

    schedules: Schedules
    world: World
    as_of: datetime

    def __repr__(self) -> str:
        """Without the holidays."""
        tables = "\n".join(f"  {schedule}" for schedule in self.schedules)
        return f"as of {self.as_of!r}\n{tables}\n  {self.world.tables}\n  {self.world.facts}"


# -- drawing promises -------------------------------------------------------------------------------------
# A case takes a thousand throws; they are made by dice that hypothesis seeds, since it throws each more dearly.


@cache
def _clocks(kind: str, facts: tuple[FactRef, ...]) -> tuple[BoundClock, ...]:
    """Every clock there may be: by these facts, or by the closing of the service."""
    graces = [None, "3 days", "5 days"] if kind == "processing" else [None]
    return (
        *(
            small.clock("t", period, where, grace=grace)
            for where in facts
            for period in [*PERIODS, *(["2 hours", "24 hours"] if where.time_type != "date" else [])]
            for grace in graces
        ),
        *(
            small.clock("service closed", period, StoreFact("closed"))
            for period in ("", "5 days", "1 months")
        ),
    )


def _claim(dice: Random, kind: str, number: int, cells: list[str], facts: list[FactRef]) -> Claim:
    """A claim on some cells, by one to three clocks."""
    subsets = [s for n in range(1, len(cells) + 1) for s in combinations(cells, n)]
    clocks = dice.choices(_clocks(kind, tuple(facts)), k=dice.randint(1, 3))
    combine = dice.choice(COMBINE)
    if kind == "processing":
        return small.processing(f"use-{number}", dice.choice(subsets), *clocks, combine=combine)
    return small.record(f"law-{number}", dice.choice(subsets), *clocks, combine=combine)


def _variants(
    dice: Random,
    cells: list[str],
    facts: dict[OwnerPath, list[FactRef]],
    classes: list[tuple[Condition, ...]],
) -> list[Variant]:
    """For each class and owner: one or two processings, and up to two records."""
    owners = dice.sample(list(facts), k=len(facts))
    made = []
    for n, where in enumerate(classes):
        for owner in owners:
            uses = [_claim(dice, "processing", i, cells, facts[owner]) for i in range(dice.choice([1, 1, 2]))]
            laws = [
                _claim(dice, "record", i, cells, facts[owner]) for i in range(dice.choice([0, 1, 2, 2, 2]))
            ]
            if owner.hops[-1:] == (small.TO_PERSON,):
                mail = IdentityCell(Ref("mail", owner.hops), "person_mail")
                laws = [replace(law, identity=(mail,)) for law in laws]
            made.append(small.variant(owner, *uses, *laws, row_class=f"class-{n}", where=where))
    return made


def _fate(dice: Random) -> dict[str, Any]:
    """What becomes of orphans."""
    orphans = dice.choice(["refuse", "destroy", "date-from"])
    return {"orphans": orphans, "orphan_date": small.fact("created_at") if orphans == "date-from" else None}


def _promise(dice: Random, zone: ZoneInfo, left_type: TimeType) -> Schedules:
    """Lines, orders and people, in the order in which they are swept."""
    only_left = dice.choice([(), ("left",)])

    def left(*hops: Hop) -> FactRef:
        when = tuple(Condition(Ref("status", hops), value) for value in only_left)
        written = small.fact("left_at", *hops, time_type=left_type, never=(SENTINEL,), when=when)
        return replace(written, of_subject=bool(hops))

    done, done_of_line, paid = (
        small.fact("done_at"),
        small.fact("done_at", small.TO_ORDER),
        small.fact("paid_at"),
    )
    of_orders = {small.BY_PERSON: [left(small.TO_PERSON), done], GUEST: [done]}
    of_lines = {
        small.LINE_OF_PERSON: [left(small.TO_ORDER, small.TO_PERSON), done_of_line, paid],
        LINE_OF_GUEST: [done_of_line, paid],
    }
    kind = Condition(Ref("kind"), dice.choice(["complaint", None]))
    kind_of_order = Condition(Ref("kind", (small.TO_ORDER,)), dice.choice(["complaint", None]))
    lines = small.table(
        "lines",
        small.cells(text="null"),
        _variants(dice, ["text"], of_lines, [(kind_of_order,), ()]),
        **_fate(dice),
    )
    within = dice.choice([(), (Dependent("orders", TO_PARENT),)])
    made = small.fact("created_at")
    of_files = {
        FILE_OF_PERSON: [left(KIND_PERSON), made],
        FILE_OF_ORDER: [left(KIND_ORDER, small.TO_PERSON), small.fact("done_at", KIND_ORDER), made],
        FILE_OF_GUESTS_ORDER: [small.fact("done_at", KIND_ORDER), made],
        FILE_OF_GUEST: [made],
    }
    files = small.table(
        "files", small.cells(text="null"), _variants(dice, ["text"], of_files, [()]), **_fate(dice)
    )
    place = dice.randint(0, len(files.owners))
    files = replace(files, owners=(*files.owners[:place], FILE_OF_NOBODY, *files.owners[place:]))
    orders = small.table(
        "orders",
        small.cells(note="null", answers__phone="null", done_at=""),
        _variants(dice, ["note", "answers$.phone"], of_orders, [(kind,), ()]),
        dependents=(Dependent("lines", small.TO_ORDER), Dependent("files", KIND_ORDER), *within),
        **_fate(dice),
    )
    mine = _variants(dice, ["name", "mail"], {small.PERSON: [left()]}, [()])
    pointing = (Dependent("orders", small.TO_PERSON), Dependent("files", KIND_PERSON))
    people = replace(
        small.people(identity_uses=_uses(lines, orders), dependents=pointing),
        variants=tuple(mine),
        classes=(("class-0", ()),),
    )
    return small.schedules(lines, files, orders, people, calendar=small.calendar(zone))


def _uses(*tables: TableSchedule) -> tuple[IdentityUse, ...]:
    return tuple(
        IdentityUse(table.table, v.owner.hops, v.where, frozenset({"mail"}))
        for table in tables
        for v in table.variants
        if any(r.identity for r in v.records)
    )


# -- drawing stores ---------------------------------------------------------------------------------------


def _moment(dice: Random, as_of: datetime) -> datetime | None:
    """Nothing, or an instant about where some period from it ends."""
    if dice.random() < 0.2:
        return None
    days = dice.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 28, 31, 32, 89, 90, 92, 94, 400, -1])
    moment = as_of.astimezone(UTC) - timedelta(days=days)
    if dice.random() < 0.5:
        local = moment.astimezone(as_of.tzinfo)
        moment = datetime(local.year, local.month, local.day, tzinfo=as_of.tzinfo).astimezone(UTC)
    nudges = [timedelta(0), timedelta(microseconds=1), timedelta(hours=1), timedelta(hours=2)]
    return moment + dice.choice([1, -1]) * dice.choice(nudges)


def _written(moment: datetime | None, time_type: TimeType, zone: ZoneInfo) -> Any:
    """A moment as a column of that type holds it."""
    if moment is None:
        return None
    match time_type:
        case "date":
            return moment.astimezone(zone).date()
        case "local":
            return moment.astimezone(zone).replace(tzinfo=None, fold=0)
        case "utc":
            return moment.astimezone(UTC).replace(tzinfo=None)
        case "epoch":
            return int(moment.timestamp())
    return moment


def _rows(dice: Random, as_of: datetime, zone: ZoneInfo, left_type: TimeType) -> dict[str, list[Row]]:
    """Rows with references that may lead nowhere, and times that may be missing."""
    never = datetime(9999, 12, 31, 12, tzinfo=UTC)
    ids = [1, 1, 2, 3, None, 9]
    people = [
        small.person(
            n,
            left_at=_written(dice.choice([_moment(dice, as_of)] * 6 + [never]), left_type, zone),
            status=dice.choice(["left", "active"]),
            mail=dice.choice([f"person{n}@mail.example", "gone-0123456789abcdef@invalid.example"]),
            name=dice.choice(["홍길동", "-"]),
        )
        for n in range(1, dice.randint(2, 4))
    ]
    orders = [
        small.order(
            n,
            of=dice.choice(ids),
            guest=dice.choice([None, "guest@mail.example", "Guest@Mail.example"]),
            kind=dice.choice(["complaint", "enquiry", None]),
            done_at=_moment(dice, as_of),
            created_at=_moment(dice, as_of),
            note=dice.choice(["두 벌", None]),
            answers=dice.choice([None, {}, {"phone": None}, {"phone": "x", "size": "M"}]),
            parent_id=dice.choice(ids),
        )
        for n in range(1, dice.randint(2, 5))
    ]
    lines = [
        small.line(
            n,
            of=dice.choice(ids),
            paid_at=_moment(dice, as_of),
            created_at=_moment(dice, as_of),
            text=dice.choice(["빨강", None]),
        )
        for n in range(1, dice.randint(1, 4))
    ]
    files = [
        {
            "id": n,
            "kind": dice.choice(["person", "person", "order", "order", "guest", "thing", "ghost", None]),
            "of": dice.choice(["1", "2", "01", "9", "GUEST@mail.example", None]),
            "text": dice.choice(["빨강", None]),
            "created_at": _moment(dice, as_of),
        }
        for n in range(1, dice.randint(1, 4))
    ]
    return {"people": people, "orders": orders, "lines": lines, "files": files}


def drawn(dice: Random) -> Case:
    """A promise, a store that it speaks of, and an instant near which much falls due."""
    as_of = dice.choice(INSTANTS)
    zone = as_of.tzinfo
    assert isinstance(zone, ZoneInfo)
    left_type: TimeType = dice.choice(["instant", "date", "local", "utc", "epoch"])
    holds = [
        Hold("1", "case", "person", ("1",)),
        Hold("2", "case", "guest", ("guest@mail.example",)),
        Hold("3", "case", table="orders"),
        Hold("4", "case", "person", ("1",), table="orders"),
    ]
    closed = _written(_moment(dice, as_of), dice.choice(["instant", "date"]), zone)
    facts = Facts(
        {} if closed is None else {"closed": closed}, tuple(dice.sample(holds, k=dice.choice([0, 0, 1, 2])))
    )
    return Case(_promise(dice, zone, left_type), World(_rows(dice, as_of, zone, left_type), facts), as_of)


# -- what must be so --------------------------------------------------------------------------------------


def test_predicates_say_of_every_row_what_the_memory_model_decides() -> None:
    """Each row meets exactly the state that it is judged to be in; archive, destroy and masks agree cell by cell."""
    seen = Counter[str]()

    @EXAMPLES
    @given(st.randoms(use_true_random=True))
    def agree(dice: Random) -> None:
        case = drawn(dice)
        answers = Answers(case.world, case.schedules, small.KEY, lambda what: seen.update([what]))
        for schedule in case.schedules:
            seen.update(_agree(case, schedule, answers))

    agree()
    missing = EXPECTED - seen.keys()
    assert not missing, f"never drawn: {sorted(missing)}"


EXPECTED = {
    *STATES,
    *(d.value for d in Disposition),
    "stubs",
    "Happened",
    "NotHappened",
    "InClass",
    "Unnamed",
    "LeadsNowhere",
    "sentinel",
    "needed identity",
    "hold by person",
    "hold by table",
    "hold by persontable",
    "OwnedBy exists=True inline=True",
    "OwnedBy exists=True inline=False",
    "OwnedBy exists=False inline=False",
    "last of several",
    "grace",
    "two copies",
    "service closed",
    *(f"file of {kind}" for kind in ("person", "order", "guest", "thing", "ghost", None)),
}
"""What must have been drawn, or the agreement means little."""


def _agree(case: Case, schedule: TableSchedule, answers: Answers) -> list[str]:
    """Compare every row of one table; returns what was met on the way."""
    sweep = Sweep(schedule, case.schedules, case.world.facts, case.as_of)
    rows = case.world.tables[schedule.table]
    view = memory.View(case.world, case.schedules, case.as_of, small.KEY)
    said = {state: answers.rows(getattr(sweep, state), schedule.table) for state in (*STATES, "stubs")}
    going = {
        Disposition.ARCHIVE: answers.rows(sweep.archived, schedule.table),
        Disposition.DESTROY: answers.rows(sweep.destroyed, schedule.table),
    }
    bare = {cell: answers.rows(sweep.uncovered(cell), schedule.table) for cell in schedule.cells}
    met: list[str] = []
    met += [f"file of {row['kind']}" for row in rows if schedule.table == "files"]
    for row in rows:
        verdict = memory.judge(view, schedule, row)
        decision, stub = verdict.decision, row in said["stubs"]
        expected = "retained" if stub else verdict.state
        assert [state for state in STATES if row in said[state]] == [expected], (schedule.table, row, verdict)
        disposition = decision.disposition if decision else None
        assert [d for d, those in going.items() if row in those] == [d for d in going if d is disposition]
        masked = set(decision.cells) if decision and disposition is Disposition.MASK else set()
        assert {cell for cell, those in bare.items() if row in those} == masked, (
            schedule.table,
            row,
            decision,
        )
        met += [expected, *(["stubs"] if stub else []), *([disposition.value] if disposition else [])]
        met += _interesting(case, decision)
        if disposition in going and view.needed_identity(schedule, row):
            met.append("needed identity")
    counted = memory.census(case.world, case.schedules, as_of=case.as_of, mask_key=small.KEY)[schedule.table]
    assert vars(counted) == {state: len(those) for state, those in said.items()}
    assert counted.total == len(rows)
    return met


def _interesting(case: Case, decision: Decision | None) -> list[str]:
    endings = decision.endings if decision else ()
    several = [e for e in endings if e.due and e.claim.combine == "last" and len(e.claim.clocks) > 1]
    return [
        *(["last of several"] if several else []),
        *(["grace"] if any(k.grace for e in endings if e.due for k in e.claim.clocks) else []),
        *(["two copies"] if decision and len(decision.records) == 2 else []),
        *(["service closed"] if case.world.facts.service else []),
    ]


def test_carrying_out_the_steps_leaves_what_the_memory_model_leaves() -> None:
    """Steps, passed over until nothing moves, leave the model's rows and copies; after that nothing is due."""
    seen = Counter[str]()

    @EXAMPLES
    @given(st.randoms(use_true_random=True))
    def agree(dice: Random) -> None:
        case = drawn(dice)
        carried = Case(case.schedules, deepcopy(case.world), case.as_of)
        copied = _carry_out(carried, seen)
        memory.sweep(case.world, case.schedules, as_of=case.as_of, mask_key=small.KEY)
        assert carried.world.tables == case.world.tables
        assert copied == set(case.world.archive)
        assert all(copy.destroy_after > case.as_of.astimezone(UTC) for copy in case.world.archive.values())
        census = memory.census(case.world, case.schedules, as_of=case.as_of, mask_key=small.KEY)
        assert not any(counts.due for counts in census.values() if not counts.orphan)

    agree()
    missing = {
        action.value for action in Action if action not in (Action.EXPIRE, Action.REFRESH)
    } - seen.keys()
    assert not missing, f"never done: {sorted(missing)}"


def _carry_out(case: Case, seen: Counter[str]) -> set[tuple[str, str, tuple[Any, ...]]]:
    """Do what the steps say to a world, reading nothing but their predicates; the copies that were made."""
    copied: set[tuple[str, str, tuple[Any, ...]]] = set()
    schema = Schema({t.table: small_table(t.table, {}) for t in case.schedules})
    sweeps = [_sweep(case, schedule) for schedule in case.schedules]
    refused = {s.schedule.table for s in sweeps if _answers(case).rows(s.orphan, s.schedule.table)}
    program = [
        step
        for step in steps(sweeps, schema=schema)
        if step.table not in refused and step.action is not Action.EXPIRE
    ]
    moved = True
    while moved:
        moved = False
        for step in program:
            while rows := _answers(case).rows(step.predicate, step.table):
                copied |= _copies(case, step, rows)
                _change(case, step, rows)
                seen[step.action.value] += 1
                moved = True
    return copied


def _answers(case: Case) -> Answers:
    return Answers(case.world, case.schedules, small.KEY)


def _sweep(case: Case, schedule: TableSchedule) -> Sweep:
    return Sweep(schedule, case.schedules, case.world.facts, case.as_of)


def _copies(case: Case, step: Step, rows: list[Row]) -> set[tuple[str, str, tuple[Any, ...]]]:
    """The rows that fall under one of the step's records, where that record still runs."""
    answers, schedule = _answers(case), case.schedules[step.table]
    sweep = _sweep(case, schedule)
    found = set()
    for copy in step.copies:
        runs = any_of(
            all_of([sweep.in_variant(v, exists=e), sweep.ended(copy.claim, v.owner, exists=e)[1]])
            for v in schedule.variants
            if any((r.id, r.clocks) == (copy.claim.id, copy.claim.clocks) for r in v.records)
            for e in (True, False)
        )
        found |= {
            (step.table, copy.claim.id, (row["id"],))
            for row in rows
            if answers.so(copy.rows, row) and answers.so(runs, row)
        }
    return found


def _change(case: Case, step: Step, rows: list[Row]) -> None:
    """Take the rows away, or mask those of their cells of which the step says so."""
    if step.action in (Action.ARCHIVE, Action.DESTROY):
        case.world.tables[step.table] = [r for r in case.world.tables[step.table] if r not in rows]
        return
    answers = _answers(case)
    bare = [(row, cell) for row in rows for cell, where in step.masks if answers.so(where, row)]
    for row, cell in bare:
        value = row[cell.column]
        tag = row_tag(small.KEY, table=step.table, row_key=(row["id"],))
        without = {k: v for k, v in value.items() if k != "phone"} if cell.path else None
        row[cell.column] = without if cell.path else masked(cell.mask, value, tag=tag)  # type: ignore[arg-type]
