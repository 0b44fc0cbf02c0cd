"""Drafts under any names: what is written reads back, and speaks only of what is there."""

import re
from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from jikim.datamap.check import check
from jikim.datamap.parse import parse as parse_map
from jikim.datamap.schema import Column, ForeignKey, Schema, Table
from jikim.draft import relations
from jikim.draft.compose import compose, readings, service_id
from jikim.draft.layout import Line, comment, flow, scalar, written
from jikim.draft.map_file import Place, datamap_text
from jikim.draft.policy_file import policy_text
from jikim.draft.values import Form, seen
from jikim.plan.recognise import is_business_number
from jikim.policy.parse import parse as parse_policy
from jikim.source import load

TODAY = date(2026, 1, 12)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
WORDS = (
    "users members orders posts to no guest sessions logs id user_id member_id email e.mail name phone left_at status "
    "created_at expires_at deleted.at memo owner_id content_type_id object_id history 회원 회원번호 이메일 주문"
)
TELLING = st.sampled_from(WORDS.split())
NAMES = TELLING | ANY
TYPES = st.sampled_from(
    [
        "bigint",
        "text",
        "character varying(20)",
        "timestamp with time zone",
        "date",
        "boolean",
        "jsonb",
        "uuid",
        "inet",
    ]
)
AMISS = {
    *("missing-table", "missing-column", "unknown-column", "unknown-item", "unknown-owner", "unknown-people"),
    *(
        "unknown-processing",
        "owner-twice",
        "co-owner",
        "subject-owned",
        "subject-key",
        "edge",
        "time-type",
        "sentinel",
    ),
    *(
        "condition",
        "no-basis",
        "no-reference",
        "json-path",
        "unmapped-table",
        "unmapped-column",
        "other-service",
    ),
}
"""Findings that would say that a draft speaks of what is not there, or is silent about what is."""


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """Some tables of any names, with keys and foreign keys between them."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    tables: dict[str, Table] = {}
    for name in names:
        called = draw(st.dictionaries(NAMES, TYPES, min_size=1, max_size=6))
        columns = {
            c: Column(c, t, nullable=draw(st.booleans())) for c, t in {"id": "bigint", **called}.items()
        }
        keys = [
            ForeignKey((c,), to, ("id",))
            for c, column in columns.items()
            for to in tables
            if column.type == "bigint" == tables[to].columns["id"].type and c != "id" and draw(st.booleans())
        ]
        tables[name] = Table(name, columns, ("id",), foreign_keys=tuple(keys[:2]))
    return Schema(tables)


@given(schemas(), ANY)
def test_a_draft_reads_back_and_speaks_of_every_table_and_of_nothing_else(
    schema: Schema, database: str
) -> None:
    """Whatever tables and columns are called: the policy holds together and the map fits the schema."""
    read_as = readings(schema, {})
    people = relations.subjects(schema, read_as)
    edges = [
        *relations.keyed(schema),
        *relations.confirmed((e, None) for e in relations.named(schema, people)),
    ]
    people = relations.keyed_by(people, edges)
    draft = compose(schema, {}, read_as, people, edges, service=service_id(database))
    policy = parse_policy(policy_text(draft).encode(), name="policy.yaml")
    place = Place("env:URL", database, database, "Asia/Seoul", zoneless=True)
    datamap, _ = parse_map(datamap_text(draft, place).encode(), name="datamap.yaml")
    assert list(datamap.tables.keys() ^ schema.tables.keys()) == []
    assert datamap.stores.app.tables_in == database
    found = [f for f in check(datamap, schema=schema, policy=policy) if f.code in AMISS]
    assert not found


@given(st.dictionaries(ANY | NAMES, ANY | NAMES, max_size=5), ANY)
def test_names_and_texts_read_back_as_they_were(values: Mapping[str, str], remark: str) -> None:
    """Any text as a key or a value, with any remark beside it, on one line and over several."""
    block = [Line(1, f"{scalar(key)}: {scalar(value)}", remark) for key, value in values.items()]
    text = written(
        [
            Line(0, "block:" if block else "block: {}", remark),
            *block,
            Line(0, f"flow: {flow({k: scalar(v) for k, v in values.items()})}"),
        ]
    )
    assert load(text.encode(), name="x").value == {"block": dict(values), "flow": dict(values)}


@given(st.text())
def test_a_remark_stays_on_its_line(text: str) -> None:
    """No line break, tab or escape sequence passes."""
    assert comment(text).isprintable()


WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


@given(st.text("0123456789", min_size=9, max_size=9))
def test_of_ten_digits_one_last_digit_makes_a_business_number(nine: str) -> None:
    """The check digit is worked out here by the rule as published, apart from the recogniser."""
    total = sum(int(d) * w for d, w in zip(nine, WEIGHTS, strict=True)) + int(nine[8]) * 5 // 10
    right = (10 - total % 10) % 10
    assert [n for n in range(10) if is_business_number(f"{nine}{n}")] == [right]
    written_apart = f"{nine[:3]}-{nine[3:5]}-{nine[5:]}{right}"
    assert seen([written_apart], today=TODAY).forms.get(Form.BUSINESS) == 1
    assert Form.BUSINESS not in seen([f"{written_apart[:-1]}{(right + 1) % 10}"], today=TODAY).forms


@given(st.lists(st.text() | st.integers() | st.floats() | st.none() | st.dates() | st.booleans(), max_size=8))
def test_values_of_any_kind_are_counted_and_none_is_kept(values: list[object]) -> None:
    """What was seen holds counts and forms only."""
    looked = seen(values, today=TODAY)
    assert looked.rows == len(values)
    assert looked.filled <= looked.rows
    assert all(count <= looked.filled for count in looked.forms.values())
    said = re.sub(r"[^a-z0-9-]+", " ", repr(looked))
    assert not [v for v in values if isinstance(v, str) and len(v) > 30 and v in said]
