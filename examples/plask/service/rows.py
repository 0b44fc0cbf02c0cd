"""Reading answers that always come. Pure."""

from typing import Any

from psycopg import Cursor


def returned_id(answer: Cursor[Any]) -> int:
    """The only value of the only row of a statement that always gives one: ``insert … returning id``."""
    ((value,),) = answer.fetchall()
    return int(value)
