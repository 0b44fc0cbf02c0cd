"""Which tables list people, whose each row is, which dates start a clock: by keys, names, and a store's answers."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from jikim.datamap.schema import Check, ForeignKey, Schema, Table, table
from jikim.draft import clocks, relations
from jikim.draft.compose import compose, readings
from jikim.draft.guess import CERTAIN, LIKELY, POSSIBLE, Why
from jikim.draft.proposal import Draft, TableGuess
from jikim.draft.relations import Edge, Overlap
from jikim.draft.topics import named_topic
from jikim.draft.values import Seen

ID: Mapping[str, str] = {"id": "bigint!"}
INSTANT = "timestamp with time zone"
MEMBERS = table(
    "members",
    {**ID, "email": "text!", "name": "text!", "left_at": INSTANT},
    primary_key=("id",),
    unique=(("email",),),
)


def to(target: str, *columns: str) -> ForeignKey:
    return ForeignKey(columns, target, ("id",))


def of(name: str, columns: Mapping[str, str], *keys: ForeignKey, **rest: object) -> Table:
    """A table with a number of its own."""
    return table(name, {**ID, **columns}, primary_key=("id",), foreign_keys=keys, **rest)


def draft(*tables: Table, overlap: Overlap | None = None) -> Draft:
    """What is drafted of these tables, where the store answers every question alike."""
    schema = Schema({t.name: t for t in tables})
    read_as = readings(schema, {})
    people = relations.subjects(schema, read_as)
    guessed = relations.confirmed((edge, overlap) for edge in relations.named(schema, people))
    edges = [*relations.keyed(schema), *guessed]
    return compose(schema, {}, read_as, relations.keyed_by(people, edges), edges, service="shop")


def drafted(name: str, *tables: Table, overlap: Overlap | None = None) -> TableGuess:
    return next(t for t in draft(*tables, overlap=overlap).tables if t.name == name)


def owners(name: str, *tables: Table, overlap: Overlap | None = None) -> list[tuple[str, tuple[str, ...]]]:
    return [(owner.to, owner.columns) for owner in drafted(name, *tables, overlap=overlap).owners]


# -- people -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["members", "tb_user", "auth_user", "MemberInfo", "comtngnrlmber", "회원", "g5_member"]
)
def test_a_table_called_after_people_with_what_identifies_them_lists_people(name: str) -> None:
    assert [s.table for s in draft(replace(MEMBERS, name=name)).subjects] == [name]


@pytest.mark.parametrize("name", ["remembers", "user_settings_log", "products", "user_groups"])
def test_a_table_called_otherwise_lists_none(name: str) -> None:
    assert not draft(of(name, {"name": "text", "note": "text"})).subjects


def test_a_table_of_people_without_anything_that_identifies_them_lists_none() -> None:
    assert not draft(of("users", {"points": "integer"})).subjects


def test_a_password_and_a_sign_in_name_make_people_of_any_table() -> None:
    assert [s.kind for s in draft(of("xyz", {"login_id": "text!", "passwd": "text!"})).subjects] == ["person"]


def test_what_extends_a_person_or_belongs_to_one_is_no_person_of_its_own() -> None:
    customers = of(
        "customers", {"user_id": "bigint!", "phone": "text"}, to("users", "user_id"), unique=(("user_id",),)
    )
    found = draft(replace(MEMBERS, name="users"), customers)
    assert [s.table for s in found.subjects] == ["users"]
    assert next(t for t in found.tables if t.name == "customers").owners[0].to == "member"


def test_people_are_known_by_the_key_that_others_name() -> None:
    """A table that numbers its rows and is named everywhere by a sign-in name."""
    member = table(
        "g5_member",
        {"mb_no": "bigint!", "mb_id": "text!", "mb_email": "text"},
        primary_key=("mb_no",),
        unique=(("mb_id",),),
    )
    points = of("g5_point", {"mb_id": "text!", "recv_mb_id": "text"})
    found = draft(member, points, overlap=Overlap(30, 30))
    assert found.subjects[0].key == ("mb_id",)
    assert owners("g5_point", member, points, overlap=Overlap(30, 30)) == [("member", ("mb_id",))]


# -- owners -----------------------------------------------------------------------------------------------


def test_a_foreign_key_is_certain_and_its_parts_follow() -> None:
    orders = of("orders", {"member_id": "bigint!"}, to("members", "member_id"))
    items = of("order_items", {"order_id": "bigint!"}, to("orders", "order_id"))
    found = drafted("orders", MEMBERS, orders, items)
    assert found.owners[0].why.confidence is CERTAIN
    assert owners("order_items", MEMBERS, orders, items) == [("orders", ("order_id",))]


@pytest.mark.parametrize("column", ["member_id", "memberId", "user_id", "author_id", "회원번호"])
def test_without_a_foreign_key_the_name_points_and_the_store_confirms(column: str) -> None:
    posts = of("posts", {column: "bigint!", "body": "text"})
    assert owners("posts", MEMBERS, posts, overlap=Overlap(40, 40)) == [("member", (column,))]


def test_a_mere_resemblance_that_the_store_contradicts_is_dropped() -> None:
    posts = of("posts", {"author_id": "bigint!", "body": "text"})
    assert not owners("posts", MEMBERS, posts, overlap=Overlap(40, 3))


def test_a_pointer_named_after_the_table_is_kept_though_most_whom_it_names_are_gone() -> None:
    """Records that outlive their members are the ones that matter."""
    abuse = of("abuse_records", {"member_id": "bigint!", "detail": "text"})
    found = drafted("abuse_records", MEMBERS, abuse, overlap=Overlap(40, 3))
    assert (found.owners[0].to, found.owners[0].why.confidence) == ("member", POSSIBLE)
    assert "3 of 40" in found.owners[0].why.reason


def test_of_several_people_a_column_may_name_the_store_chooses() -> None:
    edges = [
        Edge("posts", ("author_id",), t, ("id",), "owning", False, Why(POSSIBLE, "named"))
        for t in ("staff", "users")
    ]
    found = relations.confirmed(zip(edges, [Overlap(10, 6), Overlap(10, 9)], strict=True))
    assert [edge.to for edge in found] == ["users"]


@pytest.mark.parametrize(
    "column", ["created_by", "updated_by_id", "approved_by", "last_editor_id", "manager_id"]
)
def test_who_handled_a_row_does_not_own_it(column: str) -> None:
    """Else a catalogue would go with the employee who wrote it; it is asked instead."""
    products = of("products", {column: "bigint", "title": "text"}, to("members", column))
    found = drafted("products", MEMBERS, products)
    assert not found.personal
    assert found.why.open
    assert f"`{column}`" in found.why.reason


def test_a_row_that_may_name_nobody_asks_its_own_address() -> None:
    posts = of("support_posts", {"member_id": "bigint", "email": "text!", "created_at": f"{INSTANT}!"})
    assert owners("support_posts", MEMBERS, posts, overlap=Overlap(9, 9)) == [
        ("member", ("member_id",)),
        ("guest", ("email",)),
    ]


def test_rows_that_may_belong_to_nobody_are_dated() -> None:
    logs = of("access_log", {"member_id": "bigint", "path": "text", "at": f"{INSTANT}!"})
    assert drafted("access_log", MEMBERS, logs, overlap=Overlap(9, 9)).orphans == "at"
    undated = of("access_log", {"member_id": "bigint", "path": "text"})
    asked = [
        q.text for q in draft(MEMBERS, undated, overlap=Overlap(9, 9)).questions if q.where[-1] == "orphans"
    ]
    assert len(asked) == 1


def test_an_address_that_people_point_to_is_asked_for_and_not_owned_by_itself() -> None:
    address = of("address", {"street": "text", "phone": "text"})
    users = of("users", {"email": "text!", "address_id": "bigint"}, to("address", "address_id"))
    found = drafted("address", address, users)
    assert (found.personal, found.owners) == (True, ())
    assert "`users` points to it" in found.why.reason


def test_a_table_with_nothing_personal_is_left_alone_and_a_shop_s_telephone_is_asked_about() -> None:
    assert drafted("countries", MEMBERS, of("countries", {"label": "text"})).why.confidence is LIKELY
    assert drafted("stores", MEMBERS, of("stores", {"phone": "text"})).why.open


def test_a_pair_that_points_to_rows_of_several_tables_is_found() -> None:
    pairs = relations.polymorphic(
        of("comments", {"commentable_type": "text", "commentable_id": "bigint", "type": "text"})
    )
    assert list(pairs) == [("commentable_type", "commentable_id")]
    assert list(relations.polymorphic(of("x", {"content_type_id": "bigint", "object_id": "text"}))) == [
        ("content_type_id", "object_id")
    ]
    assert not list(relations.polymorphic(of("x", {"payment_type": "text", "order_id": "bigint"})))


def test_a_history_belongs_to_whom_its_origin_belongs() -> None:
    history = table(
        "historicalmember",
        {"id": "bigint!", "email": "text", "history_id": "bigint!"},
        primary_key=("history_id",),
    )
    assert owners(
        "historicalmember", replace(MEMBERS, name="shop_member"), history, overlap=Overlap(9, 9)
    ) == [("member", ("id",))]


# -- clocks and topics ------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["left_at", "deleted_at", "withdrawalDate", "탈퇴일시"])
def test_leaving_is_dated_by_a_time_called_so(column: str) -> None:
    found = clocks.fact("membership ended", of("members", {column: INSTANT}), {})
    assert found is not None
    assert (found.column, found.why.confidence) == (column, LIKELY)


def test_a_text_or_a_flag_dates_nothing_and_is_named_in_the_question() -> None:
    assert clocks.fact("membership ended", of("members", {"left_date": "text"}), {}) is None
    asked = [
        q.text
        for q in draft(of("members", {"email": "text", "leave_date": "text"})).questions
        if q.about == "clock"
    ]
    assert "`leave_date` is named so, but is `text`" in asked[0]
    asked = [
        q.text
        for q in draft(of("members", {"email": "text", "is_active": "boolean"})).questions
        if q.about == "clock"
    ]
    assert "`is_active` may say that they did, but not when" in asked[0]


def test_numbers_that_read_as_times_are_said_to_and_dates_for_never_are_listed() -> None:
    numbered = clocks.fact(
        "recorded", of("x", {"created_at": "bigint"}), {"created_at": Seen(5, 5, 5, numbers="epoch")}
    )
    assert numbered is not None
    assert (numbered.numbers, numbered.why.open) == ("epoch", True)
    never = clocks.fact(
        "membership ended",
        of("x", {"left_at": INSTANT}),
        {"left_at": Seen(5, 5, 5, sentinels=("9999-12-31",))},
    )
    assert never is not None
    assert never.never == ("9999-12-31",)


def test_a_date_counts_only_beside_the_status_that_says_so() -> None:
    words = "CHECK ((status = ANY (ARRAY['active'::text, 'left'::text])))"
    members = of(
        "members", {"status": "text", "left_at": INSTANT}, checks=(Check("status", ("status",), words),)
    )
    found = clocks.fact("membership ended", members, {})
    assert found is not None
    assert found.when == {"status": "left"}


def test_when_something_expires_is_not_when_it_was_recorded() -> None:
    assert clocks.fact("recorded", of("x", {"expires_at": INSTANT}), {}) is None
    assert clocks.fact("recorded", of("x", {"wr_datetime": INSTANT}), {}) is not None


@pytest.mark.parametrize(
    ("table_name", "topic"),
    [
        *(("support_posts", "support"), ("blog_posts", "community"), ("order_payments", "settlement")),
        *(("order_log", "statistics"), ("login_sessions", "sign-in"), ("tb_문의", "support")),
        *(("members", None), ("gizmos", None)),
    ],
)
def test_a_table_s_name_says_which_part_of_the_service_it_is(table_name: str, topic: str | None) -> None:
    found = named_topic(relations.head(table_name))
    assert (found[0] if found else None) == topic
