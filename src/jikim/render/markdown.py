"""A policy as Markdown with tables (GitHub's), for repositories and for reading changes line by line. Pure.

No text of a policy is taken for markup: what Markdown or HTML would read as such is written so that it stands as it is.
"""

import re
from collections.abc import Iterator
from typing import Final

from jikim.render.document.parts import (
    Block,
    Bullets,
    Chapter,
    Document,
    Figure,
    Line,
    Paragraph,
    Table,
    single_table,
)
from jikim.render.document.words import SINCE
from jikim.render.wording import say

_MARKUP: Final = re.compile(r"([\\`*_\[\]<|~]|&(?=[#\w])|^>|(?<=\w)!(?=\[)|^#|^[-+](?=[\s-]|$))")
_NUMBER: Final = re.compile(r"^(\d+)([.)])(?=\s|$)")
_IN_ADDRESS: Final = re.compile(r"[()|`]")


def as_markdown(document: Document) -> str:
    """The whole policy; each chapter keeps its permanent anchor."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield f"# {escaped(document.heading)}"
    yield from _spaced(escaped(document.controller))
    for said in document.preamble:
        yield from _spaced(_line(said))
    yield from _spaced(" ".join(_line(said) for said in document.dated))
    if document.labels:
        yield ""
        for label in document.labels:
            yield f"- [{escaped(label.title)}](#{label.to}): {escaped(label.fact)}"
    if document.changes:
        yield from _spaced(f"## {say(SINCE, document.language)}")
        yield ""
        for change in document.changes:
            yield f"- {_line(change.line)}"
    for chapter in document.chapters:
        yield from _chapter(chapter)


def _spaced(text: str) -> Iterator[str]:
    yield ""
    yield text


def _chapter(chapter: Chapter) -> Iterator[str]:
    yield from _spaced(f'<a id="{chapter.anchor}"></a>')
    yield from _spaced(f"## {chapter.number}. {escaped(chapter.heading)}")
    for block in chapter.blocks:
        yield ""
        yield from _block(block, captioned=not single_table(chapter))


def _block(block: Block, *, captioned: bool) -> Iterator[str]:
    match block:
        case Paragraph():
            yield _line(block.line)
        case Bullets():
            yield from (f"- {_line(each)}" for each in block.lines)
        case Table():
            yield from _table(block, captioned=captioned)
        case Figure():
            yield from _figure(block)


def _table(table: Table, *, captioned: bool) -> Iterator[str]:
    if captioned:
        yield f"### {escaped(table.caption)}"
        yield ""
    yield f"| {' | '.join(map(escaped, table.columns))} |"
    yield f"|{' --- |' * len(table.columns)}"
    for row in table.rows:
        yield f"| {' | '.join('<br>'.join(map(_line, cell)) for cell in row)} |"


def _figure(figure: Figure) -> Iterator[str]:
    yield f"- **{escaped(figure.items)}**"
    for strand in figure.strands:
        note = f" ({escaped(strand.note)})" if strand.note else ""
        yield f"  - {escaped(strand.why)} · {escaped(strand.ground)}{note}"
        for way in strand.ways:
            yield f"    - {' → '.join(escaped(step.text) for step in way)}"


def _line(said: Line) -> str:
    return "".join(_run(escaped(run.text), strong=run.strong, to=run.to) for run in said)


def _run(text: str, *, strong: bool, to: str) -> str:
    """The marks stand close to the words; the spaces around stay outside, or Markdown would not see the marks."""
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if to:
        address = _IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", to)
        inner = f"[{inner}]({address})"
    if strong:
        inner = f"**{inner}**"
    return f"{before}{inner}{after}"


def escaped(text: str) -> str:
    """A text of one line so that Markdown shows it as it is."""
    return _NUMBER.sub(r"\1\\\2", _MARKUP.sub(lambda found: f"\\{found[0]}", text))
