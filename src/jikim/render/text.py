"""A policy as plain text, for letters, terminals and archives. Pure."""

from collections.abc import Iterator
from typing import Final

from jikim.render.columns import columns, wrapped
from jikim.render.document.parts import (
    Block,
    Bullets,
    Chapter,
    Document,
    Figure,
    Line,
    Paragraph,
    Table,
    plain,
    single_table,
)
from jikim.render.document.words import SINCE
from jikim.render.wording import say

WIDTH: Final = 78


def as_text(document: Document) -> str:
    """The whole policy, in lines of at most :data:`WIDTH` columns (two to a Hangul syllable)."""
    return "\n".join(line.rstrip() for line in _lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield from wrapped(document.heading, WIDTH)
    yield "=" * min(WIDTH, columns(document.heading))
    yield from wrapped(document.controller, WIDTH)
    for said in document.preamble:
        yield from _paragraph(said)
    yield ""
    yield from wrapped(" ".join(plain(said) for said in document.dated), WIDTH)
    if document.changes:
        yield from _heading(say(SINCE, document.language))
        yield from (row for change in document.changes for row in _bullet(change.line))
    for chapter in document.chapters:
        yield from _chapter(chapter)


def _heading(heading: str) -> Iterator[str]:
    yield ""
    yield ""
    yield from wrapped(heading, WIDTH)
    yield "-" * min(WIDTH, columns(heading))


def _paragraph(said: Line) -> Iterator[str]:
    yield ""
    yield from wrapped(plain(said), WIDTH)


def _bullet(said: Line) -> list[str]:
    return wrapped(plain(said), WIDTH, indent="- ", hanging="  ")


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from _heading(f"{chapter.number}. {chapter.heading}")
    for block in chapter.blocks:
        yield from _block(block, captioned=not single_table(chapter))


def _block(block: Block, *, captioned: bool) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from _paragraph(block.line)
        case Bullets():
            yield ""
            yield from (row for each in block.lines for row in _bullet(each))
        case Table():
            yield from _table(block, captioned=captioned)
        case Figure():
            yield ""
            yield from _figure(block)


def _table(table: Table, *, captioned: bool) -> Iterator[str]:
    """Row by row, as cards: what each cell is of stands before it."""
    if captioned:
        yield ""
        yield from wrapped(f"[{table.caption}]", WIDTH)
    for first, *others in table.rows:
        yield ""
        for place, said in enumerate(first):
            yield from wrapped(plain(said), WIDTH, indent="  " if place else "* ", hanging="  ")
        for column, cell in zip(table.columns[1:], others, strict=True):
            lead = "  " if len(table.columns) == 2 else f"  {column}: "
            for place, said in enumerate(cell):
                indent = lead if not place or lead == "  " else "    "
                yield from wrapped(plain(said), WIDTH, indent=indent, hanging="    ")


def _figure(figure: Figure) -> Iterator[str]:
    yield from wrapped(figure.items, WIDTH, indent="* ", hanging="  ")
    for strand in figure.strands:
        note = f" ({strand.note})" if strand.note else ""
        why = f"{strand.why} · {strand.ground}{note}"
        yield from wrapped(why, WIDTH, indent="  ", hanging="    ")
        for way in strand.ways:
            yield from wrapped(" → ".join(step.text for step in way), WIDTH, indent="    ", hanging="      ")
