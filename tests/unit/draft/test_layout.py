"""How a draft's lines are laid out: remarks of neighbours in one column, words bare where nothing else is meant."""

import pytest

from jikim.draft.layout import Line, scalar, written


def test_remarks_of_neighbouring_lines_begin_in_one_column_and_a_long_line_does_not_push_them() -> None:
    lines = [
        Line(1, "a: 1", "one"),
        Line(1, "longer: 2", "two"),
        Line(1, "x: " + "y" * 60, "three"),
        Line(2, "z: 1", "in"),
    ]
    assert written(lines).splitlines() == [
        "  a: 1       # one",
        "  longer: 2  # two",
        f"  x: {'y' * 60}  # three",
        "    z: 1  # in",
    ]


@pytest.mark.parametrize(
    "word", ["email", "회원", "membership ended", "fixed(-)", "주문·예약 내역", "created_at"]
)
def test_a_word_that_means_only_itself_stands_bare(word: str) -> None:
    assert scalar(word) == word


@pytest.mark.parametrize(
    "word", ["no", "Yes", "on", "null", "1", "a: b", "a #b", "", " a", "-", "a{b}", "it's", "\x1b[0m"]
)
def test_a_word_that_could_mean_something_else_stands_in_quotes(word: str) -> None:
    assert scalar(word).startswith('"')
    assert scalar(word).isprintable()
