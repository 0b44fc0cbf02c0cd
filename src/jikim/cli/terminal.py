"""What commands print, in one hand: calm tables, dim asides, no colour but where something is wrong."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from rich.box import Box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from jikim.lint.report import human
from jikim.source import Diagnostic

NOT_A_TERMINAL: Final = 120
"""Columns when nobody looks, unless COLUMNS says otherwise."""
_RULE: Final = Box("    \n    \n ── \n    \n    \n ── \n    \n    \n")
"""No lines but a thin one below the head and above the sums."""


def console(*, err: bool = False) -> Console:
    """Where to print. Nothing in a text is read as a command: neither markup nor escape sequences."""
    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else NOT_A_TERMINAL
    return Console(stderr=err, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def table(*columns: str, numbers: Iterable[str] = (), sums: bool = False) -> Table:
    """An empty table; the columns in ``numbers`` are set to the right."""
    made = Table(
        box=_RULE, show_edge=False, pad_edge=False, header_style="dim", border_style="dim", show_footer=sums
    )
    for name in columns:
        right = name in set(numbers)
        made.add_column(name, justify="right" if right else "left", no_wrap=right, overflow="fold")
    return made


def write_json(value: Any) -> None:
    """A value for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def findings(diagnostics: Iterable[Diagnostic], *, err: bool = False) -> None:
    """Findings with the lines they speak of, read from the files that they name."""
    found = tuple(diagnostics)
    files = {each.span.file for each in found if each.span}
    sources = {name: Path(name).read_bytes() for name in files if Path(name).is_file()}
    (sys.stderr if err else sys.stdout).write(human(found, sources))


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """A sign of life while something takes its time; on a terminal only, and gone afterwards."""
    out = console(err=True)
    with out.status(words, spinner="dots", spinner_style="dim") if out.is_terminal else nullcontext():
        yield


def number(count: int) -> str:
    """1,234; a nought is hardly to be seen."""
    return f"{count:,}" if count else "·"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 row``, ``1,234 rows``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def moment(when: datetime, zone: ZoneInfo) -> str:
    """An instant in the service's zone."""
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def safe(value: object) -> str:
    """A value on one line, in which nothing commands the terminal."""
    return "".join(
        c if c.isprintable() else " " if c in "\t\n\r" else "\N{REPLACEMENT CHARACTER}" for c in str(value)
    )


def grid(names: int = 1, *, gap: int = 2) -> Table:
    """Columns without a head: so many of names, and one for what is said of them."""
    made = Table.grid(padding=(0, gap))
    for _ in range(names):
        made.add_column(no_wrap=True)
    made.add_column(overflow="fold")
    return made


def indented(shown: RenderableType) -> Padding:
    """Two columns further in, also where it wraps."""
    return Padding.indent(shown, 2)


def pairs(values: Mapping[str, object]) -> Table:
    """Names and what they stand for, one a line."""
    made = grid()
    for name, value in values.items():
        made.add_row(Text(name, style="dim"), value if isinstance(value, Text) else safe(value))
    return made
