"""Which tables a finding blocks, and what the checks do not complain about."""

from pathlib import Path

import pytest

from jikim.datamap.check import CHECKS, blocking, check
from jikim.datamap.model import DataMap
from jikim.datamap.parse import located, parse
from jikim.datamap.schema import Check, Column, ForeignKey, Schema, table
from jikim.datamap.survey import flow, key, quoted
from jikim.policy.parse import parse as parse_policy
from jikim.source import Diagnostic, Severity

GOLDEN = Path(__file__).parents[2] / "golden" / "datamap"
TEXT = (GOLDEN / "sound.yaml").read_bytes()
POLICY = parse_policy((GOLDEN / "policy.yaml").read_bytes(), name="policy.yaml")


@pytest.fixture
def datamap() -> DataMap:
    """The shop's map."""
    return parse(TEXT, name="datamap.yaml")[0]


def finding(*path: str | int, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic("any", severity, "anything", path=path)


def test_an_error_about_a_table_blocks_that_table_alone(datamap: DataMap) -> None:
    found = finding("tables", "orders", "columns", "summary")
    assert blocking([found], datamap=datamap) == {"orders": (found,)}


def test_an_error_about_people_blocks_every_table_that_leads_to_them(datamap: DataMap) -> None:
    blocked = blocking([finding("subjects", "member", "key")], datamap=datamap)
    assert set(blocked) == {"members", "orders", "order_lines", "reviews"}


def test_an_error_about_the_file_blocks_every_personal_table(datamap: DataMap) -> None:
    assert set(blocking([finding("service")], datamap=datamap)) == {
        "members",
        "orders",
        "order_lines",
        "reviews",
    }


def test_warnings_block_nothing(datamap: DataMap) -> None:
    found = [finding("service", severity=severity) for severity in (Severity.WARNING, Severity.INFO)]
    assert blocking(found, datamap=datamap) == {}


def test_a_table_nobody_mapped_is_blocked_too(datamap: DataMap) -> None:
    assert set(blocking([finding("tables", "gifts")], datamap=datamap)) == {"gifts"}


def test_a_finding_about_something_missing_is_shown_at_the_nearest_key_that_was_written() -> None:
    _, document = parse(TEXT, name="datamap.yaml")
    (missing, there) = located(
        [finding("tables", "orders", "columns", "note"), finding("tables", "orders", "columns", "summary")],
        document,
    )
    assert missing.span
    assert there.span
    assert document.text(missing.span) == "columns"
    assert document.text(there.span) == "summary"


def test_a_finding_is_told_once(datamap: DataMap) -> None:
    found = check(datamap, schema=Schema({}), policy=POLICY)
    assert len(found) == len(set(found))
    assert {f.code for f in found} == {"missing-table", "subject-table"} | {"kept-nowhere", "unheld-item"}


def test_what_only_passes_through_needs_no_table(datamap: DataMap) -> None:
    """A payment's numbers are handed on and kept nowhere; a promise about anything else is kept by some table."""
    shop = (GOLDEN / "policy.yaml").read_text()
    shop = shop.replace("\nitems:\n", "\nitems:\n  cash: {label: 현금, category: payment}\n")
    for items, told in (("card", []), ("card, cash", ["no table falls under `processing.charging`"])):
        charging = "about: member, purpose: 결제, basis: contract, keep: until payment settled"
        text = shop.replace(
            "\nprocessing:\n", f"\nprocessing:\n  charging: {{{charging}, items: {{required: [{items}]}}}}\n"
        )
        policy = parse_policy(text.encode(), name="policy.yaml")
        found = check(datamap, schema=Schema({}), policy=policy)
        assert [f.message for f in found if f.code == "kept-nowhere" and "charging" in f.message] == told


def test_every_check_can_find_something() -> None:
    """Each of them found something in the wrong maps: none is dead."""
    told = "".join(report.read_text() for report in GOLDEN.glob("*.txt"))
    codes = {
        "service": "other-service",
        "subjects": "subject-key",
        "tables": "unmapped-table",
        "folders": "file-column",
        "owners": "nullable-owner",
        "references": "missing-table",
        "keys": "no-index",
        "inline": "inline-subject",
        "kinds": "unnamed-kind",
        "accessors": "unknown-accessor",
        "derived": "derived-copy",
        "columns": "unmapped-column",
        "clocks": "no-clock-index",
        "classes": "row-class",
        "claims": "unknown-record",
        "items": "unheld-item",
    }
    assert {each.__name__ for each in CHECKS} == set(codes)
    for code in codes.values():
        assert f"[{code}]" in told


@pytest.mark.parametrize(
    ("type_", "written", "read"),
    [
        ("timestamp with time zone", None, "instant"),
        ("timestamp(3) with time zone", None, "instant"),
        ("timestamp without time zone", None, "local"),
        ("timestamp without time zone", "instant", None),
        ("timestamp with time zone", "date", None),
        ("date", "date", "date"),
        ("bigint", "epoch", "epoch"),
        ("numeric(20,0)", "epoch-ms", "epoch-ms"),
        ("bigint", None, None),
        ("text", "date", None),
        ("text", "epoch", None),
    ],
)
def test_a_time_is_read_only_as_its_type_allows(type_: str, written: str | None, read: str | None) -> None:
    assert Column("at", type_).time_as(written) == read  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        ("CHECK ((s = ANY (ARRAY['a'::text, 'it''s'::text])))", {"a", "it's"}),
        (
            "CHECK (((s)::text = ANY ((ARRAY['b'::character varying, 'c'::character varying])::text[])))",
            {"b", "c"},
        ),
        ('CHECK (("Odd ""name" = \'a\'::text))', {"a"}),
        ("CHECK ((n > (0)::numeric))", None),
        ("CHECK (((s = ANY (ARRAY['x'::text])) AND (s IS NOT NULL)))", None),
    ],
)
def test_the_values_a_check_allows_are_read_where_it_lists_them(words: str, allowed: set[str] | None) -> None:
    assert Check("c", ("s",), words).allowed == allowed


def test_a_changed_check_changes_what_a_plan_was_made_for_and_a_renamed_key_does_not() -> None:
    orders = table("orders", {"id": "bigint!"}, foreign_keys=(ForeignKey(("id",), "m", ("id",), name="a"),))
    renamed = table("orders", {"id": "bigint!"}, foreign_keys=(ForeignKey(("id",), "m", ("id",), name="b"),))
    narrowed = table("orders", {"id": "bigint!"}, checks=(Check("c", ("id",), "CHECK ((id > 0))"),))
    assert orders.digest() == renamed.digest()
    assert narrowed.digest() != table("orders", {"id": "bigint!"}).digest()


def test_names_in_a_remedy_can_be_pasted() -> None:
    assert quoted("public", 'a"b; drop') == '"public"."a""b; drop"'
    assert key("no") == "'no'"
    assert key("it's") == "'it''s'"
    assert flow(("a", "b c")) == "[a, 'b c']"
