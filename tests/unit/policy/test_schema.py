"""The editors' schema agrees with the parser, and the reference page with the schema."""

import re
from pathlib import Path
from typing import Any

import pytest
from examples.made_up.service import Service
from examples.services import SERVICES

from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.policy.reference import marks, page
from jikim.policy.schema import policy_schema
from jikim.policy.triggers import TRIGGERS
from jikim.shape import MARKS
from jikim.source import load

ROOT = Path(__file__).parents[3]
TYPES = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict, "null": type(None)}


def accepts(schema: dict[str, Any], value: Any, defs: dict[str, Any]) -> bool:
    """Judges a value by the part of JSON Schema that the policy's schema is written in."""
    return (
        ("$ref" not in schema or accepts(defs[schema["$ref"].rpartition("/")[2]], value, defs))
        and ("anyOf" not in schema or any(accepts(each, value, defs) for each in schema["anyOf"]))
        and value in schema.get("enum", [value])
        and value == schema.get("const", value)
        and ("type" not in schema or isinstance(value, TYPES[schema["type"]]))
        and accepts_inside(schema, value, defs)
    )


def accepts_inside(schema: dict[str, Any], value: Any, defs: dict[str, Any]) -> bool:
    if isinstance(value, str):
        return bool(re.search(schema.get("pattern", ""), value)) and len(value) >= schema.get("minLength", 0)
    if isinstance(value, list):
        return all(accepts(schema.get("items", {}), each, defs) for each in value)
    if isinstance(value, dict):
        return set(schema.get("required", ())) <= set(value) and all(
            accepts(part, each, defs) for key, each in value.items() for part in parts_for(schema, key)
        )
    return True


def parts_for(schema: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The schemas that a key's value must fit; one that nothing fits where the key is unknown."""
    named = [part for name, part in schema.get("properties", {}).items() if name == key]
    formed = [part for form, part in schema.get("patternProperties", {}).items() if re.search(form, key)]
    rest = schema.get("additionalProperties", True)
    if named or formed:
        return named + formed
    return [{"enum": []} if rest is False else {} if rest is True else rest]


def judge(text: str) -> bool:
    schema = policy_schema()
    return accepts(schema, load(text.encode(), name="policy.yaml").value, schema["$defs"])


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.id)
@pytest.mark.parametrize("name", ["policy.yaml", "as-published.yaml"])
def test_an_editor_accepts_what_the_parser_accepts(name: str, service: Service) -> None:
    text = (service.folder / name).read_text()
    assert parse(text.encode(), name=name)
    assert judge(text)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("keep: until payment settled", "keep: until payment setled"),
        ("keep: 1 year after recorded", "keep: 1 year"),
        ("within: 5 days", "within: five days"),
        ("basis: contract", "basis: contrakt"),
        ("announced: 2026-01-02", "announced: 2 January 2026"),
        ("  sign-in:", "  Sign In:"),
        ("jikim: 1", "jikim: 2"),
        ("languages: [ko, en]", "languages: [ko, en]\nlanguage: ko"),
        ("country: US", "country: USA"),
        ("consent: each", "consent: always"),
        ("label: {ko: 이름, en: Name}", "label: {Korean: 이름}"),
    ],
)
def test_an_editor_marks_what_the_parser_refuses(given: str, wrong: str) -> None:
    text = (ROOT / "examples" / "plask" / "policy.yaml").read_text()
    assert given in text
    assert not judge(text.replace(given, wrong, 1))


def test_every_reference_inside_the_schema_leads_somewhere() -> None:
    schema = policy_schema()
    named = set(re.findall(r"'\$ref': '#/\$defs/(\w+)'", str(schema)))
    assert named == set(schema["$defs"])


def test_every_key_has_a_mark_and_a_meaning() -> None:
    for key, mark, meaning in marks():
        assert mark in MARKS, key
        assert meaning.endswith("."), key


def test_every_key_of_the_file_is_in_the_reference() -> None:
    keys = {field.alias or name for name, field in Policy.model_fields.items()}
    assert keys <= {key.removeprefix("The file.") for key, _, _ in marks()}
    assert all(f"| `{trigger}` |" in page() for trigger in TRIGGERS)


def test_the_committed_reference_page_is_the_generated_one() -> None:
    committed = (ROOT / "docs" / "reference" / "policy.md").read_text()
    assert committed == page(), "run the command in jikim/policy/reference.py"
