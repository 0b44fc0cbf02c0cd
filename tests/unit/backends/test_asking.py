"""What is asked about people: a key as PostgreSQL is given it, and statements whose values are numbered."""

import pytest

from jikim.backends.postgresql.asking import numbered
from jikim.backends.postgresql.dialect import PostgreSQL


@pytest.mark.parametrize(
    ("text", "number", "uuid"),
    [
        ("42", "42", None),
        ("-9223372036854775808", "-9223372036854775808", None),
        ("9223372036854775808", None, None),
        ("042", None, None),
        ("42\n", None, None),
        ("4 2", None, None),
        ("٤٢", None, None),
        ("", None, None),
        ("0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a", None, "0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a"),
        ("0A0A0A0A-0A0A-0A0A-0A0A-0A0A0A0A0A0A", None, None),
    ],
)
def test_a_text_is_given_as_a_value_only_where_it_spells_one(
    text: str, number: str | None, uuid: str | None
) -> None:
    """As the store writes it, and no other way; every text spells itself."""
    given = PostgreSQL.given((text,))
    assert (given["bigint_0_of_1"], given["uuid_0_of_1"], given["text_0_of_1"]) == (number, uuid, text)


def test_a_key_is_given_with_the_number_of_its_parts() -> None:
    """So that nobody is named by a part of their key."""
    assert {name for name in PostgreSQL.given(("1", "seoul")) if name.startswith("text")} == {
        "text_0_of_2",
        "text_1_of_2",
    }


def test_names_become_numbers_by_their_first_place() -> None:
    """The same text comes of the same statement, whatever its names; a doubled `%` is one."""
    one, other = (numbered(f"select %({a})s, %({b})s, %({a})s where 5 %% 2 = 1") for a, b in ("xy", "yx"))
    assert one.text == other.text == b"select $1, $2, $1 where 5 % 2 = 1"
    assert (one.names, other.names) == (("x", "y"), ("y", "x"))
