"""Editors' schema, reference page and parser of ``datamap.yaml`` say the same."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.unit.policy.test_schema import accepts

from jikim.datamap.model import DataMap
from jikim.datamap.parse import DataMapError, parse
from jikim.datamap.reference import datamap_schema, marks, page
from jikim.shape import MARKS
from jikim.source import load

ROOT = Path(__file__).parents[3]
PLASK = ROOT / "examples" / "plask" / "datamap.yaml"


def judge(text: str) -> bool:
    schema = datamap_schema()
    value: Any = load(text.encode(), name="datamap.yaml").value
    return accepts(schema, value, schema["$defs"])


def test_an_editor_accepts_what_the_parser_accepts() -> None:
    assert judge(PLASK.read_text())
    parse(PLASK.read_bytes(), name="datamap.yaml")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("jikim: 1", "jikim: 2"),
        ("zone: Asia/Seoul", "zones: Asia/Seoul"),
        ("must_reach: rewritten within 30 days", "must_reach: rewritten soon"),
        ("products: {personal: no}", "products: {personal: never}"),
        ("      phone: phone\n", "      phone: [phone]\n"),
        ("owner: {orders: order_id}", "owner: {orders: {id: order_id}}"),
        ("records: [contracts]\n    facts: {contract completed: completed_at}", "records: 7"),
        ("orphans: date-from(at)", "orphans: at"),
        (
            "      title: {item: project-title, mask: fixed(-)}",
            "      title: {item: project-title, hide: yes}",
        ),
    ],
)
def test_an_editor_marks_what_the_parser_refuses(given: str, wrong: str) -> None:
    text = PLASK.read_text()
    assert given in text
    text = text.replace(given, wrong, 1)
    assert not judge(text)
    with pytest.raises(DataMapError):
        parse(text.encode(), name="datamap.yaml")


def test_every_key_has_a_mark_and_a_meaning() -> None:
    told = list(marks())
    assert {mark for _, mark, _ in told} <= set(MARKS)
    assert all(meaning.endswith((".", ").")) for _, _, meaning in told)


def test_every_key_of_every_part_is_in_the_reference() -> None:
    schema = datamap_schema()
    keys = {key.rpartition(".")[2] for key, _, _ in marks()}
    assert {field.alias or name for name, field in DataMap.model_fields.items()} <= keys
    for part in schema["$defs"].values():
        assert set(part.get("properties", ())) <= keys


def test_every_link_of_the_page_leads_somewhere() -> None:
    headings = {line[3:].lower().replace(" ", "-") for line in page().splitlines() if line.startswith("## ")}
    policy = (ROOT / "docs" / "reference" / "policy.md").read_text().lower()
    for file, anchor in re.findall(r"\]\(([\w.]*)#([\w-]+)\)", page()):
        assert f"## {anchor}" in policy if file else anchor in headings


def test_the_committed_reference_page_is_the_generated_one() -> None:
    committed = (ROOT / "docs" / "reference" / "datamap.md").read_text()
    assert committed == page(), "run the command in jikim/datamap/reference.py"
