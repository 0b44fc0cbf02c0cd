"""Reads the shape of live PostgreSQL schemas from their catalogue: names and types, never a row. Effectful.

A partitioned table stands for its partitions: what one of them has of its own (a trigger, a check, a foreign key)
is told of the whole. A column of a domain is told by the type it is a domain of.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

import sqlalchemy as sa

from jikim.datamap.schema import Check, Column, Derived, ForeignKey, Outsider, Schema, Table
from jikim.datamap.tablename import written

_TABLES = sa.text("""
    select c.oid, n.nspname as schema, c.relname as name, c.relrowsecurity as row_security, c.relkind = 'p' as parted,
           case c.relkind when 'p' then (
               select coalesce(sum(greatest(l.reltuples, 0)), 0)
               from pg_partition_tree(c.oid) t join pg_class l on l.oid = t.relid where t.isleaf)
           else greatest(c.reltuples, 0) end::bigint as rows,
           case c.relkind when 'p' then array(
               select distinct coalesce(a.attname::text, '')
               from pg_partition_tree(c.oid) t join pg_partitioned_table p on p.partrelid = t.relid
               cross join unnest(p.partattrs::int[]) u(num)
               left join pg_attribute a on a.attrelid = p.partrelid and a.attnum = u.num order by 1)
           end as parted_by
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = any(:schemas) and c.relkind in ('r', 'p') and not c.relispartition
    order by n.nspname, c.relname
""")

_COLUMNS = sa.text("""
    with recursive domains (domain, base, mod, filled) as (
        select oid, typbasetype, typtypmod, typnotnull from pg_type where typtype = 'd'
        union all
        select d.domain, t.typbasetype, t.typtypmod, d.filled or t.typnotnull
        from domains d join pg_type t on t.oid = d.base where t.typtype = 'd'
    )
    select a.attrelid as oid, a.attname as name,
           format_type(t.oid, coalesce(d.mod, a.atttypmod)) as type,
           (not a.attnotnull or exists (
               select from pg_constraint n -- since 18 rows may be there that were never looked at
               where n.conrelid = a.attrelid and n.contype = 'n' and not n.convalidated and a.attnum = any (n.conkey)
           )) and not coalesce(d.filled, false) as nullable, a.attgenerated <> '' as generated,
           array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid
                 order by e.enumsortorder) as labels,
           t.typnamespace <> 'pg_catalog'::regnamespace as made,
           t.typname = 'citext' or not coalesce(l.collisdeterministic, true) as fuzzy
    from pg_attribute a
    left join domains d on d.domain = a.atttypid and not exists (
        select from pg_type b where b.oid = d.base and b.typtype = 'd')
    join pg_type t on t.oid = coalesce(d.base, a.atttypid)
    left join pg_collation l on l.oid = a.attcollation
    where a.attrelid = any(:oids) and a.attnum > 0 and not a.attisdropped
    order by a.attrelid, a.attnum
""")

# A key of one partition alone names no row of the others, and its foreign keys answer for its own rows only.
_CONSTRAINTS = sa.text("""
    select w.whole as oid, k.contype as kind, k.conname as name, n.nspname as to_schema, r.relname as to_table,
           k.confdeltype as on_delete, k.convalidated and k.conrelid = w.whole as valid,
           case k.contype when 'c' then pg_get_constraintdef(k.oid) end as words,
           array(select a.attname::text from unnest(k.conkey) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.i) as columns,
           array(select a.attname::text from unnest(k.confkey) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num
                 order by u.i) as to_columns
    from pg_constraint k
    cross join lateral (select coalesce(pg_partition_root(k.conrelid), k.conrelid)::oid) w (whole)
    left join pg_class r on r.oid = coalesce(pg_partition_root(k.confrelid), k.confrelid)
    left join pg_namespace n on n.oid = r.relnamespace
    where w.whole = any(:oids) and k.conparentid = 0 and (
        k.contype = 'f' or k.contype in ('p', 'u') and k.conrelid = w.whole or k.contype = 'c' and k.conislocal)
    union all -- what a domain checks
    select a.attrelid, 'c', k.conname, null, null, null, true, pg_get_constraintdef(k.oid), array[a.attname::text], null
    from pg_attribute a join pg_constraint k on k.contypid = a.atttypid and k.contype = 'c'
    where a.attrelid = any(:oids) and a.attnum > 0 and not a.attisdropped
    order by 3
""")

# An index answers for the columns before its first expression; one that leaves rows out answers for none,
# unless it leaves out only those whose first column is NULL.
_INDEXES = sa.text("""
    select x.indrelid as oid, x.indisunique and x.indpred is null and 0 <> all(x.indkey::int[]) as unique,
           array(select a.attname::text
                 from unnest(x.indkey::int[]) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = x.indrelid and a.attnum = u.num
                 where u.i <= x.indnkeyatts and 0 <> all((x.indkey::int[])[0:u.i - 1])
                 order by u.i) as columns
    from pg_index x
    join pg_class c on c.oid = x.indexrelid
    join pg_am m on m.oid = c.relam and m.amname = 'btree'
    left join pg_attribute f on f.attrelid = x.indrelid and f.attnum = (x.indkey::int[])[0]
    where x.indrelid = any(:oids) and x.indisvalid and not x.indisprimary
        and (x.indpred is null or pg_get_expr(x.indpred, x.indrelid) = format('(%I IS NOT NULL)', f.attname))
    order by x.indexrelid
""")

_OUTSIDERS = sa.text("""
    select w.whole as oid, n.nspname as schema, c.relname as table, k.conname as name, k.confdeltype as on_delete,
           array(select a.attname::text from unnest(k.conkey) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.i) as columns
    from pg_constraint k
    cross join lateral (select coalesce(pg_partition_root(k.confrelid), k.confrelid)::oid) w (whole)
    join pg_class c on c.oid = coalesce(pg_partition_root(k.conrelid), k.conrelid)
    join pg_namespace n on n.oid = c.relnamespace
    where w.whole = any(:oids) and k.contype = 'f' and k.conparentid = 0 and c.oid <> all(:oids)
    order by n.nspname, c.relname, k.conname
""")

_TRIGGERS = sa.text("""
    select w.whole as oid, t.tgname as name,
           t.tgtype & 11 = 11 as keeps, -- row, before, delete
           t.tgtype & 19 = 19 as changes, -- row, before, update
           t.tgtype & 66 = 0 and t.tgtype & 24 <> 0 as copies -- neither before nor instead; delete or update
    from pg_trigger t
    cross join lateral (select coalesce(pg_partition_root(t.tgrelid), t.tgrelid)::oid) w (whole)
    where w.whole = any(:oids) and not t.tgisinternal and t.tgenabled <> 'D' and t.tgparentid = 0
    union all -- rules on update (2) and delete (4)
    select r.ev_class, r.rulename, r.is_instead and r.ev_type = '4', r.is_instead and r.ev_type = '2', not r.is_instead
    from pg_rewrite r where r.ev_class = any(:oids) and r.ev_type in ('2', '4') and r.ev_enabled <> 'D'
    order by 2
""")

# A column read by name is known; that a whole row is read is known of its table alone.
_DERIVED = sa.text("""
    with recursive reads (view, deep, relation, num) as (
        select m.oid, 1, m.oid, 0 from pg_class m where m.relkind = 'm'
        union
        select r.view, r.deep + 1, d.refobjid, d.refobjsubid
        from reads r
        join pg_class v on v.oid = r.relation and v.relkind in ('v', 'm')
        join pg_rewrite w on w.ev_class = v.oid
        join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
            and d.refclassid = 'pg_class'::regclass and d.refobjid <> v.oid
    ), tables as (
        select r.view, t.oid, r.relation, r.num
        from reads r join pg_class t on t.oid = coalesce(pg_partition_root(r.relation), r.relation)
        where t.oid = any(:oids)
    )
    select v.relname as name, n.nspname as schema, s.nspname as to_schema, c.relname as to_table,
           array(select distinct a.attname::text from tables o
                 join pg_attribute a on a.attrelid = o.relation and a.attnum = o.num and o.num > 0
                 where o.view = t.view and o.oid = t.oid order by 1) as columns,
           exists (select from pg_index x where x.indrelid = v.oid and x.indisunique and x.indisvalid
                   and x.indpred is null and 0 <> all(x.indkey::int[])) as apart,
           array(select array[b.nspname::text, u.relname::text] from reads r
                 join pg_class u on u.oid = r.relation and u.relkind = 'm' and u.oid <> v.oid
                 join pg_namespace b on b.oid = u.relnamespace where r.view = v.oid order by 1) as upon,
           v.relispopulated as filled,
           (select max(r.deep) from reads r where r.view = v.oid) as deep
    from (select distinct view, oid from tables) t
    join pg_class v on v.oid = t.view join pg_namespace n on n.oid = v.relnamespace
    join pg_class c on c.oid = t.oid join pg_namespace s on s.oid = c.relnamespace
    order by deep, n.nspname, v.relname, s.nspname, c.relname
""")

_ON_DELETE = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


def reflect(connection: sa.Connection, *, tables_in: str, also: Iterable[str] = ()) -> Schema:
    """Every table of the service's schema, as values, and the materialised views that read them.

    :param also: other schemas whose tables are the service's, too.
    :raises sqlalchemy.exc.DBAPIError: the catalogue cannot be read.
    """
    schemas = {"schemas": [tables_in, *also]}
    tables = connection.execute(_TABLES, schemas).mappings().all()
    oids = {"oids": [t["oid"] for t in tables]}

    def by_table(query: sa.TextClause) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(query, oids).mappings():
            found[row["oid"]].append(row)
        return found

    parts = [by_table(query) for query in (_COLUMNS, _CONSTRAINTS, _INDEXES, _TRIGGERS, _OUTSIDERS)]
    read = [_table(t, *(part[t["oid"]] for part in parts), home=tables_in) for t in tables]
    derived = _derived(connection.execute(_DERIVED, oids).mappings().all(), home=tables_in)
    return Schema({table.name: table for table in read}, derived)


def _derived(rows: Sequence[Any], *, home: str) -> Mapping[str, Derived]:
    """Materialised views by name, in the order in which they can be refreshed."""
    reads: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    for row in rows:
        table = written(row["to_schema"], row["to_table"], home=home)
        reads[written(row["schema"], row["name"], home=home)][table] = tuple(row["columns"])
    named = {written(row["schema"], row["name"], home=home): row for row in rows}
    return {
        name: Derived(
            name,
            reads[name],
            upon=tuple(dict.fromkeys(written(*each, home=home) for each in row["upon"])),
            filled=row["filled"],
            apart=row["apart"],
            **_place(name, row, home),
        )
        for name, row in named.items()
    }


class _Place(TypedDict):
    lies_in: str
    called: str


def _place(name: str, row: Any, home: str) -> _Place:
    """Where it lies and what it is called there, as far as its name in the map does not tell."""
    return {
        "lies_in": "" if row["schema"] == home else row["schema"],
        "called": "" if row["name"] == name else row["name"],
    }


def _table(
    table: Any,
    columns: list[Any],
    constraints: list[Any],
    indexes: list[Any],
    triggers: list[Any],
    outsiders: list[Any],
    *,
    home: str,
) -> Table:
    keys = [k for k in constraints if k["kind"] == "p"]
    name = written(table["schema"], table["name"], home=home)
    return Table(
        name=name,
        columns={c["name"]: _column(c) for c in columns},
        primary_key=tuple(keys[0]["columns"]) if keys else (),
        unique=tuple(tuple(i["columns"]) for i in indexes if i["unique"]),
        foreign_keys=tuple(
            ForeignKey(
                tuple(k["columns"]),
                written(k["to_schema"], k["to_table"], home=home),
                tuple(k["to_columns"]),
                _ON_DELETE[k["on_delete"]],
                k["valid"],
                k["name"],
            )
            for k in constraints
            if k["kind"] == "f"
        ),
        indexes=tuple(tuple(i["columns"]) for i in indexes if i["columns"] and not i["unique"]),
        rows=table["rows"],
        triggers=tuple(t["name"] for t in triggers),
        keepers=tuple(t["name"] for t in triggers if t["keeps"]),
        changers=tuple(t["name"] for t in triggers if t["changes"]),
        copiers=tuple(t["name"] for t in triggers if t["copies"]),
        checks=tuple(
            Check(k["name"], tuple(k["columns"]), k["words"]) for k in constraints if k["kind"] == "c"
        ),
        outsiders=tuple(
            Outsider(o["schema"], o["table"], tuple(o["columns"]), _ON_DELETE[o["on_delete"]], o["name"])
            for o in outsiders
        ),
        row_security=table["row_security"],
        partitioned=table["parted"],
        parted_by=tuple(table["parted_by"] or ()),
        **_place(name, table, home),
    )


def _column(c: Any) -> Column:
    return Column(
        c["name"],
        c["type"],
        c["nullable"],
        c["generated"],
        tuple(c["labels"]),
        made=c["made"],
        fuzzy=c["fuzzy"],
    )
