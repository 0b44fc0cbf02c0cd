"""Masks: what stands in a cell afterwards, and that a second pass changes nothing."""

import hashlib
import hmac
import ipaddress
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.plan.small import at

from jikim.datamap.schema import Column, Table
from jikim.plan.masks import TAG_LENGTH, Mask, fitting, masked, parse_mask, row_tag, tag_pads

TAG = row_tag(b"key", table="people", row_key=(1,))
MAIL = "tag(gone-{tag}@invalid.example)"


@pytest.mark.parametrize(
    ("mask", "value", "after"),
    [
        ("null", "홍길동", None),
        ("null", None, None),
        ("fixed(-)", "홍길동", "-"),
        ("fixed()", "홍길동", ""),
        ("fixed(-)", None, None),
        ("fixed(0)", 30000, 0),
        ("fixed(0)", Decimal("30000.50"), Decimal(0)),
        ("fixed(0)", 1.5, 0.0),
        ("fixed(false)", True, False),
        ("fixed(true)", False, True),
        ("fixed(1900-01-01)", date(1990, 5, 17), date(1900, 1, 1)),
        ("fixed(00000000-0000-0000-0000-000000000000)", UUID(int=7), UUID(int=0)),
        ("fixed(0.0.0.0)", ipaddress.ip_address("203.0.113.9"), ipaddress.ip_address("0.0.0.0")),  # noqa: S104
        (MAIL, "a@mail.example", f"gone-{TAG}@invalid.example"),
        (MAIL, "gone-0123456789abcdef@invalid.example", "gone-0123456789abcdef@invalid.example"),
        (MAIL, "gone-0123456789abcdef@invalid.example\n", f"gone-{TAG}@invalid.example"),
        (MAIL, "gone-0123456789abcdeg@invalid.example", f"gone-{TAG}@invalid.example"),
        ("truncated-ip", "203.0.113.9", "203.0.113.0"),
        ("truncated-ip", "2001:db8:1:2::9", "2001:db8:1::"),
        ("truncated-ip", ipaddress.ip_address("203.0.113.9"), ipaddress.ip_address("203.0.113.0")),
        ("truncated-ip", ipaddress.ip_interface("203.0.113.9/24"), ipaddress.ip_address("203.0.113.0")),
        ("year", date(1990, 5, 17), date(1990, 1, 1)),
        ("year", datetime(1990, 5, 17, 9, 30, tzinfo=UTC), datetime(1990, 1, 1, tzinfo=UTC)),
        ("year", at("1990-01-01 08:59"), datetime(1989, 1, 1, tzinfo=UTC)),
        ("year", datetime(1990, 5, 17, 9, 30), datetime(1990, 1, 1)),  # noqa: DTZ001
    ],
)
def test_what_stands_in_the_cell_afterwards(mask: str, value: Any, after: Any) -> None:
    result = masked(parse_mask(mask), value, tag=TAG)
    assert result == after
    assert type(result) is type(after)


VALUES = st.one_of(
    st.tuples(st.sampled_from(["null", "fixed(-)", MAIL]), st.text(max_size=20)),
    st.tuples(st.just("fixed(0)"), st.integers() | st.decimals(allow_nan=False, allow_infinity=False)),
    st.tuples(st.just("truncated-ip"), st.ip_addresses() | st.ip_addresses().map(str)),
    st.tuples(st.just("year"), st.dates() | st.datetimes(timezones=st.just(UTC)) | st.datetimes()),
)


@given(VALUES)
def test_a_second_mask_changes_nothing(drawn: tuple[str, Any]) -> None:
    mask, value = parse_mask(drawn[0]), drawn[1]
    once = masked(mask, value, tag=TAG)
    assert masked(mask, once, tag="f" * TAG_LENGTH) == once


@given(st.text(max_size=20))
def test_a_tag_is_known_by_its_pattern_and_stands_on_one_line(value: str) -> None:
    mask = parse_mask(MAIL)
    assert re.fullmatch(mask.pattern, masked(mask, value, tag=TAG))


@pytest.mark.parametrize(
    "text", ["gone", "tag(gone)", "tag({tag}{tag})", "fixed", "Year", "null()", "truncated-ip(24)"]
)
def test_what_is_no_mask_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="mask"):
        parse_mask(text)


@pytest.mark.parametrize("text", ["null", "fixed(-)", MAIL, "truncated-ip", "year"])
def test_a_mask_is_written_as_it_was_read(text: str) -> None:
    assert str(parse_mask(text)) == text


@pytest.mark.parametrize(("mask", "value"), [("year", "1990"), ("truncated-ip", "unknown")])
def test_a_mask_on_a_value_of_another_kind_is_refused(mask: str, value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        masked(parse_mask(mask), value, tag=TAG)


def test_the_tag_of_a_row_tells_tables_and_keys_apart() -> None:
    tags = {
        row_tag(b"key", table=t, row_key=k)
        for t, k in [("a", (1,)), ("b", (1,)), ("a", (2,)), ("a", (1, 2)), ("a", (12,))]
    }
    assert len(tags) == 5
    assert all(re.fullmatch("[0-9a-f]{16}", tag) for tag in tags)


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=40))
def test_the_pads_make_hmac_of_two_plain_hashes(key: bytes, message: bytes) -> None:
    inner, outer = tag_pads(key)
    made = hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).hexdigest()
    assert made == hmac.new(key, message, hashlib.sha256).hexdigest()


def test_the_text_of_a_fixed_mask_may_hold_parentheses() -> None:
    assert parse_mask("fixed(a(b)c)") == Mask("fixed", "a(b)c")


@pytest.mark.parametrize(
    ("column", "masks"),
    [
        (Column("ip", "inet"), ["null", "truncated-ip"]),
        (Column("at", "date", nullable=False), ["year"]),
        (Column("word", "text", nullable=False), ["fixed(-)", "fixed(0)"]),
        (Column("state", "state", nullable=False, labels=("open", "done")), ["fixed(done)"]),
    ],
)
def test_the_masks_a_column_can_take_are_offered_the_most_silent_first(
    column: Column, masks: list[str]
) -> None:
    """What a finding suggests can stand in the column: a date loses all but its year, an enumerated value its own."""
    offered = [str(mask) for mask in fitting(column, Table("t", {column.name: column}))]
    assert offered[: len(masks)] == masks
    assert column.kind == "text" or not [m for m in offered if m.startswith("tag")]
