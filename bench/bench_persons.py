"""People who leave: one at once, a thousand together, and one who has very much. Beside what one would write by hand.

Each has seventy rows in twelve tables: her own, ten tables of what she wrote, and orders that a law keeps. One is kept
waiting for: all statements go over together on a connection that is open, receipts are written, and another reading of
the promise looks at what is left. The floor writes down who went, too, with how many rows of which table, in one
statement after all others; and looks for what is left. The service writes on behalf of one who stays.
"""

import statistics
from collections.abc import Callable, Iterator
from functools import partial

import psycopg

from bench.measure import Figure, Scale, Target, at_most, seconds_of, within
from bench.shop import AS_OF, WRITTEN, Shop, floor
from bench.shop.compared import Felt
from bench.shop.places import POST, Place, place, servers
from jikim.backends.base import Run
from jikim.operations.apply_to_person import Whose, apply_to_person
from jikim.operations.plan_sweep import Planned
from jikim.postgres import Server

TWELVE = (*WRITTEN, "orders", "members")
KEPT = """
    create table kept (
        id bigint primary key, member_id bigint, what text, amount numeric(12, 0), completed_at timestamptz,
        destroy_after timestamptz);
    create index on kept (destroy_after);
    create table done (
        member_id bigint, of_table text, rows bigint, at timestamptz, primary key (member_id, of_table))"""
MEMBERS = """
    insert into members select n, 'm' || n || '@mail.example',
        case when n <= {leaving} then timestamptz '2026-05-01+09' end from generate_series(1, {members}) n"""
ROWS = """
    insert into {table} select n, 1 + (n - 1) / {each}, 'text ' || n
    from generate_series(1, {members} * {each}) n"""
ORDERS = """
    insert into orders select n, 1 + (n - 1) / 9, 'thing', 100,
        timestamptz '2026-04-01+09' - n % 1500 * interval '1 day'
    from generate_series(1, {members} * 9) n"""


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers."""
    people, alone, together, much = (scale.of(size) for size in (10_000, 200, 1_000, 20_000))
    with servers(scale) as known:
        for name, server in known.items():
            what = f"one person at once, 70 rows in 12 tables, checked, {name}"
            filled = _filled(server, people, leaving=alone)
            yield from _one_by_one(what, filled, scale, alone, at_most(3))
            what = f"{together:,} people of {people:,} together, 70 rows each, {name}"
            filled = _filled(server, people, leaving=together)
            yield from _together(what, filled, scale, at_most(1.5))
            what = f"one person at once, {much:,} rows in 12 tables, checked, {name}"
            filled = _filled(server, 42, leaving=40, each=much // 11)
            yield from _one_by_one(what, filled, scale, 40, at_most(1.5))
            filled = _filled(server, 10, leaving=1, each=much // 11)
            yield from _together("  as a run of its own", filled, scale, None)


def _filled(server: Server, members: int, *, leaving: int, each: int = 6) -> Place:
    words = {"members": members, "leaving": leaving, "each": each}
    fill = [MEMBERS.format(**words), *(ROWS.format(table=table, **words) for table in WRITTEN)]
    return place(server, *fill, ORDERS.format(**words), rows=members)


def _one_by_one(what: str, filled: Place, scale: Scale, people: int, target: Target) -> Iterator[Figure]:
    """One person after another, each on the same open connection; the median of all but the first few."""
    felt, floor_felt = Felt.by(scale), Felt.by(scale)

    def each(work: Callable[[int], object]) -> list[float]:
        return [seconds_of(partial(work, n))[0] for n in range(1, people + 1)]

    with filled.copied() as shop, psycopg.connect(shop.url, autocommit=True) as connection:
        connection.execute(KEPT.encode())
        statements = [each.encode() for each in floor("one_person").split(";\n") if each.strip()]
        work = partial(each, partial(_by_hand, connection, statements))
        _, by_hand = floor_felt.work(shop.url, POST, work)
    with filled.copied(tables=TWELVE) as shop:
        planned = shop.plan(whole=False)
        run = Run("run", planned.plan, shop.promise.resolved.digests["policy"])
        with shop.store.asking():
            _, ours = felt.work(shop.url, POST, partial(each, partial(_apply, shop, run, planned)))
        assert shop.left(TWELVE, of=people) == 0
    mine, hand = (1e3 * statistics.median(took[people // 4 :]) for took in (ours, by_hand))
    yield Figure(what, "ms", mine, hand, target)
    yield felt.beside_it(floor_felt)


def _by_hand(connection: psycopg.Connection, statements: list[bytes], member: int) -> None:
    *first, note, commit, look = statements
    bound = {"member": member, "now": AS_OF, "tables": list(TWELVE)}
    with connection.pipeline() as sent:
        done = [connection.execute(each, bound, prepare=True) for each in first]
        sent.sync()
        bound["rows"] = [each.rowcount for each in done[-len(TWELVE) :]]
        *_, left = [connection.execute(each, bound, prepare=True) for each in (note, commit, look)]
        assert left.fetchone() == (0,)


def _apply(shop: Shop, run: Run, planned: Planned, member: int) -> None:
    done = apply_to_person(shop.store, run, planned.schedules, Whose("member", (str(member),)), number=member)
    assert all(step.state == "done" for step in done.steps), done


def _together(what: str, filled: Place, scale: Scale, target: Target | None) -> Iterator[Figure]:
    ours, floors, batches = list[float](), list[float](), list[float]()
    felt, floor_felt = Felt.by(scale), Felt.by(scale)
    for _ in range(scale.times):
        with filled.copied() as shop, psycopg.connect(shop.url, autocommit=True) as connection:
            connection.execute(KEPT.encode())
            statements = [each.encode() for each in floor("many_persons").split(";\n") if each.strip()]
            floors.append(floor_felt.work(shop.url, POST, partial(_all_by_hand, connection, statements))[0])
        with filled.copied(tables=TWELVE) as shop:
            planned = shop.plan(whole=False)
            ours.append(felt.work(shop.url, POST, partial(shop.apply, planned))[0])
            batches += shop.batches
            assert not any(shop.plan().plan.rows.values())
    mine, hand = (1e3 * statistics.median(each) for each in (ours, floors))
    yield Figure(what, "ms", mine, hand, target)
    yield Figure("  its transactions, p99", "ms", 1e3 * within(0.99, batches), target=at_most(100))
    yield felt.beside_it(floor_felt)


def _all_by_hand(connection: psycopg.Connection, statements: list[bytes]) -> None:
    *work, look, commit = statements
    for each in work:
        connection.execute(each, {"now": AS_OF})
    assert connection.execute(look).fetchone() == (0,)
    connection.execute(commit)
