"""Draft a policy and a map for a database: look at it, guess, write it down, and check what was written.

Reads the database and changes nothing in it. Values of a sample are forgotten table by table, once their forms are
counted; none is in the draft, in a finding or in an error.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from jikim.backends.base import StoreError
from jikim.canonical import digest
from jikim.datamap.parse import parse as parse_map
from jikim.datamap.schema import Schema, Table
from jikim.draft import relations
from jikim.draft.compose import compose, readings, service_id
from jikim.draft.guess import Question
from jikim.draft.map_file import Place, datamap_text
from jikim.draft.policy_file import policy_text
from jikim.draft.proposal import Draft
from jikim.draft.relations import Edge, Overlap
from jikim.draft.values import Sample, Seen, seen
from jikim.errors import JikimError
from jikim.law.resolve import resolve
from jikim.operations.check_map import CheckedMap, check_map
from jikim.operations.plan_sweep import Promise
from jikim.policy.parse import parse as parse_policy
from jikim.policy.unstated import unstated
from jikim.source import Diagnostic

ROWS = 500
"""How many rows of a table are looked at."""


class NothingToDraftError(JikimError):
    """A database without a table that one could speak of."""


class Sampler(Protocol):
    """A database to look at; each kind of store implements it in its own room."""

    @property
    def database(self) -> str:
        """What the database is called."""

    def reflect(self) -> Schema:
        """The shape of its tables. Raises ``StoreError``."""

    def sample(self, table: Table, *, rows: int) -> Sample:
        """Some rows of a table, as far as they may be read. Raises ``StoreError``."""

    def overlap(self, table: Table, edge: Edge, *, rows: int) -> Overlap | None:
        """How many values of a guessed edge the other table knows; None for unknown. Raises ``StoreError``."""


@dataclass(frozen=True)
class Drafted:
    """Two files, and what is known about them.

    :param left_open: what the policy leaves unsaid, each at its line.
    :param checked: what a check of the map found.
    :param unread: tables that could not be looked at, and why.
    """

    draft: Draft
    policy: str
    datamap: str
    left_open: tuple[Diagnostic, ...]
    checked: CheckedMap
    unread: Mapping[str, str]


def draft_files(
    sampler: Sampler,
    *,
    url: str,
    tables_in: str,
    app_role: str = "",
    names: tuple[str, str] = ("policy.yaml", "datamap.yaml"),
    now: datetime,
    zone: ZoneInfo,
) -> Drafted:
    """Draft both files and check them.

    :param url: where the map finds the database: ``env:NAME``.
    :param names: what the files will be called.
    :raises StoreError: the schema cannot be read.
    :raises NothingToDraftError: it has no table.
    """
    schema = sampler.reflect()
    if not schema.tables:
        raise NothingToDraftError(
            f"the schema `{tables_in}` has no table that this role can see",
            fix="name the schema of the service's tables with --schema, or sign in as a role that may read them",
        )
    looks, unread = _look(sampler, schema, now.astimezone(zone).date())
    read_as = readings(schema, looks)
    people = relations.subjects(schema, read_as)
    guessed = relations.confirmed(_answers(sampler, schema, relations.named(schema, people), unread))
    edges = [*relations.keyed(schema), *guessed]
    people = relations.keyed_by(people, edges)
    draft = compose(schema, looks, read_as, people, edges, service=service_id(sampler.database))
    blind = [Question("store", ("tables", name), f"not looked at: {why}") for name, why in unread.items()]
    draft = replace(draft, questions=(*draft.questions, *blind))
    zoneless = any(
        column.time_type == "local" for table in schema.tables.values() for column in table.columns.values()
    )
    place = Place(url, tables_in, app_role, zone.key, zoneless)
    policy, datamap = policy_text(draft), datamap_text(draft, place)
    left_open, checked = _checked(schema, policy, datamap, names=names, now=now, zone=zone)
    return Drafted(draft, policy, datamap, left_open, checked, unread)


def _look(sampler: Sampler, schema: Schema, today: date) -> tuple[dict[str, dict[str, Seen]], dict[str, str]]:
    """What the values of every table look like, and which tables could not be looked at."""
    looks: dict[str, dict[str, Seen]] = {}
    unread: dict[str, str] = {}
    for name, table in schema.tables.items():
        try:
            sample = sampler.sample(table, rows=ROWS)
        except StoreError as error:
            unread[name] = str(error)
            continue
        if missing := [
            column for column in table.columns if column not in sample and _readable(table, column)
        ]:
            unread[name] = f"no right to read {', '.join(f'`{column}`' for column in missing)}"
        looks[name] = {column: seen(values, today=today) for column, values in sample.items()}
    return looks, unread


def _readable(table: Table, column: str) -> bool:
    """Whether there would be anything to look at: bytes are never read."""
    return table.columns[column].kind not in ("bytea", "blob")


def _answers(
    sampler: Sampler, schema: Schema, guessed: Iterable[Edge], unread: Mapping[str, str]
) -> Iterator[tuple[Edge, Overlap | None]]:
    """What the store says of guessed edges; None where it does not answer in time, or may not be asked."""
    for edge in guessed:
        try:
            yield (
                edge,
                None if edge.table in unread else sampler.overlap(schema.tables[edge.table], edge, rows=ROWS),
            )
        except StoreError:
            yield edge, None


def _checked(
    schema: Schema, policy: str, datamap: str, *, names: tuple[str, str], now: datetime, zone: ZoneInfo
) -> tuple[tuple[Diagnostic, ...], CheckedMap]:
    """What `jikim check` and `jikim map check` will say of the two files."""
    promised = parse_policy(policy.encode(), name=names[0])
    mapped, document = parse_map(datamap.encode(), name=names[1])
    resolved = resolve(promised, in_force_on=now.astimezone(zone).date())
    promise = Promise(resolved, mapped, document, digest(document.value))
    return unstated(policy.encode(), name=names[0]), check_map(_Reflected(schema), promise, as_of=now)


@dataclass(frozen=True)
class _Reflected:
    """A schema that was read already."""

    schema: Schema

    def reflect(self) -> Schema:
        """That schema."""
        return self.schema


# -- files ------------------------------------------------------------------------------------------------


class FileThereError(JikimError):
    """A file that somebody wrote already; it is never written over."""


def refuse_what_is_there(paths: Iterable[Path]) -> None:
    """Make sure that nothing is written over. Raises ``FileThereError``."""
    for path in paths:
        if path.exists() or path.is_symlink():
            raise FileThereError(
                f"`{path}` is there already, and is not written over",
                fix="name an empty folder with --into, or look at the draft with --dry-run",
            )


def write_new(path: Path, text: str) -> None:
    """Write a file that must not exist, also if it appeared this moment.

    :raises FileThereError: it does.
    :raises OSError: it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        refuse_what_is_there([path])
