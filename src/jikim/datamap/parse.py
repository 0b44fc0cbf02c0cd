"""Reads ``datamap.yaml``: bytes in, a map or findings with positions out. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from jikim.datamap.model import DataMap
from jikim.shape import validate
from jikim.source import Diagnostic, Document, Path, SourceError, load


class DataMapError(SourceError):
    """A data map that cannot be used; ``diagnostics`` says everything that is wrong."""


def parse(text: bytes, *, name: str) -> tuple[DataMap, Document]:
    """The map, and the document it was read from.

    :raises DataMapError: with every finding, sorted by position.
    """
    try:
        document = load(text, name=name)
    except SourceError as error:
        raise DataMapError(error.diagnostics) from None
    return validate(DataMap, document, error=DataMapError), document


def located(findings: Iterable[Diagnostic], document: Document) -> tuple[Diagnostic, ...]:
    """Findings about parts of a map, each at the line where its part is written."""
    return tuple(replace(f, span=document.span(_written(f.path, document), key=True)) for f in findings)


def _written(path: Path, document: Document) -> Path:
    """The path, up to what somebody wrote: a missing column is shown where the table's columns are."""
    while path and document.at(path) is None:
        path = path[:-1]
    return path
