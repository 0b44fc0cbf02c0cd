"""Text for a terminal is measured in columns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jikim.render.columns import columns, padded, printable, wrapped

TEXT = st.text(st.sampled_from("가나다 abc …—é\u0301"), max_size=60)


def test_a_hangul_syllable_takes_two_columns_and_a_combining_mark_none() -> None:
    assert [columns(text) for text in ("한글", "abc", "e\u0301", "한a")] == [4, 3, 1, 3]


def test_text_is_padded_to_columns_not_to_characters() -> None:
    assert padded("한글", 6) + "|" == "한글  |"


def test_lines_break_at_spaces_and_later_lines_hang() -> None:
    assert wrapped("개인정보 처리방침을 지킨다", 14, indent="- ", hanging="  ") == [
        "- 개인정보",
        "  처리방침을",
        "  지킨다",
    ]


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert wrapped("가나다라", 5) == ["가나", "다라"]


def test_what_would_command_the_terminal_is_replaced() -> None:
    assert printable("a\x1b[31mb\u202ec\nd") == "a\ufffd[31mb\ufffdc d"


@given(TEXT, st.integers(2, 30))
def test_no_line_is_wider_than_asked_and_no_letter_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == printable(text).replace(" ", "")


@pytest.mark.timeout(10)
def test_an_endless_word_is_cut_at_once() -> None:
    assert len(wrapped("가" * 200_000, 80)) == 5_000
