"""A look at a few rows, as SQL: what a draft asks of a table. Pure: builds text, runs nothing.

The newest rows by key are taken, since columns that came later are empty in the oldest. Names are quoted; values
never leave the store where a count will do.
"""

from collections.abc import Iterable, Mapping

from jikim.datamap.schema import Table
from jikim.datamap.survey import quoted

LONGEST = 4_000
"""Characters of a text that are looked at."""


def newest(table: Table, *, place: str, reading: Mapping[str, str], rows: int) -> str:
    """Some rows of a table.

    :param place: the table's name, quoted.
    :param reading: for each column the expression that reads it.
    """
    return f"SELECT {', '.join(reading.values())} FROM {place}{_by_key(table, reading)} LIMIT {rows:d}"


def met(
    table: Table, column: str, *, place: str, to: str, to_column: str, readable: Iterable[str], rows: int
) -> str:
    """How many different values some rows of a table have in a column, and how many of these another table knows.

    :param place: the table's name, quoted; ``to`` the other's.
    :param readable: the table's columns that may be read.
    """
    own, other = quoted(column), quoted(to_column)
    some = f"SELECT {own} AS v FROM {place} WHERE {own} IS NOT NULL{_by_key(table, readable)} LIMIT {rows:d}"
    known = f"EXISTS (SELECT 1 FROM {to} AS o WHERE o.{other} = d.v)"
    return f"SELECT count(*), count(CASE WHEN {known} THEN 1 END) FROM (SELECT DISTINCT v FROM ({some}) AS s) AS d"


def _by_key(table: Table, readable: Iterable[str]) -> str:
    if not table.primary_key or not set(table.primary_key) <= set(readable):
        return ""
    return " ORDER BY " + ", ".join(f"{quoted(column)} DESC" for column in table.primary_key)
