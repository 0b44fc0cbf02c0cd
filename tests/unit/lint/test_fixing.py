"""What is mended becomes what was asked for, and nothing else in the file another."""

import pytest

from jikim.lint.fixing import edit, fixed
from jikim.source import load

TITLE = ("title",)


def mended(text: str, to: str, path: tuple[str | int, ...] = TITLE) -> str | None:
    """The text with the value at a path mended; None where no edit is known."""
    made = edit(load(text.encode(), name="p"), path, to, code="X-1")
    return fixed(text, [made]) if made else None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: old # why\n", "title: new # why\n"),
        ('title: "old name" # why\r\nb: 1\r\n', "title: new # why\r\nb: 1\r\n"),
        ("{title: 'old', b: 1}", "{title: new, b: 1}"),
    ],
)
def test_a_text_on_one_line_is_replaced_and_comments_and_line_ends_stay(before: str, after: str) -> None:
    assert mended(before, "new") == after


@pytest.mark.parametrize(
    "written",
    [
        "title: >-\n  old\n  name\n",
        "title: old\n  name\n",
        'title: "old\n  name"\n',
        "title: {ko: old, en: name}\n",
        "title:\n  ko: old\n",
        "a: [&t old]\ntitle: *t\n",
        "title: &t old\na: *t\n",
        "title: 7\n",
    ],
)
def test_what_is_more_than_a_text_on_one_line_is_left_to_its_author(written: str) -> None:
    assert mended(written, "new") is None


@pytest.mark.parametrize(
    "to",
    ["a: b", "a, b", "a #1", "- a", "12", "true", "[a", 'it\'s "so"', "back\\slash", "", "a\x01b", " a "],
)
def test_a_text_that_yaml_would_read_otherwise_is_quoted(to: str) -> None:
    for written, path in (("title: old # c\nb: 1\n", TITLE), ("title: [x, old, y]\nb: 1\n", ("title", 1))):
        made = mended(written, to, path)
        assert made is not None
        after = load(made.encode(), name="p")
        assert after.at(path) == to
        assert after.value["b"] == 1
