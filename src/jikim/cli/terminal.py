"""What commands print, in one hand: calm tables, dim asides, no colour but where something is wrong."""

import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from jikim.lint.fact import Language
from jikim.lint.report import human
from jikim.plan import finding
from jikim.source import Diagnostic

NOT_A_TERMINAL: Final = 120
"""Columns when nobody looks, unless COLUMNS says otherwise."""
_RULE: Final = Box("    \n    \n ── \n    \n    \n ── \n    \n    \n")
"""No lines but a thin one below the head and above the sums."""
counted = finding.counted
_LEGIBLE: Final = 16
"""Columns that words need beside others; what is short, or may not be broken, needs no more than it is."""


class Columns(Table):
    """A table; where its columns have no room side by side, one block a row."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The table or the blocks."""
        if self._needed() <= options.max_width:
            yield from super().__rich_console__(console, options)
            return
        blocks = list(zip(*(column.cells for column in self.columns), strict=True))
        if self.show_footer:
            blocks.append(("in all", *(column.footer for column in self.columns[1:])))
        for block in blocks:
            for column, cell in zip(self.columns, block, strict=True):
                if str(cell):
                    name = Text(f"{column.header}: " if column.header else "", style="dim", overflow="fold")
                    yield name.append_text(cell if isinstance(cell, Text) else Text(str(cell)))
            if self.show_header:
                yield ""

    def _needed(self) -> int:
        """The width below which a column would lose letters, or its words break too often to be read."""
        gap, widths = sum(self.padding[1::2]) + bool(self.box), []
        for column in self.columns:
            shown = [str(cell) for cell in (column.header, *column.cells, column.footer)]
            natural = max((cell_len(line) for each in shown for line in each.splitlines()), default=0)
            widths.append(natural if column.no_wrap else min(natural, _LEGIBLE))
        return sum(widths) + gap * (len(widths) - 1)


class _Console(Console):
    """Prints what a text says: a character that would not print, or would command the terminal, is replaced."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """What is to be written, piece by piece; the terminal is commanded by our own pieces only."""
        for segment in super().render(renderable, options):
            lines = segment.text.split("\n")
            if segment.control or all(map(str.isprintable, lines)):
                yield segment
            else:
                yield Segment("\n".join(map(safe, lines)), segment.style)


def console(*, err: bool = False) -> Console:
    """Where to print. Nothing in a text is read as a command: neither markup nor escape sequences."""
    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else NOT_A_TERMINAL
    return _Console(stderr=err, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def table(*columns: str, numbers: Iterable[str] = (), sums: bool = False) -> Table:
    """An empty table; the columns in ``numbers`` are set to the right."""
    made = Columns(
        box=_RULE, show_edge=False, pad_edge=False, header_style="dim", border_style="dim", show_footer=sums
    )
    for name in columns:
        right = name in set(numbers)
        made.add_column(name, justify="right" if right else "left", no_wrap=right, overflow="fold")
    return made


def write_json(value: Any) -> None:
    """A value for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=_in_json) + "\n")


def _in_json(value: object) -> str:
    """Times as RFC 3339 has them; all else as it reads."""
    return value.isoformat() if isinstance(value, date | time) else str(value)


def write_file(path: Path, text: str | bytes) -> None:
    """A file that was asked for, whole or not at all; a refusal names it."""
    whole = Path(os.path.realpath(path))  # a link stays one
    part = whole.with_name(f".{whole.name[:64]}.{os.getpid()}.part")
    data = text.encode() if isinstance(text, str) else text
    try:
        if whole.exists() and not whole.is_file():  # a pipe, a device
            whole.write_bytes(data)
            return
        if whole.exists():
            whole.open("ab").close()  # refused where the file itself must not be written
        part.write_bytes(data)
        if whole.exists():
            shutil.copymode(whole, part)
        part.replace(whole)
    except OSError as error:
        part.unlink(missing_ok=True)
        error.filename, error.filename2 = str(path), None
        raise


def findings(diagnostics: Iterable[Diagnostic], *, err: bool = False, language: Language = "en") -> None:
    """Findings with the lines they speak of, read from the files that they name."""
    found = tuple(diagnostics)
    files = {each.span.file for each in found if each.span}
    sources = {name: Path(name).read_bytes() for name in files if Path(name).is_file()}
    (sys.stderr if err else sys.stdout).write(human(found, sources, language=language))


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """A sign of life while something takes its time; on a terminal only, and gone afterwards."""
    out = console(err=True)
    with out.status(words, spinner="dots", spinner_style="dim") if out.is_terminal else nullcontext():
        yield


def number(count: int) -> str:
    """1,234; a nought is hardly to be seen."""
    return f"{count:,}" if count else "·"


def moment(when: datetime, zone: ZoneInfo) -> str:
    """An instant in the service's zone; what a calendar only stands in for is long ago."""
    if when.year <= finding.ANCIENT:
        return "long ago"
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def safe(value: object) -> str:
    """A value on one line, in which nothing commands the terminal."""
    return "".join(
        c if c.isprintable() else " " if c in "\t\n\r" else "\N{REPLACEMENT CHARACTER}" for c in str(value)
    )


def grid(names: int = 1, *, gap: int = 2) -> Table:
    """Columns without a head: so many of names, and one for what is said of them."""
    made = Columns(box=None, padding=(0, gap), collapse_padding=True, pad_edge=False, show_header=False)
    for _ in range(names):
        made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    return made


@dataclass(frozen=True)
class Indented:
    """Something further in, also where it wraps; as far out as all else where there is no room."""

    shown: RenderableType
    by: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """What is shown, behind its margin."""
        room = options.max_width - self.by >= _LEGIBLE
        yield Padding.indent(self.shown, self.by) if room else self.shown


def indented(shown: RenderableType, *, by: int = 2) -> Indented:
    """Two columns further in, or as many as are wanted."""
    return Indented(shown, by)


def pairs(values: Mapping[str, object]) -> Table:
    """Names and what they stand for, one a line."""
    made = grid()
    for name, value in values.items():
        made.add_row(Text(name, style="dim"), value if isinstance(value, Text) else safe(value))
    return made
