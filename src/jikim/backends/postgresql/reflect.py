"""Reads the shape of a live PostgreSQL schema from its catalogue: names and types, never a row. Effectful."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from jikim.datamap.schema import Check, Column, ForeignKey, Outsider, Schema, Table

_TABLES = sa.text("""
    select c.oid, c.relname as name, greatest(c.reltuples, 0)::bigint as rows,
           c.relrowsecurity as row_security, c.relkind = 'p' as partitioned
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = :schema and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname
""")

_COLUMNS = sa.text("""
    select a.attrelid as oid, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
           not a.attnotnull as nullable, a.attgenerated <> '' as generated,
           array(select e.enumlabel::text from pg_enum e where e.enumtypid = a.atttypid
                 order by e.enumsortorder) as labels
    from pg_attribute a
    where a.attrelid = any(:oids) and a.attnum > 0 and not a.attisdropped
    order by a.attrelid, a.attnum
""")

_CONSTRAINTS = sa.text("""
    select k.conrelid as oid, k.contype as kind, k.conname as name, r.relname as to_table,
           k.confdeltype as on_delete, k.convalidated as valid,
           case k.contype when 'c' then pg_get_constraintdef(k.oid) end as words,
           array(select a.attname::text from unnest(k.conkey) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.i) as columns,
           array(select a.attname::text from unnest(k.confkey) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num
                 order by u.i) as to_columns
    from pg_constraint k left join pg_class r on r.oid = k.confrelid
    where k.conrelid = any(:oids) and k.contype in ('p', 'u', 'f', 'c') and k.conparentid = 0
    order by k.conname
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
    select k.confrelid as oid, n.nspname as schema, c.relname as table, k.conname as name, k.confdeltype as on_delete,
           array(select a.attname::text from unnest(k.conkey) with ordinality u(num, i)
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by u.i) as columns
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.confrelid = any(:oids) and k.contype = 'f' and k.conparentid = 0 and k.conrelid <> all(:oids)
    order by n.nspname, c.relname, k.conname
""")

_TRIGGERS = sa.text("""
    select t.tgrelid as oid, t.tgname as name,
           t.tgtype & 11 = 11 as keeps, -- row, before, delete
           t.tgtype & 19 = 19 as changes, -- row, before, update
           t.tgtype & 66 = 0 and t.tgtype & 24 <> 0 as copies -- neither before nor instead; delete or update
    from pg_trigger t
    where t.tgrelid = any(:oids) and not t.tgisinternal and t.tgenabled <> 'D'
    union all -- rules on update (2) and delete (4)
    select r.ev_class, r.rulename, r.is_instead and r.ev_type = '4', r.is_instead and r.ev_type = '2', not r.is_instead
    from pg_rewrite r where r.ev_class = any(:oids) and r.ev_type in ('2', '4') and r.ev_enabled <> 'D'
    order by 2
""")

_ON_DELETE = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


def reflect(connection: sa.Connection, *, tables_in: str) -> Schema:
    """Every table of one schema, as values.

    :raises sqlalchemy.exc.DBAPIError: the catalogue cannot be read.
    """
    tables = connection.execute(_TABLES, {"schema": tables_in}).mappings().all()
    oids = {"oids": [t["oid"] for t in tables]}

    def by_table(query: sa.TextClause) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in connection.execute(query, oids).mappings():
            found[row["oid"]].append(row)
        return found

    columns, constraints = by_table(_COLUMNS), by_table(_CONSTRAINTS)
    indexes, triggers, outsiders = by_table(_INDEXES), by_table(_TRIGGERS), by_table(_OUTSIDERS)
    return Schema(
        {
            t["name"]: _table(
                t,
                columns=columns[t["oid"]],
                constraints=constraints[t["oid"]],
                indexes=indexes[t["oid"]],
                triggers=triggers[t["oid"]],
                outsiders=outsiders[t["oid"]],
            )
            for t in tables
        }
    )


def _table(
    table: Any,
    *,
    columns: list[Any],
    constraints: list[Any],
    indexes: list[Any],
    triggers: list[Any],
    outsiders: list[Any],
) -> Table:
    keys = [k for k in constraints if k["kind"] == "p"]
    return Table(
        name=table["name"],
        columns={
            c["name"]: Column(c["name"], c["type"], c["nullable"], c["generated"], tuple(c["labels"]))
            for c in columns
        },
        primary_key=tuple(keys[0]["columns"]) if keys else (),
        unique=tuple(tuple(i["columns"]) for i in indexes if i["unique"]),
        foreign_keys=tuple(
            ForeignKey(
                tuple(k["columns"]),
                k["to_table"],
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
        partitioned=table["partitioned"],
    )
