"""Who can reach what: every way in which a role may come at the archive or at jikim's own schema. Effectful.

PostgreSQL gives rights in many ways: by grant to a role, to a role it may become, or to PUBLIC; by a column; by a
view or a function that runs as somebody else; by attributes that know no grants at all. A way that is not looked
for is a way in. Not looked into are functions that a superuser owns: those may do anything, and say so nowhere.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from jikim.backends.base import Way
from jikim.datamap.survey import quoted

JIKIM = "jikim"

_POWERFUL = (
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_execute_server_program",
)


PUBLIC = "public"
"""Every role together."""


def known(connection: sa.Connection, role: str) -> bool:
    """Whether the server has such a role.

    :raises sqlalchemy.exc.DBAPIError: a catalogue cannot be read.
    """
    return bool(_ask(connection, "select from pg_roles where rolname = :role", role=role))


def into_archive(connection: sa.Connection, *, role: str | None, archive_in: str) -> list[Way]:
    """How ``role`` can reach the archive, or everybody where none is named.

    A role that the archive's own server does not know cannot sign in there.

    :raises sqlalchemy.exc.DBAPIError: a catalogue cannot be read.
    """
    if role is None:
        return _doors(connection, PUBLIC, archive_in)
    if not known(connection, role):
        return []
    return [*_powers(connection, role, archive_in), *_doors(connection, role, archive_in)]


def into_books(connection: sa.Connection, *, role: str) -> list[Way]:
    """How ``role`` can reach jikim's own schema.

    :raises sqlalchemy.exc.DBAPIError: a catalogue cannot be read.
    """
    return _doors(connection, role, JIKIM) if known(connection, role) else []


def also_keeps(connection: sa.Connection, *, sweeper: str, keeper: str) -> Way | None:
    """How the role that sweeps is, or can become, the one that keeps the archive; None where it cannot.

    :raises sqlalchemy.exc.DBAPIError: a catalogue cannot be read.
    """
    if sweeper == keeper:
        return Way(f"`{sweeper}` both sweeps and keeps the archive", "give the keeper a role of its own")
    if not known(connection, keeper):
        return None
    if _superuser(connection, sweeper):
        return Way(
            f"`{sweeper}`, who sweeps, is a superuser", f"alter role {quoted(sweeper)} nosuperuser bypassrls"
        )
    member = (
        "select from pg_roles where rolname = :keeper and pg_has_role(cast(:sweeper as name), oid, 'MEMBER')"
    )
    if not _ask(connection, member, sweeper=sweeper, keeper=keeper):
        return None
    words = f"`{sweeper}`, who sweeps, may become `{keeper}`, who keeps the archive"
    return Way(words, f"revoke {quoted(keeper)} from {quoted(sweeper)}")


def sweepers(live: sa.Connection) -> list[str]:
    """Whoever sweeps a store that was prepared: each role that may write facts.

    :raises sqlalchemy.exc.DBAPIError: a catalogue cannot be read.
    """
    return [name for (name,) in _ask(live, _SWEEPERS)]


def keepers_among(archive: sa.Connection, sweepers: Sequence[str], *, archive_in: str) -> list[Way]:
    """How one of these roles is, or can become, one that owns the archive; a role that is not known here cannot.

    :raises sqlalchemy.exc.DBAPIError: a catalogue cannot be read.
    """
    keepers = [name for (name,) in _ask(archive, _KEEPERS, archive=archive_in)]
    here = [sweeper for sweeper in sweepers if known(archive, sweeper)]
    ways = (also_keeps(archive, sweeper=one, keeper=other) for one in here for other in keepers)
    return list(dict.fromkeys(way for way in ways if way))


_SWEEPERS = """
with fact as (
    select c.relowner as owner, a.grantee from pg_class c, lateral aclexplode(c.relacl) a
    where c.oid = to_regclass('jikim.fact') and a.privilege_type = 'INSERT'
), sweeper as (
    -- the owner may write anyway: it sweeps only where nobody else was given the right
    select grantee as oid from fact where grantee <> owner
    union select owner from fact where not exists (select from fact where grantee <> owner)
)
select rolname from sweeper join pg_roles using (oid) order by 1
"""

_KEEPERS = """
with keeper as (
    select nspowner as oid from pg_namespace where nspname = :archive
    union select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = :archive
)
select rolname from keeper join pg_roles using (oid) order by 1
"""


def _ask(connection: sa.Connection, query: str, **values: Any) -> list[Any]:
    return list(connection.execute(sa.text(query), values))


def _superuser(connection: sa.Connection, role: str) -> bool:
    return bool(_ask(connection, "select from pg_roles where rolname = :role and rolsuper", role=role))


def _powers(connection: sa.Connection, role: str, schema: str) -> list[Way]:
    """Ways that no grant on the schema is needed for."""
    if _superuser(connection, role):
        return [Way(f"`{role}` is a superuser", f"alter role {role} nosuperuser")]
    old = _ask(connection, "select current_setting('server_version_num')::int < 160000")[0][0]
    owners = {
        name
        for (name,) in _ask(
            connection,
            "select pg_get_userbyid(nspowner) from pg_namespace where nspname = :schema"
            " union select pg_get_userbyid(c.relowner) from pg_class c"
            " join pg_namespace n on n.oid = c.relnamespace where n.nspname = :schema",
            schema=schema,
        )
    }
    ways = []
    for name, is_super, bypass, creates in _ask(
        connection,
        "select rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles"
        " where pg_has_role(cast(:role as name), oid, 'MEMBER') order by rolname",
        role=role,
    ):
        itself = name == role
        who = f"`{role}`" if itself else f"`{role}` may become `{name}`, which"
        has = [
            (is_super, "is a superuser"),
            (bypass, "passes row security (BYPASSRLS)"),
            (creates and old, "creates roles (CREATEROLE), and before PostgreSQL 16 may so become any other"),
            (name in _POWERFUL, "reads or writes past every grant"),
            (name in owners, "owns the archive or a part of it"),
        ]
        end = f"alter role {role} nobypassrls nocreaterole" if itself else f"revoke {name} from {role}"
        ways += [Way(f"{who} {what}", end) for so, what in has if so]
    return ways


def _doors(connection: sa.Connection, role: str, schema: str) -> list[Way]:
    """Grants on the schema and what lies in it, and views and functions that lead there."""
    if _superuser(connection, role):
        return []
    found = _ask(connection, _DOORS, role=role, schema=schema)
    leads = {
        "view": ", which shows what lies there",
        "function": ", which runs as an owner of what lies there",
    }
    return [
        Way(
            f"`{role}` has {rights} on {kind} `{name}`{leads.get(kind, '')}",
            f"revoke all on {'table' if kind == 'view' else kind} {name} from {role}, public",
        )
        for kind, name, rights in found
    ]


_DOORS = """
with recursive place as (
    select oid from pg_namespace where nspname = :schema
), relation as (
    select c.oid, c.relkind, c.relowner, format('%I.%I', :schema, c.relname) as name
    from pg_class c where c.relnamespace = (select oid from place) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
), owner as (
    select relowner as oid from relation union select nspowner from pg_namespace where oid = (select oid from place)
), path (oid) as (
    select oid from relation
    union
    select w.ev_class from path l
        join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = l.oid
            and d.classid = 'pg_rewrite'::regclass
        join pg_rewrite w on w.oid = d.objid
)
select 'schema', quote_ident(:schema), rights
from place, lateral (
    select string_agg(lower(r), ', ') as rights from unnest(array['USAGE', 'CREATE']) r
    where has_schema_privilege(cast(:role as name), place.oid, r)
) s where rights is not null
union all
select case when relkind = 'S' then 'sequence' else 'table' end, name, rights
from relation, lateral (
    select string_agg(lower(r), ', ') as rights
    from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) r
    where case
        when relkind = 'S' then r in ('SELECT', 'UPDATE')
            and has_sequence_privilege(cast(:role as name), relation.oid, r)
        when r in ('DELETE', 'TRUNCATE', 'TRIGGER') then has_table_privilege(cast(:role as name), relation.oid, r)
        else has_any_column_privilege(cast(:role as name), relation.oid, r)
    end
) t where rights is not null
union all
select 'view', format('%I.%I', n.nspname, c.relname), 'select'
from path l join pg_class c on c.oid = l.oid join pg_namespace n on n.oid = c.relnamespace
where c.relnamespace <> (select oid from place)
    and has_any_column_privilege(cast(:role as name), c.oid, 'SELECT')
union all
select 'function', p.oid::regprocedure::text, 'execute'
from pg_proc p join pg_roles r on r.oid = p.proowner
where p.prosecdef and not r.rolsuper and p.proowner in (select oid from owner)
    and has_function_privilege(cast(:role as name), p.oid, 'EXECUTE')
order by 1, 2
"""
