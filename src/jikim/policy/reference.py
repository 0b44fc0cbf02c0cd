"""The reference page of ``policy.yaml``, made from the same schema that editors use. Pure.

``docs/reference/policy.md`` is this page; a test fails when the two differ::

    python -c "from jikim.policy.reference import page; print(page(), end='')" > docs/reference/policy.md
"""

from collections.abc import Iterator
from typing import Any, Final

from jikim.policy.schema import policy_schema
from jikim.policy.triggers import TRIGGERS

_HEAD: Final = """# policy.yaml

What a service promises, in one file. This page is generated from the model; do not edit it.

Each key has a mark, which says what jikim does with it:

- **enforced**: a run acts on it.
- **checked**: a rule or an audit compares it with something and reports.
- **rendered**: it appears in the published text; nothing more is claimed.

*Text* is plain text, which stands for every language, or one text for each: `{ko: …, en: …}`. Inside `{…}`
put a text that holds a comma in quotes. A *short name* is lower-case letters, digits and hyphens. *By name*
means a map whose keys are names of your choosing. A *period* is a number and hours, days, weeks, months or
years (시간, 일, 주, 개월, 년). `unstated` is for a file that records what a published text left out.

## How long

A period never stands without the fact that starts it.

| written | means |
|---|---|
| `until membership ended` | as long as the membership lives |
| `1 year after recorded` | one year from the record |
| `{until first of: [consent withdrawn, membership ended]}` | until whichever comes first |
| `{until last of: [purpose met, membership ended]}` | until all have come |
| `{first of: [until membership ended, 1 year after recorded]}` | the earliest end of several |
| `{last of: [until membership ended, 90 days after contract completed]}` | the latest end of several |
| `1 year after unstated` | a published text that names no start |
"""


def page() -> str:
    """The whole page, in Markdown, ending in a newline."""
    return "\n".join([_HEAD, _triggers(), *sections(policy_schema())])


def sections(schema: dict[str, Any]) -> list[str]:
    """A table of keys for the file and for each of its parts."""
    parts = {"The file": schema, **schema["$defs"]}
    return [_section(name, part, parts) for name, part in parts.items() if "properties" in _map_of(part)]


def marks() -> Iterator[tuple[str, str, str]]:
    """Every key of the policy language, as :func:`marks_of` tells them."""
    return marks_of(policy_schema())


def marks_of(schema: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every key of a language with its mark and its description; empty strings where there is none."""
    for name, part in {"The file": schema, **schema["$defs"]}.items():
        for key, value in _map_of(part).get("properties", {}).items():
            yield f"{name}.{key}", value.get("mark", ""), value.get("description", "")


def _map_of(part: dict[str, Any]) -> dict[str, Any]:
    """The schema of a part in its long form, where a word may stand for it."""
    return next((each for each in part.get("anyOf", ()) if "properties" in each), part)


def _triggers() -> str:
    rows = [f"| `{name}` | {trigger.ko} | {trigger.meaning} |" for name, trigger in TRIGGERS.items()]
    return "\n".join(["## Triggers", "", "| trigger | 한국어 | means |", "|---|---|---|", *rows, ""])


def _section(name: str, part: dict[str, Any], parts: dict[str, Any]) -> str:
    shape = _map_of(part)
    needed = shape.get("required", ())
    rows = [
        f"| `{key}`{'' if key in needed else ' (optional)'} | {_words(value, parts)} | {value['mark']} "
        f"| {value['description']} |"
        for key, value in shape["properties"].items()
    ]
    head = [
        f"## {name}",
        "",
        shape["description"],
        "",
        "| key | value | mark | meaning |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


def _words(schema: dict[str, Any], parts: dict[str, Any]) -> str:
    """What may be written for a value, in words."""
    if "$comment" in schema:
        return str(schema["$comment"])
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        named = parts[name]
        return f"[{name}](#{name.lower()})" if "properties" in _map_of(named) else _words(named, parts)
    if "const" in schema or "enum" in schema:
        return " · ".join(f"`{word}`" for word in schema.get("enum", [schema.get("const")]))
    if "anyOf" in schema:
        return _alternatives([each for each in schema["anyOf"] if each.get("type") != "null"], parts)
    return _plain(schema, parts)


def _alternatives(options: list[dict[str, Any]], parts: dict[str, Any]) -> str:
    if len(options) == 2 and options[1].get("uniqueItems"):
        return f"one or more: {_words(options[0], parts)}"
    return ", or ".join(_words(each, parts) for each in options)


def _plain(schema: dict[str, Any], parts: dict[str, Any]) -> str:
    if schema["type"] == "array":
        return f"list: {_words(schema['items'], parts)}"
    if schema["type"] == "object":
        inner = [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
        return f"by name: {_words(inner[0] or inner[-1], parts)}"
    return {"boolean": "`true` · `false`", "integer": "number", "string": "plain text"}[schema["type"]]
