"""People who leave: one at once, a thousand together, and one who has very much. Beside what one would write by hand.

Each has seventy rows in twelve tables: her own, ten tables of what she wrote, and orders that a law keeps. One is kept
waiting for: all statements go over together on a connection that is open, receipts are written, and another reading of
the promise looks at what is left. The floor writes down who went, too, with how many rows of which table, in one
statement after all others; and looks for what is left. The service writes on behalf of one who stays.
"""

import statistics
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

import psycopg

from bench.measure import Figure, Scale, Target, at_most, seconds, seconds_of, within
from bench.shop import AS_OF, WRITTEN, Shop, floor, in_file
from bench.shop.compared import Felt
from bench.shop.in_file import Alone, Filled, InTurns, by_hand, files, transactions
from bench.shop.on_server import OnServer
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
    """On both servers, and in a file: there, where nobody can go at once, as runs."""
    people, alone, together, much = (scale.of(size) for size in (10_000, 200, 1_000, 20_000))
    with servers(scale) as known:
        for name, server in known.items():
            what = f"one person at once, 70 rows in 12 tables, checked, {name}"
            filled = _filled(server, people, leaving=alone)
            yield from _one_by_one(what, filled, scale, alone, at_most(3))
            what = f"{together:,} people of {people:,} together, 70 rows each, {name}"
            filled = _filled(server, people, leaving=together)
            yield from Together(filled, _on_a_server, POST).figures(what, scale, at_most(1.5))
            what = f"one person at once, {much:,} rows in 12 tables, checked, {name}"
            filled = _filled(server, 42, leaving=40, each=much // 11)
            yield from _one_by_one(what, filled, scale, 40, at_most(1.5))
            filled = _filled(server, 10, leaving=1, each=much // 11)
            yield from Together(filled, _on_a_server, POST).figures("  as a run of its own", scale, None)
    with files() as filing:
        for what, members, leaving, each, target in (
            (
                f"{together:,} people of {people:,} together, 70 rows each, SQLite",
                people,
                together,
                6,
                at_most(1.5),
            ),
            (f"one person, {much:,} rows in 12 tables, as a run of its own, SQLite", 10, 1, much // 11, None),
        ):
            words = {"members": members, "left": f"n <= {leaving}", "each": each, "orders": 9 * members}
            with filing.filled(in_file.LEAVERS, *FILED, FILED_ORDERS, rows=each * members, **words) as file:
                yield from Together(file, _in_a_file, "").figures(what, scale, target)
                beside = Together(file, _in_turns, in_file.POST)
                yield from beside.figures("  beside a service that writes", scale, target)


FILED = [f"{table} select n, 1 + (n - 1) / {{each}}, 'text ' || n from {{rows}}" for table in WRITTEN]
FILED_ORDERS = """
    orders select n, 1 + (n - 1) / 9, 'thing', 100, datetime('2026-03-31 15:00:00', -(n % 1500) || ' days')
    from {orders}"""
SOME_PEOPLE = 36
"""They have 2,500 rows."""
NOTED = (
    "create table done (member_id, of_table, rows, at, primary key (member_id, of_table))",
    "create temp table leaving (id integer primary key)",
    "create temp table gone (id integer primary key)",
)


def _filled(server: Server, members: int, *, leaving: int, each: int = 6) -> Place:
    words = {"members": members, "leaving": leaving, "each": each}
    fill = [MEMBERS.format(**words), *(ROWS.format(table=table, **words) for table in WRITTEN)]
    return place(server, *fill, ORDERS.format(**words), rows=members)


def _one_by_one(what: str, filled: Place, scale: Scale, people: int, target: Target) -> Iterator[Figure]:
    """One person after another, each on the same open connection; the median of all but the first few."""
    felt, floor_felt = Felt.by(scale), Felt.by(scale)

    def each(work: Callable[[int], object]) -> list[float]:
        return [seconds_of(partial(work, n))[0] for n in range(1, people + 1)]

    with filled.copied() as shop, psycopg.connect(shop.where, autocommit=True) as connection:
        connection.execute(KEPT.encode())
        statements = [each.encode() for each in floor("one_person").split(";\n") if each.strip()]
        work = partial(each, partial(_by_hand, connection, statements))
        _, by_hand = floor_felt.work(shop.where, POST, work)
    with filled.copied(tables=TWELVE) as shop:
        planned = shop.plan(whole=False)
        run = Run("run", planned.plan, shop.promise.resolved.digests["policy"])
        with shop.store.asking():
            _, ours = felt.work(shop.where, POST, partial(each, partial(_apply, shop, run, planned)))
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


def _apply(shop: OnServer, run: Run, planned: Planned, member: int) -> None:
    done = apply_to_person(shop.store, run, planned.schedules, Whose("member", (str(member),)), number=member)
    assert all(step.state == "done" for step in done.steps), done


@dataclass(frozen=True)
class Together:
    """Everybody who left, in one run.

    :param by_hand: what one is ready to do by hand, and then does.
    :param writes: what the service writes meanwhile; nothing, where nobody is there.
    """

    filled: Place | Filled
    by_hand: Callable[[Shop], AbstractContextManager[Callable[[], object]]]
    writes: str

    def figures(self, what: str, scale: Scale, target: Target | None) -> Iterator[Figure]:
        """How long it takes, ours and by hand, and how long a transaction of ours was."""
        ours, floors, batches = list[float](), list[float](), list[float]()
        felt, floor_felt = Felt.by(scale), Felt.by(scale)
        for _ in range(scale.times):
            with self.filled.copied() as shop, self.by_hand(shop) as work:
                floors.append(self._seconds(shop, work, floor_felt))
            with self.filled.copied(tables=TWELVE) as shop:
                planned = shop.plan(whole=False)
                ours.append(self._seconds(shop, partial(shop.apply, planned), felt))
                batches += shop.batches
                assert not any(shop.plan().plan.rows.values())
        mine, hand = (1e3 * statistics.median(each) for each in (ours, floors))
        yield Figure(what, "ms", mine, hand, target)
        yield Figure("  its transactions, p99", "ms", 1e3 * within(0.99, batches), target=at_most(100))
        if self.writes:
            yield felt.beside_it(floor_felt)

    def _seconds(self, shop: Shop, work: Callable[[], object], felt: Felt) -> float:
        return felt.work(shop.where, self.writes, work)[0] if self.writes else seconds(work)


@contextmanager
def _on_a_server(shop: Shop) -> Iterator[Callable[[], None]]:
    *work, look, commit = [each.encode() for each in floor("many_persons").split(";\n") if each.strip()]
    with psycopg.connect(shop.where, autocommit=True) as connection:
        connection.execute(KEPT.encode())

        def run() -> None:
            for each in work:
                connection.execute(each, {"now": AS_OF})
            assert connection.execute(look).fetchone() == (0,)
            connection.execute(commit)

        yield run
        assert connection.execute("select sum(rows) from done").fetchone() != (None,)


def _in_a_file(shop: Shop) -> AbstractContextManager[Callable[[], None]]:
    """In one transaction, and one for what a law keeps."""
    return _file_by_hand(shop, 1_000_000_000, Alone)


def _in_turns(shop: Shop) -> AbstractContextManager[Callable[[], None]]:
    """As many people at a time as have some thousands of rows together."""
    return _file_by_hand(shop, SOME_PEOPLE, InTurns)


@contextmanager
def _file_by_hand(shop: Shop, people: int, way: type[Alone]) -> Iterator[Callable[[], None]]:
    statements = transactions("sqlite_many_persons")
    left = " union all ".join(
        f"select 1 from {table} where {'id' if table == 'members' else 'member_id'} in (select id from gone)"
        for table in TWELVE
    )
    with by_hand(shop, way) as hand:
        hand.keep_apart()
        for statement in NOTED:
            hand.session.execute(statement)
        [(last,)] = hand.session.execute("select max(id) from members where left_at is not null").fetchall()

        def run() -> None:
            for after in range(0, last, people):
                hand.run(statements, after=after, upto=after + people, now=in_file.NOW)
            assert not hand.session.execute(left).fetchall()

        yield run
        assert hand.session.execute("select sum(rows) from done").fetchone() != (None,)
