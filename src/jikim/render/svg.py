"""Pieces of an SVG drawing: elements that escape what they are given, text that wraps, colours. Pure.

A drawing names its colours by class, so that one style sheet serves light, dark and print. Nothing in it is
loaded from elsewhere and nothing runs; there is no ``style`` attribute, which a strict content policy forbids.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup, escape

from jikim.render.columns import printable

FONTS: Final = (
    'Pretendard, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", "Noto Sans CJK KR", '
    "system-ui, sans-serif"
)
LIGHT: Final = {
    "paper": "#fcfbf8",
    "card": "#ffffff",
    "ink": "#1c2430",
    "soft": "#556070",
    "line": "#d9d6cd",
    "use": "#1c7c70",
    "locked": "#8f5606",
    "apart": "#4a53b8",
    "masked": "#8a5aa8",
    "gone": "#b4322a",
    "consent": "#a3256f",
}
DARK: Final = {
    "paper": "#12161c",
    "card": "#1a2028",
    "ink": "#e9ebef",
    "soft": "#a9b3c1",
    "line": "#343d49",
    "use": "#4fc3b0",
    "locked": "#e3ab52",
    "apart": "#98a4ff",
    "masked": "#cba6ea",
    "gone": "#ff8f82",
    "consent": "#ff94c8",
}


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


COLOURS: Final = (
    f":root{{color-scheme:light dark;{_variables(LIGHT)}}}\n"
    f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}\n"
    f"@media print{{:root{{color-scheme:light;{_variables(LIGHT | {'paper': '#ffffff'})}}}}}\n"
)
"""The colours by name; those of text have a contrast of 4.5:1 or more on paper and card (WCAG 2.2, 1.4.3)."""

CLASSES: Final = (
    f"svg text{{font-family:{FONTS};fill:var(--ink)}}\n"
    "svg .soft{fill:var(--soft)} svg .strong{font-weight:650}\n"
    "svg .paper{fill:var(--paper)} svg .card{fill:var(--card);stroke:var(--line)}\n"
    "svg .rule{stroke:var(--line);stroke-width:1} svg .fact{stroke:var(--ink);stroke-width:1.5}\n"
    + "\n".join(
        f"svg .{name}{{fill:var(--{name})}} svg .{name}-line{{stroke:var(--{name});fill:none}}"
        for name in ("use", "locked", "apart", "masked", "gone", "consent")
    )
    + "\nsvg .hollow-line{stroke:var(--card);stroke-opacity:.55} svg .badge{fill:var(--card);font-weight:650}\n"
    "svg .halo{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}\n"
)
"""How drawings look; stands beside ``COLOURS`` in a style sheet."""


def element(tag: str, *children: str | Markup, **attributes: str | float) -> Markup:
    """An element with its text and attributes escaped; ``class_`` and ``text_anchor`` lose their underline."""
    written = Markup("").join(
        Markup(' {}="{}"').format(name.rstrip("_").replace("_", "-"), _value(value))
        for name, value in attributes.items()
    )
    if not children:
        return Markup("<{}{}/>\n").format(tag, written)
    inside = Markup("").join(
        each if isinstance(each, Markup) else escape(printable(each)) for each in children
    )
    return Markup("<{0}{1}>{2}</{0}>\n").format(tag, written, inside)


def _value(value: str | float) -> str:
    # What would not print is also what XML forbids, escaped or not, and what turns the reading direction.
    return printable(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def text(
    content: str, x: float, y: float, *, size: float = 12, class_: str = "", anchor: str = "start"
) -> Markup:
    """One line of text, its baseline at ``y``."""
    attributes: dict[str, str | float] = {"x": x, "y": y, "font_size": size}
    if class_:
        attributes["class_"] = class_
    if anchor != "start":
        attributes["text_anchor"] = anchor
    return element("text", content, **attributes)


def lines(
    content: str,
    x: float,
    y: float,
    *,
    room: float,
    size: float = 12,
    leading: float = 1.45,
    class_: str = "",
) -> tuple[Markup, float]:
    """Wrapped text whose first baseline is at ``y``; and the baseline that would follow its last."""
    step = size * leading
    rows = broken(content, room=room, size=size)
    drawn = [text(row, x, y + n * step, size=size, class_=class_) for n, row in enumerate(rows)]
    return Markup("").join(drawn), y + len(rows) * step


def measured(content: str, *, size: float) -> float:
    """About how wide the text will be, rather more than less: nobody knows the reader's font."""
    return size * sum(map(_ems, content))


def _ems(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    if unicodedata.east_asian_width(char) in "WF":
        return 1
    return 0.34 if char in " .,:;'!|il()·" else 0.72 if char.isupper() or char in "mwMW%@" else 0.58


def broken(content: str, *, room: float, size: float) -> list[str]:
    """The text in lines that fit into a room, broken at spaces, in need inside a word."""
    rows, row = [], ""
    for word in content.split():
        joined = f"{row} {word}" if row else word
        if measured(joined, size=size) <= room:
            row = joined
            continue
        if row:
            rows.append(row)
        row = ""
        for char in word:
            if row and measured(row + char, size=size) > room:
                rows.append(row)
                row = ""
            row += char
    return [*rows, row]


def drawing(
    parts: Iterable[Markup], *, width: float, height: float, name: str, title: str, told: Sequence[str]
) -> Markup:
    """A whole drawing, to stand inside a page.

    :param name: unique within the page.
    :param told: what it shows, for those who do not see it.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", " ".join(told), id=f"{name}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def alone(whole: Markup) -> str:
    """A drawing as a file of its own, with the style sheet it needs."""
    opening, _, rest = whole.partition(">")
    return f"{opening}>\n<style>\n{COLOURS}{CLASSES}</style>{rest}"


def cross(x: float, y: float, *, size: float = 4.5) -> Markup:
    """✕: destroyed."""
    across = 2 * size
    path = (
        f"M{x - size:.1f} {y - size:.1f}l{across:.1f} {across:.1f}m0 {-across:.1f}l{-across:.1f} {across:.1f}"
    )
    return element("path", d=path, class_="gone-line", stroke_width=2.4, stroke_linecap="round")


def down(x: float, y: float) -> Markup:
    """↓: moved to the archive."""
    path = f"M{x:.1f} {y - 5:.1f}v9m-3.5 -3.5l3.5 3.5l3.5 -3.5"
    return element("path", d=path, class_="apart-line", stroke_width=2, stroke_linecap="round")
