"""Figures as bars: one number for each year, each written above its bar. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from markupsafe import Markup

from jikim.render import svg
from jikim.render.wording import Language

WIDTH: Final = 340
HEIGHT: Final = 178
_TOP, _FLOOR = 34.0, 152.0


def bars(years: Mapping[int, int], *, title: str, colour: str, language: Language, name: str) -> Markup:
    """An ``<svg>`` of one bar a year, the highest as high as the room.

    :param years: in order; a year that is not there has no bar.
    :param colour: a class of :mod:`jikim.render.svg`: ``use``, ``apart``, ``masked`` or ``gone``.
    :param name: unique within the page.
    """
    parts = [svg.text(title, 0, 14, size=13, class_="strong"), *_drawn(years, colour, language)]
    told = [f"{year}: {count:,}." for year, count in years.items()]
    return svg.drawing(parts, width=WIDTH, height=HEIGHT, name=name, title=title, told=told)


def _drawn(years: Mapping[int, int], colour: str, language: Language) -> Iterator[Markup]:
    highest = max((*years.values(), 1))
    step = WIDTH / max(len(years), 1)
    thick = min(step * 0.62, 46)
    exact = all(svg.measured(f"{count:,}", size=11) < step for count in years.values())
    for place, (year, count) in enumerate(years.items()):
        middle = step * (place + 0.5)
        tall = (_FLOOR - _TOP) * count / highest
        if count:
            yield svg.element(
                "rect",
                x=middle - thick / 2,
                y=_FLOOR - max(tall, 1.5),
                width=thick,
                height=max(tall, 1.5),
                rx=2,
                class_=colour,
            )
        above = _FLOOR - max(tall, 1.5) - 5 if count else _FLOOR - 5
        shown = f"{count:,}" if exact else compact(count, language)
        yield svg.text(shown, middle, above, size=11 if step >= 34 else 9, anchor="middle")
        label = str(year) if step >= 32 else f"’{year % 100:02}"
        yield svg.text(label, middle, _FLOOR + 16, size=10.5, class_="soft", anchor="middle")
    yield svg.element("line", x1=0, x2=WIDTH, y1=_FLOOR, y2=_FLOOR, class_="rule")


def compact(count: int, language: Language) -> str:
    """A number in at most five letters or so: ``9,999``, then ``1.2만`` or ``12.3k``."""
    if count < 10_000:
        return f"{count:,}"
    units = (
        ((10**8, "억"), (10**4, "만")) if language == "ko" else ((10**9, "bn"), (10**6, "m"), (10**3, "k"))
    )
    unit, letter = next((unit, letter) for unit, letter in units if count >= unit)
    shown = f"{count / unit:.1f}" if count < 100 * unit else f"{count // unit:,}"
    return f"{shown.removesuffix('.0')}{letter}"
