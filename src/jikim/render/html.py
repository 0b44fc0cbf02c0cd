"""A policy as one HTML file: nothing in it runs, nothing is loaded, and everything that was written is escaped. Pure.

It reads from 360 pixels on (tables become cards), in light, dark and print, and by keyboard or ear (WCAG 2.2 AA). The
content policy lets in one style sheet, by its hash, and nothing else.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from jinja2 import Template
from markupsafe import Markup

from jikim.render.document.parts import Document, Line, single_table
from jikim.render.document.words import SINCE
from jikim.render.filling import environment
from jikim.render.icons import ICONS
from jikim.render.svg import COLOURS
from jikim.render.wording import Language, Words

_SAID: Final[Mapping[str, Words]] = {
    "skip": ("본문으로 건너뛰기", "Skip to the text"),
    "at_a_glance": ("한눈에 보기", "At a glance"),
    "since": SINCE,
    "contents": ("차례", "Contents"),
    "languages": ("다른 언어", "Other languages"),
    "top": ("처음으로", "Back to the top"),
    "digest": ("이 처리방침 파일의 해시값", "Digest of the policy file"),
}
LANGUAGE_NAMES: Final[Mapping[Language, str]] = {"ko": "한국어", "en": "English"}


def as_html(document: Document, *, files: Mapping[Language, str]) -> str:
    """The whole page.

    :param files: under which name the page of each other language is published, for the links between them.
    """
    style, digest = _style()
    return _template().render(
        it=document,
        style=style,
        style_digest=digest,
        t={key: words[0] if document.language == "ko" else words[1] for key, words in _SAID.items()},
        others=[(each, LANGUAGE_NAMES[each], files[each]) for each in document.languages if each in files],
        icons=ICONS,
        anchors={chapter.anchor for chapter in document.chapters},
    )


def _runs(said: Line) -> Markup:
    """A line's runs, each escaped."""
    parts = []
    for run in said:
        shown = Markup("{}").format(run.text)
        if run.to:
            shown = Markup('<a href="{}">{}</a>').format(run.to, shown)
        if run.strong:
            shown = Markup("<strong>{}</strong>").format(shown)
        if run.soft:
            shown = Markup('<span class="soft">{}</span>').format(shown)
        parts.append(shown)
    return Markup("").join(parts)


@cache
def _style() -> tuple[Markup, str]:
    """The style sheet, and the hash by which the content policy lets it in."""
    sheet = resources.files("jikim.render").joinpath("templates/policy.css").read_text()
    style = COLOURS + sheet
    return Markup(style), base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()  # noqa: S704


@cache
def _template() -> Template:
    filled = environment()
    filled.filters["runs"] = _runs
    filled.filters["kind"] = lambda block: type(block).__name__
    filled.tests["of_one_table"] = single_table
    return filled.get_template("policy.html")
