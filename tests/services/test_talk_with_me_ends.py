"""나와의 대화: what destroying means there, of bytes and of paper, and the end of the service itself."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from examples.made_up.world import World
from examples.talk_with_me.world import SETTING, TALK_WITH_ME
from tests.agreeing import Archive, swept_alike
from tests.keeping import seoul
from tests.services.conftest import Opened
from tests.services.rules import Case, keep
from tests.services.scene import Scene
from tests.services.talking import (
    GONE,
    JOINED,
    LEFT,
    OF_A_MEMBER,
    ask_for_erasure,
    join,
    leave,
    letter,
    order,
    settle_in,
    visit,
    write,
)
from tests.telling import happened

from jikim.operations.finish_store import Demand

CLOSED = seoul(2025, 3, 3)


@pytest.fixture
def talk(opened: Opened) -> Iterator[Scene]:
    with opened(TALK_WITH_ME) as scene:
        yield scene


def finish(talk: Scene) -> None:
    """Take what was removed as far as the map demands."""
    stage = Demand.parse(talk.kept.promise.datamap.stores.app.must_reach).stage
    list(talk.kept.store.drive(stage, {each.table for each in talk.kept.store.behind(stage)}, admin=None))


def bytes_with(talk: Scene, words: str) -> set[str]:
    """The files, of the service and of the archive, in which these words stand."""
    folder = Path(talk.kept.url).parent
    return {path.stem for path in folder.glob("*.db*") if words.encode() in path.read_bytes()}


def test_not_a_byte_is_left_of_what_was_destroyed(talk: Scene) -> None:
    """2-15: neither in tables, nor in words to search by, nor in the journal; the same of the archive in its time."""
    talk.kept.execute("pragma journal_mode = wal")
    member = join(talk)
    write(talk, member, "quagmire")
    order(talk, member, completed=seoul(2025, 2, 11, 12))
    leave(talk, member)
    talk.sweep(GONE - timedelta(days=1))
    finish(talk)
    assert bytes_with(talk, "quagmire") == {"app"}
    talk.sweep(GONE)
    finish(talk)
    assert (bytes_with(talk, "quagmire"), bytes_with(talk, "a year of talks")) == (set(), {"archive"})
    talk.sweep(seoul(2030, 2, 12))
    finish(talk)
    assert bytes_with(talk, "a year of talks") == set()


def test_nobody_is_gone_before_their_paper_is_shredded_and_burnt(talk: Scene) -> None:
    """2-15: one of both is not enough; of who left, the register keeps a number and what was printed until then."""
    member = join(talk)
    sheet = talk.add("paper_register", member_id=member, what="a talk on request", printed_at=JOINED)
    leave(talk, member)
    talk.change("paper_register", sheet, shredded=1, destroyed_at=LEFT)
    waits = {"members", "paper_register"}
    assert talk.around(GONE, talk.filled) == [waits, waits, waits]
    assert talk.only("members")["email"].endswith("@invalid.example")
    talk.change("paper_register", sheet, burnt=1, destroyed_at=LEFT + timedelta(days=9))
    assert talk.around(GONE + timedelta(days=9), talk.filled) == [waits, set(), set()]


def live_fully(talk: Scene) -> None:
    """Somebody of whom every table knows something."""
    member = join(talk)
    settle_in(talk, member)
    session = {"token_hash": "0" * 64, "ip": "192.0.2.7", "browser": "Hare"}
    talk.add("sessions", id="s", member_id=member, created_at=JOINED, **session)
    visit(talk, seoul(2025, 2, 25, 12), member_id=member)
    visit(talk, seoul(2025, 2, 25, 12), visitor_key="k")
    talk.add("visitor_tastes", visitor_key="k", tastes="quiet", agreed_at=JOINED)
    talk.add("abuse_records", member_id=member, ip="192.0.2.7", detail="many tokens", recorded_at=JOINED)
    bought = order(talk, member, completed=seoul(2025, 2, 11, 12))
    back = {
        "reason": "by mistake",
        "amount": 9900,
        "requested_at": JOINED,
        "outcome": "refunded",
        "closed_at": seoul(2025, 2, 11, 12),
    }
    talk.add("refunds", order_id=bought, **back)
    letter(talk, "enquiry", member=member)
    letter(talk, "complaint", member=member, closed=CLOSED - timedelta(hours=12))


def test_when_the_service_closes_only_what_the_law_holds_is_left_and_runs_out(talk: Scene) -> None:
    """2-11, 2-14: on that day all else is destroyed, whatever was promised longer; the rest goes on its own dates."""
    live_fully(talk)
    happened(talk.kept.store, "service closed", CLOSED)
    bought = {"orders", "payments", "refunds"}
    ephemeral = {"sessions", "visitor_tastes", "abuse_records", "access_log"}
    # the settled payment's identity check is gone already, and the complaint was closed the day before
    lived = OF_A_MEMBER | bought | ephemeral | {"letters", "letter_answers"}
    books = {"orders as contracts", "payments as payments", "refunds as contracts"}
    complaints = {"letters as complaints", "letter_answers as complaints"}
    visits = {"access_log as visits"}
    held = books | complaints | visits
    assert talk.around(CLOSED, lambda: (talk.filled(), talk.archived())) == [
        (lived, set()),
        (set(), held),
        (set(), held),
    ]
    assert around_midnight(talk, seoul(2025, 5, 27)) == [held, held - visits]
    assert around_midnight(talk, seoul(2028, 3, 3)) == [books | complaints, books]
    assert around_midnight(talk, seoul(2030, 2, 12)) == [books, set()]


def around_midnight(talk: Scene, due: datetime) -> list[set[str]]:
    """What the archive holds after the sweeps of the last night and of this one."""
    held = []
    for as_of in (due - timedelta(days=1), due):
        talk.sweep(as_of)
        held.append(talk.archived())
    return held


def test_books_that_are_open_when_the_service_closes_are_closed_first(talk: Scene) -> None:
    """2-14, 2-15: an unsettled payment, an open complaint, a mail to answer and a sheet of paper wait."""
    member = join(talk)
    order(talk, member)
    letter(talk, "complaint", member=member)
    ask_for_erasure(talk, "haru@mail.example")
    talk.add("paper_register", member_id=member, what="a talk on request", printed_at=JOINED)
    happened(talk.kept.store, "service closed", CLOSED)
    talk.sweep(CLOSED)
    bought = {"orders", "payments", "identity_checks"}
    waits = bought | {"members", "letters", "letter_answers", "erasure_requests", "paper_register"}
    assert (talk.filled(), talk.archived()) == (waits, set())
    close_books(talk, LEFT)
    talk.sweep(GONE)
    assert talk.filled() == set()
    assert {name.partition(" ")[0] for name in talk.archived()} == waits - {
        *("members", "identity_checks", "erasure_requests", "paper_register")
    }


def close_books(talk: Scene, at: datetime) -> None:
    """The company settles, answers, shreds and burns what is left to."""
    for table, column in (
        *(("orders", "completed_at"), ("payments", "settled_at"), ("refunds", "closed_at")),
        *(("letters", "answered_at"), ("letters", "closed_at"), ("erasure_requests", "closed_at")),
    ):
        for row in talk.rows(table):
            if row[column] is None:
                talk.change(table, row["id"], **{column: at})
    for row in talk.rows("paper_register"):
        talk.change("paper_register", row["id"], shredded=1, burnt=1, destroyed_at=row["destroyed_at"] or at)


def test_the_end_of_a_service_that_many_lived_with(talk: Scene) -> None:
    """Thirty people live and leave, and it closes: as the memory model has it, until nothing is left."""
    world, archive = World(SETTING, seed=7, people=30), Archive()
    talk.live(world.until(seoul(2024, 1, 1)))
    archive = swept_alike(talk.kept, seoul(2024, 1, 1), archive).archive
    happened(talk.kept.store, "service closed", seoul(2024, 1, 2))
    close_books(talk, seoul(2024, 1, 3))
    archive = swept_alike(talk.kept, seoul(2024, 1, 4), archive).archive
    held = talk.archived()
    assert (talk.filled(), len(held)) == (set(), 6)
    swept_alike(talk.kept, seoul(2027, 1, 5), archive)
    assert set() < talk.archived() < held
    talk.sweep(seoul(2029, 1, 5))
    finish(talk)
    assert talk.everywhere() == {
        "rows": set(),
        "archive": set(),
        "files": set(),
        "jikim": set(),
        "papers": set(),
    }
    assert bytes_with(talk, "c7f3") == set()


CLOSING = test_when_the_service_closes_only_what_the_law_holds_is_left_and_runs_out
WITHOUT: dict[str, Case] = {
    "destroyed need not be irrecoverable": Case(
        test_not_a_byte_is_left_of_what_was_destroyed,
        (("map/stores/app/must_reach", "unreachable within 5 days"),),
    ),
    "shredding is enough": Case(
        test_nobody_is_gone_before_their_paper_is_shredded_and_burnt,
        (
            ("map/tables/paper_register/facts/purpose met/when", {"shredded": 1}),
            ("map/tables/paper_register/columns/burnt", "no"),
        ),
    ),
    "paper is forgotten when the service closes": Case(
        test_books_that_are_open_when_the_service_closes_are_closed_first,
        keep("paper", {"until first of": ["purpose met", "service closed"]}),
    ),
    "statistics outlive the service": Case(CLOSING, keep("statistics", "3 months after recorded")),
}
