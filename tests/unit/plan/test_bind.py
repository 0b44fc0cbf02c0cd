"""What cannot be bound is refused for its table, with its code; the other tables are kept."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jikim.datamap.parse import parse
from jikim.datamap.schema import Check, ForeignKey, Schema, table
from jikim.law.holidays import korea
from jikim.law.resolve import resolve
from jikim.plan.bind import Bound, bind
from jikim.plan.fit import fit
from jikim.policy.parse import parse as parse_policy
from jikim.source import Diagnostic, Severity

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests" / "golden" / "datamap"
POLICY = (GOLDEN / "policy.yaml").read_text()
MAP = (GOLDEN / "sound.yaml").read_text()
HOLIDAYS = korea(range(2020, 2040))

TO_MEMBERS = ForeignKey(("member_id",), "members", ("id",))
TABLES = (
    table(
        "members",
        {
            "id": "bigint!",
            "email": "text!",
            "name": "text!",
            "phone": "text",
            "status": "text!",
            "left_at": "date",
        },
        primary_key=("id",),
        unique=(("email",),),
    ),
    table(
        "orders",
        {
            "id": "bigint!",
            "member_id": "bigint",
            "guest_email": "text!",
            "receipt": "text",
            "summary": "text!",
            "completed_at": "timestamp with time zone",
        },
        primary_key=("id",),
        foreign_keys=(TO_MEMBERS,),
        indexes=(("member_id",), ("completed_at",)),
    ),
    table(
        "order_lines",
        {"id": "bigint!", "order_id": "bigint!", "wish": "text", "price": "numeric!"},
        primary_key=("id",),
        foreign_keys=(ForeignKey(("order_id",), "orders", ("id",)),),
        indexes=(("order_id",),),
    ),
    table(
        "reviews",
        {"id": "bigint!", "member_id": "bigint!", "body": "text"},
        primary_key=("id",),
        foreign_keys=(TO_MEMBERS,),
        indexes=(("member_id",),),
    ),
    table("products", {"id": "bigint!", "title": "text!"}, primary_key=("id",)),
)

Changes = tuple[tuple[str, str], ...]


def schema(**changes: dict[str, Any]) -> Schema:
    """The shop's tables; for each table named, some of its properties replaced."""
    return Schema({t.name: replace(t, **changes.get(t.name, {})) for t in TABLES})


def columns(name: str, /, **types: str) -> dict[str, Any]:
    """A table's columns, some of another type, some new, some (`gone`) no longer there."""
    known = {t.name: t for t in TABLES}[name].columns
    changed = {**known, **table(name, types).columns}
    return {"columns": {n: c for n, c in changed.items() if c.type != "gone"}}


def changed(text: str, changes: Changes) -> str:
    for given, other in changes:
        assert text.count(given) == 1, given
        text = text.replace(given, other)
    return text


def bound(*changes: tuple[str, str], tables: Schema | None = None, policy: Changes = ()) -> Bound:
    """The shop's map with some changes, bound to its tables and its policy."""
    promise = parse_policy(changed(POLICY, policy).encode(), name="policy.yaml")
    datamap, _ = parse(changed(MAP, changes).encode(), name="datamap.yaml")
    resolved = resolve(promise, in_force_on=date(2026, 2, 1))
    return bind(resolved, datamap, tables or schema(), holidays=HOLIDAYS)


REVIEWS = "owner: {member: member_id}\n    processing: [reviews]"

LED = "owner: {order_lines: {their: order_id}}"
OF_ORDERS = "owner: {orders: order_id}"
OWNERS = "owner: [{member: member_id}, {guest: [guest_email]}]"
RECORDS = "    processing: [purchase]\n    records: [contracts]\n"

REFUSALS: dict[str, tuple[str, str, Callable[[], Bound]]] = {
    "a record that would count from as many dates as rows lead to people": (
        "many-clocks",
        "orders",
        lambda: bound(
            (OWNERS, LED),
            (OF_ORDERS, "owner: {member: price}"),
            (f"{RECORDS}    facts: {{contract completed: completed_at}}", RECORDS.rstrip()),
            (
                f"{RECORDS}    facts: {{contract completed: order_id.",
                "    processing: [purchase]\n    facts: {contract completed: order_id.",
            ),
            ("facts: {membership ended:", "facts: {contract completed: left_at, membership ended:"),
        ),
    ),
    "a fact that the ledger would have to tell of somebody without a row": (
        "told-of-nobody",
        "orders",
        lambda: bound(
            ("{contract completed: completed_at}", "{contract completed: {from: ledger}}"),
        ),
    ),
    "a record that counts from a consent of which only a processing's is told": (
        "whose-consent",
        "orders",
        lambda: bound(
            (
                "{contract completed: completed_at}",
                "{contract completed: completed_at, consent withdrawn: {from: ledger}}",
            ),
            policy=(("after: contract completed", "after: consent withdrawn"),),
        ),
    ),
    "owners of rows that may be about nobody": (
        "nobody-shared",
        "reviews",
        lambda: bound(
            (OWNERS, "owner: {polymorphic: {type: receipt, id: member_id, m: member, n: no}}"),
            (REVIEWS, "co_owners: [{member: member_id}, {orders: id}]\n    processing: [reviews]"),
        ),
    ),
    "a reference that says whose row it is": (
        "unlink",
        "reviews",
        lambda: bound((REVIEWS, f"unlink: member_id\n    {REVIEWS}")),
    ),
    "a reference that may not be empty": (
        "unlink",
        "members",
        lambda: bound(
            ("  members:\n", "  members:\n    accessors: [{member: status}]\n"),
        ),
    ),
    "a reference by which a clock reads": (
        "unlink",
        "orders",
        lambda: bound(
            (
                "    facts: {contract completed: completed_at}",
                "    facts: {contract completed: receipt.left_at}\n    accessors: [{member: receipt}]",
            ),
        ),
    ),
    "a table without a key": (
        "no-key",
        "reviews",
        lambda: bound(tables=schema(reviews={"primary_key": ()})),
    ),
    "rows that fall outside every class": (
        "row-class",
        "reviews",
        lambda: bound(
            ("processing: [reviews]\n", "rows: {long: {where: {body: x}, processing: [reviews]}}\n"),
        ),
    ),
    "an item the policy does not know": (
        "unknown-item",
        "reviews",
        lambda: bound(("{body: review}", "{body: opinion}")),
    ),
    "an item that is never stored": (
        "never-stored",
        "reviews",
        lambda: bound(("{body: review}", "{body: card}")),
    ),
    "a mask that is none": (
        "mask",
        "members",
        lambda: bound(("mask: fixed(-)}\n      phone", "mask: hide}\n      phone")),
    ),
    "rows that never reach a class": (
        "row-class",
        "reviews",
        lambda: bound(
            (
                "processing: [reviews]\n",
                "rows: {all: {processing: [reviews]}, more: {processing: [reviews]}}\n",
            ),
        ),
    ),
    "a file that a statute would keep": (
        "file-kept",
        "orders",
        lambda: bound(
            (
                "summary: {item: order-history, mask: fixed(-)}",
                "summary: {item: order-history, mask: fixed(-), file: bills}",
            )
        ),
    ),
    "a path into JSON that is none": (
        "json-path",
        "reviews",
        lambda: bound(("{body: review}", '{body: {json: {"text": review}}}')),
    ),
    "a column that must be masked and is NOT NULL": (
        "mask",
        "members",
        lambda: bound(("name: {item: name, mask: fixed(-)}", "name: name")),
    ),
    "a person's name in a row that must not lose it": (
        "mask",
        "orders",
        lambda: bound(
            ("guest_email: {item: email, mask: fixed(-)}", "guest_email: email"),
            tables=schema(orders=columns("orders", guest_email="text")),
        ),
    ),
    "a processing the policy does not know": (
        "unknown-processing",
        "reviews",
        lambda: bound(("processing: [reviews]", "processing: [opinions]")),
    ),
    "people whom no processing is about": (
        "no-processing",
        "orders",
        lambda: bound(policy=(("about: [member, guest]", "about: member"),)),
    ),
    "a record the policy does not know": (
        "unknown-record",
        "order_lines",
        lambda: bound(
            (
                "records: [contracts]\n    facts: {contract completed: order_id",
                "records: [receipts]\n    facts: {contract completed: order_id",
            )
        ),
    ),
    "a processing without a period": (
        "no-period",
        "reviews",
        lambda: bound(
            policy=(
                (
                    "items: {required: [review]}\n    keep: until membership ended",
                    "items: {required: [review]}\n    keep: unstated",
                ),
            )
        ),
    ),
    "a processing that covers no column": (
        "no-item",
        "reviews",
        lambda: bound(("processing: [reviews]", "processing: [reviews, membership]")),
    ),
    "a record that would keep a file": (
        "file-kept",
        "orders",
        lambda: bound(policy=(("items: [name, order-history]", "items: [name, order-history, receipt]"),)),
    ),
    "a record that covers no column": (
        "no-item",
        "reviews",
        lambda: bound(
            (
                "processing: [reviews]\n",
                "processing: [reviews]\n    records: [{contracts: {contract completed: seen}}]\n",
            ),
            tables=schema(reviews=columns("reviews", seen="date")),
        ),
    ),
    "a clock that nothing starts": (
        "no-start",
        "reviews",
        lambda: bound(("membership ended: {column", "last used: {column")),
    ),
    "a clock in a column that is no time": (
        "time-type",
        "orders",
        lambda: bound(tables=schema(orders=columns("orders", completed_at="text"))),
    ),
    "a clock read otherwise than it is written": (
        "time-type",
        "orders",
        lambda: bound(
            ("contract completed: completed_at}", "contract completed: {column: completed_at, as: local}}")
        ),
    ),
    "an item that no claim covers": (
        "no-basis",
        "reviews",
        lambda: bound(("{body: review}", "{body: {json: {$.a: review, $.b: phone}}}")),
    ),
    "a table that nobody owns": (
        "unowned",
        "reviews",
        lambda: bound((REVIEWS, "processing: [reviews]")),
    ),
    "a table that owns itself": (
        "unreachable",
        "reviews",
        lambda: bound(
            (
                "owner: {member: member_id}\n    processing: [reviews]",
                "owner: {reviews: id}\n    processing: [reviews]",
            )
        ),
    ),
    "an owner nobody knows": (
        "unknown-owner",
        "reviews",
        lambda: bound((REVIEWS, "owner: {writer: member_id}\n    processing: [reviews]")),
    ),
    "an owner with a key of more columns": (
        "edge",
        "reviews",
        lambda: bound((REVIEWS, "owner: {member: [member_id, id]}\n    processing: [reviews]")),
    ),
    "an owner's table that the store lacks": (
        "edge",
        "reviews",
        lambda: bound(tables=Schema({n: t for n, t in schema().tables.items() if n != "members"})),
    ),
    "an owner's table that has no key": (
        "edge",
        "order_lines",
        lambda: bound(tables=schema(orders={"primary_key": ()})),
    ),
    "a clock behind a column that points nowhere": (
        "no-reference",
        "order_lines",
        lambda: bound(("order_id.completed_at", "wish.completed_at")),
    ),
    "a clock behind a foreign key out of the schema": (
        "no-reference",
        "order_lines",
        lambda: bound(
            ("order_id.completed_at", "wish.completed_at"),
            tables=schema(order_lines={"foreign_keys": (ForeignKey(("wish",), "elsewhere", ("id",)),)}),
        ),
    ),
    "a column that is not there": (
        "unknown-column",
        "orders",
        lambda: bound(("contract completed: completed_at}", "contract completed: done_at}")),
    ),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS.keys())
def test_what_cannot_be_bound_blocks_its_table_and_says_why(
    refusal: tuple[str, str, Callable[[], Bound]],
) -> None:
    code, name, make = refusal
    result = make()
    found = result.blocked[name]
    assert [finding.code for finding in found] == [code]
    assert found[0].severity is Severity.ERROR
    assert found[0].message
    assert name not in [each.table for each in result.schedules]


def test_every_refusal_of_binding_is_tried_here() -> None:
    sources = "".join(
        (ROOT / "src/jikim/plan" / name).read_text() for name in ("bind.py", "paths.py", "roles.py")
    )
    written = set(re.findall(r'Unbound\(\s*"([a-z-]+)"', sources))
    assert written == {code for code, _, _ in REFUSALS.values()}


def test_a_sound_map_binds_every_personal_table_dependents_first() -> None:
    result = bound()
    assert not result.blocked
    assert [each.table for each in result.schedules] == ["order_lines", "orders", "reviews", "members"]


def test_a_refused_table_leaves_the_others_their_schedules() -> None:
    result = bound(("{body: review}", "{body: opinion}"))
    assert set(result.blocked) == {"reviews"}
    assert [each.table for each in result.schedules] == ["order_lines", "orders", "members"]


def test_what_a_blocked_table_may_yet_archive_keeps_its_owners_as_they_are() -> None:
    """Else the member would be masked before the order was archived with the member's name."""
    result = bound(("summary: {item: order-history, mask: fixed(-)}", "summary: opinion"))
    assert {name: [f.code for f in found] for name, found in result.blocked.items()} == {
        "orders": ["unknown-item"],
        "members": ["waits"],
    }


def test_tables_that_point_at_one_another_are_blocked_and_no_others() -> None:
    """A circle is no error of the run."""
    best = ForeignKey(("phone",), "reviews", ("id",))
    result = bound(tables=schema(members={"foreign_keys": (best,)}))
    assert {name: [f.code for f in found] for name, found in result.blocked.items()} == {
        "reviews": ["circle"],
        "members": ["circle"],
    }
    assert [each.table for each in result.schedules] == ["order_lines", "orders"]


def test_a_table_may_point_at_itself() -> None:
    itself = ForeignKey(("id",), "reviews", ("id",))
    assert not bound(tables=schema(reviews={"foreign_keys": (TO_MEMBERS, itself)})).blocked


def test_a_parent_waits_for_a_table_whose_edge_is_broken() -> None:
    """Whether a member is still pointed to cannot be told."""
    result = bound((REVIEWS, "owner: {member: memberid}\n    processing: [reviews]"))
    assert set(result.blocked) == {"reviews", "members"}


def test_what_another_check_refused_gets_no_schedule_and_its_parents_wait() -> None:
    promise = parse_policy(POLICY.encode(), name="policy.yaml")
    datamap, _ = parse(MAP.encode(), name="datamap.yaml")
    resolved = resolve(promise, in_force_on=date(2026, 2, 1))
    slow = Diagnostic("no-index", Severity.ERROR, "slow", path=("tables", "reviews"))
    result = bind(resolved, datamap, schema(), holidays=HOLIDAYS, refused={"reviews": (slow,)})
    assert result.blocked["reviews"] == (slow,)
    assert [f.code for f in result.blocked["members"]] == ["waits"]
    assert [each.table for each in result.schedules] == ["order_lines", "orders"]


def test_a_finding_told_by_the_check_is_not_told_again_by_binding() -> None:
    promise = parse_policy(POLICY.encode(), name="policy.yaml")
    datamap, _ = parse(changed(MAP, (("{body: review}", "{body: opinion}"),)).encode(), name="datamap.yaml")
    resolved = resolve(promise, in_force_on=date(2026, 2, 1))
    result = fit(resolved, datamap, schema(), holidays=HOLIDAYS)
    assert [f.code for f in result.findings if f.severity is Severity.ERROR] == ["unknown-item"]


def test_a_promise_until_the_service_closes_needs_no_column() -> None:
    """Its day is told of the service as a whole; who leaves before does not end it."""
    result = bound(
        policy=(
            (
                "    items: {required: [review]}\n    keep: until membership ended",
                "    items: {required: [review]}\n    keep: until service closed",
            ),
        )
    )
    assert not result.blocked
    ends = {
        clock.trigger
        for v in result.schedules["reviews"].variants
        for c in v.processings
        for clock in c.clocks
    }
    assert ends == {"service closed"}


def test_a_record_takes_along_only_identity_that_the_store_has() -> None:
    """The member's table is blocked by the missing column, the order's is not."""
    tables = schema(members=columns("members", name="gone"))
    (identity,) = {
        claim.identity
        for v in bound(tables=tables).schedules["orders"].variants
        for claim in v.records
        if v.owner.hops
    }
    assert identity == ()


MASKS = [
    ("fixed(-)", "uuid!", {}, False),
    ("fixed(7)", "numeric(12,0)!", {}, True),
    ("fixed(seven)", "bigint!", {}, False),
    ("fixed(2000-01-01)", "date!", {}, True),
    ("fixed(soon)", "timestamp(3) with time zone!", {}, False),
    ("fixed(2000-01-01)", "timestamp(3) with time zone!", {}, True),
    ("fixed(0.0.0.0)", "inet!", {}, True),
    ("fixed(true)", "boolean!", {}, True),
    ("fixed(maybe)", "boolean!", {}, False),
    ("fixed({})", "jsonb!", {}, False),
    ("fixed(gone)", "character varying(3)!", {}, False),
    ("fixed(gone)", "character varying(4)!", {}, True),
    ("fixed(-)", "text!", {"unique": (("body",),)}, False),
    ("tag({tag})", "text!", {"unique": (("body",),)}, True),
    ("tag({tag})", "character varying(15)!", {}, False),
    ("tag({tag})", "character varying(16)!", {}, True),
    ("tag({tag})", "bigint!", {}, False),
    ("year", "date!", {}, True),
    ("year", "text!", {}, False),
    ("truncated-ip", "inet!", {}, True),
    ("truncated-ip", "text!", {}, True),
    ("truncated-ip", "bigint!", {}, False),
    ("null", "text!", {}, False),
    ("null", "text", {"unique": (("body",),)}, True),
    (
        "fixed(a)",
        "text!",
        {"checks": (Check("c", ("body",), "CHECK ((body = ANY (ARRAY['a'::text, 'b'::text])))"),)},
        True,
    ),
    (
        "fixed(c)",
        "text!",
        {"checks": (Check("c", ("body",), "CHECK ((body = ANY (ARRAY['a'::text, 'b'::text])))"),)},
        False,
    ),
    (
        "fixed(1)",
        "bigint!",
        {"foreign_keys": (TO_MEMBERS, ForeignKey(("body",), "products", ("id",)))},
        False,
    ),
]


@pytest.mark.parametrize(("mask", "type_", "more", "fits"), MASKS)
def test_a_mask_stands_only_where_the_column_takes_it(
    mask: str, type_: str, more: dict[str, Any], fits: bool
) -> None:
    """A second item beside the review lives longer, so the review's own column must be masked meanwhile."""
    tables = schema(reviews={**columns("reviews", body=type_, reply="text"), **more})
    result = bound(
        ("{body: review}", f'{{body: {{item: review, mask: "{mask}"}}, reply: phone}}'),
        ("processing: [reviews]", "processing: [reviews, membership]"),
        tables=tables,
    )
    assert ("reviews" not in result.blocked) is fits
    if not fits:
        (finding,) = result.blocked["reviews"]
        assert finding.code == "mask"
        assert type_.rstrip("!") in finding.message or "must be masked" in finding.message


@pytest.mark.parametrize(("mask", "type_", "more", "fits"), [each for each in MASKS if not each[3]])
def test_the_mask_that_a_refusal_proposes_is_accepted(
    mask: str, type_: str, more: dict[str, Any], fits: bool
) -> None:
    """Where no mask fits, the refusal says so."""
    tables = schema(reviews={**columns("reviews", body=type_, reply="text"), **more})
    claims = ("processing: [reviews]", "processing: [reviews, membership]")
    wrong = bound(
        ("{body: review}", f'{{body: {{item: review, mask: "{mask}"}}, reply: phone}}'), claims, tables=tables
    )
    fix = wrong.blocked["reviews"][0].fix
    if fix.startswith("body: "):
        mended = bound(("{body: review}", f"{{{fix}, reply: phone}}"), claims, tables=tables)
        assert "reviews" not in mended.blocked
    else:
        assert fix == "drop the constraint, or stop storing it here"


def test_a_column_that_the_store_generates_is_masked_with_its_source() -> None:
    body = replace(TABLES[3].columns["body"], generated=True)
    tables = schema(reviews={"columns": {**TABLES[3].columns, "body": body, "reply": body}})
    result = bound(
        ("{body: review}", "{body: review, reply: phone}"),
        ("processing: [reviews]", "processing: [reviews, membership]"),
        tables=tables,
    )
    assert result.blocked["reviews"][0].fix.startswith("body: no")
