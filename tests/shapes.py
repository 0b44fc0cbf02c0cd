"""A service with data of every shape that any store can have: one promise, one map, rows that go wrong in each way.

The tables are written so that PostgreSQL and SQLite take them alike.
"""

from typing import Any

import yaml
from tests.keeping import promise_of, seoul

from jikim.operations.plan_sweep import Promise

POLICY = """
jikim: 1
service: {id: shapes, name: 가게}
controller: {name: 가게 주식회사}
contacts: {officer: {title: 개인정보 보호책임자, phone: 02-0000-0000, email: privacy@shapes.example}}
languages: [ko]
version: "1.0"
announced: 2026-01-02
effective: 2026-01-12
people: {member: {label: 회원}, guest: {label: 비회원}, holder: {label: 계정}, writer: {label: 필자}}
items:
  email: {label: 이메일, category: contact}
  order-history: {label: 주문 내역, category: transaction}
  content: {label: 글, category: content}
processing:
  membership:
    about: [member, holder, writer]
    purpose: 회원 관리
    basis: contract
    items: {required: [email]}
    keep: until membership ended
  purchase:
    about: [member, guest]
    purpose: 주문 처리
    basis: contract
    items: {required: [order-history, email]}
    keep: until contract completed
  content:
    about: [member, guest, holder, writer]
    purpose: 글 게시
    basis: contract
    items: {required: [content]}
    keep: {first of: [until membership ended, 1 year after recorded]}
kept_by_law:
  contracts:
    label: 계약 또는 청약철회 등에 관한 기록
    law: kr.ecommerce.contract
    after: contract completed
    items: [email, order-history]
destruction: {within: 5 days, electronic: irrecoverable, paper: shred or burn}
"""

TABLES = """
create table members (id bigint not null primary key, email text not null, left_at timestamptz);
create table orders (
    id bigint not null primary key, member_id bigint, guest_email text, what text not null,
    completed_at timestamptz);
create table lines (
    order_id bigint not null references orders, number integer not null, wish text not null,
    primary key (order_id, number));
create table attachments (
    id bigint not null primary key, owner_type text, owner_id text, body text, at timestamptz not null);
create table accounts (
    site text not null, number integer not null, email text not null, left_at timestamptz,
    primary key (site, number));
create table notes (
    id bigint not null primary key, number integer not null, site text not null, body text, at timestamptz not null);
create table writers (
    id bigint not null primary key, handle text not null unique, email text not null, left_at timestamptz);
create table posts (id bigint not null primary key, handle text not null, body text, at timestamptz not null);
create index orders_of on orders (member_id);
create index attachments_of on attachments (owner_type, owner_id);
create index notes_of on notes (site, number);
create index posts_of on posts (handle);

insert into members values
    (1, 'one@x.example', '2026-03-01 12:00:00+09:00'), (2, 'two@x.example', null),
    (3, 'three@x.example', '2026-03-01 12:00:00+09:00'), (1234567890123456789, 'far@x.example', null);
insert into orders values
    (1, 1, null, 'bread', '2026-02-01 12:00:00+09:00'), (2, 2, null, 'milk', null),
    (3, null, 'Guest@X.Example', 'salt', '2026-02-02 12:00:00+09:00'),
    (4, null, 'guest@x.example', 'oil', '2019-02-02 12:00:00+09:00'),
    (5, null, 'guest@x.example', 'rice', null), (6, 77, 'guest@x.example', 'tea', '2026-02-01 12:00:00+09:00'),
    (7, null, null, 'jam', '2026-02-01 12:00:00+09:00'),
    (8, null, 'OTHER@x.example', 'figs', '2026-02-02 12:00:00+09:00'),
    (9, null, 'İß@x.example', 'dill', '2026-02-02 12:00:00+09:00');
insert into lines values (1, 1, 'sliced'), (1, 2, 'brown'), (2, 1, 'cold'), (4, 1, 'black'), (5, 1, 'white');
insert into attachments values
    (1, 'Member', '1', 'left', '2026-01-01 12:00:00+09:00'), (2, 'Member', '2', 'stays', '2026-01-01 12:00:00+09:00'),
    (3, 'Member', '2', 'old', '2024-01-01 12:00:00+09:00'), (4, 'Member', '3', 'held', '2026-01-01 12:00:00+09:00'),
    (5, 'Order', '2', 'stays', '2026-01-01 12:00:00+09:00'), (6, 'Order', '5', 'old', '2024-01-01 12:00:00+09:00'),
    (7, 'Order', '5', 'stays', '2026-01-01 12:00:00+09:00'),
    (8, 'Order', '99', 'orphan', '2026-01-01 12:00:00+09:00'),
    (9, 'Ghost', '2', 'unknown', '2026-01-01 12:00:00+09:00'), (10, null, '2', 'none', '2024-01-01 12:00:00+09:00'),
    (11, 'Member', null, 'none', '2026-01-01 12:00:00+09:00'),
    (12, 'Member', '02', 'no key', '2026-01-01 12:00:00+09:00'),
    (13, 'Member', 'two', 'no key', '2024-01-01 12:00:00+09:00'),
    (14, 'member', '2', 'kind', '2026-01-01 12:00:00+09:00'),
    (15, 'Member', '1234567890123456789', 'far', '2026-01-01 12:00:00+09:00'),
    (16, 'Member', '99999999999999999999', 'further', '2024-01-01 12:00:00+09:00'),
    (17, 'Ghost', '3', 'not hers', '2024-01-01 12:00:00+09:00'),
    (18, 'Product', '1', 'a picture', '2020-01-01 12:00:00+09:00'),
    (19, 'Product', null, 'one', '2020-01-01 12:00:00+09:00'),
    (20, 'Guest', 'Guest@X.example', 'stays', '2026-01-01 12:00:00+09:00'),
    (21, 'Guest', 'guest@x.example', 'old', '2024-01-01 12:00:00+09:00'),
    (22, 'Guest', 'Other@x.example', 'held', '2024-01-01 12:00:00+09:00'),
    (23, 'Guest', null, 'of nobody', '2024-01-01 12:00:00+09:00'),
    (24, 'Ghost', 'Other@x.example', 'not theirs', '2024-01-01 12:00:00+09:00');
insert into accounts values
    ('seoul', 1, 'a@x.example', '2026-03-01 12:00:00+09:00'), ('seoul', 2, 'b@x.example', null),
    ('busan', 1, 'c@x.example', null), ('busan', 2, 'd@x.example', '2026-03-01 12:00:00+09:00');
insert into notes values
    (1, 1, 'seoul', 'left', '2026-01-01 12:00:00+09:00'), (2, 1, 'busan', 'stays', '2026-01-01 12:00:00+09:00'),
    (3, 2, 'busan', 'held', '2024-01-01 12:00:00+09:00'), (4, 9, 'busan', 'orphan', '2026-01-01 12:00:00+09:00'),
    (5, 2, 'seoul', 'old', '2024-01-01 12:00:00+09:00');
insert into writers values
    (1, 'kim', 'k@x.example', '2026-03-01 12:00:00+09:00'), (2, 'Kim', 'l@x.example', null),
    (3, 'lee', 'm@x.example', '2026-03-01 12:00:00+09:00');
insert into posts values
    (1, 'kim', 'left', '2026-01-01 12:00:00+09:00'), (2, 'Kim', 'stays', '2026-01-01 12:00:00+09:00'),
    (3, 'han', 'orphan', '2026-01-01 12:00:00+09:00'), (4, 'Kim', 'old', '2024-01-01 12:00:00+09:00');
"""

_TAGGED = "tag(gone-{tag}@invalid.example)"
_CONTENT = {"facts": {"recorded": "at"}, "processing": ["content"], "columns": {"body": "content"}}
MAP: dict[str, Any] = {
    "jikim": 1,
    "service": "shapes",
    "stores": {
        "app": {"url": "env:A", "zone": "Asia/Seoul", "times": "utc"},
        "archive": {"url": "env:B"},
    },
    "subjects": {
        "member": {"table": "members", "key": "id", "facts": {"membership ended": "left_at"}},
        "holder": {"table": "accounts", "key": ["number", "site"], "facts": {"membership ended": "left_at"}},
        "writer": {"table": "writers", "key": "handle", "facts": {"membership ended": "left_at"}},
    },
    "inline": {"guest": {"match": "any-case"}},
    "tables": {
        "members": {"processing": ["membership"], "columns": {"email": {"item": "email", "mask": _TAGGED}}},
        "accounts": {"processing": ["membership"], "columns": {"email": {"item": "email", "mask": _TAGGED}}},
        "writers": {"processing": ["membership"], "columns": {"email": {"item": "email", "mask": _TAGGED}}},
        "orders": {
            "owner": [{"member": "member_id"}, {"guest": "guest_email"}],
            "orphans": "date-from(completed_at)",
            "processing": ["purchase"],
            "records": ["contracts"],
            "facts": {"contract completed": "completed_at"},
            "columns": {
                "what": {"item": "order-history", "mask": "fixed(-)"},
                "guest_email": {"item": "email", "mask": _TAGGED},
            },
        },
        "lines": {
            "owner": {"orders": "order_id"},
            "orphans": "destroy",
            "processing": ["purchase"],
            "records": ["contracts"],
            "facts": {"contract completed": "order_id.completed_at"},
            "columns": {"wish": {"item": "order-history", "mask": "fixed(-)"}},
        },
        "attachments": {
            "owner": [
                {"to": "no", "columns": "owner_id", "when": {"owner_type": "Product"}},
                {
                    "polymorphic": {
                        "type": "owner_type",
                        "id": "owner_id",
                        "Member": "member",
                        "Order": "orders",
                    }
                },
                {"to": "guest", "columns": "owner_id", "when": {"owner_type": "Guest"}},
            ],
            "orphans": "date-from(at)",
            **_CONTENT,
        },
        "notes": {"owner": {"holder": ["number", "site"]}, "orphans": "destroy", **_CONTENT},
        "posts": {"owner": {"writer": "handle"}, "orphans": "destroy", **_CONTENT},
    },
}
APRIL = seoul(2026, 4, 1)


def promise(datamap: dict[str, Any] = MAP) -> Promise:
    """The promise, with this map."""
    return promise_of(POLICY.encode(), yaml.safe_dump(datamap, allow_unicode=True).encode())


def mapped(**tables: Any) -> dict[str, Any]:
    """The map with some tables put instead; None takes one out."""
    kept = {**MAP["tables"], **tables}
    return {**MAP, "tables": {name: table for name, table in kept.items() if table is not None}}
