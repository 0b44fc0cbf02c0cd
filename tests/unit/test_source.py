"""What the YAML reader accepts, refuses, and remembers about positions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jikim.source import Document, Severity, SourceError, Span, load


def read(text: str) -> Document:
    return load(text.encode(), name="p.yaml")


def refusals(text: str | bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(SourceError) as caught:
        load(text.encode() if isinstance(text, str) else text, name="p.yaml")
    found = caught.value.diagnostics
    assert all(d.severity is Severity.ERROR and d.span and d.span.file == "p.yaml" for d in found)
    return [(d.code, d.span.line, d.span.column) for d in found if d.span]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("7", 7),
        ("-7", -7),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("02123456", "02123456"),
        ("2026-01-02", "2026-01-02"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ('"7"', "7"),
        ("'true'", "true"),
        ("5 days", "5 days"),
        ("5년", "5년"),
    ],
)
def test_an_unquoted_word_follows_yaml_1_2_and_dates_and_leading_zeros_stay_text(
    written: str, value: object
) -> None:
    got = read(f"a: {written}").value["a"]
    assert got == value
    assert type(got) is type(value)


def test_spans_point_at_values_and_at_keys() -> None:
    doc = read("가나: 값\nitems:\n  - {name: 이름, list: [a, bc]}\n")
    assert doc.span(("가나",)) == Span("p.yaml", 1, 5, 1)
    assert doc.span(("가나",), key=True) == Span("p.yaml", 1, 1, 2)
    assert doc.span(("items", 0, "name")) == Span("p.yaml", 3, 12, 2)
    assert doc.span(("items", 0, "list", 1)) == Span("p.yaml", 3, 26, 2)
    assert doc.text(doc.span(("items", 0, "list"))) == "[a, bc]"


def test_the_span_of_a_path_nobody_wrote_is_its_nearest_parent() -> None:
    doc = read("a:\n  b: 1\n")
    assert doc.span(("a", "b", "c", 3)) == doc.span(("a", "b"))
    assert doc.span(("z",)) == doc.span(())


def test_the_span_of_an_empty_value_is_its_key() -> None:
    doc = read("a:\nb: 1\n")
    assert doc.value == {"a": None, "b": 1}
    assert doc.text(doc.span(("a",))) == "a"


def test_an_alias_repeats_a_value_and_stands_where_it_is_written() -> None:
    doc = read("a: &names [x, y]\nb: *names\n")
    assert doc.value["b"] == ["x", "y"]
    assert doc.span(("b", 1)) == Span("p.yaml", 2, 4, 6)


def test_an_anchor_may_be_used_again_for_another_value() -> None:
    assert read("a: &n 1\nb: *n\nc: &n 2\nd: *n\n").value == {"a": 1, "b": 1, "c": 2, "d": 2}


def test_a_duplicate_key_is_refused_at_its_second_place() -> None:
    assert refusals("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n") == [("duplicate-key", 4, 3), ("duplicate-key", 5, 1)]


def test_several_refusals_are_told_at_once_in_order_of_position() -> None:
    text = "a: !!python/object:x 1\n1: b\nc: &c\n  d: *c\n<<: {a: 1}\ne: *nothing\n"
    assert refusals(text) == [
        ("tag", 1, 4),
        ("key-not-text", 2, 1),
        ("recursive-alias", 4, 6),
        ("merge-key", 5, 1),
        ("unknown-alias", 6, 4),
    ]


def test_tabs_in_indentation_are_refused_on_every_line() -> None:
    assert refusals("a:\n\tb: 1\n  \tc: 2\n") == [("tab-indent", 2, 1), ("tab-indent", 3, 3)]


def test_a_tab_inside_a_value_is_text() -> None:
    assert read('a: "x\ty"').value == {"a": "x\ty"}


def test_bytes_of_another_encoding_are_refused_where_they_stand() -> None:
    assert refusals("a: 1\n이름: ".encode() + "값".encode("cp949")) == [("not-utf-8", 2, 5)]


def test_a_byte_order_mark_is_not_part_of_the_text() -> None:
    assert load("a: 1".encode("utf-8-sig"), name="p").value == {"a": 1}


def test_control_characters_are_refused() -> None:
    assert refusals('a: "x\x00"\nb: \x07\n') == [("control-character", 1, 6), ("control-character", 2, 4)]


def test_of_a_file_full_of_control_characters_the_first_hundred_are_named() -> None:
    assert len(refusals("\x01" * 5000)) == 100


def test_a_file_over_one_mebibyte_is_refused_unread() -> None:
    assert refusals(b"a: " + b"x" * (1 << 20)) == [("file-too-large", 1, 1)]


def test_aliases_that_unfold_without_bound_are_refused_once() -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert [code for code, _, _ in refusals("\n".join(levels))] == ["alias-bomb"]


def test_nesting_that_would_exhaust_the_stack_is_refused() -> None:
    assert refusals("a: " + "[" * 5000) == [("too-deep", 1, 67)]


def test_more_than_one_document_is_refused() -> None:
    assert refusals("a: 1\n---\nb: 2\n") == [("second-document", 2, 1)]


def test_broken_yaml_is_refused_with_its_position() -> None:
    assert refusals("a: [1, 2\nb: 3\n")[0][:2] == ("yaml-syntax", 2)
    assert refusals("a: 'open\n")[0][0] == "yaml-syntax"


@pytest.mark.parametrize("key", ["true", "~", "1.5", "[a, b]", "{a: b}"])
def test_keys_must_be_text(key: str) -> None:
    assert ("key-not-text", 1, 3) in refusals(f"? {key}\n: 1\n")


@pytest.mark.parametrize("number", ["9007199254740993", "1e999", "9" * 5000])
def test_numbers_that_json_cannot_hold_exactly_are_refused(number: str) -> None:
    assert refusals(f"a: {number}") == [("number-too-large", 1, 4)]


def test_an_empty_file_is_an_empty_value() -> None:
    assert read("# nothing\n").value is None


def test_the_error_names_the_first_refusal_and_counts_the_rest() -> None:
    with pytest.raises(SourceError, match=r"^p\.yaml:2:1: the key `a` is written twice \(and 1 more\)$"):
        read("a: 1\na: 2\na: 3\n")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused_with_positions_inside_the_file(text: bytes) -> None:
    try:
        positions = [load(text, name="p.yaml").span(())]
    except SourceError as error:
        positions = [finding.span for finding in error.diagnostics if finding.span]
    height = len(text.decode("utf-8", errors="replace").splitlines()) + 1
    assert positions
    assert all(1 <= at.line <= height and at.column >= 1 and at.length >= 1 for at in positions)


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text("abc가나 :#-'\"", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc가", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(_PLAIN)
def test_what_json_writes_is_read_back_unchanged(value: object) -> None:
    import json

    assert read(json.dumps(value, ensure_ascii=False)).value == value
