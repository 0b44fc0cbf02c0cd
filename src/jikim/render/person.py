"""One person's life in the service, as text for a terminal and as a drawing. Pure.

A drawing has a lane for every table, under one axis of years: first where the rows stood in use, then where
their copies stood apart. The scenes are numbered above; the numbers are those of the list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from jikim.policy.life import Happening, PersonLife, Scene, Stay
from jikim.render import svg
from jikim.render.columns import wrapped
from jikim.render.timeline import WIDTH, bar
from jikim.render.wording import ACTIONS, Language, Words, say, trigger

_TITLE: Final[Words] = ("한 사람의 개인정보가 지나온 길", "One person's life in the service")
_BY: Final[dict[str, Words]] = {"service": ("서비스", "service"), "jikim": ("지킴", "jikim")}
_IN_USE: Final[Words] = ("서비스의 데이터베이스", "the service's database")
_APART: Final[Words] = ("분리 보관소", "the archive")
_STATES: Final[dict[str, Words]] = {
    "in use": ("이용", "in use"),
    "masked": ("일부 가림", "partly masked"),
    "apart": ("법에 따라 따로 보관", "kept apart by law"),
}


@dataclass(frozen=True)
class Telling:
    """A scene in words.

    :param deeds: what was done, to which tables, and why.
    """

    number: int
    when: str
    by: str
    deeds: tuple[tuple[str, str], ...]
    left: str
    enforced: bool


def told(life: PersonLife, *, language: Language, zone: ZoneInfo) -> tuple[Telling, ...]:
    """The scenes in words, in order, with their numbers."""
    return tuple(_telling(n, scene, language, zone) for n, scene in enumerate(life.scenes, 1))


def _telling(number: int, scene: Scene, language: Language, zone: ZoneInfo) -> Telling:
    alike = sorted(scene.happenings, key=lambda each: (_order(scene, each), each.because))
    deeds = []
    for (action, because), group in groupby(alike, key=lambda each: (each.action, each.because)):
        tables = ", ".join(_rows(each, language) for each in group if each.table)
        name = say(ACTIONS[action], language) if action in ACTIONS else trigger(action, language)
        deeds.append((f"{name}: {tables}" if tables else name, " · ".join(because)))
    left = say(("남은 행: 이용 {}, 따로 {}", "rows left: {} in use, {} apart"), language)
    return Telling(
        number,
        f"{scene.at.astimezone(zone):%Y-%m-%d %H:%M}",
        say(_BY[scene.by], language),
        tuple(deeds),
        left.format(scene.in_use, scene.apart),
        scene.by == "jikim",
    )


def _order(scene: Scene, happening: Happening) -> int:
    """Kinds of deeds in the order in which they first happened."""
    return next(n for n, each in enumerate(scene.happenings) if each.action == happening.action)


def _rows(happening: Happening, language: Language) -> str:
    if not happening.rows:
        return happening.table
    return f"{happening.table} {happening.rows}{'행' if language == 'ko' else ''}"


def as_text(life: PersonLife, *, language: Language, zone: ZoneInfo, width: int = 80) -> str:
    """The scenes for a terminal of that many columns (40 or more); what jikim did is marked ``■``."""
    out = [*wrapped(say(_TITLE, language), width), ""]
    for scene in told(life, language=language, zone=zone):
        mark = "■" if scene.enforced else "○"
        out += wrapped(f"{scene.when} {scene.by}", width, indent=f"{scene.number:>3} {mark} ")
        for deed, because in scene.deeds:
            out += wrapped(deed, width, indent="      ", hanging="        ")
            if because:
                out += wrapped(because, width, indent="        ← ", hanging="          ")
        out += wrapped(scene.left, width, indent="      ")
    return "\n".join(out) + "\n"


# -- drawing ----------------------------------------------------------------------------------------------

_LEFT, _RIGHT = 16.0, 344.0
_TOP, _LANE = 76.0, 29.0
_BADGE = 17.0


@dataclass(frozen=True)
class _Span:
    """The time a drawing covers, on its horizontal axis."""

    start: datetime
    stop: datetime

    def x(self, at: datetime) -> float:
        whole = max((self.stop - self.start).total_seconds(), 1)
        return _LEFT + (_RIGHT - _LEFT) * (at - self.start).total_seconds() / whole


def person_drawing(life: PersonLife, *, language: Language, zone: ZoneInfo, name: str) -> Markup:
    """The lanes as an ``<svg>`` to stand inside a page; ``name`` is unique there."""
    parts, height = _lanes(life, language, zone)
    return svg.drawing(
        parts,
        width=WIDTH,
        height=height,
        name=name,
        title=say(_TITLE, language),
        told=_said(life, language, zone),
    )


def person_svg(life: PersonLife, *, language: Language, zone: ZoneInfo) -> str:
    """The lanes and the list of scenes as one SVG file."""
    parts, height = _lanes(life, language, zone)
    drawn = [svg.element("g", *parts, transform="translate(0 44)")]
    y = height + 76
    for scene in told(life, language=language, zone=zone):
        rows = [
            (
                f"{scene.number}. {scene.when} · {scene.by}",
                12.0,
                "strong gone" if scene.enforced else "strong",
            )
        ]
        for deed, because in scene.deeds:
            rows += [(deed, 11.5, ""), *([(because, 10.5, "soft")] if because else [])]
        rows.append((scene.left, 10.5, "soft"))
        for words, size, class_ in rows:
            done, y = svg.lines(words, _LEFT, y, room=_RIGHT - _LEFT, size=size, class_=class_)
            drawn.append(done)
        y += 8
    title = say(_TITLE, language)
    drawn = [
        svg.element("rect", width=WIDTH, height=y, class_="paper"),
        svg.text(title, _LEFT, 32, size=17, class_="strong"),
        *drawn,
    ]
    return svg.alone(
        svg.drawing(
            drawn, width=WIDTH, height=y, name="person", title=title, told=_said(life, language, zone)
        )
    )


def _said(life: PersonLife, language: Language, zone: ZoneInfo) -> list[str]:
    """Every scene in one sentence, for those who do not see the lanes."""
    scenes = told(life, language=language, zone=zone)
    return [
        f"{s.number}. {s.when} {s.by}: {'; '.join(deed for deed, _ in s.deeds)}; {s.left}." for s in scenes
    ]


def _lanes(life: PersonLife, language: Language, zone: ZoneInfo) -> tuple[list[Markup], float]:
    """What is drawn, and its height."""
    moments = [scene.at for scene in life.scenes] or [life.as_of]
    span = _Span(moments[0], life.as_of)
    in_use = [stay for stay in life.stays if stay.state != "apart"]
    apart = [stay for stay in life.stays if stay.state == "apart"]
    lanes, y = list(_legend(language)), _TOP + 26
    for words, stays in ((_IN_USE, in_use), (_APART, apart)):
        if stays:
            lanes.append(svg.text(say(words, language), _LEFT, y + 4, size=11, class_="strong"))
            y += 20
            for table, of_table in groupby(stays, key=lambda stay: stay.table):
                lanes += _lane(table, tuple(of_table), y, span)
                y += _LANE
            y += 8
    return [*_years(span, zone, bottom=y), *_badges(life.scenes, span, bottom=y), *lanes], y + 18


def _legend(language: Language) -> Iterator[Markup]:
    x = _LEFT
    for state, words in _STATES.items():
        label = say(words, language)
        yield bar(state, x, x + 20, 6)
        yield svg.text(label, x + 25, 10, size=11)
        x += 37 + svg.measured(label, size=11)
    gone, moved = say(("지워짐", "gone"), language), say(("따로 옮겨짐", "moved to the archive"), language)
    yield svg.cross(_LEFT + 10, 24, size=3.6)
    yield svg.text(gone, _LEFT + 25, 28, size=11)
    x = _LEFT + 37 + svg.measured(gone, size=11)
    yield svg.down(x + 10, 24)
    yield svg.text(moved, x + 20, 28, size=11)


def _lane(table: str, stays: Sequence[Stay], y: float, span: _Span) -> Iterator[Markup]:
    """A table's name, its stretches under it, and where its rows went: ✕ for good, ↓ to the archive."""
    yield svg.text(svg.broken(table, room=_RIGHT - _LEFT, size=10.5)[0], _LEFT, y, size=10.5, class_="halo")
    for stay in stays:
        start, stop = span.x(stay.start), span.x(stay.stop or span.stop)
        yield bar(stay.state, start, max(stop, start + 2.5), y + 9)
    last = stays[-1]
    if last.stop is not None:
        x = span.x(last.stop) + 7
        yield svg.down(x, y + 9) if last.ended_by == "archive" else svg.cross(x, y + 9, size=3.4)


def _years(span: _Span, zone: ZoneInfo, *, bottom: float) -> Iterator[Markup]:
    """A line for each New Year, and its number where there is room."""
    free = 0.0
    for year in range(span.start.astimezone(zone).year, span.stop.astimezone(zone).year + 1):
        x = span.x(max(datetime(year, 1, 1, tzinfo=zone), span.start))
        yield svg.element("line", x1=x, x2=x, y1=_TOP, y2=bottom, class_="rule")
        if x >= free and x + 26 <= _RIGHT + 8:
            yield svg.text(str(year), x, bottom + 12, size=10, class_="soft")
            free = x + 34


def _badges(scenes: Sequence[Scene], span: _Span, *, bottom: float) -> Iterator[Markup]:
    """The scenes' numbers in a row, each led to its instant; only the instants, where there are too many."""
    numbered = len(scenes) * _BADGE <= _RIGHT - _LEFT
    for n, (scene, middle) in enumerate(zip(scenes, _apart([span.x(s.at) for s in scenes]), strict=True), 1):
        x, class_ = span.x(scene.at), "gone" if scene.by == "jikim" else "use"
        yield svg.element(
            "line", x1=x, x2=x, y1=_TOP, y2=bottom, class_=f"{class_}-line", stroke_opacity=0.25
        )
        if numbered:
            path = f"M{middle:.1f} 60L{x:.1f} {_TOP:.1f}"
            yield svg.element("path", d=path, class_=f"{class_}-line", stroke_opacity=0.6)
            yield svg.element("circle", cx=middle, cy=52, r=8, class_=class_)
            yield svg.text(str(n), middle, 55.5, size=9.5, class_="badge", anchor="middle")


def _apart(wished: list[float]) -> list[float]:
    """The places nearest to those wished for, in order, at which badges do not touch nor leave the drawing."""
    placed: list[float] = []
    for x in wished:
        placed.append(max(x, placed[-1] + _BADGE) if placed else max(x, _LEFT))
    edge = _RIGHT
    for n in reversed(range(len(placed))):
        placed[n] = min(placed[n], edge)
        edge = placed[n] - _BADGE
    return placed
