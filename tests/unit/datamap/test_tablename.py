"""Every table of every schema has one name in the map, and no two have the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jikim.datamap.tablename import parted, stored, written

NAMES = st.text(alphabet='ab."', min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("schema", "table", "name"),
    [
        ("public", "orders", "orders"),
        ("audit", "logins", "audit.logins"),
        ("public", "a.b", '"a.b"'),
        ("audit", "a.b", 'audit."a.b"'),
        ("au.dit", "logins", '"au.dit".logins'),
        ("public", '"quoted"', '"""quoted"""'),
        ("public", 'mem"bers', 'mem"bers'),
    ],
)
def test_a_table_is_named_as_people_would(schema: str, table: str, name: str) -> None:
    """The service's own schema is not written; a name that holds a dot stands in quotes."""
    assert written(schema, table, home="public") == name


@given(NAMES, NAMES)
def test_a_name_says_its_schema_and_its_table(schema: str, table: str) -> None:
    """Whatever they hold; that of a table of the service's own schema says none."""
    assert parted(written(schema, table, home=f"not {schema}")) == (schema, table)
    assert parted(written(schema, table, home=schema)) is None
    assert stored(written(schema, table, home=schema)) == table
    assert stored(written(schema, table, home=f"not {schema}")) == table
