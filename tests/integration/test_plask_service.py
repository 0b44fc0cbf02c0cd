"""Plask's database and application on a real PostgreSQL: who sees what, and what is stored nowhere."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from examples.made_up.canary import canary, cells
from examples.made_up.load import load, put_files
from examples.made_up.scan import merged, scan_bytes, scan_database, scan_files
from examples.made_up.world import World, generate
from examples.plask import service
from examples.plask.doings import END, OPENING, SEOUL, password
from examples.plask.world import PLASK, PRIMARY_KEY, SETTING
from psycopg import Connection
from psycopg.rows import dict_row

SECRET = b"the key of rejoin_keys"
OPEN = "open sesame"
NOON = datetime(2024, 2, 26, 12, tzinfo=SEOUL)
MIDNIGHT = datetime(2024, 2, 26, tzinfo=SEOUL)
CARD = "9999-0000-1111-2222"
CARD_ANYWHERE = re.compile(rb"9999\D?0000\D?1111\D?2222")
BROWSER = {"ip": "192.0.2.7", "browser": "Hare/4.1"}
RULED = {
    "members": "id = %s",
    "profiles": "member_id = %s",
    "interests": "member_id = %s",
    "sessions": "member_id = %s",
    "projects": "member_id = %s",
    "motion_files": "project_id in (select id from projects where member_id = %s)",
    "orders": "member_id = %s",
    "payments": "order_id in (select id from orders where member_id = %s)",
    "refunds": "order_id in (select id from orders where member_id = %s)",
    "support_posts": "member_id = %s",
    "support_replies": "post_id in (select id from support_posts where member_id = %s)",
    "access_log": "member_id = %s",
    "abuse_records": "member_id = %s",
    "event_entries": "member_id = %s",
    "newsletter_subscriptions": "member_id = %s",
    "consents": "member_id = %s",
}
"""How to find a member's rows in each table that holds any."""


@pytest.fixture
def owner(empty_database: str) -> Iterator[Connection[Any]]:
    """A superuser in a database where Plask is installed."""
    with psycopg.connect(empty_database, autocommit=True) as connection:
        PLASK.install(connection)
        yield connection


@pytest.fixture
def app(owner: Connection[Any], empty_database: str) -> Iterator[Connection[Any]]:
    """The service's own connection."""
    with psycopg.connect(empty_database, autocommit=True, options="-c role=plask_app") as connection:
        yield connection


@pytest.fixture
def sweeper(owner: Connection[Any], empty_database: str) -> Iterator[Connection[Any]]:
    """The sweeper's connection."""
    with psycopg.connect(empty_database, autocommit=True, options="-c role=plask_sweeper") as connection:
        yield connection


def joined(app: Connection[Any], *, email: str = "haru@mail.example", at: datetime = NOON) -> int:
    """A new member."""
    return service.join(app, email=email, name="가늘솔", password=OPEN, secret=SECRET, at=at)


@pytest.fixture
def live(owner: Connection[Any], app: Connection[Any], tmp_path: Path) -> Callable[..., int]:
    """Make a member with at least one row in every table that can hold one, all at noon."""
    owner.execute("insert into products (name, price) values ('studio', 29000)")
    owner.execute("insert into events (name) values ('spring contest')")

    def live(email: str = "haru@mail.example") -> int:
        member = joined(app, email=email)
        who: dict[str, Any] = {"member_id": member, "at": NOON}
        service.sign_in(app, email=email, password=OPEN, at=NOON, **BROWSER)
        service.agree_to_profile(app, phone="010-0000-0000", version="1.0", **who)
        service.agree_to_topic(app, topic="dance", version="1.0", **who)
        service.subscribe(app, email=email, version="1.0", **who)
        service.enter_event(app, event_id=1, phone="010-0000-0000", interest="film", version="1.0", **who)
        project = service.create_project(app, title="walk", **who)
        service.upload(app, project_id=project, content=b"MOTION", files=tmp_path, at=NOON)
        order = service.order(app, product_id=1, summary="studio", **who)
        service.pay(app, order_id=order, number=CARD, firm=service.SimulatedFirm(), at=NOON)
        service.ask_refund(app, order_id=order, reason="too slow", at=NOON)
        post = service.post(
            app, email=email, name="가늘솔", kind="complaint", title="slow", body="very", **who
        )
        service.reply(app, post_id=post, body="sorry", at=NOON)
        service.report_abuse(app, ip="192.0.2.7", detail="spam", **who)
        return member

    return live


def rows_of(sweeper: Connection[Any], member: int) -> dict[str, list[Any]]:
    """The primary keys of a member's rows in each table."""
    return {
        table: [
            key
            for (key,) in sweeper.execute(
                f"select {PRIMARY_KEY[table]} from {table} where {condition}", (member,)
            )
        ]
        for table, condition in RULED.items()
    }


def seen(connection: Connection[Any], rows: dict[str, list[Any]]) -> set[str]:
    """The tables in which this connection sees one of these rows, asked for by its own key."""
    return {
        table
        for table, keys in rows.items()
        if connection.execute(
            f"select 1 from {table} where {PRIMARY_KEY[table]} = any(%s)", (keys,)
        ).fetchone()
    }


def test_a_member_who_left_is_hidden_from_the_service_in_every_table(
    live: Callable[..., int], app: Connection[Any], sweeper: Connection[Any]
) -> None:
    """The service sees none of the rows, the sweeper all of them, and others stay as they were."""
    gone = live()
    theirs, others = rows_of(sweeper, gone), rows_of(sweeper, live("nuri@mail.example"))
    assert seen(app, theirs) == seen(app, others) == set(RULED)
    service.leave(app, member_id=gone, secret=SECRET, at=NOON)
    assert seen(app, theirs) == set()
    assert seen(app, others) == set(RULED)
    assert seen(sweeper, theirs) == seen(sweeper, others) == set(RULED)


def test_leaving_ends_the_sessions_and_keeps_a_keyed_hash_of_the_address(
    live: Callable[..., int], app: Connection[Any], sweeper: Connection[Any]
) -> None:
    """The address itself is not in the hash."""
    member = live()
    service.leave(app, member_id=member, secret=SECRET, at=NOON)
    assert sweeper.execute("select ended_at from sessions").fetchall() == [(NOON,)]
    keyed = service.keyed_address("haru@mail.example", secret=SECRET)
    assert sweeper.execute("select email_key, recorded_at from rejoin_keys").fetchall() == [(keyed, NOON)]
    assert keyed != service.keyed_address("haru@mail.example", secret=b"another")
    with pytest.raises(service.NotFoundError):
        service.leave(app, member_id=member, secret=SECRET, at=NOON)
    with pytest.raises(service.SignInRefusedError):
        service.sign_in(app, email="haru@mail.example", password=OPEN, at=NOON, **BROWSER)


@pytest.mark.parametrize(
    ("left", "last"),
    [
        (NOON, datetime(2024, 3, 2, 23, 59, 59, 999999, tzinfo=SEOUL)),
        (NOON.replace(hour=23, minute=59, second=59), datetime(2024, 3, 2, 23, 59, 59, tzinfo=SEOUL)),
        (MIDNIGHT, datetime(2024, 3, 1, 23, 59, 59, 999999, tzinfo=SEOUL)),
    ],
)
def test_leaving_can_be_undone_through_day_five(
    live: Callable[..., int],
    app: Connection[Any],
    sweeper: Connection[Any],
    left: datetime,
    last: datetime,
) -> None:
    """Over a leap day: the day of leaving is not counted, unless it began with the leaving."""
    member = live()
    theirs = rows_of(sweeper, member)
    known: dict[str, Any] = {"email": "haru@mail.example", "password": OPEN, "secret": SECRET}
    service.leave(app, member_id=member, secret=SECRET, at=left)
    with pytest.raises(service.UndoRefusedError):
        service.undo_leave(
            app, at=last.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1), **known
        )
    with pytest.raises(service.UndoRefusedError):
        service.undo_leave(app, at=left - timedelta(seconds=1), **known)
    assert seen(app, theirs) == set()
    assert service.undo_leave(app, at=last, **known) == member
    assert seen(app, theirs) == set(RULED)
    assert app.execute("select left_at from members").fetchone() == (None,)
    assert app.execute("select from rejoin_keys").fetchone() is None


def test_leaving_is_undone_only_with_the_password(app: Connection[Any]) -> None:
    """A wrong password and an address nobody left are refused alike."""
    member = joined(app)
    undo: dict[str, Any] = {"secret": SECRET, "at": NOON}
    with pytest.raises(service.UndoRefusedError) as never_left:
        service.undo_leave(app, email="haru@mail.example", password=OPEN, **undo)
    service.leave(app, member_id=member, secret=SECRET, at=NOON)
    with pytest.raises(service.UndoRefusedError) as wrong:
        service.undo_leave(app, email="haru@mail.example", password=OPEN + "?", **undo)
    assert str(wrong.value) == str(never_left.value)


def test_the_number_of_sign_ups_is_limited_until_the_key_is_gone(
    app: Connection[Any], sweeper: Connection[Any]
) -> None:
    """In the grace the address is refused; destroyed, it is still known; a year later it is forgotten."""
    member = joined(app)
    with pytest.raises(service.AddressTakenError):
        joined(app)
    service.leave(app, member_id=member, secret=SECRET, at=NOON)
    with pytest.raises(service.SignUpRefusedError):
        joined(app)
    sweeper.execute("delete from members")
    with pytest.raises(service.SignUpRefusedError):
        joined(app)
    sweeper.execute("delete from rejoin_keys")
    assert joined(app) > member


def test_a_refused_sign_up_raises_no_error_in_the_server(app: Connection[Any]) -> None:
    """An error would put the address into the server's log; inside a transaction it would also end it."""
    joined(app)
    with app.transaction():
        with pytest.raises(service.AddressTakenError) as refused:
            joined(app)
        assert app.execute("select 1").fetchone() == (1,)
    assert "haru" not in str(refused.value)


@pytest.mark.parametrize(
    "forbidden",
    [
        "create role intruder",
        "create table mine (id int)",
        "create table kept_by_law.mine (id int)",
        "select from kept_by_law.kept",
        "update members set status = 'active', left_at = null",
        "delete from members",
        "delete from orders",
        "update payments set token = 'stolen'",
        "truncate access_log",
        "alter table members disable row level security",
        "set role plask_sweeper",
    ],
)
def test_the_service_may_do_no_more_than_its_functions_do(
    owner: Connection[Any], empty_database: str, forbidden: str
) -> None:
    """It makes no roles or tables, reads no archive, revives nobody, removes nobody."""
    owner.execute("create table kept_by_law.kept (id int)")
    owner.execute("alter table kept_by_law.kept owner to plask_keeper")
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("set session authorization plask_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(forbidden.encode())


def test_the_sweeper_removes_but_owns_and_creates_nothing(
    owner: Connection[Any], sweeper: Connection[Any]
) -> None:
    """Read, change and remove on each of Plask's tables, past row security; nothing else."""
    for table in PRIMARY_KEY:
        sweeper.execute(f"delete from {table}".encode())
    for forbidden in (
        "create table kept_by_law.mine (id int)",
        "create table mine (id int)",
        "truncate access_log",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sweeper.execute(forbidden.encode())
    owned = "select from pg_class where relowner = 'plask_sweeper'::regrole"
    assert owner.execute(owned).fetchone() is None


def test_roles_have_no_more_power_than_they_need(owner: Connection[Any]) -> None:
    """None is a superuser or makes roles; only the sweeper passes row security; nobody signs in as owner."""
    rows = owner.execute(
        "select rolname, rolcanlogin, rolbypassrls from pg_roles where rolname like 'plask%'"
        " and not (rolsuper or rolcreaterole or rolcreatedb or rolreplication) order by 1"
    ).fetchall()
    assert rows == [
        ("plask_app", True, False),
        ("plask_keeper", True, False),
        ("plask_owner", False, False),
        ("plask_sweeper", True, True),
    ]
    memberships = "select from pg_auth_members where member::regrole::text like 'plask%'"
    assert owner.execute(memberships).fetchone() is None
    keeper = "select nspowner::regrole::text from pg_namespace where nspname = 'kept_by_law'"
    assert owner.execute(keeper).fetchone() == ("plask_keeper",)


def test_installing_twice_changes_nothing(owner: Connection[Any]) -> None:
    """Tables, indexes, rules and grants are the same after a second time, and the rows are still there."""
    picture = (
        "select (select array_agg((relname, relkind, relowner, relacl, relrowsecurity)::text order by oid)"
        " from pg_class where relnamespace = 'public'::regnamespace),"
        " (select array_agg((polname, polroles, pg_get_expr(polqual, polrelid))::text order by polrelid)"
        " from pg_policy), (select array_agg((proname, prosrc, proacl)::text order by proname)"
        " from pg_proc where pronamespace = 'public'::regnamespace), (select array_agg(name) from products)"
    )
    before = owner.execute(picture).fetchone()
    PLASK.install(owner)
    assert owner.execute(picture).fetchone() == before


def test_every_foreign_key_is_indexed(owner: Connection[Any]) -> None:
    """Otherwise each parent that is destroyed costs a scan of the child."""
    bare = owner.execute(
        "select conrelid::regclass::text, conkey from pg_constraint k where contype = 'f' and not exists"
        " (select from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1])"
    ).fetchall()
    count = owner.execute("select count(*) from pg_constraint where contype = 'f'").fetchone()
    assert bare == []
    assert count == (13,)


def test_a_card_number_is_stored_nowhere(
    live: Callable[..., int],
    app: Connection[Any],
    owner: Connection[Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not in any column of any table, any file, any line of the log; and the search would see it."""
    caplog.set_level(logging.DEBUG)
    live()

    def found() -> dict[str, set[str]]:
        return merged(
            scan_database(owner, pattern=CARD_ANYWHERE),
            scan_files(tmp_path, pattern=CARD_ANYWHERE),
            scan_bytes({"log": caplog.text.encode()}, pattern=CARD_ANYWHERE),
        )

    assert "approved" in caplog.text
    assert "haru" not in caplog.text
    assert found() == {}
    owner.execute("update event_entries set answers = jsonb_build_object('note', %s::text)", (CARD,))
    owner.execute(
        "create materialized view leak as select convert_to(answers ->> 'note', 'UTF8') from event_entries"
    )
    logging.getLogger("careless").info("charged %s", CARD)
    assert found() == {CARD: {"public.event_entries.answers", "public.leak.convert_to", "log"}}


def test_a_search_that_row_security_would_blind_fails(app: Connection[Any]) -> None:
    """It never reports less than there is."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        scan_database(app)


def test_the_loaded_world_is_the_generated_one(owner: Connection[Any], tmp_path: Path) -> None:
    """Stepping through six years, a quarter at a time, ends with the rows and files of one single step."""
    world = World(SETTING, 11, 100)
    moment = OPENING
    while moment < END:
        moment = min(moment + timedelta(days=91), END)
        batch = world.until(moment)
        load(owner, batch)
        put_files(batch, {"motions": tmp_path})
    tables = generate(SETTING, 11, 100)
    with owner.cursor(row_factory=dict_row) as cursor:
        for table, rows in tables.items():
            key = PRIMARY_KEY[table]
            assert cursor.execute(f"select * from {table} order by {key}".encode()).fetchall() == rows
    written = cells(tables, keys=PRIMARY_KEY)
    contents = {canary(11, "motion_files", row["id"], "content") for row in tables["motion_files"]}
    assert scan_database(owner).keys() == written.keys()
    assert scan_files(tmp_path).keys() == contents | {
        token for token, cell in written.items() if (cell.table, cell.column) == ("motion_files", "path")
    }


def test_the_service_goes_on_in_a_loaded_world(
    owner: Connection[Any], app: Connection[Any], tmp_path: Path
) -> None:
    """Made-up members can sign in and leave; new rows take numbers the world will never use."""
    world = World(SETTING, 12, 40)
    batch = world.until(OPENING + timedelta(days=700))
    load(owner, batch)
    put_files(batch, {"motions": tmp_path})
    row = app.execute("select id, email from members order by id").fetchone()
    assert row is not None
    service.sign_in(app, email=row[1], password=password(12, row[0]), at=END, **BROWSER)
    newcomer = joined(app, email="new@mail.example")
    service.leave(app, member_id=row[0], secret=SECRET, at=END)
    known: dict[str, Any] = {"email": row[1], "password": password(12, row[0]), "secret": SECRET}
    assert service.undo_leave(app, at=END, **known) == row[0]
    batch = world.until(END)
    load(owner, batch)
    put_files(batch, {"motions": tmp_path})
    assert newcomer > max(int(str(member["id"])) for member in generate(SETTING, 12, 40)["members"])


def test_closing_the_books_on_somebody_destroyed_changes_nothing(owner: Connection[Any]) -> None:
    """The world's later updates find no row, and every other table ends as it would have."""
    world = World(SETTING, 13, 60)
    late = 0
    for month in range(1, 75):
        batch = world.until(min(OPENING + timedelta(days=30 * month), END))
        late += len(batch.updates.get("payments", {}))
        load(owner, batch)
        owner.execute("delete from payments")
    assert late
    tables = generate(SETTING, 13, 60)
    for table in PRIMARY_KEY.keys() - {"payments"}:
        count = owner.execute(f"select count(*) from {table}".encode()).fetchone()
        assert count == (len(tables[table]),)


def test_an_uploaded_file_lies_under_the_root_and_its_row_tells_where(
    app: Connection[Any], tmp_path: Path
) -> None:
    """The path is relative, the content as given."""
    project = service.create_project(app, member_id=joined(app), title="walk", at=NOON)
    service.upload(app, project_id=project, content=b"MOTION 1", files=tmp_path, at=NOON)
    row = app.execute("select path, bytes from motion_files").fetchone()
    assert row is not None
    assert (tmp_path / row[0]).read_bytes() == b"MOTION 1"
    assert row[1] == 8
    with pytest.raises(service.NotFoundError):
        service.upload(app, project_id=project + 1, content=b"", files=tmp_path, at=NOON)


def test_withdrawn_consents_are_dated_where_the_data_lie_and_in_the_record(
    live: Callable[..., int], app: Connection[Any]
) -> None:
    """All four kinds, each once; the data stay until somebody destroys them."""
    member = live()
    service.withdraw_profile(app, member_id=member, at=END)
    service.withdraw_topics(app, member_id=member, at=END)
    service.withdraw_subscription(app, member_id=member, at=END)
    service.withdraw_entry(app, entry_id=1, at=END)
    for table in ("profiles", "interests", "newsletter_subscriptions", "event_entries"):
        assert app.execute(f"select withdrawn_at from {table}".encode()).fetchall() == [(END,)]
    records = app.execute("select processing, withdrawn_at from consents order by 1").fetchall()
    assert records == [(name, END) for name in ("event", "interests", "newsletter", "profile")]


def test_each_date_that_starts_a_period_is_written_once(
    live: Callable[..., int], app: Connection[Any]
) -> None:
    """Settling, completing, refunding, answering and closing a second time are refused."""
    live()
    once: list[Callable[[datetime], None]] = [
        lambda at: service.settle(app, payment_id=1, at=at),
        lambda at: service.complete(app, order_id=1, at=at),
        lambda at: service.refund(app, refund_id=1, at=at),
        lambda at: service.answer(app, post_id=1, at=at),
        lambda at: service.close(app, post_id=1, at=at),
    ]
    for write in once:
        write(NOON)
        with pytest.raises(service.NotFoundError):
            write(END)
    dates = app.execute(
        "select settled_at, completed_at, refunded_at, answered_at, closed_at"
        " from payments, orders, refunds, support_posts"
    ).fetchall()
    assert dates == [(NOON,) * 5]


def test_somebody_without_an_account_may_write_to_support_and_look_around(app: Connection[Any]) -> None:
    """Their rows have no member, and the service sees them."""
    service.visit(app, member_id=None, path="/", search=None, at=NOON, **BROWSER)
    service.post(
        app,
        member_id=None,
        email="sora@mail.example",
        name="나빛람",
        kind="enquiry",
        title="?",
        body="?",
        at=NOON,
    )
    assert app.execute("select count(*) from access_log, support_posts").fetchone() == (1,)
