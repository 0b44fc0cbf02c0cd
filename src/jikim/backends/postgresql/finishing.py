"""Drives a PostgreSQL from *unreachable* to *vacuumed* or *rewritten*, and says so only of what got there. Effectful.

A row version stays in its file for as long as any snapshot might want it. So what was removed counts as gone from
the file only where the removing transaction is older than every snapshot, slot and prepared transaction that there
was before the table was gone through. Statistics keep values, too: the table is analysed anew, and where the role
may, the rows that the statistics were before are taken away as well.
"""

from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from jikim.backends.base import Driven, StoreError
from jikim.backends.postgresql import arriving
from jikim.backends.postgresql.session import scrubbed
from jikim.datamap.survey import quoted
from jikim.evidence.stage import Stage

_OWN = (("jikim", "outbox"), ("jikim", "move"), arriving.TABLE)
"""Tables of jikim's own that named a person or a file for a moment, or held copies."""

_GONE_THROUGH = {
    Stage.VACUUMED: "vacuum (analyze, freeze, index_cleanup on, disable_page_skipping) {}",
    Stage.REWRITTEN: "vacuum (full, analyze) {}",
}

# A standby or a slot can hold rows back as a session does.
_HORIZON = sa.text("""
    select old from (
        select backend_xmin as old from pg_stat_activity where backend_xmin is not null and pid <> pg_backend_pid()
        union all select backend_xid from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
        union all select xmin from pg_replication_slots where xmin is not null
        union all select transaction from pg_prepared_xacts
        union all select pg_snapshot_xmin(pg_current_snapshot())::text::xid
    ) held order by age(old) desc limit 1
""")


def drive(
    role: sa.Engine,
    books: sa.Engine,
    tables: Mapping[str, tuple[str, str]],
    *,
    stage: Stage,
    also: Sequence[tuple[str, str]] = (),
) -> Iterator[Driven]:
    """Go through each of these tables, and mark the receipts of what was gone before.

    :param tables: schema and table by the name that receipts call it.
    :param also: gone through beside them; of these no receipt speaks.
    :param role: may vacuum the tables.
    :param books: may mark receipts, in the same database.
    :raises StoreError: the database cannot be asked.
    """
    if stage not in _GONE_THROUGH:
        raise StoreError(
            f"nothing takes rows of PostgreSQL to `{stage.value}`", fix="let `must_reach` say `rewritten`"
        )
    as_it_is = role.execution_options(isolation_level="AUTOCOMMIT")
    with scrubbed("asking how far back anybody looks"), as_it_is.connect() as connection:
        horizon = str(connection.execute(_HORIZON).scalar_one())
        server = int(connection.exec_driver_sql("show server_version_num").scalar_one())
        for name, place in tables.items():
            reason = _gone_through(connection, *place, stage=stage, server=server)
            yield _marked(books, name, stage=stage, horizon=horizon, reason=reason)
        for place in (*also, *_OWN):
            _gone_through(connection, *place, stage=stage, server=server)
        if _superuser(connection):
            connection.exec_driver_sql(_GONE_THROUGH[stage].format("pg_catalog.pg_statistic"))


def _gone_through(connection: sa.Connection, schema: str, table: str, *, stage: Stage, server: int) -> str:
    """Why the table could not be gone through; empty when it was."""
    name = quoted(schema, table)
    there, may = _rights(connection, name, server=server)
    if not there:
        return ""  # dropped, and its file with it
    if not may:
        return f"the role may not vacuum `{table}`: `--admin` names one that owns it"
    try:
        with scrubbed(f"going through `{table}`"):
            statement = _GONE_THROUGH[stage].format(name)
            connection.execution_options(no_parameters=True).exec_driver_sql(statement)
    except StoreError as error:
        return f"{error}; {error.fix}"
    return ""


def _rights(connection: sa.Connection, name: str, *, server: int) -> tuple[bool, bool]:
    """Whether the table is there, and whether this role may vacuum it: PostgreSQL passes over others in silence."""
    maintain = "or has_table_privilege(c.oid, 'MAINTAIN')" if server >= 170000 else ""
    query = sa.text(f"""
        select pg_has_role(c.relowner, 'USAGE') {maintain}
            or pg_has_role((select datdba from pg_database where datname = current_database()), 'USAGE')
        from pg_class c where c.oid = to_regclass(:name)""")
    found = connection.execute(query, {"name": name}).scalar_one_or_none()
    return found is not None, bool(found)


def _superuser(connection: sa.Connection) -> bool:
    return bool(
        connection.exec_driver_sql("select rolsuper from pg_roles where rolname = current_user").scalar()
    )


def _marked(books: sa.Engine, table: str, *, stage: Stage, horizon: str, reason: str) -> Driven:
    """Mark the receipts of what was removed before anybody's snapshot; the others are left for another time."""
    mark = sa.text("""
        update jikim.receipt set height = :height
        where on_table = :table and height < :height and age(xmin) > age(cast(:horizon as xid))""")
    left = sa.text("select count(*) from jikim.receipt where on_table = :table and height < :height")
    values = {"table": table, "height": stage.height, "horizon": horizon}
    with scrubbed("marking receipts"), books.begin() as connection:
        batches = 0 if reason else connection.execute(mark, values).rowcount
        behind = int(connection.execute(left, values).scalar_one())
    if behind and not reason:
        reason = "an older transaction, replica or slot may still look at what was removed: run it again when it ended"
    return Driven(table, batches, behind, reason)
