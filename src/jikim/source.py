"""Reads YAML into plain values and remembers where each was written. Pure: bytes in, values out.

What a reader may rely on, and what is refused (each refusal carries its line, its column and its remedy):

- UTF-8 text of at most 1 MiB, one document, at most 64 levels deep; no control characters; indented by
  spaces.
- Scalars follow the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema) with three cautions:
  ``no``, ``on`` and ``yes`` are text; a date is text; digits with a leading zero are text (a telephone number
  keeps its zero). Numbers that a JSON reader could not hold exactly are refused.
- Keys are text and occur once. No tags, no merge keys.
- An alias repeats a value written before it; what all aliases repeat is bounded.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from types import MappingProxyType
from typing import Any, Final

import yaml

from jikim.errors import JikimError

Path = tuple[str | int, ...]
_Marks = tuple[Any, Any]
"""Where the parser saw something begin and end; a line and a column are made of it for whoever asks."""

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 64
MAX_REPEATED: Final = 10_000
"""How many values all the aliases of a document may repeat together."""
MAX_BAD_CHARACTERS: Final = 100
"""How many of them are named; a file of another kind may hold a million."""

_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAB_INDENT: Final = re.compile(r" *\t[ \t]*(?=\S)")
_INT: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(
    r"[-+]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][-+]?[0-9]+)?|[-+]?\.[0-9]+([eE][-+]?[0-9]+)?"
)
_WORDS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Severity(StrEnum):
    """How much a finding matters: an error stops, a warning should be answered, info only tells."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line: 1-based line and column, length in characters (at least 1)."""

    file: str
    line: int
    column: int
    length: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a written file.

    :param code: stable name of the kind of finding, such as ``unknown-key``.
    :param message: what is wrong: lower case, the reader's own words in backticks.
    :param why: why it matters; may be empty.
    :param fix: the remedy; may be empty.
    :param path: keys and indexes from the document's root to the value.
    """

    code: str
    severity: Severity
    message: str
    why: str = ""
    fix: str = ""
    span: Span | None = None
    path: Path = ()


class SourceError(JikimError):
    """A file that cannot be used; ``diagnostics`` says everything that is wrong, sorted by position."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = in_order(diagnostics)
        first = self.diagnostics[0]
        where = f"{first.span}: " if first.span else ""
        others = f" (and {len(self.diagnostics) - 1} more)" if len(self.diagnostics) > 1 else ""
        super().__init__(f"{where}{first.message}{others}", fix=first.fix)


@dataclass(frozen=True, eq=False)
class Document:
    """A file that was read: plain values, and where each value and each key was written."""

    name: str
    lines: tuple[str, ...]
    value: Any
    _values: Mapping[Path, _Marks] = field(repr=False)
    _keys: Mapping[Path, _Marks] = field(repr=False)

    def span(self, path: Path, *, key: bool = False) -> Span:
        """Where the value at ``path`` stands, or its key; for a path nobody wrote, that of its nearest parent.

        What an alias repeats stands where the alias stands.
        """
        while path and path not in self._values:
            path = path[:-1]
        if key and path in self._keys:
            return _stretch(self.name, self.lines, *self._keys[path])
        if path not in self._values:
            return Span(self.name, 1, 1)
        return _stretch(self.name, self.lines, *self._values[path])

    def at(self, path: Path) -> Any:
        """The value at ``path``; None where nothing was written."""
        value = self.value
        for part in path:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def text(self, span: Span) -> str:
        """The characters a span covers."""
        return self.lines[span.line - 1][span.column - 1 : span.column - 1 + span.length]


def _stretch(name: str, lines: tuple[str, ...], start: Any, stop: Any) -> Span:
    """From one mark to another, cut at the end of the first line."""
    line = min(start.line, len(lines) - 1)
    rest = len(lines[line].rstrip()) - start.column
    length = stop.column - start.column if stop.line == start.line else rest
    return Span(name, line + 1, start.column + 1, max(1, length))


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a text as YAML counts them, without their ends."""
    return tuple(_BREAK.split(text))


def line_starts(text: str) -> tuple[int, ...]:
    """Where each of those lines begins, in characters from the text's beginning."""
    return (0, *(found.end() for found in _BREAK.finditer(text)))


def in_order(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The same findings by file, line and column, without repetitions."""

    def position(finding: Diagnostic) -> tuple[str, int, int, str, str]:
        span = finding.span or Span("", 0, 0)
        return (span.file, span.line, span.column, finding.code, finding.message)

    return tuple(sorted(dict.fromkeys(diagnostics), key=position))


def load(text: bytes, *, name: str) -> Document:
    """Reads one YAML document.

    :param text: the file's bytes.
    :param name: the file's name, as spans should show it.
    :raises SourceError: with every refusal that could be found.
    """
    lines = _lines(text, name=name)
    composer = _Composer(name, lines)
    value = composer.document()
    if composer.refused:
        raise SourceError(tuple(composer.refused))
    return Document(
        name=name,
        lines=lines,
        value=value,
        _values=MappingProxyType(composer.values),
        _keys=MappingProxyType(composer.keys),
    )


def _error(
    code: str, message: str, span: Span, *, why: str = "", fix: str = "", path: Path = ()
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, why, fix, span, path)


def _lines(text: bytes, *, name: str) -> tuple[str, ...]:
    """The file's lines, once its bytes are known to be text that YAML allows."""
    if len(text) > MAX_BYTES:
        raise SourceError(
            (
                _error(
                    "file-too-large",
                    f"the file has {len(text)} bytes; at most {MAX_BYTES} are read",
                    Span(name, 1, 1),
                    why="a promise that long is not written by hand, and reading it could exhaust memory",
                    fix="split the file, or remove what is not part of the promise",
                ),
            )
        )
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = split_lines(text[: error.start].decode("utf-8-sig", errors="replace"))
        bad = _error(
            "not-utf-8",
            f"byte 0x{text[error.start]:02x} is not UTF-8",
            Span(name, len(before), len(before[-1]) + 1),
            why="the file was probably saved as CP949 or EUC-KR",
            fix="save the file as UTF-8",
        )
        raise SourceError((bad,)) from None
    lines = split_lines(decoded)
    refused = tuple(islice(_bad_characters(lines, name=name), MAX_BAD_CHARACTERS))
    if refused:
        raise SourceError(refused)
    return lines


def _bad_characters(lines: tuple[str, ...], *, name: str) -> Iterator[Diagnostic]:
    for number, line in enumerate(lines, start=1):
        if tab := _TAB_INDENT.match(line):
            yield _error(
                "tab-indent",
                "a tab in the indentation",
                Span(name, number, line.index("\t") + 1, tab.end() - line.index("\t")),
                why="YAML counts spaces; a tab has no agreed width",
                fix="indent with spaces",
            )
        for bad in _UNPRINTABLE.finditer(line):
            yield _error(
                "control-character",
                f"an invisible control character U+{ord(bad[0]):04X}",
                Span(name, number, bad.start() + 1),
                fix="remove it",
            )


@dataclass
class _Anchor:
    """A value that may be repeated; ``size`` is None while it is still being read."""

    value: Any = None
    size: int | None = None


class _Composer:
    """Builds values from YAML's events, so that depth and repetition are bounded before anything is built."""

    def __init__(self, name: str, lines: tuple[str, ...]) -> None:
        self.name = name
        self.lines = lines
        self.values: dict[Path, _Marks] = {}
        self.keys: dict[Path, _Marks] = {}
        self.refused: list[Diagnostic] = []
        self._anchors: dict[str, _Anchor] = {}
        self._count = 0
        self._repeated = 0
        self._events: Iterator[Any] = iter(yaml.parse("\n".join(lines), Loader=_LOADER))

    def document(self) -> Any:
        """The only document's value; None for an empty file. Refusals are collected in ``refused``."""
        value: Any = None
        seen = False
        try:
            for event in self._events:
                if not isinstance(event, yaml.DocumentStartEvent):
                    continue
                if seen:
                    self._refuse(
                        "second-document",
                        "a second document begins here",
                        self._span(event),
                        fix="keep one document in a file: remove this `---` and what follows",
                    )
                    break
                seen = True
                value = self._node(next(self._events), (), depth=1)
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
        except _TooDeepError:
            return None
        return value

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        line = min(line, len(self.lines) - 1)
        context = f" {error.context}" if error.context else ""
        self._refuse(
            "yaml-syntax",
            f"not readable as YAML: {error.problem or 'unknown problem'}{context}",
            Span(self.name, line + 1, min(column, len(self.lines[line])) + 1),
            fix="look here and one line above: indentation, a missing `:` or `,`, an open quote or bracket",
        )

    def _refuse(
        self, code: str, message: str, span: Span, *, why: str = "", fix: str = "", path: Path = ()
    ) -> None:
        self.refused.append(_error(code, message, span, why=why, fix=fix, path=path))

    def _span(self, event: Any) -> Span:
        """From an event's start to its end, cut at the end of the first line."""
        return _stretch(self.name, self.lines, event.start_mark, event.end_mark)

    def _node(self, event: Any, path: Path, *, depth: int) -> Any:
        """The value that begins with ``event``; its events are consumed, its spans recorded."""
        self._count += 1
        self.values[path] = (event.start_mark, event.end_mark)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        if event.tag is not None:
            self._refuse(
                "tag",
                f"a tag `{event.tag}`",
                self._span(event),
                why="this file holds only text, numbers, true and false, lists and maps",
                fix="remove the tag; put a number that is meant as text in quotes",
                path=path,
            )
        if depth > MAX_DEPTH:
            self._refuse(
                "too-deep",
                f"more than {MAX_DEPTH} levels of lists and maps",
                self._span(event),
                fix="flatten the file",
                path=path,
            )
            raise _TooDeepError
        anchor = self._anchors.setdefault(event.anchor, _Anchor()) if event.anchor else _Anchor()
        if anchor.size is not None:
            anchor = self._anchors[event.anchor] = _Anchor()
        before = self._count
        if isinstance(event, yaml.ScalarEvent):
            anchor.value = self._scalar(event, path)
        elif isinstance(event, yaml.SequenceStartEvent):
            anchor.value = self._sequence(event, path, depth=depth)
        else:
            anchor.value = self._mapping(event, path, depth=depth)
        anchor.size = self._count - before + 1
        return anchor.value

    def _sequence(self, start: Any, path: Path, *, depth: int) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            values.append(self._node(event, (*path, len(values)), depth=depth + 1))
        if start.flow_style:
            self.values[path] = (start.start_mark, event.end_mark)
        return values

    def _mapping(self, start: Any, path: Path, *, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            at = (event.start_mark, event.end_mark)
            key = self._key(event, path, depth=depth)
            here = (*path, key)
            if key in values:
                self._refuse(
                    "duplicate-key",
                    f"the key `{key}` is written twice",
                    _stretch(self.name, self.lines, *at),
                    why=f"line {self.keys[here][0].line + 1} has it; a second value would hide the first",
                    fix="keep one of the two",
                    path=here,
                )
                self._node(next(self._events), (*path, f"{key} (again)"), depth=depth + 1)
                continue
            self.keys[here] = at
            value = next(self._events)
            values[key] = self._node(value, here, depth=depth + 1)
            if isinstance(value, yaml.ScalarEvent) and value.implicit[0] and not value.value:
                self.values[here] = at
        if start.flow_style:
            self.values[path] = (start.start_mark, event.end_mark)
        return values

    def _key(self, event: Any, path: Path, *, depth: int) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            at = self._span(event)
            self._node(event, (*path, "(key)"), depth=depth + 1)
            self._refuse(
                "key-not-text",
                "a key that is a list, a map or an alias",
                at,
                fix="use text as the key",
                path=path,
            )
            return f"(key at {at})"
        if event.value == "<<" and event.implicit[0]:
            at = self._span(event)
            self._refuse(
                "merge-key",
                "a merge key `<<`",
                at,
                why="what it merges cannot be seen where it is used",
                fix="write the keys out",
                path=path,
            )
            return f"(merge key at {at})"
        if event.tag is not None or (event.implicit[0] and not isinstance(_plain(event.value), str)):
            self._refuse(
                "key-not-text",
                f"the key `{event.value}` is not text",
                self._span(event),
                fix=f'put it in quotes: "{event.value}"',
                path=path,
            )
        return str(event.value)

    def _scalar(self, event: Any, path: Path) -> str | int | float | bool | None:
        if not event.implicit[0]:
            return str(event.value)
        value = _plain(event.value)
        if isinstance(value, int | float) and not abs(value) < 1 << 53:
            self._refuse(
                "number-too-large",
                "a number too large to be kept exactly",
                self._span(event),
                fix="put it in quotes if it is meant as text",
                path=path,
            )
            return 0
        return value

    def _alias(self, event: Any, path: Path) -> Any:
        at = self._span(event)
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            self._refuse(
                "unknown-alias",
                f"`*{event.anchor}` repeats nothing: no `&{event.anchor}` stands before it",
                at,
                fix=f"put `&{event.anchor}` before the value to repeat, or write the value out",
                path=path,
            )
            return None
        if anchor.size is None:
            self._refuse(
                "recursive-alias",
                f"`*{event.anchor}` stands inside the value it repeats",
                at,
                why="the value would never end",
                fix="write the value out",
                path=path,
            )
            return None
        self._repeated += anchor.size
        self._count += anchor.size
        if self._repeated > MAX_REPEATED:
            if self._repeated - anchor.size <= MAX_REPEATED:
                self._refuse(
                    "alias-bomb",
                    f"aliases repeat more than {MAX_REPEATED} values",
                    at,
                    why="a short file must not unfold into one that exhausts memory",
                    fix="write the values out",
                    path=path,
                )
            return None
        return anchor.value


class _TooDeepError(Exception):
    """Leaves the nested calls once the depth was refused."""


def _plain(text: str) -> str | int | float | bool | None:
    """The core-schema value of an unquoted scalar; infinite where a number overflows."""
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) < 20 else math.inf
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
