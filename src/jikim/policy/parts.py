"""What each part of a policy is written with: texts, dates, periods, names, the word `unstated`. Pure."""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PrivateAttr,
    RootModel,
    StrictBool,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from jikim.policy.period import Period
from jikim.policy.retention import RetentionRule
from jikim.policy.triggers import TRIGGERS, UNSTATED
from jikim.shape import Part, checked, did_you_mean, reading, refuse

EVERY: Final = "*"
"""The language of a text that was written once for all languages."""

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PERIOD_PATTERN: Final = r"[1-9][0-9]* ?(hours?|days?|weeks?|months?|years?|시간|일|주|개월|년)"
_TRIGGER_PATTERN: Final = f"({'|'.join(TRIGGERS)})"

Flag = StrictBool


@dataclass(frozen=True)
class Form:
    """A word of one form, refused in a reader's words, with the form itself in the editors' schema."""

    pattern: str
    code: str
    what: str
    fix: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^({self.pattern})$", "$comment": self.what.split(" ", 1)[1]}

    def _check(self, word: str) -> str:
        if not re.fullmatch(self.pattern, word):
            raise refuse(self.code, f"`{word}` is not {self.what}", fix=self.fix)
        return word


_SHORT_NAME: Final = Form(
    pattern="[a-z][a-z0-9]*(-[a-z0-9]+)*",
    code="not-a-name",
    what="a short name",
    fix="use lower-case letters, digits and hyphens, such as order-history",
)
_LANGUAGE: Final = Form(
    pattern="[a-z]{2}", code="not-a-language", what="a language", fix="write two letters, such as ko or en"
)
_COUNTRY: Final = Form(
    pattern="[A-Z]{2}",
    code="not-a-country",
    what="a country",
    fix="write two capitals, such as KR or US",
)
Id = Annotated[str, _SHORT_NAME]
Language = Annotated[str, _LANGUAGE]
Country = Annotated[str, _COUNTRY]


# -- texts ------------------------------------------------------------------------------------------------


def _tidy(text: Any) -> Any:
    """Layout is not meaning: composed Hangul, no space at either end, one space between words."""
    if not isinstance(text, str):
        return text
    lines = unicodedata.normalize("NFC", text).strip().split("\n")
    return "\n".join(" ".join(line.split()) for line in lines)


def _not_blank(text: str) -> str:
    if text in {"", "-"}:
        raise refuse(
            "blank-text",
            "an empty text",
            fix="write the text; where a published text says nothing, write `unstated` if the key allows it",
        )
    return text


Text = Annotated[
    str,
    BeforeValidator(_tidy),
    AfterValidator(_not_blank),
    WithJsonSchema({"type": "string", "minLength": 1, "$comment": "plain text"}),
]


class LocalText(RootModel[Mapping[Annotated[str, replace(_LANGUAGE, pattern=r"[a-z]{2}|\*")], Text]]):
    """A text in one or more languages: ``{ko: …, en: …}``, or plain text that stands for every language."""

    model_config = {"frozen": True}

    @model_validator(mode="before")
    @classmethod
    def _from_plain(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {EVERY: value}
        if not (isinstance(value, dict) and value):
            raise refuse("not-a-text", "a text is expected here", fix="write text, or {ko: …, en: …}")
        return value

    @property
    def languages(self) -> frozenset[str]:
        """The languages written; empty when the text is plain and stands for all."""
        return frozenset(self.root) - {EVERY}

    def of(self, language: str) -> str | None:
        """The text in one language; a plain text is in every language; None when that language is missing."""
        return self.root.get(language, self.root.get(EVERY))

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        text = {"type": "string", "minLength": 1}
        each = {"type": "object", "minProperties": 1, "patternProperties": {"^[a-z]{2}$": text}}
        return {"anyOf": [text, {**each, "additionalProperties": False}], "$comment": "text"}


# -- dates, periods, rules --------------------------------------------------------------------------------


def _read_date(value: Any) -> datetime.date:
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        raise refuse("not-a-date", f"`{value}` is not a date", fix="write year-month-day, such as 2026-01-02")
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        raise refuse(
            "impossible-date", f"`{value}` is a day that does not exist", fix="correct the day"
        ) from None
    if not 1900 <= day.year < 3000:  # a slip of the hand, from which no period could be counted
        raise refuse("impossible-date", f"`{value}` is a day that no policy is of", fix="correct the year")
    return day


def _read_period(value: Any) -> Period:
    return Period.parse(value if isinstance(value, str) else str(value))


def _known_trigger(value: Any) -> str:
    if isinstance(value, str) and value in TRIGGERS:
        return value
    fix = did_you_mean(str(value), TRIGGERS) or f"one of: {', '.join(TRIGGERS)}"
    raise refuse("unknown-trigger", f"`{value}` is not a trigger", fix=fix)


Date = Annotated[
    datetime.date,
    BeforeValidator(_read_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DATE.pattern}$", "$comment": "date"}),
]
Trigger = Annotated[
    str,
    BeforeValidator(_known_trigger),
    WithJsonSchema({"type": "string", "enum": list(TRIGGERS), "$comment": "[trigger](#triggers)"}),
]
Within = Annotated[
    Period,
    BeforeValidator(reading(_read_period, code="unreadable-period")),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"^{_PERIOD_PATTERN}$",
            "examples": ["5 days", "1년"],
            "$comment": "period",
        }
    ),
]

_CLOCK: Final = {
    "anyOf": [
        {"enum": [f"until {trigger}" for trigger in TRIGGERS if trigger != UNSTATED]},
        {"type": "string", "pattern": f"^{_PERIOD_PATTERN} after {_TRIGGER_PATTERN}$"},
    ]
}


def _one_of(head: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    listed = {"type": "array", "minItems": 2, "uniqueItems": True, "items": entries}
    return {"type": "object", "required": [head], "properties": {head: listed}, "additionalProperties": False}


Keep = Annotated[
    RetentionRule,
    BeforeValidator(reading(RetentionRule.parse, code="unreadable-retention")),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "anyOf": [
                *_CLOCK["anyOf"],
                *(_one_of(f"until {which} of", {"enum": list(TRIGGERS)}) for which in ("first", "last")),
                *(_one_of(f"{which} of", _CLOCK) for which in ("first", "last")),
            ],
            "$comment": "[how long](#how-long)",
        }
    ),
]


# -- lists of names ---------------------------------------------------------------------------------------

T = TypeVar("T")


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _each_once(values: tuple[T, ...]) -> tuple[T, ...]:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise refuse(
                "repeated-entry", f"`{value}` is listed twice", fix="keep one of the two", at=(place,)
            )
    return values


class _OneOrMore:
    """Lets a single word stand for a list of one, in the file and in the editor's schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_list, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        listed = handler(schema)
        return {"anyOf": [listed["items"], {**listed, "uniqueItems": True}]}


def _sorted(values: tuple[Any, ...]) -> list[str]:
    return sorted(str(value) for value in values)


OneOrMore = Annotated[
    tuple[T, ...], AfterValidator(_each_once), PlainSerializer(_sorted, return_type=list[str]), _OneOrMore()
]
"""Distinct words whose order means nothing."""
Ids = OneOrMore[Id]


# -- what a text leaves unsaid ----------------------------------------------------------------------------


class _OrUnstated:
    """``unstated`` reads as None. (That nothing was left empty is seen to by ``parse``.)"""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_unsaid, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        options = handler(schema)["anyOf"]
        return {"anyOf": [{"const": UNSTATED} if each == {"type": "null"} else each for each in options]}


def _unsaid(value: Any) -> Any:
    return None if value == UNSTATED else value


Stated = Annotated[T | None, _OrUnstated()]
"""A value the law wants; ``unstated`` in a file that records what a published text left out."""


# -- bases of parts ---------------------------------------------------------------------------------------


class Named(Part):
    """A part that stands under an id of its own."""

    _id: str = PrivateAttr("")

    @property
    def id(self) -> str:
        """The key it stands under."""
        return self._id


N = TypeVar("N", bound=Named)


def _with_ids(parts: Mapping[str, N]) -> Mapping[str, N]:
    for key, part in parts.items():
        part._id = key
    return parts


ById = Annotated[Mapping[Id, N], AfterValidator(_with_ids)]


class Clause(Part):
    """A part whose language versions may have been published with different meanings."""

    as_said: Mapping[Language, Text] = checked(
        "What another language version says instead, where a published text differs from itself.", default={}
    )


class NamedClause(Clause, Named):
    """A clause that stands under an id of its own."""
