"""One person's list: each row that is held, until when and why, beside an export of the same rows by hand.

One person has seventy rows in twelve tables, among thousands of others. Either is asked on a connection that is kept,
of another person each time, while the service writes; policy and map are bound once, as a server does. By hand the
twelve statements run one after the other, or are sent together: whichever is faster is the floor.
"""

import sqlite3
import statistics
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import psycopg

from bench.measure import Figure, Scale, at_most, timed
from bench.shop import AS_OF, WRITTEN, Shop, floor, in_file
from bench.shop.compared import Felt
from bench.shop.in_file import by_hand, files
from bench.shop.places import MEMBERS, POST, place, servers
from jikim.operations.explain_rows import explain_named, explain_person
from jikim.operations.plan_sweep import bound

ROWS_OF = (
    "insert into {table} select n, 1 + n % {members}, 'text ' || n from generate_series(1, {members} * 6) n"
)
ORDERS = """
    insert into orders select n, 1 + n % {members}, 'thing', n,
        timestamptz '2024-01-01+09' + n % 9 * interval '30 days'
    from generate_series(1, {members} * 9) n"""
FILED_OF = "{table} select n, 1 + n % {members}, 'text ' || n from {rows}"
FILED_ORDERS = """
    orders select n, 1 + n % {members}, 'thing', n, datetime('2023-12-31 15:00:00', (n % 9 * 30) || ' days')
    from {orders}"""
ROWS, ASKED = 70, 100


def figures(scale: Scale) -> Iterator[Figure]:
    """On both servers and in a file: the list as it is explained, alone and with whatever else names the person."""
    people = max(scale.rows // 500, 5)
    fills = [ROWS_OF.replace("{table}", each) for each in WRITTEN]
    with servers(scale) as known:
        for name, server in known.items():
            with (
                place(server, MEMBERS, ORDERS, *fills, rows=scale.rows).copied() as shop,
                psycopg.connect(shop.where, autocommit=True) as connection,
                shop.store.asking(),
            ):
                ways = _one_by_one(connection), _together(connection)
                yield from _asked(shop, ways, people, POST, name, scale)
    fills = [FILED_OF.replace("{table}", each) for each in WRITTEN]
    words = {"members": people, "orders": 9 * people, "rows": 6 * people}
    with (
        files() as filing,
        filing.filled(in_file.MEMBERS, FILED_ORDERS, *fills, **words) as filled,
        filled.copied() as shop,
        by_hand(shop) as hand,
    ):
        ways = (_in_a_file(hand.session),)
        yield from _asked(shop, ways, people, in_file.POST, "SQLite", scale)


def _asked(
    shop: Shop, by_hand: Sequence[Callable[[int], int]], people: int, writes: str, name: str, scale: Scale
) -> Iterator[Figure]:
    schedules, _, _ = bound(shop.store, shop.promise, as_of=AS_OF)
    said: dict[str, Any] = {"subject": "member", "as_of": AS_OF}

    def explained(person: int) -> int:
        return len(explain_person(shop.store, schedules, key=(str(person),), **said))

    def listed(person: int) -> int:
        return explained(person) + len(explain_named(shop.store, schedules, key=(str(person),), **said))

    ways = (*by_hand, explained, listed)
    for way in ways:
        assert way(1) == ROWS, way(1)
    felt = [Felt.by(scale) for _ in ways]
    took = _medians(shop.where, writes, ways, felt, people, scale)
    floor = min(took[:-2])
    floor_felt = felt[took.index(floor)]
    yield Figure(
        f"explain {ROWS} rows of one of {people:,} people, {name}", "ms", took[-2], floor, at_most(5)
    )
    yield felt[-2].beside_it(floor_felt)
    yield Figure("  with the rows that name them", "ms", took[-1], floor, at_most(5))
    yield felt[-1].beside_it(floor_felt)
    if len(by_hand) > 1:
        yield Figure("  by hand, sent together; beside one by one", "ms", took[1], took[0])


def _medians(
    where: str,
    writes: str,
    ways: tuple[Callable[[int], int], ...],
    felt: list[Felt],
    people: int,
    scale: Scale,
) -> list[float]:
    """Milliseconds of each: a hundred people at a time, in turns, of which the first few only warm it."""
    took: list[list[float]] = [[] for _ in ways]
    asked = 20 if scale.small else ASKED

    def ask(way: Callable[[int], int], began: int, into: list[float]) -> None:
        for n in range(asked):
            with timed(into if n >= asked // 5 else []):
                way(1 + (began + n) * 7919 % people)

    for began in range(0, asked * scale.times, asked):
        for way, beside, into in zip(ways, felt, took, strict=True):
            beside.work(where, writes, partial(ask, way, began, into))
    return [1e3 * statistics.median(each) for each in took]


def _one_by_one(connection: psycopg.Connection[Any]) -> Callable[[int], int]:
    statements = [each.encode() for each in floor("person").split(";")]

    def ask(person: int) -> int:
        return sum(len(connection.execute(each, {"id": person}).fetchall()) for each in statements)

    return ask


def _together(connection: psycopg.Connection[Any]) -> Callable[[int], int]:
    statements = [each.encode() for each in floor("person").split(";")]

    def ask(person: int) -> int:
        with connection.pipeline():
            sent = [connection.execute(each, {"id": person}) for each in statements]
            return sum(len(each.fetchall()) for each in sent)

    return ask


def _in_a_file(session: sqlite3.Connection) -> Callable[[int], int]:
    statements = floor("person").replace("%(id)s", ":id").split(";")

    def ask(person: int) -> int:
        return sum(len(session.execute(each, {"id": person}).fetchall()) for each in statements)

    return ask
