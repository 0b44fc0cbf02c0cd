"""Plask before a court: what a legal hold names stays until it is released, and then goes."""

from examples.plask import service
from tests.acceptance.stage import GONE, JOINED, Stage
from tests.keeping import seoul
from tests.telling import released

from jikim.plan.schedule import Hold


def test_a_hold_on_a_person_keeps_all_that_is_theirs_and_nothing_of_others(plask: Stage) -> None:
    """4-25: neither archived nor destroyed nor masked; released, it goes with the next sweep."""
    people = {name: plask.join(name) for name in ("haru", "nuri")}
    for name, member in people.items():
        plask.settle_in(member, name)
        service.complete(plask.app, order_id=plask.order(member), at=JOINED)
        plask.leave(member)
    hers = {table: plask.rows(table)[:1] for table in ("members", "profiles", "orders")}
    plask.hold(Hold("h1", "2025-1", "member", (str(people["haru"]),)), at=JOINED)
    assert plask.around(GONE, lambda: plask.count("profiles")) == [2, 1, 1]
    assert {table: plask.rows(table) for table in hers} == hers
    assert plask.on_disk() == {b"MOTION of haru"}
    assert len(plask.copies("orders", "contracts")) == 1
    released(plask.kept.store, "h1", at=seoul(2025, 4, 1))
    plask.sweep(seoul(2025, 4, 2))
    assert plask.filled() == {"rejoin_keys"}
    assert plask.on_disk() == set()
    assert len(plask.copies("orders", "contracts")) == 2


def test_a_hold_keeps_archived_copies_past_their_date(plask: Stage) -> None:
    """4-26: five years are over, the case is not."""
    member = plask.join()
    service.complete(plask.app, order_id=plask.order(member), at=JOINED)
    plask.leave(member)
    plask.sweep(GONE)
    plask.hold(Hold("h2", "2030-1", table="orders"), at=seoul(2029, 12, 1))
    plask.sweep(seoul(2030, 6, 1))
    assert plask.archived() == {"orders__contracts"}
    released(plask.kept.store, "h2", at=seoul(2030, 6, 1, 12))
    plask.sweep(seoul(2030, 6, 2))
    assert plask.archived() == set()
