"""The life of each item, as text for a terminal and as drawings. Pure.

In a drawing everything after a trigger stands on one axis: the periods of this policy in order of length, at
equal distances, so that five days and five years are both to be seen. The sentence above each bar is exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from jikim.law.counting import due_at
from jikim.policy.life import ItemLife, Kept, Phase, Timeline, Use, Way
from jikim.policy.model import DataItem
from jikim.policy.period import Period
from jikim.policy.words import LegalBasis
from jikim.render import svg
from jikim.render.columns import wrapped
from jikim.render.wording import BASES, TAKEN, Language, Words, local, period, say, short, trigger

WIDTH: Final = 360
"""Of one life's drawing, in user units: what a telephone shows at its own size."""

_TITLE: Final[Words] = ("항목별 개인정보의 일생", "The life of each item")
_FIRST: Final[Words] = ("다음 가운데 먼저 오는 때 끝납니다", "ends with the first of these")
_LAST: Final[Words] = ("다음 가운데 나중에 오는 때 끝납니다", "ends with the last of these")
_OPEN: Final[Words] = ("보유기간을 밝히지 않았습니다", "no period is stated")
_NEVER: Final[Words] = ("저장하지 않고 지나갑니다", "passes through and is not stored")
_UNUSED: Final[Words] = ("어느 처리에도 쓰이지 않습니다", "no processing uses it")
_BY_LAW: Final[Words] = ("법령상 보존", "kept by law")
_ONLY: Final[Words] = ("이 항목만 따로", "apart, and only")
_SCALE: Final[Words] = (
    "눈금은 긴 순서일 뿐, 길이에 비례하지 않습니다.",
    "The scale shows order, not length.",
)
_PHASES: Final[dict[str, Words]] = {
    "in use": ("이용", "in use"),
    "locked": ("잠금(이용하지 않음)", "locked (not used)"),
    "apart": ("법에 따라 따로 보관", "kept apart by law"),
    "destroyed": ("파기", "destroyed"),
}
_STEPS: Final[dict[str, Words]] = {
    "in use": ("{} 더 이용", "used for {} more"),
    "locked": ("{} 잠금", "locked for {}"),
    "apart": ("{} 보존(이용이 끝나면 따로)", "kept for {} (apart once its use has ended)"),
    "destroyed": ("{} 안에 파기", "destroyed within {}"),
    "counted": ("파기(잠금을 포함해 {} 안)", "destroyed (within {}, the lock included)"),
    "recorded": ("{} 이용", "used for {}"),
}


def sentence(way: Way, language: Language) -> str:
    """``회원 탈퇴 → 5일 잠금 → 파기(…)``: a way from its trigger on."""
    steps = [trigger(way.trigger, language)]
    for before, phase in zip([None, *way.phases], way.phases, strict=False):
        if phase.lasts is None:
            continue
        kind: str = phase.kind
        if phase.kind == "destroyed" and before is not None and before.kind == "locked":
            kind = "counted"
        elif phase.kind == "in use" and before is None:
            kind = "recorded"
        steps.append(say(_STEPS[kind], language).format(period(phase.lasts, language)))
    return " → ".join(steps)


def _names(items: Sequence[DataItem], language: Language) -> str:
    return ", ".join(local(item.label, language) for item in items)


def _basis(use: Use, language: Language) -> str:
    return f"{say(BASES[use.processing.basis], language)} · {say(TAKEN[use.taken], language)}"


def _heading(timeline: Timeline, language: Language) -> str:
    return f"{local(timeline.policy.service.name, language)} · {say(_TITLE, language)}"


def _edition(timeline: Timeline, language: Language) -> str:
    policy = timeline.policy
    items, processings, records = len(policy.items), len(policy.processing), len(policy.kept_by_law)
    version, day = policy.version or "–", policy.effective or "–"
    if language == "ko":
        return f"{version}판 · {day} 시행 · 항목 {items} · 처리 {processings} · 법령상 보존 {records}"
    counts = f"{items} items · {processings} processings · {records} kept by law"
    return f"version {version} · in effect since {day} · {counts}"


# -- terminal ---------------------------------------------------------------------------------------------

_SIGNS: Final = {"in use": "━", "locked": "┄", "apart": "▓", "destroyed": "✕"}
_BULLET: Final = {True: "◆", False: "●"}


def as_text(timeline: Timeline, *, language: Language, width: int = 80) -> str:
    """Every life, for a terminal of that many columns (40 or more)."""
    signs = ", ".join(f"{_SIGNS[kind]} {say(words, language)}" for kind, words in _PHASES.items())
    marks = say(("◆ 동의에 따른 처리, ● 다른 근거에 따른 처리", "◆ on consent, ● on another basis"), language)
    out = [
        *wrapped(_heading(timeline, language), width),
        *wrapped(_edition(timeline, language), width),
        "",
        *wrapped(signs, width),
        *wrapped(marks, width),
    ]
    for life in timeline.lives:
        out += ["", *_life_text(life, language, width)]
    return "\n".join(line.rstrip() for line in out) + "\n"


def _life_text(life: ItemLife, language: Language, width: int) -> Iterator[str]:
    yield from wrapped(_names(life.items, language), width)
    if life.items[0].stored == "never":
        yield from wrapped(say(_NEVER, language), width, indent="  ")
    elif not (life.uses or life.kept):
        yield from wrapped(say(_UNUSED, language), width, indent="  ")
    for use in life.uses:
        bullet = _BULLET[use.processing.basis is LegalBasis.CONSENT]
        purpose = local(use.processing.purpose, language)
        yield from wrapped(
            f"{_basis(use, language)} — {purpose}", width, indent=f"  {bullet} ", hanging="    "
        )
        yield from _stands(use.places, width)
        if life.items[0].stored == "never":
            continue
        if not use.ways:
            yield from wrapped(say(_OPEN, language), width, indent="    ")
        if len(use.ways) > 1:
            yield from wrapped(
                f"{say(_FIRST if use.combine == 'first' else _LAST, language)}:", width, indent="    "
            )
        for way in use.ways:
            yield from _way_text(way, language, width)
    for kept in life.kept:
        label = f"{say(_BY_LAW, language)} — {local(kept.record, language)}"
        yield from wrapped(label, width, indent="  ▓ ", hanging="    ")
        yield from wrapped(
            f"{local(kept.law, language)} {local(kept.article, language)}", width, indent="    "
        )
        yield from _stands(kept.places, width)
        yield from wrapped(f"{say(_ONLY, language)}: {_names(kept.items, language)}", width, indent="    ")
        yield from _way_text(kept.way, language, width)


def _stands(places: tuple[str, ...], width: int) -> Iterator[str]:
    if places:
        yield from wrapped(f"[{', '.join(places)}]", width, indent="    ")


def _way_text(way: Way, language: Language, width: int) -> Iterator[str]:
    """The phases as one bar of a few signs, and the sentence beside it."""
    until = "━━━━" if way.phases[0].lasts is None else "    "
    after = "".join(_SIGNS[phase.kind] * 4 for phase in way.phases[:-1] if phase.lasts is not None)
    bar = f"{until}┃{after:<4}✕"
    yield from wrapped(sentence(way, language), width, indent=f"    {bar} ", hanging=" " * (len(bar) + 5))


# -- drawings ---------------------------------------------------------------------------------------------

_LEFT, _FACT, _RIGHT = 16.0, 112.0, 338.0
"""Where a bar begins, where its trigger stands, and where the longest period ends."""
_GONE = 14.0
"""Room for a destruction after a long period, whose few days no axis could show."""


@dataclass(frozen=True)
class _Axis:
    """The periods of a policy in order of length, at equal distances."""

    timeline: Timeline

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        ways = [way for life in self.timeline.lives for use in life.uses for way in use.ways]
        ways += [kept.way for life in self.timeline.lives for kept in life.kept]
        found = {phase.lasts for way in ways for phase in way.phases if phase.lasts is not None}
        return tuple(sorted(found | {self.timeline.within}, key=_length))

    def at(self, length: Period) -> float:
        step = (_RIGHT - _GONE - _FACT) / len(self.periods)
        return _FACT + step * (1 + self.periods.index(length))


def _length(each: Period) -> datetime:
    return due_at(datetime(2025, 1, 1, tzinfo=UTC), each, zone=ZoneInfo("UTC"))


@dataclass
class _Pen:
    """What has been drawn, and how far down."""

    language: Language
    axis: _Axis
    y: float
    drawn: list[Markup]
    told: list[str]

    def write(self, words: str, *, size: float = 13, class_: str = "", left: float = _LEFT) -> None:
        room = WIDTH - 16 - left
        done, self.y = svg.lines(words, left, self.y, room=room, size=size, class_=class_)
        self.drawn.append(done)
        self.told.append(words + ("" if words.endswith(".") else "."))

    def say(self, words: Words, *, class_: str = "soft") -> None:
        self.write(say(words, self.language), size=12, class_=class_)


def life_drawing(timeline: Timeline, life: ItemLife, *, language: Language, name: str) -> Markup:
    """One life as an ``<svg>`` to stand inside a page; ``name`` is unique there."""
    parts, height, told = _life(timeline, life, language)
    return svg.drawing(
        parts, width=WIDTH, height=height, name=name, title=_names(life.items, language), told=told
    )


def timeline_svg(timeline: Timeline, *, language: Language) -> str:
    """Every life as one SVG file, in two columns under a legend."""
    lives = [_life(timeline, life, language) for life in timeline.lives]
    gap, top = 20.0, 132.0
    bottoms = [top, top]
    cards = []
    for parts, height, _ in lives:
        column = bottoms.index(min(bottoms))
        shift = f"translate({gap + column * (WIDTH + gap):.0f} {bottoms[column]:.0f})"
        cards.append(svg.element("g", *parts, transform=shift))
        bottoms[column] += height + gap
    width, height = 3 * gap + 2 * WIDTH, max(bottoms)
    title = _heading(timeline, language)
    head = [
        svg.element("rect", width=width, height=height, class_="paper"),
        svg.text(title, gap, 44, size=24, class_="strong"),
        svg.text(_edition(timeline, language), gap, 68, size=13, class_="soft"),
        svg.element("g", *legend(language), transform=f"translate({gap:.0f} 84)"),
    ]
    told = [sentence_ for _, _, told in lives for sentence_ in told]
    return svg.alone(
        svg.drawing([*head, *cards], width=width, height=height, name="timeline", title=title, told=told)
    )


def legend_drawing(language: Language, *, name: str) -> Markup:
    """The signs of a drawing, explained, as an ``<svg>`` for a page."""
    told = [say(words, language) for words in _PHASES.values()]
    title = say(("그림의 기호", "Signs of the drawings"), language)
    return svg.drawing(
        legend(language, narrow=True), width=WIDTH, height=62, name=name, title=title, told=told
    )


def legend(language: Language, *, narrow: bool = False) -> Iterator[Markup]:
    """The four phases and the mark of consent, in one row, or two where it is narrow; and what the scale is."""
    x, y = 0.0, 12.0
    for kind, words in _PHASES.items():
        label = say(words, language)
        if narrow and x + 32 + svg.measured(label, size=11) > WIDTH:
            x, y = 0.0, y + 18
        yield bar(kind, x, x + 24, y - 4) if kind != "destroyed" else svg.cross(x + 17, y - 4)
        yield svg.text(label, x + 30, y, size=11)
        x += 46 + svg.measured(label, size=11)
    label = say(("동의", "consent"), language)
    yield svg.element("path", d=f"M{x + 6:.1f} {y - 10:.1f}l6 6l-6 6l-6 -6z", class_="consent")
    yield svg.text(label, x + 17, y, size=11)
    yield svg.text(say(_SCALE, language), 0, y + 20, size=11, class_="soft")


def _life(timeline: Timeline, life: ItemLife, language: Language) -> tuple[list[Markup], float, list[str]]:
    """A card: what is drawn, its height, and the same in sentences."""
    pen = _Pen(language, _Axis(timeline), 28.0, [], [])
    pen.write(_names(life.items, language), size=16, class_="strong")
    never = life.items[0].stored == "never"
    if never:
        pen.say(_NEVER)
    elif not (life.uses or life.kept):
        pen.say(_UNUSED)
    for use in life.uses:
        _draw_use(pen, use, never=never)
    for kept in life.kept:
        _draw_kept(pen, kept)
    if not never and (life.uses or life.kept):
        _draw_scale(pen)
    height = pen.y + 2
    card = svg.element("rect", x=0.5, y=0.5, width=WIDTH - 1, height=height - 1, rx=10, class_="card")
    return [card, *pen.drawn], height, pen.told


def _draw_use(pen: _Pen, use: Use, *, never: bool) -> None:
    pen.y += 6
    left = _LEFT
    if use.processing.basis is LegalBasis.CONSENT:
        pen.drawn.append(
            svg.element("path", d=f"M{_LEFT + 5:.1f} {pen.y - 9:.1f}l5 5l-5 5l-5 -5z", class_="consent")
        )
        left += 15
    pen.write(_basis(use, pen.language), size=12, class_="strong", left=left)
    pen.write(local(use.processing.purpose, pen.language) or use.processing.id, size=13)
    if use.places:
        pen.write(", ".join(use.places), size=11.5, class_="soft")
    if never:
        return
    if not use.ways:
        pen.say(_OPEN)
    if len(use.ways) > 1:
        pen.say(_FIRST if use.combine == "first" else _LAST)
    for way in use.ways:
        _draw_way(pen, way)


def _draw_kept(pen: _Pen, kept: Kept) -> None:
    pen.y += 6
    pen.write(say(_BY_LAW, pen.language), size=12, class_="strong apart")
    pen.write(local(kept.record, pen.language), size=13)
    pen.write(f"{local(kept.law, pen.language)} {local(kept.article, pen.language)}", size=12, class_="soft")
    if kept.places:
        pen.write(", ".join(kept.places), size=11.5, class_="soft")
    pen.write(f"{say(_ONLY, pen.language)}: {_names(kept.items, pen.language)}", size=12, class_="soft")
    _draw_way(pen, kept.way)


def _draw_way(pen: _Pen, way: Way) -> None:
    """The sentence, and under it the bar."""
    pen.y += 2
    pen.write(sentence(way, pen.language), size=12.5)
    y = pen.y - 3
    x = _FACT
    if way.phases[0].lasts is None:
        pen.drawn.append(bar("in use", _LEFT, _FACT, y))
    before: Phase | None = None
    for phase in way.phases:
        if phase.lasts is None:
            continue
        if phase.kind == "destroyed":
            stop = (
                max(x, pen.axis.at(phase.lasts)) if before is None or before.kind == "locked" else x + _GONE
            )
            pen.drawn.append(bar("destroyed", x, stop, y) if stop > x else Markup(""))
            pen.drawn.append(svg.cross(stop + 7, y))
        else:
            stop = pen.axis.at(phase.lasts)
            pen.drawn.append(bar(phase.kind, x, stop, y))
            x = stop
        before = phase
    pen.drawn.append(svg.element("line", x1=_FACT, x2=_FACT, y1=y - 9, y2=y + 9, class_="fact"))
    pen.y += 20


def bar(kind: str, start: float, stop: float, y: float) -> Markup:
    """A stretch of a bar: solid in use, dashed when locked, outlined when apart, dotted while being destroyed."""
    along: dict[str, str | float] = {"x1": start, "x2": stop, "y1": y, "y2": y}
    match kind:
        case "in use":
            return svg.element("line", **along, class_="use-line", stroke_width=9)
        case "masked":
            return svg.element("line", **along, class_="masked-line", stroke_width=4)
        case "locked":
            return svg.element(
                "line", **along, class_="locked-line", stroke_width=9, stroke_dasharray="3 2.4"
            )
        case "apart":
            box = svg.element("line", **along, class_="apart-line", stroke_width=9)
            inner = svg.element(
                "line", x1=start + 1.5, x2=stop - 1.5, y1=y, y2=y, class_="hollow-line", stroke_width=5
            )
            return box + inner
    return svg.element("line", **along, class_="gone-line", stroke_width=2, stroke_dasharray="1.5 3")


def _draw_scale(pen: _Pen) -> None:
    """The axis under a card; a label that would touch the one before it is left out."""
    y, free = pen.y + 2, 0.0
    fact = say(("사유 발생", "trigger"), pen.language)
    marks = [(_FACT, fact), *((pen.axis.at(each), short(each, pen.language)) for each in pen.axis.periods)]
    pen.drawn.append(svg.element("line", x1=_LEFT, x2=_RIGHT, y1=y - 6, y2=y - 6, class_="rule"))
    for x, label in marks:
        half = svg.measured(label, size=11) / 2
        pen.drawn.append(svg.element("line", x1=x, x2=x, y1=y - 9, y2=y - 3, class_="rule"))
        if x - half >= free:
            pen.drawn.append(svg.text(label, x, y + 9, size=11, class_="soft", anchor="middle"))
            free = x + half + 4
    pen.y = y + 18
