"""What a store of SQL was told of facts that stand in no row of the service. Effectful.

Holds and what happened to the service as a whole stand in one table, ``fact``; restrictions in ``restricted``, which
the service may ask. Dated facts about people stand in one table for each kind of person (`datamap.told`), keyed as
their own rows are, so that a clock reads them as it reads any row. ``heard`` is the place in the ledger up to which
the store was told.
"""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from jikim.backends.base import StoreError
from jikim.backends.sql.books import Books, json_of, time_of
from jikim.datamap.schema import Column, Schema, Table
from jikim.datamap.told import Told, column_of, table_of
from jikim.plan.schedule import Facts, Hold, Restriction, Schedules
from jikim.plan.telling import Telling

FACT: Final = "id, kind, name, on_table, subject_kind, subject_key, happened_at"
IN_FORCE: Final = "kind in ('hold', 'service') and released_at is null"


class Hearing(Books):
    """Facts from elsewhere, in tables of jikim's own."""

    told_of: tuple[Told, ...] = ()
    """What the ledger tells about people."""

    @abstractmethod
    def _quoted(self, name: str) -> str:
        """A name, whatever it holds, within a statement whose values are named ``:so``."""

    @abstractmethod
    def _typed(self, placeholder: str, column: Column) -> str:
        """A text as a value of a column's type."""

    @abstractmethod
    def _spelled(self, value: str, column: Column) -> str:
        """A value of a column as the text that names it in a key."""

    @abstractmethod
    def _at_home(self, table: Table) -> str:
        """The name of a table of the service."""

    @abstractmethod
    def _bound(self) -> tuple[Schedules, Schema]:
        """What is promised of the store as it is known. Raises ``StoreError``."""

    @abstractmethod
    def _shape(self) -> Schema:
        """The shape of the store's tables as it is known."""

    @abstractmethod
    def _tell_all(self, doing: str, statements: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Run statements in one transaction beside which no batch is under way."""

    def facts(self) -> Facts:
        """Legal holds in force and service-wide facts."""
        query = f"select {FACT} from {self._own('fact')} where {IN_FORCE} order by id"
        return facts_of(self._ask("reading holds and facts", query))

    def restrictions(self) -> tuple[Restriction, ...]:
        """Restrictions in force."""
        query = f"select id, subject_kind, subject_key from {self._own('restricted')} order by id"
        return tuple(
            Restriction(r["id"], r["subject_kind"], tuple(json_of(r["subject_key"])))
            for r in self._ask("reading restrictions", query)
        )

    def heard(self) -> int:
        """The place in the ledger up to which the store was told of facts; 0 for one that was told nothing."""
        return int(next(self._ask("reading facts", f"select {self._place()} as place"))["place"])

    def hear(self, words: Sequence[tuple[int, Telling]]) -> None:
        """Be told of these facts, in one transaction beside which no batch is under way.

        :raises StoreError: the map says nothing of such a fact, or a key is none of its person's.
        """
        if not words:
            return
        heard = f"""
            insert into {self._own("heard")} as h (one, place) values (1, :place)
            on conflict (one) do update set place = excluded.place where h.place < excluded.place"""
        said = [
            (text, {**values, "place": place}) for place, word in words for text, values in [self._said(word)]
        ]
        self._tell_all("hearing of facts", [*said, (heard, {"place": words[-1][0]})])

    def understands(self, word: Telling) -> None:
        """Whether the store could be told of this: a word on record that it cannot hear would keep it behind for ever.

        :raises StoreError: the map says nothing of such a fact, or the key is not as the store writes it.
        """
        if word.kind != "person":
            return
        table, _ = self._table_about(word)
        columns = [table.columns[c] for c in table.primary_key]
        asked = {f"key_{n}": part for n, part in enumerate(word.key)}
        spelled = ", ".join(
            f"{self._spelled(self._typed(f':{n}', c), c)} as {n}" for n, c in zip(asked, columns, strict=True)
        )
        try:
            written = next(self._ask("reading a key", f"select {spelled}", **asked))
        except StoreError:
            written = {}
        if dict(written) != asked:
            raise _no_key(word, table)

    def drop_untold(self) -> int:
        """Forget facts about people of whom nothing is stored any more; how many people."""
        gone = 0
        for table, own in self._told_tables():
            same = " and ".join(f"p.{self._quoted(c)} = t.{self._quoted(c)}" for c in table.primary_key)
            open_ = [f"t.{self._quoted(c)} is not null" for c in table.columns if c not in table.primary_key]
            statement = f"""
                delete from {self._own(table.called)} as t where not ({" or ".join(open_)})
                or not exists (select 1 from {own} p where {same})"""
            gone += self._tell(f"forgetting facts of `{table.name}`", statement, [{}])
        return gone

    def named(self, files: str, paths: Sequence[str]) -> set[str]:
        """Those of these paths of a files store that a row of the service names now."""
        schedules, schema = self._bound()
        found: set[str] = set()
        for _, table, column in (each for each in schedules.naming if each[0] == files):
            at, path = self._at_home(schema.tables[table]), self._quoted(column)
            query = f"select distinct {path} as path from {at} where {path} in ({self._among(':paths')})"
            rows = self._ask(f"looking for files named by `{table}`", query, paths=list(paths))
            found |= {row["path"] for row in rows}
        return found

    def _place(self) -> str:
        return f"coalesce((select max(place) from {self._own('heard')}), 0)"

    def _said(self, word: Telling) -> tuple[str, Mapping[str, Any]]:
        """The statement that notes a word where it is news, and its values."""
        news = f":place > {self._place()}"
        if word.kind == "person":
            return self._said_of_person(word, news)
        if word.kind == "restriction":
            return self._said_of_use(word, news)
        id = word.id if word.kind == "hold" else f"service:{word.name}"
        if word.kind == "hold" and word.happened_at is None:
            statement = f"update {self._own('fact')} set released_at = :at where id = :id and {news}"
            return statement, {"id": id, "at": word.at.astimezone(UTC)}
        statement = f"""
            insert into {self._own("fact")}
                (id, kind, name, on_table, subject_kind, subject_key, happened_at, because, placed_at)
            select :id, :kind, :name, :on_table, :subject, {self._as_key(":key")}, :happened, :because, :at
            where {news}
            on conflict (id) do update set happened_at = excluded.happened_at, placed_at = excluded.placed_at"""
        return statement, {
            **{
                "id": id,
                "kind": word.kind,
                "name": word.name,
                "on_table": word.table,
                "subject": word.subject,
            },
            **{"key": list(word.key) if word.subject else None, "because": word.because},
            **{
                "happened": word.happened_at and word.happened_at.astimezone(UTC),
                "at": word.at.astimezone(UTC),
            },
        }

    def _said_of_use(self, word: Telling, news: str) -> tuple[str, Mapping[str, Any]]:
        """The statement that begins or ends a restriction."""
        restricted = self._own("restricted")
        if word.happened_at is None:
            return f"delete from {restricted} where id = :id and {news}", {"id": word.id}
        statement = f"""
            insert into {restricted} (id, subject_kind, subject_key, because, placed_at)
            select :id, :subject, {self._as_key(":key")}, :because, :at where {news} on conflict do nothing"""
        values = {"id": word.id, "subject": word.subject, "key": list(word.key), "because": word.because}
        return statement, {**values, "at": word.at.astimezone(UTC)}

    def _said_of_person(self, word: Telling, news: str) -> tuple[str, Mapping[str, Any]]:
        """The statement that dates one fact of a person."""
        table, date = self._table_about(word)
        key = {f"key_{n}": part for n, part in enumerate(word.key)}
        typed = [self._typed(f":{n}", table.columns[c]) for n, c in zip(key, table.primary_key, strict=True)]
        columns, at = ", ".join(map(self._quoted, table.primary_key)), self._quoted(date)
        statement = f"""
            insert into {self._own(table.called)} ({columns}, {at})
            select {", ".join(typed)}, {self._typed(":happened", table.columns[date])} where {news}
            on conflict ({columns}) do update set {at} = excluded.{at}"""
        at_utc = word.happened_at and word.happened_at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        return statement, {**key, "happened": at_utc}

    def _table_about(self, word: Telling) -> tuple[Table, str]:
        """The table and the column that date a fact of a person. Raises ``StoreError``."""
        name = table_of(word.subject or "")
        table = next((table for table, _ in self._told_tables() if table.name == name), None)
        date = column_of(word.name)
        if table is None or date not in table.columns:
            raise StoreError(
                f"the store was told of `{word.name}` about a `{word.subject}`, and the map asks for no such fact",
                fix=f"facts: {{{word.name.partition(' of ')[0]}: {{from: ledger}}}}   # then `jikim prepare`",
            )
        if len(word.key) != len(table.primary_key):
            raise _no_key(word, table)
        return table, date

    def _told_tables(self) -> Iterator[tuple[Table, str]]:
        """Each table of what is told about people, and the name of the one that holds their own rows."""
        schema = self._shape()
        for each in self.told_of:
            table = schema.tables.get(table_of(each.subject))
            if table is not None:
                yield table, self._at_home(schema.tables[each.table])


def facts_of(rows: Iterable[Mapping[str, Any]]) -> Facts:
    """Legal holds and service-wide facts, from rows of ``fact`` in the order of their ids."""
    known = list(rows)
    holds = tuple(
        Hold(r["id"], r["name"], r["subject_kind"], tuple(json_of(r["subject_key"]) or ()), r["on_table"])
        for r in known
        if r["kind"] == "hold"
    )
    service = {r["name"]: time_of(r["happened_at"]) for r in known if r["kind"] == "service"}
    return Facts({name: when for name, when in service.items() if when}, holds)


def _no_key(word: Telling, table: Table) -> StoreError:
    wanted = ", ".join(f"{c} ({table.columns[c].type})" for c in table.primary_key)
    return StoreError(
        f"what was said is no key of a `{word.subject}`", fix=f"a key is {wanted}, as the store writes it"
    )
