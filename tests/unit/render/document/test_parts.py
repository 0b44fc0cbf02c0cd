"""A document holds nothing that could command a reader's browser, terminal or eye."""

import pytest

from jikim.render.document.parts import Run, line, link, plain


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("https://plask.example/privacy?v=1#top", "https://plask.example/privacy?v=1#top"),
        ("privacy@plask.example", "mailto:privacy@plask.example"),
        ("02-0000-0000", "tel:0200000000"),
        ("+82 2 0000 0000", "tel:+82200000000"),
        ("118", "tel:118"),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt://%0aalert(1)", ""),
        ("data:text/html,x", ""),
        ("//plask.example", ""),
        ("https://", ""),
        ('https://x.example/"onclick=', ""),
        ("https://x.example/ y", ""),
        ("https://x.example/\u202e", ""),
        ("https://[x", ""),
        ("a@b", ""),
        ("a@b.example,c@d.example", ""),
    ],
)
def test_only_what_shows_a_page_or_begins_a_letter_or_a_call_is_a_link(address: str, leads_to: str) -> None:
    assert link(address).to == leads_to
    assert link("shown", address) == Run("shown", to=leads_to)


def test_what_would_not_print_or_would_turn_the_reading_direction_is_replaced() -> None:
    assert plain(line("a\u202eb\nc", Run("\x1b[31m"))) == "a�b c�[31m"
