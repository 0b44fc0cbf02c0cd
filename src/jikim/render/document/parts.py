"""What a published policy is made of: lines of text, tables, figures, chapters. Values, and no markup. Pure.

Every form (HTML, Markdown, plain text, PDF) is written from the same :class:`Document`. No character in it can command
a terminal, a browser or a reader's eye: what would not print, or would turn the reading direction, is replaced here.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlsplit

from jikim.render.columns import printable
from jikim.render.wording import Language

_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]*")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text.

    :param to: where it leads: ``#anchor`` within the document, or an address that :func:`link` let through.
    """

    text: str
    strong: bool = False
    soft: bool = False
    to: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))


Line = tuple[Run, ...]
"""One paragraph's worth of runs."""

Cell = tuple[Line, ...]
"""What stands in a cell: a line, or several under one another."""


def line(*runs: "Run | str") -> Line:
    """A line of these runs, plain text among them."""
    return tuple(run if isinstance(run, Run) else Run(run) for run in runs)


def plain(said: Line) -> str:
    """The text of a line alone."""
    return "".join(run.text for run in said)


def link(text: str, address: str = "", *, soft: bool = False) -> Run:
    """The text as a link, where the address is one that only shows a page or begins a letter or a call."""
    return Run(text, soft=soft, to=_safe(address or text))


def _safe(address: str) -> str:
    if _MAIL.fullmatch(address):
        return f"mailto:{address}"
    if _PHONE.fullmatch(address):
        return "tel:" + re.sub(r"[^+0-9]", "", address)
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return address if web and printable(address) == address and not set(address) & set(' "<>\\') else ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line by itself."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """Lines of a list, in no order."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first column names the row.

    :param caption: what it is a table of; stands above it as a heading.
    :param columns: as many as every row has cells.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


StepKind = Literal["use", "fact", "locked", "apart", "gone"]


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch of an item's life, or (``fact``) what ends one."""

    kind: StepKind
    text: str


@dataclass(frozen=True, slots=True)
class Strand:
    """One reason for which an item is there, and the steps from its collection to its destruction.

    :param why: the purpose, or the record that a law has kept.
    :param ground: the legal basis, or the law and article.
    :param note: which of several ends counts; empty for a single one.
    """

    why: str
    ground: str
    note: str
    ways: tuple[tuple[Step, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """The life that one or more items lead alike."""

    items: str
    strands: tuple[Strand, ...]


Block = Paragraph | Bullets | Table | Figure


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter.

    :param anchor: its permanent address within the document, the same in every language.
    :param number: from 1, as this document counts.
    """

    anchor: str
    number: int
    heading: str
    blocks: tuple[Block, ...]


def single_table(chapter: Chapter) -> bool:
    """Whether the chapter's heading says enough of its table, so that no caption need be seen."""
    return sum(isinstance(block, Table) for block in chapter.blocks) == 1


@dataclass(frozen=True, slots=True)
class Label:
    """A fact worth knowing before anything is read.

    :param kind: which drawing stands beside it.
    :param to: the anchor of the chapter that tells more.
    """

    kind: str
    title: str
    fact: str
    to: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is new since the last version, as one line that begins with where; ``to`` is the anchor of its chapter."""

    line: Line
    to: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A privacy policy to be read.

    :param languages: every language it is published in, this one among them.
    :param dated: version and dates, each a line.
    :param changes: what is new; empty for a first version.
    :param digest: of the policy that it was composed from.
    """

    language: Language
    languages: tuple[Language, ...]
    service: str
    title: str
    controller: str
    dated: tuple[Line, ...]
    preamble: tuple[Line, ...]
    labels: tuple[Label, ...]
    changes: tuple[Change, ...]
    chapters: tuple[Chapter, ...]
    digest: str

    @property
    def heading(self) -> str:
        """The service and the title, unless a published title names the service itself."""
        return self.title if self.service in self.title else f"{self.service} {self.title}"
