"""Looks for a pattern in everything a service has: every column of every table, every file, any bytes. Effectful.

Made for canaries, but any pattern will do: a card number that should be nowhere is looked for alike.
Each function answers ``{what was found: the places it was found in}``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from psycopg import Connection, sql

from examples.made_up.canary import PATTERN

Finds = dict[str, set[str]]

_COLUMNS = """
    select n.nspname, c.relname, a.attname, a.atttypid = 'bytea'::regtype
    from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'm', 'f') and a.attnum > 0 and not a.attisdropped
        and n.nspname <> 'information_schema' and n.nspname !~ '^pg_(catalog|toast)'
    order by 1, 2, a.attnum
"""


def scan_database(connection: Connection[Any], *, pattern: re.Pattern[bytes] = PATTERN) -> Finds:
    """Search every column of every table, materialised view and partition, in all schemas, as text.

    A place is ``schema.table.column``.

    :param connection: of somebody row security does not bind: with others the search fails instead of
        quietly seeing less (``row_security = off``).
    """
    found: Finds = defaultdict(set)
    with connection.transaction():
        connection.execute("set local row_security = off")
        for schema, table, column, is_bytes in connection.execute(_COLUMNS).fetchall():
            name = sql.Identifier(column)
            value = sql.SQL("encode({}, 'escape')" if is_bytes else "{}::text").format(name)
            query = sql.SQL("copy (select {} from {} where {} is not null) to stdout (format csv)").format(
                value, sql.Identifier(schema, table), name
            )
            with connection.cursor() as cursor, cursor.copy(query) as rows:
                for row in rows:
                    for match in pattern.finditer(row):
                        found[match.group().decode()].add(f"{schema}.{table}.{column}")
    return dict(found)


def scan_files(root: Path, *, pattern: re.Pattern[bytes] = PATTERN) -> Finds:
    """Search every file under ``root``: its content and its own name. A place is the path under ``root``."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file())
    names = {path.relative_to(root).as_posix(): path for path in files}
    return merged(
        scan_bytes({name: name.encode() for name in names}, pattern=pattern),
        *(scan_bytes({name: path.read_bytes()}, pattern=pattern) for name, path in names.items()),
    )


def scan_bytes(blobs: Mapping[str, bytes], *, pattern: re.Pattern[bytes] = PATTERN) -> Finds:
    """Search named bytes: logs, reports, heap files, dumps. A place is the name."""
    found: Finds = defaultdict(set)
    for name, blob in blobs.items():
        for match in pattern.finditer(blob):
            found[match.group().decode()].add(name)
    return dict(found)


def merged(*parts: Mapping[str, Iterable[str]]) -> Finds:
    """Several searches as one."""
    found: Finds = defaultdict(set)
    for part in parts:
        for text, places in part.items():
            found[text].update(places)
    return dict(found)
