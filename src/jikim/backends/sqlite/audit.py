"""A SQLite file as its auditor reads it: in one snapshot, and without leaving anything beside it. Effectful.

Without a write-ahead log nobody can write while it is read; with one, everybody can. A file whose log nobody has
open is read as it lies there, because to make a log would be to write: who begins to write meanwhile is noticed.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from jikim.backends.auditing.select import VIRTUAL, Query, Relation
from jikim.backends.auditing.side import AT_ONCE, Row, Side
from jikim.backends.base import StoreError, Way
from jikim.backends.files.reach import Account, ways_in
from jikim.backends.sqlite.reflect import reflect, type_of
from jikim.backends.sqlite.session import WAIT, scrubbed
from jikim.datamap import survey
from jikim.datamap.schema import Schema, Table

_BOOKS: Final = frozenset(
    f"jikim_{name}" for name in ("receipt", "outbox", "fact", "heard", "restricted", "move")
)
_BESIDE: Final = ("jikim_file__", "jikim_told__")
_OF_COPIES: Final = {
    "jikim_key": "key",
    "jikim_subject_key": "key",
    "jikim_moved_at": "instant",
    "jikim_destroy_after": "instant",
}
"""What jikim writes as text beside the content of a copy, and what it means."""
_WAL: Final = b"\2\2"
_ROWIDS: Final = ("rowid", "_rowid_", "oid")


class SqliteSpeech:
    """How SQLite says what an auditor's statements need."""

    @staticmethod
    def quoted(*names: str) -> str:
        """Names, part by part."""
        return survey.quoted(*names)

    @staticmethod
    def named(name: str) -> str:
        """A value that is given under this name."""
        return f":{name}"

    @staticmethod
    def read(column: str, kind: str) -> str:
        """As it stands: what it means is found out once it is here."""
        del kind
        return column

    @staticmethod
    def spelled(column: str) -> str:
        """The value of a key as text."""
        return f"cast({column} as text)"

    def equals(self, column: str, kind: str, name: str) -> str:
        """A column is a value."""
        del kind
        return f"{column} is {self.named(name)}"

    @staticmethod
    def every(value: str, rows: str, order: Sequence[str]) -> str:
        """A list in JSON, in which bytes are objects: it knows none."""
        said = f"case typeof({value}) when 'blob' then json_object('bytes', hex({value})) else json_quote({value}) end"
        # With a limit the order is kept.
        ordered = f"select {said} as v from {rows} order by {', '.join(order)} limit -1"
        return f"(select json_group_array(json(v)) from ({ordered}))"

    def first(self, target: Relation, alias: str, where: Callable[[str], str]) -> str:
        """A join of at most one row."""
        own, those = (", ".join(f"{name}.{self.quoted(c)}" for c in target.apart) for name in (alias, "u"))
        one = f"select {those} from {target.source} u where {where('u')} limit 1"
        return f"left join {target.source} {alias} on ({own}) = ({one})"

    def given(
        self, kinds: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
    ) -> tuple[str, dict[str, Any]]:
        """A list of lists in JSON."""
        columns = (f"json_extract(g.value, '$[{n}]') as {self.quoted(c)}" for n, c in enumerate(kinds))
        said = json.dumps([[row[column] for column in kinds] for row in rows], default=str)
        return f"(select {', '.join(columns)} from json_each(:given) g) t", {"given": said}


@dataclass(frozen=True)
class SqliteFile:
    """A file, or an archive in one.

    :param path: what is read.
    :param door: the file whose owner and mode say who may open it; another one where a copy of it is read.
    """

    path: Path
    door: Path

    @contextmanager
    def reading(self) -> Iterator["SqliteSide"]:
        """It as it stands at one moment, read-only."""
        if not self.path.exists():
            raise StoreError(
                f"there is no database for the auditor at `{self.path}`", fix="check the URL in datamap.yaml"
            )
        alone, before = self._unopened(), self._lies()
        as_it_lies = "&immutable=1" if alone else ""
        with (
            scrubbed("opening the database of the auditor"),
            closing(
                sqlite3.connect(
                    f"file:{quote(str(self.path.absolute()))}?mode=ro{as_it_lies}",
                    uri=True,
                    timeout=WAIT,
                    isolation_level=None,
                )
            ) as connection,
        ):
            connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
            for pragma in ("temp_store = memory", "trusted_schema = off", "query_only = on"):
                connection.execute(f"pragma {pragma}")
            connection.execute("begin")
            connection.execute("select count(*) from sqlite_schema").fetchone()
            yield SqliteSide(connection, self.door)
        if alone and self._lies() != before:
            raise StoreError(f"somebody wrote `{self.path.name}` while it was read", fix="run it again")

    def _unopened(self) -> bool:
        """Whether it is written by a log that nobody has open."""
        with _refused(self.path), self.path.open("rb") as file:
            version = file.read(20)[18:]
        return version == _WAL and not self.path.with_name(self.path.name + "-wal").exists()

    def _lies(self) -> tuple[int, int]:
        """When it was written last, and its size."""
        found = self.path.stat()
        return found.st_mtime_ns, found.st_size


@contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise StoreError(
            f"the auditor may not read `{path}`", fix="let whoever runs `jikim audit` read it"
        ) from None


@dataclass
class SqliteSide(Side):
    """One moment of it."""

    connection: sqlite3.Connection
    door: Path
    speech = SqliteSpeech()
    roles = False

    def ask(self, query: str, **values: Any) -> list[Row]:
        """Every row of a query."""
        with scrubbed("reading for the audit"):
            return self.connection.execute(query, {n: _plain(v) for n, v in values.items()}).fetchall()

    def stream(self, query: Query, *, doing: str) -> Iterator[Sequence[Row]]:
        """The rows of a query; what is written as a time or as JSON comes as what it says."""
        kinds = ((n, _reader(kind, listed=listed)) for n, (kind, listed) in enumerate(query.kinds))
        reads = [(n, read) for n, read in kinds if read]
        values = {name: _plain(value) for name, value in query.values.items()}
        with scrubbed(doing), closing(self.connection.execute(query.text, values)) as cursor:
            while rows := cursor.fetchmany(AT_ONCE):
                yield _as_read(rows, reads) if reads else rows

    def own(self, table: str) -> str:
        """Among the service's tables."""
        return f"main.jikim_{table}"

    def instant(self, value: Any) -> datetime | None:
        """It is written as text, in UTC."""
        read = _instant(value)
        return read if isinstance(read, datetime) else None

    # -- what is there ------------------------------------------------------------------------------------

    def schema(self) -> Schema:
        """The shape of the service's tables."""
        with scrubbed("reading its schema"):
            factory, self.connection.row_factory = self.connection.row_factory, sqlite3.Row
            try:
                return reflect(self.connection)
            finally:
                self.connection.row_factory = factory

    def relations(self) -> Iterator[Relation]:
        """Every table but jikim's own, and every virtual one; the tables in which those keep their pages are theirs."""
        query = "select name, type, wr from pragma_table_list where schema = 'main' order by name"
        for name, kind, without_rowid in self.ask(query):
            if not name.startswith(("sqlite_", *_BESIDE)) and name not in _BOOKS:
                if kind == "table":
                    yield self._relation(name, without_rowid=bool(without_rowid))
                elif kind == "virtual":
                    yield self._virtual(name)

    def _relation(self, name: str, *, without_rowid: bool) -> Relation:
        columns = self._columns(name)
        kinds = {column: _OF_COPIES.get(column) or type_of(declared) for column, declared, _ in columns}
        taken = {column.lower() for column in kinds}
        rowid = next((each for each in _ROWIDS if each not in taken), _ROWIDS[0])
        key = [column for column, _, place in sorted(columns, key=lambda c: c[2]) if place]
        source, apart = self.speech.quoted("main", name), tuple(key) if without_rowid else (rowid,)
        return Relation(name, ("main", name), "table", kinds, 0, True, source, apart, loose=True)

    def _virtual(self, name: str) -> Relation:
        """A virtual table; what makes it may not be here, and then nobody can read it."""
        try:
            kinds = {column: type_of(declared) for column, declared, _ in self._columns(name)}
        except StoreError:
            kinds = {}
        source = self.speech.quoted("main", name)
        return Relation(name, ("main", name), VIRTUAL, kinds, 0, bool(kinds), source, ("rowid",), loose=True)

    def _columns(self, name: str) -> list[Row]:
        """The columns of a table that are not hidden, each with its type and its place in the key."""
        query = "select name, type, pk from pragma_table_xinfo(:name) where hidden <> 1 order by cid"
        return self.ask(query, name=name)

    def beside(self, table: Table) -> Relation:
        """A listing, or what the ledger told, among jikim's own tables."""
        columns = {c.name: c.type for c in table.columns.values()}
        source = self.speech.quoted("main", f"jikim_{table.called}")
        return Relation(
            table.name, table.at(""), "table", columns, 0, True, source, table.primary_key, loose=True
        )

    # -- who may reach it ---------------------------------------------------------------------------------

    def account(self) -> Account | None:
        """Whoever the file belongs to runs the service, as far as anybody can say."""
        return Account.of(self.door)

    def knows(self, role: str) -> bool:
        """It knows no roles."""
        del role
        return False

    def into_books(self, role: str) -> list[Way]:
        """They lie in the service's file, and cannot be closed to it."""
        del role
        return []

    def into_archive(self, role: str | None, account: Account | None) -> list[Way]:
        """Whoever may open the file, or what lies beside it."""
        del role
        return ways_in(self.door, service=account)

    def sweepers(self) -> list[str]:
        """It knows no roles."""
        return []

    def keepers_among(self, sweepers: Sequence[str]) -> list[Way]:
        """Whoever moves rows here opens this file: there is nobody else to keep from it."""
        del sweepers
        return []


# -- values -----------------------------------------------------------------------------------------------

_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?P<time>[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?", re.ASCII
)
"""How services write times; what is written otherwise stays as it is, and nobody takes it for a time."""


def _time(value: Any) -> Any:
    if not isinstance(value, str) or not (written := _TIME.fullmatch(value)) or not written["time"]:
        return value
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return value


def _day(value: Any) -> Any:
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return value
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return value


def _instant(value: Any) -> Any:
    read = _time(value)
    return read.replace(tzinfo=UTC) if isinstance(read, datetime) and not read.tzinfo else read


def _json(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "timestamp with time zone": _time,
    "timestamp without time zone": _time,
    "date": _day,
    "instant": _instant,
    "json": _json,
    "jsonb": _json,
    "key": _json,
}


def _reader(kind: str, *, listed: bool) -> Callable[[Any], Any] | None:
    """How a value of such a column is read; None where it stands for itself."""
    one = _READERS.get(kind)
    if not listed:
        return one
    return lambda values: [one(v) if one else v for v in map(_in_list, json.loads(values))]


def _in_list(value: Any) -> Any:
    return bytes.fromhex(value["bytes"]) if isinstance(value, dict) else value


def _as_read(rows: Sequence[Row], reads: Sequence[tuple[int, Callable[[Any], Any]]]) -> Sequence[Row]:
    """Rows of which some columns are read."""
    columns: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for n, read in reads:
        columns[n] = map(read, columns[n])
    return list(zip(*columns, strict=True))


def _plain(value: Any) -> Any:
    """A value as SQLite is given it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return int(value) if isinstance(value, bool) else value
