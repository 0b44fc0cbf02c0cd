"""How words of the data map are written: short forms beside long ones, columns, zones, fates and masks. Pure."""

import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from jikim.policy.parts import Form
from jikim.shape import did_you_mean, refuse


@dataclass(frozen=True)
class Short:
    """Reads short forms into the long one, and tells editors of both.

    :param short: the short forms' schemas, made from the long form's.
    :param words: what may be written, for the reference page.
    """

    read: Callable[[Any], Any]
    short: Callable[[JsonSchemaValue], list[JsonSchemaValue]]
    words: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        long = handler(schema)
        return {"anyOf": [*self.short(long), long], "$comment": self.words}


TEXT: Final[JsonSchemaValue] = {"type": "string"}


def one_key(value: JsonSchemaValue) -> JsonSchemaValue:
    """A map of exactly one key."""
    return {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": value}


def as_list(value: Any) -> Any:
    """A list, of one where one stands alone."""
    return list(value) if isinstance(value, list | tuple) else [value]


def _no_is_false(value: Any) -> Any:
    """YAML 1.2 leaves ``no`` and ``yes`` as words; here they answer a question."""
    if value not in ("no", "yes", True, False):
        raise refuse(
            "not-an-answer", f"`{value}` answers nothing here", fix="write `no`, or leave the key out"
        )
    return value in ("yes", True)


def or_many(one: JsonSchemaValue) -> JsonSchemaValue:
    """One of these, or a list of them."""
    return {"anyOf": [one, {"type": "array", "items": one}]}


NAMES: Final[JsonSchemaValue] = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
"""One name, or a list of them."""

Columns = Annotated[
    tuple[str, ...], Short(as_list, lambda long: [long["items"]], "column, or list of columns")
]
Answer = Annotated[bool, Short(_no_is_false, lambda _: [{"enum": ["no", "yes"]}], "`no` · `yes`")]


def _known_zone(zone: str) -> str:
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise refuse(
            "unknown-zone",
            f"`{zone}` is no time zone",
            why="no midnight is known, so no period could be counted",
            fix=did_you_mean(zone, zoneinfo.available_timezones()) or "write a name such as Asia/Seoul",
        ) from None
    return zone


Zone = Annotated[
    str,
    AfterValidator(_known_zone),
    WithJsonSchema({"type": "string", "examples": ["Asia/Seoul", "UTC"], "$comment": "time zone"}),
]
Reach = Annotated[
    str,
    Form(
        pattern="(unreachable|vacuumed|rewritten|shredded) within [1-9][0-9]{0,3} days?",
        code="not-a-stage",
        what="a stage and its days",
        fix="write `unreachable`, `vacuumed`, `rewritten` or `shredded`, then such as `within 30 days`",
    ),
]
Orphans = Annotated[
    str,
    Form(
        pattern=r"refuse|destroy|date-from\(([^)]+)\)",
        code="not-a-fate",
        what="a fate of orphans",
        fix="write `refuse`, `destroy`, or `date-from(created_at)` with a column of the table",
    ),
]
Mask = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(null|truncated-ip|year|fixed\(.*\)|tag\(.*\{tag\}.*\))$",
            "examples": ["fixed(-)", "tag(gone-{tag}@invalid.example)", "truncated-ip", "year"],
            "$comment": "`null` · `fixed(…)` · `tag(…{tag}…)` · `truncated-ip` · `year`",
        }
    ),
]
