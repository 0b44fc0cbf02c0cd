"""A data map as a drawing: people on the left, their tables beside them, what a law keeps on the right. Pure.

Lines lead from a table to whoever owns it, at the line of the columns that say so; dotted ones to the archive.
Tables owned through another stand to its right. One file, nothing loaded, light and dark and print.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from jikim.datamap.show import (
    Branch,
    ShownClass,
    ShownColumn,
    ShownMap,
    ShownOwner,
    ShownPerson,
    ShownRecord,
    ShownTable,
)
from jikim.render import svg
from jikim.render.maptree import WORDS, beside, clock, kept, owned
from jikim.render.wording import Language, say

MARGIN: Final = 28.0
PERSON: Final = 150.0
TABLE: Final = 348.0
RECORD: Final = 190.0
GAP: Final = 64.0
"""Between columns of boxes: room for lines."""
APART: Final = 28.0
"""Between boxes above one another: room for the lines to the archive."""
PAD: Final = 14.0
LINE: Final = 19.0
LANE: Final = 9.0
ROOM: Final = TABLE - 2 * PAD
NAME: Final = 106.0
"""What most columns' names need; longer ones push the items of their table to the right."""
_COLOURS: Final = ("use", "consent", "locked")


@dataclass
class _Box:
    """A table with its place; ``enter`` is where its first owner's line arrives."""

    table: ShownTable
    x: float
    y: float
    height: float

    @property
    def enter(self) -> float:
        return self.y + 22

    @property
    def right(self) -> float:
        return self.x + TABLE


@dataclass
class _Place:
    """Where a person or a record stands, and the words on it."""

    y: float
    height: float
    rows: tuple[str, ...]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass
class _Layout:
    """Where everything stands."""

    boxes: dict[str, _Box] = field(default_factory=dict)
    edges: list[tuple[ShownOwner, str]] = field(default_factory=list)
    bottom: float = 0
    depth: int = 0


def drawn(shown: ShownMap, *, language: Language) -> str:
    """The whole map as one SVG file."""
    layout = _laid_out(shown, language)
    records = MARGIN + PERSON + GAP + layout.depth * (TABLE + GAP) + LANE * len(shown.records)
    width = records + (RECORD if shown.records else -GAP) + MARGIN
    people = _placed(_beside(person, layout) for person in shown.people)
    archive = _placed(_level(record, layout) for record in shown.records)
    bottoms = [layout.bottom, *(place.y + place.height + APART for place in (*people, *archive))]
    plain = say(WORDS["no data"], language) + ": " + ", ".join(shown.plain) if shown.plain else ""
    foot, height = svg.lines(plain, MARGIN, max(bottoms) + 12, room=width - 2 * MARGIN, class_="soft")
    title = f"{shown.service}: {say(WORDS['title'], language)}"
    parts = [
        svg.element("rect", width=width, height=height, class_="paper"),
        svg.text(title, MARGIN, MARGIN + 16, size=19, class_="strong"),
        *_legend(shown, language),
        *(_kept_lines(shown, layout, archive, records)),
        *(_owner_lines(shown, layout, people)),
        *(_inner_lines(layout)),
        *(
            _person(person.kind, place, n)
            for n, (person, place) in enumerate(zip(shown.people, people, strict=True))
        ),
        *(part for box in layout.boxes.values() for part in _table(box, shown, language)),
        *(_record(record.law, place, records) for record, place in zip(shown.records, archive, strict=True)),
        foot,
    ]
    return svg.alone(
        svg.drawing(parts, width=width, height=height, name="map", title=title, told=_told(shown, language))
    )


def _told(shown: ShownMap, language: Language) -> list[str]:
    """What is drawn, in words."""
    return [
        f"{person.label}: {', '.join(branch.table.name for branch in person.branches)}."
        for person in shown.people
    ]


# -- places -----------------------------------------------------------------------------------------------


def _laid_out(shown: ShownMap, language: Language) -> _Layout:
    layout = _Layout()
    top = MARGIN + 62
    for person in shown.people:
        for branch in person.branches:
            top = _lay(branch, MARGIN + PERSON + GAP, top, layout, language, depth=1)
    for table in shown.nobody:
        top = _lay(Branch(table, None), MARGIN + PERSON + GAP, top, layout, language, depth=1)
    layout.bottom = top
    return layout


def _lay(branch: Branch, x: float, y: float, layout: _Layout, language: Language, *, depth: int) -> float:
    """Place a table and all that are owned through it; returns where the next may begin."""
    if branch.owner:
        layout.edges.append((branch.owner, branch.table.name))
    if branch.again:
        return y
    layout.depth = max(layout.depth, depth)
    height = _content(branch.table, 0, 0, language)[1]
    layout.boxes[branch.table.name] = _Box(branch.table, x, y, height)
    inner = y
    for each in branch.inner:
        inner = _lay(each, x + TABLE + GAP, inner, layout, language, depth=depth + 1)
    return max(y + height + APART, inner)


def _beside(person: ShownPerson, layout: _Layout) -> _Place:
    """A person stands where their first line arrives, so that it is straight."""
    rows = tuple(svg.broken(person.label, room=PERSON - 2 * PAD, size=13))
    height = 34 + 18.0 * len(rows)
    first = min(_enter(layout.boxes[b.table.name], b.owner) for b in person.branches)
    return _Place(max(first - height / 2, MARGIN + 62), height, rows)


def _level(record: ShownRecord, layout: _Layout) -> _Place:
    """A record stands beside the first table it takes rows from."""
    rows = tuple(svg.broken(record.label, room=RECORD - 2 * PAD, size=12))
    tops = [box.y for box in layout.boxes.values() if record.id in box.table.records]
    return _Place(min(tops), 28 + 17.0 * len(rows), rows)


def _placed(wanted: Iterable[_Place]) -> list[_Place]:
    """The same places, moved down where two would lie on one another."""
    places = list(wanted)
    for before, after in pairwise(sorted(places, key=lambda place: place.y)):
        after.y = max(after.y, before.y + before.height + 12)
    return places


# -- lines ------------------------------------------------------------------------------------------------


def _colour(kind: str, shown: ShownMap) -> str:
    kinds = [person.kind for person in shown.people]
    return _COLOURS[kinds.index(kind) % len(_COLOURS)]


def _path(d: str, class_: str, **more: str | float) -> Markup:
    return svg.element("path", d=d, class_=class_, stroke_width=1.6, stroke_linejoin="round", **more)


def _owner_lines(shown: ShownMap, layout: _Layout, people: list[_Place]) -> Iterator[Markup]:
    """From each kind of person one trunk, and a branch to every table of theirs."""
    start = MARGIN + PERSON
    for n, (person, place) in enumerate(zip(shown.people, people, strict=True)):
        trunk, middle = start + 18 + LANE * n, place.middle
        colour = f"{_colour(person.kind, shown)}-line"
        for branch in person.branches:
            box = layout.boxes[branch.table.name]
            enter = _enter(box, branch.owner)
            yield _path(f"M{start:.1f} {middle:.1f}H{trunk:.1f}V{enter:.1f}H{box.x:.1f}", colour)
            yield svg.element("circle", cx=box.x, cy=enter, r=3.2, class_=colour.removesuffix("-line"))


def _enter(box: _Box, owner: ShownOwner | None) -> float:
    """The height at which an owner's line arrives: that of its columns in the table's head."""
    places = [n for n, each in enumerate(box.table.owners) if each == owner]
    return box.enter + (LINE * (places[0] + 1) - 4 if places else -5)


def _inner_lines(layout: _Layout) -> Iterator[Markup]:
    """From a table to those owned through it."""
    for owner, name in layout.edges:
        if owner.how != "through" or owner.to not in layout.boxes:
            continue
        box, parent = layout.boxes[name], layout.boxes[owner.to]
        enter, out = _enter(box, owner), parent.enter - 5
        yield _path(
            f"M{parent.right:.1f} {out:.1f}H{parent.right + 24:.1f}V{enter:.1f}H{box.x:.1f}",
            "fact",
            fill="none",
        )
        yield svg.element("circle", cx=box.x, cy=enter, r=3.2, class_="soft")


def _kept_lines(shown: ShownMap, layout: _Layout, archive: list[_Place], x: float) -> Iterator[Markup]:
    """Dotted, from a table to each record it may be archived under; over the tops of the boxes between."""
    lanes = x - LANE * len(shown.records) - 8
    for n, (record, place) in enumerate(zip(shown.records, archive, strict=True)):
        trunk, middle = lanes + LANE * n, place.middle
        for box in layout.boxes.values():
            if record.id not in box.table.records:
                continue
            shift = box.table.records.index(record.id)
            leave, over = box.right - 22 - 10 * shift, box.y - 8 - 4 * (n % 4)
            d = f"M{leave:.1f} {box.y:.1f}V{over:.1f}H{trunk:.1f}V{middle:.1f}H{x:.1f}"
            yield _path(d, "apart-line", stroke_dasharray="2 3.5", stroke_linecap="round")
        yield _path(
            f"M{x - 7:.1f} {middle - 4:.1f}L{x:.1f} {middle:.1f}L{x - 7:.1f} {middle + 4:.1f}", "apart-line"
        )


# -- boxes ------------------------------------------------------------------------------------------------


def _person(kind: str, place: _Place, n: int) -> Markup:
    at: dict[str, float] = {"x": MARGIN, "y": place.y, "width": PERSON, "height": place.height, "rx": 24}
    middle = MARGIN + PERSON / 2
    parts = [
        svg.element("rect", class_="card", **at),
        svg.element("rect", class_=f"{_COLOURS[n % len(_COLOURS)]}-line", stroke_width=1.8, **at),
        *(
            svg.text(row, middle, place.y + 23 + 18 * k, size=13, class_="strong", anchor="middle")
            for k, row in enumerate(place.rows)
        ),
        svg.text(kind, middle, place.y + place.height - 12, size=11, class_="soft", anchor="middle"),
    ]
    return Markup("").join(parts)


def _record(law: str, place: _Place, x: float) -> Markup:
    at: dict[str, float] = {"x": x, "y": place.y, "width": RECORD, "height": place.height, "rx": 3}
    parts = [
        svg.element("rect", class_="card", **at),
        svg.element("rect", class_="apart-line", stroke_width=1.6, **at),
        *(svg.text(row, x + PAD, place.y + 20 + 17 * n, class_="strong") for n, row in enumerate(place.rows)),
        svg.text(law, x + PAD, place.y + place.height - 9, size=10.5, class_="soft"),
    ]
    return Markup("").join(parts)


def _table(box: _Box, shown: ShownMap, language: Language) -> Iterator[Markup]:
    lost = box.table in shown.nobody
    yield svg.element("rect", x=box.x, y=box.y, width=TABLE, height=box.height, rx=7, class_="card")
    if lost:
        yield svg.element(
            "rect",
            x=box.x,
            y=box.y,
            width=TABLE,
            height=box.height,
            rx=7,
            class_="gone-line",
            stroke_width=1.8,
        )
    yield from _content(box.table, box.x, box.y, language)[0]


def _content(table: ShownTable, x: float, y: float, language: Language) -> tuple[list[Markup], float]:
    """What stands in a table's box, and the box's height."""
    pen = _Pen(x + PAD, y + 22 - LINE)
    pen.line(table.name, size=14, class_="strong")
    for owner in table.owners:
        together = f" · {say(WORDS['together'], language)}" if owner.together else ""
        pen.line(f"{owned(owner, language)} → {owner.to}{together}", size=11, class_="soft")
    if not table.owners:
        word = "itself" if table.subject else "unowned"
        pen.line(say(WORDS[word], language), size=11, class_="soft")
    if len(table.classes) == 1:
        _kept_by(pen, table.classes[0], language)
    pen.rule()
    names = max((svg.measured(column.name, size=12) + 10 for column in table.columns), default=0)
    for column in table.columns:
        _column(pen, column, language, name=min(max(names, NAME), ROOM - 90))
    if table.plain:
        word = "one plain" if table.plain == 1 else "plain"
        pen.line("+ " + say(WORDS[word], language).format(table.plain), size=11, class_="soft")
    ends = [*table.clocks, *(table.classes[0].clocks if len(table.classes) == 1 else ())]
    orphans = f"{say(WORDS['orphans'], language)}: {table.orphans}"
    told = [orphans] if table.orphans not in ("", "refuse") else []
    told += beside(table, language)
    if ends or told or len(table.classes) > 1:
        pen.rule()
    for each in ends:
        pen.clock(clock(each, language))
    for row_class in table.classes if len(table.classes) > 1 else ():
        _class(pen, row_class, language)
    for line in told:
        pen.line(line, size=11, class_="soft")
    return pen.parts, pen.y - y + 11


def _kept_by(pen: "_Pen", row_class: ShownClass, language: Language) -> None:
    processings, records = kept(row_class, language)
    if processings:
        pen.line(processings, size=11)
    if records:
        pen.line(records, size=11, class_="apart")


def _class(pen: "_Pen", row_class: ShownClass, language: Language) -> None:
    where = row_class.where or say(WORDS["others"], language)
    pen.line(f"{row_class.name} ({where})", size=11, class_="strong")
    _kept_by(pen, row_class, language)
    for each in row_class.clocks:
        pen.clock(clock(each, language))


def _column(pen: "_Pen", column: ShownColumn, language: Language, *, name: float) -> None:
    """Name, item and mask in one line; the mask below where there is no room."""
    pen.y += LINE
    mask = f"→ {column.mask}" if column.mask else ""
    if column.file:
        mask = say(WORDS["file"], language).format(column.file)
    heads = svg.broken(column.name, room=name - 8, size=12)
    for head in heads[:-1]:
        pen.put(head, 0)
        pen.y += LINE - 3
    pen.put(heads[-1], 0)
    room = ROOM - name
    rows = svg.broken(column.label, room=room, size=12)
    for n, row in enumerate(rows):
        pen.y += LINE if n else 0
        pen.put(row, name)
    if mask and svg.measured(rows[-1], size=12) + svg.measured(mask, size=11) + 14 > room:
        pen.y += LINE - 3
    if mask:
        pen.put(mask, ROOM, size=11, class_="masked" if column.mask else "soft", anchor="end")


class _Pen:
    """Writes lines into a box, one below another."""

    def __init__(self, x: float, y: float) -> None:
        self.x, self.y = x, y
        self.parts: list[Markup] = []

    def put(self, text: str, at: float, *, size: float = 12, class_: str = "", anchor: str = "start") -> None:
        """Text on the present line."""
        self.parts.append(svg.text(text, self.x + at, self.y, size=size, class_=class_, anchor=anchor))

    def line(self, text: str, *, size: float = 12, class_: str = "") -> None:
        """Text on lines of its own."""
        for row in svg.broken(text, room=ROOM, size=size):
            self.y += LINE
            self.put(row, 0, size=size, class_=class_)

    def rule(self) -> None:
        """A line between parts."""
        self.y += 10
        ends = {"x1": self.x - PAD, "x2": self.x + ROOM + PAD, "y1": self.y, "y2": self.y}
        self.parts.append(svg.element("line", class_="rule", **ends))
        self.y += 1

    def clock(self, text: str) -> None:
        """A clock's face, and its words."""
        for n, row in enumerate(svg.broken(text, room=ROOM - 17, size=11)):
            self.y += LINE
            if not n:
                self.parts.append(dial(self.x + 5, self.y - 4))
            self.put(row, 17, size=11)


def dial(x: float, y: float) -> Markup:
    """A clock's face."""
    face = f"M{x - 5:.1f} {y:.1f}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0M{x:.1f} {y - 3:.1f}v3l2.4 1.6"
    return svg.element("path", d=face, class_="use-line", stroke_width=1.2, stroke_linecap="round")


def _legend(shown: ShownMap, language: Language) -> Iterator[Markup]:
    """What the signs mean, below the title."""
    x, y = MARGIN, MARGIN + 40
    for sign, word in (("clock", "legend clock"), ("mask", "legend mask")):
        yield dial(x + 5, y - 4) if sign == "clock" else svg.text("→", x, y, class_="masked")
        words = say(WORDS[word], language)
        yield svg.text(words, x + 17, y, size=11, class_="soft")
        x += svg.measured(words, size=11) + 39
    if shown.records:
        yield _path(
            f"M{x:.1f} {y - 4:.1f}h26", "apart-line", stroke_dasharray="2 3.5", stroke_linecap="round"
        )
        yield svg.text(say(WORDS["legend archive"], language), x + 33, y, size=11, class_="soft")
