"""Shapes that PostgreSQL has: schemas, partitions, foreign keys of every kind, types of keys. Each is swept as the
memory model means, or refused with its remedy."""

from typing import Any

import pytest
from tests.agreement import counted, swept
from tests.keeping import Kept, as_role, audit_of, seoul
from tests.servers import fresh_database
from tests.shapes import APRIL, MAP, POLICY
from tests.shop import errors, shop

from jikim.backends.base import Run
from jikim.evidence.stage import Stage
from jikim.operations.explain_rows import explain_person
from jikim.operations.plan_sweep import bound
from jikim.postgres import Server

MEMBERS = """
    create table members (id bigint primary key, email text not null, left_at timestamptz);
    insert into members values
        (1, 'one@x.example', '2026-03-01 12:00+09'), (2, 'two@x.example', null),
        (3, 'three@x.example', '2026-03-02+09');
"""
CONTENT = {
    "owner": {"member": "member_id"},
    "processing": ["content"],
    "facts": {"recorded": "at"},
    "columns": {"body": "content"},
}
ORDERS = {
    "owner": {"member": "member_id"},
    "processing": ["purchase"],
    "records": ["contracts"],
    "facts": {"contract completed": "completed_at"},
    "columns": {"what": {"item": "order-history", "mask": "fixed(-)"}},
}


def of_members(**tables: Any) -> dict[str, Any]:
    """A map of members and of these tables."""
    member = {"member": MAP["subjects"]["member"]}
    return {**MAP, "subjects": member, "tables": {"members": MAP["tables"]["members"], **tables}}


def made(url: str, tables: str, datamap: dict[str, Any]) -> Any:
    return shop(url, tables=tables, datamap=datamap, policy=POLICY.encode())


def ids(kept: Kept, table: str) -> list[Any]:
    return [row["id"] for row in kept.execute(f"select id from {table} order by id")]


ELSEWHERE = (
    MEMBERS
    + """
    create schema audit; create schema "o.d";
    create table audit.members (
        id bigint primary key, member_id bigint not null references members on delete cascade, body text,
        at timestamptz not null);
    create table audit.orders (
        id bigint primary key, member_id bigint not null references members, what text not null,
        completed_at timestamptz);
    create table "a.b" (like audit.members including all);
    create table "o.d"."x.""y" (like audit.members including all);
    create table audit.kinds (id int primary key);
    insert into audit.members values (1, 1, 'a', '2026-01-01+09'), (2, 2, 'b', '2026-01-01+09');
    insert into "a.b" select * from audit.members;
    insert into "o.d"."x.""y" select * from audit.members;
    insert into audit.orders values (1, 1, 'bread', '2026-02-01+09'), (2, 2, 'milk', null);
"""
)
IN_SCHEMAS = of_members(
    **{
        "audit.members": CONTENT,
        "audit.orders": ORDERS,
        "audit.kinds": {"personal": False},
        '"a.b"': CONTENT,
        '"o.d"."x.""y"': CONTENT,
    }
)


def test_tables_of_several_schemas_are_one_service(empty_database: str) -> None:
    """Names with dots among them; foreign keys between schemas are edges, and `prepare` gives the rights."""
    with made(empty_database, ELSEWHERE, IN_SCHEMAS) as kept:
        _, schema, findings = bound(kept.store, kept.promise, as_of=APRIL)
        assert set(schema.tables) == set(IN_SCHEMAS["tables"])
        [cascade] = [f for f in findings if f.code == "cascade"]
        assert 'ALTER TABLE "audit"."members"' in cascade.fix
        assert 'REFERENCES "public"."members"' in cascade.fix
        kept.execute(cascade.fix)
        audited = audit_of(kept, as_of=APRIL).tables
        for table, states in counted(kept, APRIL).items():
            assert {state: audited[table][state] for state in states} == states
        model = swept(kept, APRIL)
        driven = {
            each.table: each.reason
            for each in kept.store.drive(
                Stage.VACUUMED,
                ["audit.members", '"a.b"', "audit.orders"],
                admin=as_role(kept.url, "postgres"),
            )
        }
        assert driven == {"audit.members": "", '"a.b"': "", "audit.orders": ""}
        assert [ids(kept, t) for t in ("audit.members", '"a.b"', '"o.d"."x.""y"', "audit.orders")] == [
            [2]
        ] * 4
        assert ids(kept, "members") == [2]
        assert list(model.archive) == [("audit.orders", "contracts", (1,))]


def test_an_administrator_is_told_the_rights_in_other_schemas(empty_database_18: str) -> None:
    """To read them, and to sweep what is about people; nothing else there."""
    with made(empty_database_18, ELSEWHERE, IN_SCHEMAS) as kept:
        said = [s for s in kept.store.administration(None) if "audit" in s or "o.d" in s]
        assert said == [
            'grant usage on schema "audit" to "plask_sweeper"',
            'grant select, update, delete on "audit"."members" to "plask_sweeper"',
            'grant select, update, delete on "audit"."orders" to "plask_sweeper"',
            'grant usage on schema "o.d" to "plask_sweeper"',
            'grant select, update, delete on "o.d"."x.""y" to "plask_sweeper"',
        ]
        kept.execute("revoke all on audit.orders from plask_sweeper")
        blocked = kept.plan(APRIL).plan.blocked["audit.orders"]
        assert 'GRANT SELECT, UPDATE, DELETE ON "audit"."orders" TO "plask_sweeper"' in blocked


def test_a_schema_that_the_map_names_is_looked_at_as_a_whole(empty_database_18: str) -> None:
    """What nobody mapped there is told, and what lies in a schema that it does not name is outside still."""
    outside = "create schema other; create table other.t (id int primary key, m bigint references members);"
    named = {name: table for name, table in IN_SCHEMAS["tables"].items() if name != "audit.orders"}
    with made(empty_database_18, ELSEWHERE + outside, {**IN_SCHEMAS, "tables": named}) as kept:
        assert sorted(errors(kept)) == ["outside", "unmapped-table"]
        assert set(kept.plan(APRIL).plan.blocked) == {"audit.orders", "members"}


PARTED = (
    MEMBERS
    + """
    create table visits (
        id bigint generated always as identity, member_id bigint not null references members, kind text not null,
        body text, at timestamptz not null, primary key (id, at, kind)) partition by range (at);
    create table visits_2024 partition of visits for values from ('2024-01-01+09') to ('2025-01-01+09');
    create table visits_2026 partition of visits for values from ('2026-01-01+09') to ('2027-01-01+09')
        partition by list (kind);
    create table visits_2026_a partition of visits_2026 for values in ('a');
    create table visits_2026_else partition of visits_2026 default;
    create table other_order (
        at timestamptz not null, body text, kind text not null, gone int, id bigint not null, member_id bigint not null,
        primary key (id, at, kind));
    alter table other_order drop gone;
    alter table visits attach partition other_order default;
    create index on visits (member_id);
    insert into visits (member_id, kind, body, at) values
        (1, 'a', 'v1', '2026-01-01 12:00+09'), (1, 'b', 'v2', '2026-01-01 12:00+09'),
        (2, 'a', 'v3', '2026-01-01 12:00+09'),
        (2, 'b', 'v4', '2024-05-01+09'), (2, 'a', 'v5', '2024-05-01+09'), (2, 'z', 'v6', '2020-05-01+09'),
        (1, 'a', 'v7', '2027-05-01+09'), (3, 'c', 'v8', '2024-05-01+09'), (2, 'c', 'v9', '2027-05-01+09');
"""
)


def test_a_sweep_of_a_partitioned_table_is_one_of_its_partitions(empty_database: str) -> None:
    """Ranges, lists, defaults and partitions of partitions; a batch of one row changes one row, though every partition
    has one at the same place."""
    visits = {**CONTENT, "columns": {"body": "content", "kind": "no"}}
    with made(empty_database, PARTED, of_members(visits=visits)) as kept:
        assert errors(kept) == []
        [row] = kept.execute("select count(distinct ctid) as places, count(*) as rows from visits")
        assert row["places"] < row["rows"]
        audited = audit_of(kept, as_of=APRIL).tables["visits"]
        states = counted(kept, APRIL)["visits"]
        assert {state: audited[state] for state in states} == states
        plan = kept.plan(APRIL).plan
        [step] = [s for s in plan.steps if s.id == "visits/destroy"]
        batch = kept.store.batch(step, run=Run("one", plan, plan.digests["policy"]), number=0, size=1)
        assert (batch.found, batch.changed) == (1, 1)
        assert kept.execute("select count(*) as left from visits") == [{"left": row["rows"] - 1}]
        assert kept.sweep(APRIL).complete
        assert [row["body"] for row in kept.execute("select body from visits order by 1")] == ["v3", "v9"]


def test_what_one_partition_has_of_its_own_is_told_of_the_whole(empty_database_18: str) -> None:
    """Its triggers, checks and foreign keys, and who points to it alone; a table parted by an expression cannot have a
    key, and one without a key is told one that it can have."""
    more = """
        create function keep() returns trigger language plpgsql as 'begin return old; end';
        create trigger keeps before delete on visits_2024 for each row execute function keep();
        create trigger everywhere before delete on visits for each row execute function keep();
        alter table visits_2026_a add constraint short check (length(body) < 99);
        create table marks (id int primary key);
        alter table visits add mark int;
        alter table visits_2024 add constraint marked foreign key (mark) references marks;
        create table pins (id int primary key, visit bigint, at timestamptz, kind text,
            foreign key (visit, at, kind) references visits_2024 (id, at, kind));
        create table keyless (member_id bigint, at date) partition by range (at);
        create table unkeyable (member_id bigint, at date) partition by range (date_part('year', at));
    """
    with made(empty_database_18, PARTED + more, of_members()) as kept:
        visits = kept.store.reflect().tables["visits"]
        assert (visits.keepers, [check.name for check in visits.checks]) == (
            ("everywhere", "keeps"),
            ["short"],
        )
        assert [(k.columns, k.to_table, k.valid) for k in visits.foreign_keys] == [
            (("mark",), "marks", False),
            (("member_id",), "members", True),
        ]
        assert visits.parted_by == ("at", "kind")
        pins = kept.store.reflect().tables["pins"]
        assert [k.to_table for k in pins.foreign_keys] == ["visits"]
        datamap = of_members(**dict.fromkeys(("keyless", "unkeyable"), CONTENT))
    with made(empty_database_18, "", datamap) as kept:
        fixes = {f.path[1]: f.fix for f in kept.plan(APRIL).findings if f.code == "no-key"}
        kept.execute(fixes["keyless"])
        assert kept.store.reflect().tables["keyless"].primary_key == ("at", "jikim_id")
        assert "part it by a column" in fixes["unkeyable"]


ACTIONS = (
    MEMBERS
    + """
    create table a (id bigint primary key, member_id bigint references members on delete set null, body text,
        at timestamptz not null);
    create table b (id bigint primary key, member_id bigint not null default 2 references members on delete set default,
        body text, at timestamptz not null);
    create table c (id bigint primary key, member_id bigint not null references members on delete restrict, body text,
        at timestamptz not null);
    create table d (id bigint generated by default as identity primary key,
        member_id bigint not null references members deferrable initially deferred,
        up bigint references d on delete cascade,
        body text, folded text generated always as (lower(body)) stored, at timestamptz not null);
    insert into a values (1, 1, 'x', '2026-01-01+09'), (2, 2, 'x', '2026-01-01+09'), (3, 1, 'x', '2026-03-03+09');
    insert into b values (1, 1, 'x', '2026-01-01+09'), (2, 2, 'x', '2026-01-01+09');
    insert into c values (1, 1, 'x', '2026-01-01+09'), (2, 2, 'x', '2024-01-01+09');
    insert into d (id, member_id, up, body, at) values
        (1, 1, null, 'X', '2026-01-01+09'), (2, 2, null, 'X', '2024-01-01+09'), (3, 2, 2, 'Y', '2026-01-01+09'),
        (4, 1, 1, 'X', '2026-01-01+09');
"""
)


def test_no_action_of_a_foreign_key_ever_runs(empty_database: str) -> None:
    """SET NULL, SET DEFAULT, RESTRICT, CASCADE and what is checked at the end alike: what points to a row goes before
    it, or it stays; a generated column follows the one it is made of."""
    up = {
        **CONTENT,
        "references": {"up": "d"},
        "columns": {"body": {"item": "content", "mask": "fixed(-)"}, "folded": "no"},
    }
    some = {**CONTENT, "orphans": "destroy"}
    with made(empty_database, ACTIONS, of_members(a=some, b=CONTENT, c=CONTENT, d=up)) as kept:
        assert errors(kept) == []
        swept(kept, APRIL)
        assert [ids(kept, t) for t in "abcd"] == [[2], [2], [], [2, 3]]
        assert kept.execute("select body, folded from d where id = 2") == [{"body": "-", "folded": "-"}]
        assert ids(kept, "members") == [2]


KEYS = {
    "uuid": ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1' || n"),
    "bytea": ("bytea", "'\\x6a0' || n"),
    "numeric": ("numeric", "n || '.50'"),
    "small": ("numeric(20,12)", "'0.00000000000' || n"),
    "padded": ("char(6)", "'k' || n"),
    "varying": ("varchar(9)", "'k ' || n || ' '"),
    "state": ("state", "'s' || n"),
    "code": ("code", "'c' || n"),
    "positive": ("positive", "n"),
    "day": ("date", "'2026-01-0' || n"),
    "instant": ("timestamptz", "'2026-01-01 12:00:00.5' || n || '+09'"),
    "whole": ("timestamptz(0)", "'2026-01-01 12:00:0' || n || '+09'"),
    "naive": ("timestamp", "'2026-01-01 12:00:00.25000' || n"),
    "address": ("inet", "'192.0.2.' || n"),
    "interface": ("inet", "'192.0.2.' || n || '/24'"),
    "network": ("cidr", "'192.0.' || n || '.0/24'"),
    "truth": ("boolean", "n = 1"),
    "insensitive": ("citext", "'Key' || n"),
}
TYPED = (
    MEMBERS
    + """
    create extension citext;
    create type state as enum ('s1', 's2', 's3'); create domain code as varchar(8) check (value <> '');
    create domain positive as int not null check (value > 0); create domain inner_code as code;
"""
)


def test_keys_of_every_type_are_spelled_alike_by_all(empty_database: str) -> None:
    """The archive's keys, receipts and masks are those of the memory model, whatever the key's type."""
    tables, datamap = TYPED, {}
    for name, (kind, value) in KEYS.items():
        tables += f"""
            create table t_{name} (
                k {kind} primary key, member_id bigint not null, what text not null, completed_at timestamptz);
            insert into t_{name} select ({value})::{kind}, n, 'bread', '2026-02-01+09' from generate_series(1, 2) n;
        """
        tagged = {**ORDERS, "columns": {"what": {"item": "order-history", "mask": "tag({tag})"}}}
        datamap[f"t_{name}"] = {**tagged, "orphans": "destroy"}
    with made(empty_database, tables, of_members(**datamap)) as kept:
        kept.execute("alter role plask_sweeper set datestyle = 'SQL, DMY'")
        kept.store.sweeper.dispose()
        try:
            assert errors(kept) == []
            model = swept(kept, APRIL)
        finally:
            kept.execute("alter role plask_sweeper reset datestyle")
        assert len(model.archive) == 2 * len(KEYS)


PEOPLE = """
    create domain inner_code as varchar(8); create domain code as inner_code not null;
    create table a (id char(6) primary key, email text not null, left_at timestamptz);
    create table b (id timestamptz primary key, email text not null, left_at timestamptz);
    create table c (id code primary key, email text not null, left_at timestamptz);
    create table x (id int primary key, a char(8) not null, body text, at timestamptz not null);
    create table y (id int primary key, b timestamptz not null references b, body text, at timestamptz not null);
    create table z (id int primary key, kind char(9) not null, c text, body text, at timestamptz not null);
    insert into a values ('a1', 'e', '2026-03-01+09'), ('a2', 'e', null), ('a3', 'e', '2026-03-01+09');
    insert into b values ('2026-01-01 12:00:00.5+09', 'e', '2026-03-01+09'), ('2026-01-02+09', 'e', null);
    insert into c values ('c1', 'e', '2026-03-01+09'), ('c2', 'e', null);
    insert into x values (1, 'a1', 't', '2026-01-01+09'), (2, 'a2', 't', '2026-01-01+09'),
        (3, 'a3', 't', '2026-01-01+09');
    insert into y values (1, '2026-01-01 12:00:00.5+09', 't', '2026-01-01+09'),
        (2, '2026-01-02+09', 't', '2026-01-01+09');
    insert into z values (1, 'kind', 'c1', 't', '2026-01-01+09'), (2, 'kind', 'c2', 't', '2026-01-01+09'),
        (3, 'other', 'c2', 't', '2024-01-01+09'), (4, 'kind', null, 't', '2024-01-01+09');
"""


def test_people_are_named_by_keys_of_any_type(empty_database: str) -> None:
    """By a padded text, by an instant, by a domain: holds and explanations know them by the text of the key, and a
    column that tells the kind may be padded, too."""
    subjects = {
        kind: {"table": table, "key": "id", "facts": {"membership ended": "left_at"}}
        for kind, table in (("member", "a"), ("holder", "b"), ("writer", "c"))
    }
    by_kind = {"polymorphic": {"type": "kind", "id": "c", "kind": "writer"}}
    datamap = {
        **MAP,
        "subjects": subjects,
        "tables": {
            **dict.fromkeys("abc", MAP["tables"]["members"]),
            "x": {**CONTENT, "owner": {"member": "a"}},
            "y": {**CONTENT, "owner": {"holder": "b"}},
            "z": {**CONTENT, "owner": by_kind, "orphans": "destroy"},
        },
    }
    with made(empty_database, PEOPLE, datamap) as kept:
        assert errors(kept) == []
        asked = {"member": ("a1",), "holder": ("2026-01-01 03:00:00.5+00",), "writer": ("c1",)}
        schedules = kept.plan(APRIL).schedules
        for kind, key in asked.items():
            rows = explain_person(kept.store, schedules, subject=kind, key=key, as_of=APRIL)
            assert sorted(row.facts.key[0] for row in rows) == sorted(["1", *key])
        kept.execute(
            "insert into jikim.fact (id, kind, name, subject_kind, subject_key, placed_at) values"
            " ('1', 'hold', 'case', 'member', '{a3}', now())"
        )
        states = counted(kept, APRIL)
        told = audit_of(kept, as_of=APRIL).tables
        assert {t: {s: told[t][s] for s in found} for t, found in states.items()} == states
        swept(kept, APRIL)
        assert [ids(kept, table) for table in "xyz"] == [[2, 3], [2], [2]]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("id double precision primary key, member_id bigint not null", "`t.id` is `double precision`"),
        ("id text[] primary key, member_id bigint not null", "`t.id` is `text[]`"),
        ("id jsonb primary key, member_id bigint not null", "`t.id` is `jsonb`"),
        ("id pair primary key, member_id bigint not null", "`t.id` is `pair`"),
        ("member_id bigint not null", "has no primary key"),
    ],
)
def test_a_table_whose_rows_cannot_be_named_is_refused(empty_database_18: str, table: str, told: str) -> None:
    """With the remedy; the rest of the promise is kept."""
    made_of = (
        f"create type pair as (a int, b int); create table t ({table}, body text, at timestamptz not null);"
    )
    with made(empty_database_18, MEMBERS + made_of, of_members(t={**CONTENT, "orphans": "destroy"})) as kept:
        [finding] = [f for f in kept.plan(APRIL).findings if f.severity.name == "ERROR" and f.code != "waits"]
        assert told in finding.message
        assert finding.fix


CITEXT = "create extension citext; create domain word as citext;"
UNLIKE = """
    create collation unlike (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create domain word as text collate unlike;
"""


@pytest.mark.parametrize("word", [CITEXT, UNLIKE], ids=["citext", "collation"])
def test_an_edge_of_texts_that_the_store_takes_for_equal_is_refused(pg15: Server, word: str) -> None:
    """A type or a collation for which `kim` is `Kim`: the remedy can be run, and mends it. Classes are exact."""
    tables = f"""
        {word}
        create table writers (id word primary key, email text not null, left_at timestamptz);
        create table posts (
            id int primary key, writer text not null, body text, at timestamptz not null, state word not null,
            before timestamptz not null default '2020-01-01');
        insert into writers values ('Kim', 'e', '2026-03-01+09');
        insert into posts values (1, 'kim', 't', '2026-01-01+09', 'up'), (2, 'Kim', 't', '2026-01-01+09', 'up'),
            (3, 'Kim', 't', '2026-01-01+09', 'UP');
    """
    writer = {"writer": {"table": "writers", "key": "id", "facts": {"membership ended": "left_at"}}}
    up = {"where": {"state": "up"}, "processing": ["content"]}
    columns = {**CONTENT["columns"], "state": "no"}
    posts = {
        "owner": {"writer": "writer"},
        "orphans": "destroy",
        "facts": CONTENT["facts"],
        "columns": columns,
    }
    posts["rows"] = {"high": up, "low": {"processing": [{"content": {"recorded": "before"}}]}}
    datamap = {**MAP, "subjects": writer, "tables": {"writers": MAP["tables"]["members"], "posts": posts}}
    with fresh_database(pg15) as url, made(url, tables, datamap) as kept:
        [finding] = [f for f in kept.plan(APRIL).findings if f.code == "key-type"]
        kept.execute(finding.fix)
        assert errors(kept) == []
        assert counted(kept, seoul(2026, 1, 2))["posts"]["due"] == 2


def test_copies_are_told_apart_by_the_length_of_their_keys_and_then_by_their_texts(
    empty_database_18: str,
) -> None:
    """Also in an archive whose index had the texts alone: preparing makes the other, and drops that one."""
    with shop(empty_database_18) as kept:
        table = "kept_by_law.orders__contracts"
        kept.execute(
            f'create unique index orders__contracts__jikim_key_1 on {table} ((jikim_key[1] collate "C"))'
            " where cardinality(jikim_key) = 1"
        )
        kept.store.archive.prepare(*kept.store._bound())
        [index] = kept.execute(
            "select pg_get_indexdef(indexrelid) as says from pg_index"
            f" where indisunique and indrelid = '{table}'::regclass"
        )
        assert '(octet_length(jikim_key[1]), (jikim_key[1]) COLLATE "C")' in index["says"]


@pytest.mark.parametrize("parts", [17, 31, 32])
def test_rows_may_have_keys_of_as_many_parts_as_an_index_has_columns(
    empty_database_18: str, parts: int
) -> None:
    """With the most, there is no room for the length of the first."""
    names = [f"k{n}" for n in range(parts)]
    tables = f"""{MEMBERS}
        create table orders (
            {", ".join(f"{name} int not null" for name in names)}, member_id bigint not null references members,
            what text not null, completed_at timestamptz, primary key ({", ".join(names)}));
        insert into orders select {", ".join(["7"] * parts)}, 1, 'tea', '2026-02-01+09';
    """
    orders = {**ORDERS, "columns": {**ORDERS["columns"], **dict.fromkeys(names, "no")}}
    with made(empty_database_18, tables, of_members(orders=orders)) as kept:
        assert errors(kept) == []
        assert kept.sweep(APRIL).complete
        assert [key for *_, key in kept.archive(APRIL)] == [("7",) * parts]
