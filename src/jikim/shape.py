"""Fits a read file into a model, and says in a reader's words where it does not fit. Pure.

Models describe themselves: every key has a description and a *mark*, which says what jikim does with it.

- ``enforced``: a run acts on it.
- ``checked``: a rule or an audit compares it with something and reports.
- ``rendered``: it appears in the published text; nothing more is claimed.
"""

import difflib
import re
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from jikim.errors import JikimError
from jikim.source import Diagnostic, Document, Path, Severity, SourceError

M = TypeVar("M", bound=BaseModel)

MARKS: Final = ("enforced", "checked", "rendered")
_LONGEST_QUOTE: Final = 60
_KEY: Final = "[key]"


class Part(BaseModel):
    """A part of a written file: fixed once read, and no key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def enforced(description: str, **field: Any) -> Any:
    """A key that a run acts on."""
    return Field(description=description, json_schema_extra={"mark": "enforced"}, **field)


def checked(description: str, **field: Any) -> Any:
    """A key that a rule or an audit compares with something."""
    return Field(description=description, json_schema_extra={"mark": "checked"}, **field)


def rendered(description: str, **field: Any) -> Any:
    """A key that appears in the published text and is claimed no further."""
    return Field(description=description, json_schema_extra={"mark": "rendered"}, **field)


def refuse(code: str, message: str, *, why: str = "", fix: str = "", at: Path = ()) -> PydanticCustomError:
    """What a model's validator raises, so that the finding keeps its code, its reason and its remedy.

    :param at: keys and indexes from the refused value to the place inside it that is wrong.
    """
    context = {"code": code, "message": message, "why": why, "fix": fix, "at": at}
    return PydanticCustomError("refused", "{message}", context)


def reading(parse: Callable[[Any], Any], *, code: str) -> Callable[[Any], Any]:
    """A validator around a parser that raises :class:`JikimError`, or ``ValueError`` with a short message.

    An error that has a path ``at`` is shown at that place inside the value.
    """

    def validator(value: Any) -> Any:
        try:
            return parse(value)
        except JikimError as error:
            raise refuse(code, str(error), fix=error.fix, at=getattr(error, "at", ())) from None
        except ValueError as error:
            raise refuse(code, str(error)) from None

    return validator


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean `x`?`` for the nearest known word; empty when none is near."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else ""


def validate(model: type[M], document: Document, *, error: type[SourceError] = SourceError) -> M:
    """The document's value as ``model``.

    :raises SourceError: (or the subclass given as ``error``) with everything that does not fit, each finding
        at its line and column.
    """
    try:
        return model.model_validate(document.value)
    except ValidationError as failure:
        found = tuple(_diagnostic(model, document, detail) for detail in failure.errors(include_url=False))
        raise error(_without_misspelt(found)) from None


def _without_misspelt(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """A key that is missing only because it was misspelt is told once, as misspelt."""
    meant = {
        (*each.path[:-1], each.fix.split("`")[1])
        for each in found
        if each.code == "unknown-key" and each.fix.startswith("did you mean")
    }
    return tuple(each for each in found if not (each.code == "missing-key" and each.path in meant))


def _diagnostic(model: type[BaseModel], document: Document, detail: ErrorDetails) -> Diagnostic:
    kind, loc = detail["type"], detail["loc"]
    path = _path_in(document.value, loc, missing=kind == "missing")
    if kind == "refused":
        path = (*path, *detail["ctx"]["at"])
    value = document.at(path)
    named = kind == "extra_forbidden" or loc[-1:] == (_KEY,)
    if kind == "missing":
        span = document.span(path[:-1], key=True)
    else:
        span = document.span(path, key=named or isinstance(value, dict))
    quoted = f"`{_short(str(path[-1]) if named and path else document.text(span))}`"
    if isinstance(value, dict | list) and not named:
        quoted = "a map of keys" if isinstance(value, dict) else "a list"
    code, message, why, fix = _words(model, detail, path, quoted)
    return Diagnostic(code, Severity.ERROR, message, why, fix, span, path)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def _path_in(value: Any, loc: tuple[str | int, ...], *, missing: bool) -> Path:
    """The document's own path: ``loc`` without the names that pydantic adds for its inner types."""
    path: Path = ()
    for part in loc:
        inside = (isinstance(value, dict) and part in value) or (
            isinstance(value, list) and isinstance(part, int) and part < len(value)
        )
        if inside:
            value = value[part]
            path = (*path, part)
    return (*path, loc[-1]) if missing else path


def _words(
    model: type[BaseModel], detail: ErrorDetails, path: Path, quoted: str
) -> tuple[str, str, str, str]:
    """Code, message, why and fix of one failure."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "refused":
        return context["code"], context["message"], context["why"], context["fix"]
    if kind in {"extra_forbidden", "missing"}:
        return _words_on_key(_keys(_type_at(model, path[:-1])), kind, str(path[-1]))
    if kind in {"literal_error", "enum"}:
        choices = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
        fix = did_you_mean(quoted.strip("`\"'"), choices) or f"one of: {', '.join(choices)}"
        return "unknown-word", f"{quoted} is not known here", "", fix
    if kind in _EXPECTED:
        wrong = f"{quoted} stands where {_EXPECTED[kind]} is expected"
        return "wrong-type", wrong, "", _HINTS.get(kind, "") if quoted.startswith("`") else ""
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    return "unfitting", f"{quoted}: {message}", "", ""


def _words_on_key(known: Mapping[str, str], kind: str, key: str) -> tuple[str, str, str, str]:
    if kind == "missing":
        return "missing-key", f"the key `{key}` is missing", known.get(key, ""), f"add `{key}:`"
    fix = did_you_mean(key, known) or f"known here: {', '.join(sorted(known))}"
    return "unknown-key", f"unknown key `{key}`", "", fix


_EXPECTED: Final[Mapping[str, str]] = {
    **dict.fromkeys(("string_type", "string_sub_type"), "text"),
    **dict.fromkeys(("int_type", "int_from_float"), "a whole number"),
    "bool_type": "true or false",
    **dict.fromkeys(("list_type", "tuple_type", "set_type"), "a list"),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type"), "a map of keys"),
}
_HINTS: Final[Mapping[str, str]] = {
    "string_type": "put it in quotes",
    "list_type": "write it as a list: [one, two]",
    "tuple_type": "write it as a list: [one, two]",
    "bool_type": "write `true` or `false`, without quotes",
}


def _keys(shape: Any) -> dict[str, str]:
    """The keys a model knows, with their descriptions; empty for anything else."""
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        return {field.alias or name: field.description or "" for name, field in shape.model_fields.items()}
    return {}


def _type_at(shape: Any, path: Path) -> Any:
    """The model or type that the value at ``path`` should have."""
    for part in path:
        shape = _inner(_model_in(shape), part)
    return _model_in(shape)


def _model_in(shape: Any) -> Any:
    """``shape`` without ``Annotated`` and without the None of an optional."""
    while get_origin(shape) is Annotated:
        shape = get_args(shape)[0]
    if get_origin(shape) in {Union, types.UnionType}:
        return next((_model_in(each) for each in get_args(shape) if each is not types.NoneType), None)
    return shape


def _inner(shape: Any, part: str | int) -> Any:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        fields = {field.alias or name: field for name, field in shape.model_fields.items()}
        return fields[str(part)].annotation if part in fields else None
    arguments = get_args(shape)
    return arguments[0 if isinstance(part, int) else -1] if arguments else None
