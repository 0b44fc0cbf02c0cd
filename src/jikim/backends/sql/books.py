"""jikim's own tables in a store or archive of SQL: receipts, and the outbox. Effectful.

What they mean is the same in every dialect, and so is nearly all of their SQL; a store says how it is run.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from jikim.backends.base import Behind, ListedFile, OutboxEntry, Reached, Receipt
from jikim.datamap.schema import Table
from jikim.evidence.stage import Stage


class Books(ABC):
    """What a store keeps for jikim beside the service's own rows."""

    zone: ZoneInfo
    now: str
    """The store's clock, as an expression."""
    listings: Mapping[str, Table] = MappingProxyType({})
    """Tables in which files of a folder are rows."""

    @abstractmethod
    def _own(self, table: str) -> str:
        """The name of one of jikim's own tables."""

    @abstractmethod
    def _as_key(self, placeholder: str) -> str:
        """A key given as a list of texts."""

    @abstractmethod
    def _among(self, placeholder: str) -> str:
        """A query for each of a list of texts."""

    @abstractmethod
    def _ask(self, doing: str, query: str, **values: Any) -> Iterator[Mapping[str, Any]]:
        """Rows of a query whose values are named ``:so``. Raises ``StoreError``."""

    @abstractmethod
    def _tell(self, doing: str, statement: str, values: Iterable[Mapping[str, Any]]) -> int:
        """Run a statement for each of these values in one transaction; how many rows it changed."""

    # -- receipts -----------------------------------------------------------------------------------------

    def unshipped(self) -> Iterator[Receipt]:
        """Receipts the ledger has not acknowledged and whose files are gone, oldest first.

        Read in pages, each twice as long as the one before: whoever takes some and comes again reads what they take,
        and not all that waits.
        """
        place: dict[str, Any] = {}
        most = 4
        while found := list(self._unshipped(place, most=most)):
            for row in found:
                values = dict(row)
                values["table"] = values.pop("on_table")
                values["because"] = tuple(json_of(values["because"]))
                values |= {name: json_of(values[name]) for name in ("persons", "persons_kept")}
                values |= {name: time_of(values[name]) for name in ("at", "as_of", "kept_until")}
                yield Receipt(**values)
            if len(found) < most:
                return
            place = {name: found[-1][name] for name in ("at", "run", "step", "batch")}
            most *= 2

    def _unshipped(self, place: Mapping[str, Any], *, most: int) -> Iterator[Mapping[str, Any]]:
        """So many of them after a place."""
        query = f"""
            select run, step, batch, action, on_table, rows, at, as_of, plan, policy, because, copies, persons,
                kept_until, persons_kept, files - (
                    select count(*) from {self._own("outbox")} o
                    where o.run = r.run and o.step = r.step and o.batch = r.batch and o.stayed = 1) as files
            from {self._own("receipt")} r
            where shipped_at is null and not exists (
                select 1 from {self._own("outbox")} o
                where o.run = r.run and o.step = r.step and o.batch = r.batch and o.done_at is null)
                {"and (at, run, step, batch) > (:at, :run, :step, :batch)" if place else ""}
            order by at, run, step, batch limit :most"""
        return self._ask("reading receipts", query, **place, most=most)

    def shipped(self, receipts: list[Receipt]) -> None:
        """The ledger holds these now."""
        statement = f"""
            update {self._own("receipt")} set shipped_at = {self.now}
            where run = :run and step = :step and batch = :batch and shipped_at is null"""
        values = [{"run": r.run, "step": r.step, "batch": r.batch} for r in receipts]
        self._tell("marking receipts", statement, values)

    def held(self, names: Sequence[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
        """Those of these (run, step, batch) for which the store holds a receipt."""
        query = f"select run, step, batch from {self._own('receipt')} where run = :run"
        found = {
            (row["run"], row["step"], row["batch"])
            for run in dict.fromkeys(run for run, _, _ in names)
            for row in self._ask("reading receipts", query, run=run)
        }
        return found.intersection(names)

    # -- how far destruction has come ---------------------------------------------------------------------

    def behind(self, stage: Stage) -> list[Behind]:
        """What was removed and has not come to a stage, by table.

        A file comes no further than its name: what its disk still holds is not for a store to say.
        """
        query = f"""
            select on_table, count(*) as batches, min(at) as oldest from {self._own("receipt")}
            where height < :height group by on_table order by on_table"""
        found = self._ask("reading receipts", query, height=stage.height)
        return [
            Behind(row["on_table"], row["batches"], time_of(row["oldest"]))
            for row in found
            if row["on_table"] not in self.listings
        ]

    def reached(self) -> list[Reached]:
        """Runs of which everything removed from a table has come further than the ledger was told."""
        query = f"""
            select run, on_table, min(height) as height, count(*) as batches from {self._own("receipt")}
            where run in (select run from {self._own("receipt")} where told < height)
            group by run, on_table having min(height) > min(told) order by run, on_table"""
        stages = {1: Stage.VACUUMED, 2: Stage.REWRITTEN}
        return [
            Reached(row["run"], row["on_table"], stages[row["height"]], row["batches"])
            for row in self._ask("reading receipts", query)
        ]

    def told(self, reached: Sequence[Reached]) -> None:
        """The ledger was told of these."""
        statement = f"""
            update {self._own("receipt")} set told = :height
            where run = :run and on_table = :table and told < :height"""
        values = [{"run": r.run, "table": r.table, "height": r.stage.height} for r in reached]
        self._tell("marking receipts", statement, values)

    # -- files --------------------------------------------------------------------------------------------

    def outbox(self) -> list[OutboxEntry]:
        """Files still to be removed."""
        query = (
            f"select id, store, path, mark, kept from {self._own('outbox')} where done_at is null order by id"
        )
        rows = self._ask("reading the outbox", query)
        return [OutboxEntry(**{**row, "kept": tuple(json.loads(row["kept"]))}) for row in rows]

    def removed(self, entries: list[OutboxEntry]) -> None:
        """These files are verified to be absent, or to be another's; their names go as well."""
        statement = f"""
            update {self._own("outbox")} set done_at = {self.now}, path = '', kept = '[]', stayed = :stayed
            where id = :id"""
        # One that the archive keeps was counted nowhere: it moved.
        values = [{"id": e.id, "stayed": int(e.stayed and not e.kept)} for e in entries]
        self._tell("marking files", statement, values)

    def marks(self, listing: Table, paths: Sequence[str], *, store: str) -> list[tuple[str, str]]:
        """Each of these paths, with its mark, that is listed, or that waits to be removed from that files store.

        One statement: a file whose row goes meanwhile is met in the one place or in the other.
        """
        among = self._among(":paths")
        query = f"""
            select path, mark from {self._own(listing.called)} where path in ({among})
            union all
            select path, mark from {self._own("outbox")}
            where done_at is null and store = :store and path in ({among})"""
        rows = self._ask(f"reading the listing `{listing.name}`", query, paths=list(paths), store=store)
        return [(row["path"], row["mark"]) for row in rows]

    def take_in(self, listing: Table, files: Sequence[Mapping[str, Any]]) -> None:
        """List these files, by the listing's columns; what was listed under their paths is no more."""
        columns = [column for column in listing.columns if column != "id"]
        names = ", ".join(f'"{column}"' for column in columns)
        new = ", ".join(f'"{column}" = excluded."{column}"' for column in columns)
        statement = f"""
            insert into {self._own(listing.called)} ({names}) values ({", ".join(f":{c}" for c in columns)})
            on conflict (path) do update set {new}"""
        self._tell(f"listing `{listing.name}`", statement, files)

    def listed(self, listing: Table, *, after: int, most: int) -> list[ListedFile]:
        """Some files of a listing, in the order of their ids."""
        query = f"""
            select id, path, mark from {self._own(listing.called)} where id > :after order by id limit :most"""
        rows = self._ask(f"reading the listing `{listing.name}`", query, after=after, most=most)
        return [ListedFile(**row) for row in rows]

    def take_out(self, listing: Table, files: Sequence[ListedFile]) -> None:
        """List these no more, unless they were changed meanwhile."""
        statement = f"delete from {self._own(listing.called)} where id = :id and mark = :mark"
        values = [{"id": file.id, "mark": file.mark} for file in files]
        self._tell(f"listing `{listing.name}`", statement, values)


def json_of(value: Any) -> Any:
    """A value of JSON, of a store that has a type for it or keeps its text."""
    return json.loads(value) if isinstance(value, str) else value


def time_of(value: Any) -> Any:
    """An instant, of a store that has a type for it or keeps its text in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
