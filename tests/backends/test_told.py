"""Facts that stand in no row of the service: a store is told of them by the ledger, and nothing goes before it is."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from tests.agreeing import audited_alike, counted_alike, swept_alike
from tests.keeping import Kept, promise_of, seoul
from tests.lite import lite
from tests.shop import APRIL, MAP, POLICY, TABLES, shop
from tests.telling import happened, told

from jikim.backends.base import StoreError
from jikim.canonical import canonical
from jikim.evidence.entry import FactBody
from jikim.ledger import facts
from jikim.ledger.engine import connect, transaction
from jikim.ledger.errors import LedgerError
from jikim.ledger.upgrading import upgrade
from jikim.operations.plan_sweep import bound
from jikim.operations.set_fact import of_person, of_service
from jikim.operations.tell import behind, catch_up, forget, tell
from jikim.plan.schedule import Restriction
from jikim.plan.telling import Telling

NEWS = """  newsletter:
    about: member
    purpose: {ko: 소식, en: News}
    basis: consent
    items: {optional: [address]}
    keep: {until first of: [consent withdrawn, membership ended, service closed]}
kept_by_law:"""
ADDRESS = "items:\n  address: {label: {ko: 소식 받을 곳, en: Address for news}, category: contact}\n"
PROMISE = POLICY.decode().replace("kept_by_law:", NEWS).replace("items:\n", ADDRESS, 1).encode()
MAPPED: dict[str, Any] = {
    **MAP,
    "subjects": {
        "member": {
            **MAP["subjects"]["member"],
            "facts": {"membership ended": "left_at", "consent withdrawn": {"from": "ledger"}},
        }
    },
    "tables": {
        **MAP["tables"],
        "readers": {
            "owner": {"member": "member_id"},
            "processing": ["newsletter"],
            "columns": {"address": "address"},
        },
    },
}
READERS = """
    create table readers (id bigint primary key, member_id bigint not null references members, address text not null);
    create index on readers (member_id);
    insert into members values
        (3, 'c@mail.example', '2026-01-01+09', null), (4, 'd@mail.example', '2026-01-01+09', null);
    insert into readers values (11, 2, 'b@news.example'), (12, 3, 'c@news.example'), (13, 4, 'd@news.example');
"""
LITE = (
    (TABLES + READERS)
    .replace("create index on readers", "create index of_readers on readers")
    .replace("create index on orders", "create index of_orders on orders")
)
NEWSLETTER = "consent withdrawn of newsletter"
MARCH = seoul(2026, 3, 2, 10)

Opened = Callable[[], AbstractContextManager[Kept]]


@pytest.fixture(params=["postgresql", "sqlite"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """The shop with its newsletter, in each kind of store in turn."""
    if request.param == "sqlite":
        datamap = yaml.safe_dump(MAPPED, allow_unicode=True).encode()
        tables = LITE.replace("+09'", "+09:00'")
        return lambda: lite(tmp_path, tables=[tables], promise=promise_of(PROMISE, datamap), as_of=APRIL)
    url = request.getfixturevalue("empty_database_18")
    return lambda: shop(url, tables=TABLES + READERS, datamap=MAPPED, policy=PROMISE)


@pytest.fixture
def ledger(request: pytest.FixtureRequest, pg18: Any) -> Iterator[sa.Engine]:
    """An empty ledger."""
    from tests.servers import fresh_database

    with fresh_database(pg18) as url:
        engine = connect(url)
        upgrade(engine)
        yield engine
        engine.dispose()


def withdrew(member: int, when: datetime | None = MARCH, at: datetime = MARCH) -> Telling:
    return Telling("person", at, NEWSLETTER, when, subject="member", key=(str(member),))


def readers(kept: Kept) -> list[int]:
    return [row["id"] for row in kept.execute("select id from readers order by id")]


def test_what_hangs_on_a_consent_goes_once_its_withdrawal_is_told(opened: Opened) -> None:
    """Counted, swept and audited as the model means; who withdrew later, or gave it again, is a reader still."""
    with opened() as kept:
        assert counted_alike(kept, APRIL)["readers"].waiting == 3
        told(
            kept.store,
            withdrew(2, APRIL),
            withdrew(3, APRIL + timedelta(seconds=1)),
            withdrew(4),
            withdrew(4, None),
        )
        assert counted_alike(kept, APRIL)["readers"].due == 1
        if "postgresql" in kept.url:
            audited_alike(kept, APRIL)
        model = swept_alike(kept, APRIL, {})
        assert readers(kept) == [12, 13]
        swept_alike(kept, seoul(2026, 4, 2), model.archive)
        assert readers(kept) == [13]


def test_a_word_is_heard_once_and_in_its_place(opened: Opened) -> None:
    """Told again, or late, it says nothing new: the consent that was given again stands."""
    with opened() as kept:
        first, again = (1, withdrew(2)), (2, withdrew(2, None))
        kept.store.hear([first, again])
        kept.store.hear([first])
        assert kept.store.heard() == 2
        assert kept.plan(APRIL).plan.census["readers"].due == 0
        kept.store.hear([])
        assert kept.store.heard() == 2


def test_a_fact_about_people_the_map_does_not_ask_for_is_refused_and_nothing_is_heard(opened: Opened) -> None:
    no_fact, no_key = "asks for no such fact", "is no key of a `member`"
    with opened() as kept:
        for fact, subject, key, match in (
            ("consent withdrawn of another", "member", ("2",), no_fact),
            (NEWSLETTER, "guest", ("2",), no_fact),
            (NEWSLETTER, "member", ("2", "3"), no_key),
        ):
            word = Telling("person", MARCH, fact, MARCH, subject=subject, key=key)
            with pytest.raises(StoreError, match=match):
                told(kept.store, withdrew(3), word)
        assert kept.store.heard() == 0
        assert kept.plan(APRIL).plan.census["readers"].due == 0


def test_what_was_told_of_people_goes_with_them(opened: Opened) -> None:
    """Once nothing is stored about a person, nor is that they withdrew."""
    with opened() as kept:
        told(kept.store, withdrew(2, APRIL), withdrew(3, None), withdrew(77))
        assert kept.store.drop_untold() == 2
        kept.sweep(APRIL)
        assert kept.store.drop_untold() == 0
        kept.execute("delete from orders where member_id = 2")
        kept.execute("delete from members where id = 2")
        assert kept.store.drop_untold() == 1


@pytest.mark.parametrize("key", ["1e1", "02", "9" * 30, "haru", "2,3"])
def test_a_key_that_the_store_writes_otherwise_is_not_put_on_record(
    opened: Opened, ledger: sa.Engine, key: str
) -> None:
    """One store would take it for somebody else's (`1e1` for 1), another could never be told of it."""
    with opened() as kept:
        word = Telling("person", MARCH, NEWSLETTER, MARCH, subject="member", key=tuple(key.split(",")))
        with pytest.raises(StoreError, match="is no key of a `member`"):
            tell(ledger, kept.store, word, FactBody(fact=NEWSLETTER, state="happened"))
        assert behind(ledger, kept.store) == 0


def test_nothing_goes_in_a_store_that_was_not_told(opened: Opened, ledger: sa.Engine) -> None:
    """Not even what has nothing to do with it: the word may be a hold. The next run tells it first."""
    with opened() as kept:
        word = withdrew(2)
        with transaction(ledger, doing="a test") as connection:
            facts.say(connection, canonical(word.to_json()), at=word.at)
        planned = kept.plan(APRIL)
        applied = kept.apply(planned, APRIL, behind=lambda: behind(ledger, kept.store))
        assert {s.state for s in applied.steps if planned.plan.rows[s.step]} == {"refused"}
        assert applied.state == "partial"
        assert len(kept.execute("select id from orders")) == 3
        assert catch_up(ledger, kept.store) == 1
        assert catch_up(ledger, kept.store) == 0
        assert kept.sweep(APRIL, behind=lambda: behind(ledger, kept.store)).complete
        assert readers(kept) == [12, 13]


def test_a_service_that_goes_on_after_all_stops_the_run_that_was_to_empty_it(opened: Opened) -> None:
    """What closed the service was a mistake, found while the run went on: what is left stays."""
    with opened() as kept:
        happened(kept.store, "service closed", MARCH)
        planned = kept.plan(APRIL)
        due = planned.plan.census["readers"].due
        assert due == 3

        def retract(_: object) -> None:
            if kept.store.facts().service:
                told(kept.store, Telling("service", APRIL, "service closed", None))

        applied = kept.apply(planned, APRIL, size=1, report=retract)
        assert "refused" in {s.state for s in applied.steps}
        assert not applied.complete
        assert readers(kept)
        assert kept.plan(APRIL).plan.census["readers"].due == 0


def test_a_service_that_goes_on_after_all_stops_the_run_that_is_about_to_begin(opened: Opened) -> None:
    """The mistake was found after the plan was made, and before its first batch."""
    with opened() as kept:
        happened(kept.store, "service closed", MARCH)
        planned = kept.plan(APRIL)
        told(kept.store, Telling("service", APRIL, "service closed", None))
        applied = kept.apply(planned, APRIL)
        assert {s.state for s in applied.steps if planned.plan.rows[s.step]} == {"refused"}
        assert len(readers(kept)) == 3


def test_a_restriction_is_told_to_the_service_and_keeps_nothing_from_going(opened: Opened) -> None:
    with opened() as kept:
        restriction = Restriction("r-1", "member", ("2",))
        told(kept.store, Telling.of_restriction(restriction, because="a correction", at=MARCH), withdrew(2))
        view = "jikim_service.restricted" if "postgresql" in kept.url else "jikim_restricted"
        assert kept.store.restrictions() == (restriction,)
        assert [r["subject_kind"] for r in kept.execute(f"select * from {view}")] == ["member"]
        kept.sweep(APRIL)
        assert readers(kept) == [12, 13]
        told(kept.store, Telling.over("restriction", "r-1", at=APRIL))
        assert kept.store.restrictions() == ()
        assert kept.execute(f"select * from {view}") == []


def test_a_word_is_on_record_before_a_store_is_told_and_forgotten_when_no_backup_needs_it(
    opened: Opened, ledger: sa.Engine
) -> None:
    """A store put back from a backup is told again; one that is older than that is refused."""
    with opened() as kept:
        body = FactBody(fact=NEWSLETTER, state="happened")
        assert [tell(ledger, kept.store, withdrew(n), body) for n in (2, 3)] == [1, 2]
        assert kept.store.heard() == 2
        with ledger.connect() as connection:
            assert (
                connection.scalar(sa.text("select count(*) from jikim.entry_queue where kind = 'fact'")) == 2
            )
        own = "jikim.heard" if "postgresql" in kept.url else "jikim_heard"
        kept.execute(f"update {own} set place = 1")
        assert catch_up(ledger, kept.store) == 1
        forget(ledger, kept.store, before=MARCH)
        kept.execute(f"update {own} set place = 0")
        assert catch_up(ledger, kept.store) == 2
        forget(ledger, kept.store, before=MARCH + timedelta(seconds=1))
        with ledger.connect() as connection:
            assert connection.scalar(sa.text("select count(words) from jikim.fact")) == 0
        assert catch_up(ledger, kept.store) == 0
        kept.execute(f"update {own} set place = 1")
        with pytest.raises(LedgerError, match="no longer holds the next, up to 2"):
            catch_up(ledger, kept.store)


def test_a_hold_begins_once_and_ends_once(ledger: sa.Engine) -> None:
    def say(id: str, *, over: bool) -> int:
        with transaction(ledger, doing="a test") as connection:
            return facts.say(connection, b"{}", at=MARCH, id=id, over=over)

    with pytest.raises(LedgerError, match="no hold `h` is in force"):
        say("hold:h", over=True)
    assert say("hold:h", over=False) == 1
    with pytest.raises(LedgerError, match="a hold `h` exists already"):
        say("hold:h", over=False)
    assert say("restriction:h", over=False) == 2
    assert say("hold:h", over=True) == 3
    with pytest.raises(LedgerError, match="no hold `h` is in force"):
        say("hold:h", over=True)
    with pytest.raises(LedgerError, match="a hold `h` exists already"):
        say("hold:h", over=False)


def test_what_nobody_asks_for_is_not_put_on_record(opened: Opened) -> None:
    """A typo would stand in the log for ever, and start no clock."""
    with opened() as kept:
        schedules, _, _ = bound(kept.store, kept.promise, as_of=APRIL)
        options: dict[str, Any] = {"at": MARCH, "told": kept.store.told_of}  # type: ignore[attr-defined]

        def say(
            trigger: str = "consent withdrawn",
            *,
            of: str = "newsletter",
            subject: str = "member",
        ) -> Telling:
            return of_person(trigger, MARCH, of=of, subject=subject, key=("2",), **options)

        assert say() == withdrew(2)
        for wrong, match in (
            ({"of": ""}, "is about one processing"),
            ({"of": "purchas"}, "does not ask the ledger for `consent withdrawn of purchas`"),
            ({"trigger": "membership ended", "of": ""}, "does not ask"),
            ({"trigger": "membership ended"}, "does not ask"),
            ({"subject": "guest"}, "nothing about a `guest`"),
        ):
            with pytest.raises(StoreError, match=match):
                say(**wrong)
        with pytest.raises(StoreError, match="no period of the policy starts with `service closd`"):
            of_service("service closd", MARCH, at=MARCH, schedules=schedules)
