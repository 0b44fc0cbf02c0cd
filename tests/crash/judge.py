"""Was anything lost, left, or done twice? Judged by the memory model, and by what the database noted itself.

The triggers of ``noted.sql`` wrote down every change in the transaction that made it. So one can say what the
tables would hold had no sweep ever run: the rows before, and whatever the application did. The memory model
sweeps that, and the store must hold the same. Effectful: reads databases and folders.
"""

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import psycopg
from examples.plask.world import PRIMARY_KEY
from psycopg.rows import dict_row
from tests.crash.scene import AS_OF, Scene
from tests.keeping import KEY, kept_at, plask_promise

from jikim.backends import memory
from jikim.clock import now
from jikim.evidence.entry import DisposalBody, Entry, FileBody, PersonRunBody
from jikim.ledger import keys
from jikim.ledger.engine import connect
from jikim.operations.export_evidence import export_evidence
from jikim.operations.list_evidence import list_evidence
from jikim.operations.plan_sweep import bound
from jikim.operations.verify_evidence import verify_evidence
from jikim.plan.masks import masked, row_tag
from jikim.plan.plan import archive_table
from jikim.plan.schedule import Schedules

Row = dict[str, Any]
Tables = dict[str, dict[Any, Row]]
"""Rows by table and key."""
Name = tuple[str, str]
"""A row's table, and its key as text."""


@dataclass
class Outcome:
    """What became of a row: itself if it stays, and its archived copies by record."""

    row: Row | None
    copies: dict[str, Row]


class Judge:
    """Compares scenes with the model. What the tables and the archive held at first is read once."""

    def __init__(self, first: Scene) -> None:
        self.schedules = _schedules(first)
        self.before = _tables(first)
        self.copies_before = _copies(first, self.schedules)
        self.noted_before = first.execute("select coalesce(max(n), 0) as n from noted.change")[0]["n"]

    def check(self, scene: Scene) -> None:
        """Nothing lost, nothing left, nothing twice, and all of it proved."""
        told = "\n  ".join(["what happened:", *scene.history])
        assert _open_work(scene) == {"files": 0, "receipts": 0}, told
        assert self.due(scene) == {}, told
        self._judge_rows(scene, told)
        assert _files_on_disk(scene) == _files_in_rows(scene), told
        entries = _evidence(scene)
        assert _proved(entries) == _receipts(scene), told
        assert self._counted(entries) == _noted(scene), told

    def due(self, scene: Scene) -> dict[str, int]:
        """Rows that the model would still change."""
        world = memory.World({table: list(rows.values()) for table, rows in _tables(scene).items()})
        census = memory.census(world, self.schedules, as_of=AS_OF, mask_key=KEY)
        return {table: counts.due for table, counts in census.items() if counts.due}

    def _judge_rows(self, scene: Scene, told: str) -> None:
        """Each row became what the model makes of it, at some instant while the application worked."""
        tables, undone = self._without_sweeps(scene)
        meant = self._swept(tables)
        # Whoever left and came back was due in between: what was taken then is gone, what was not, stays.
        for key, how in undone.items():
            tables["members"][key].update(how)
        between = self._swept(tables) if undone else meant
        found = _outcomes(_tables(scene), _copies(scene, self.schedules))
        nothing = Outcome(None, {})
        for name in meant.keys() | between.keys() | found.keys():
            became = found.get(name, nothing)
            could = [meant.get(name, nothing), between.get(name, nothing)]
            if could[0] != could[1]:
                could.append(self._stub(name, could[0], could[1]))
            assert became in could, f"{name} became {became}, should {could}; {told}"

    def _swept(self, tables: Tables) -> dict[Name, Outcome]:
        """What the model makes of these rows; copies of earlier sweeps stay until their own date."""
        world = memory.World({table: deepcopy(list(rows.values())) for table, rows in tables.items()})
        memory.sweep(world, self.schedules, as_of=AS_OF, mask_key=KEY)
        copies = {
            (table, record, str(key[0])): _copy(
                {**copy.content, "jikim_destroy_after": copy.destroy_after},
                subject=copy.subject,
                key=[str(part) for part in copy.subject_key],
            )
            for (table, record, key), copy in world.archive.items()
        }
        old = {n: c for n, c in self.copies_before.items() if c["jikim_destroy_after"] > AS_OF}
        swept = {t: {row[PRIMARY_KEY[t]]: row for row in rows} for t, rows in world.tables.items()}
        return _outcomes(swept, {**copies, **old})

    def _stub(self, name: Name, meant: Outcome, between: Outcome) -> Outcome:
        """The row as it waits for rows that still point to it: copied, and masked."""
        schedule, row = self.schedules[name[0]], meant.row
        if row is None or not schedule.dependents:
            return between
        tag = row_tag(KEY, table=schedule.table, row_key=(row[PRIMARY_KEY[schedule.table]],))
        bare = {c.column: masked(c.mask, row[c.column], tag=tag) for c in schedule.cells if c.mask}
        return Outcome({**row, **bare}, between.copies)

    def _without_sweeps(self, scene: Scene) -> tuple[Tables, dict[Any, Row]]:
        """The tables as they would be had nobody swept; and how each member was who left and came back."""
        tables, undone = deepcopy(self.before), dict[Any, Row]()
        for table, rows in tables.items():
            for verb, old, new in _changes(scene, table, after=self.noted_before):
                key = (old if verb == "DELETE" else new)[PRIMARY_KEY[table]]
                if verb == "DELETE":
                    del rows[key]
                elif verb == "INSERT":
                    rows[key] = new
                else:
                    rows[key].update({column: value for column, value in new.items() if value != old[column]})
                    if (old.get("status"), new.get("status")) == ("left", "active"):
                        undone[key] = {"status": "left", "left_at": old["left_at"]}
        return tables, undone

    def _counted(self, entries: list[Entry]) -> Counter[tuple[str, str]]:
        """Rows that evidence says were removed, changed and copied, by verb and table."""
        archives = {s.table: archive_table(s.table, r) for s in self.schedules for r in s.records}
        counts = Counter[tuple[str, str]]()
        for body in (e.body for e in entries if isinstance(e.body, DisposalBody)):
            verb = "UPDATE" if body.action in ("mask", "stub") else "DELETE"
            counts[verb, body.table] += body.rows
            if copied := _extra(body, "copies"):
                counts["INSERT", archives[body.table]] += copied
        return counts


def _outcomes(tables: Tables, copies: dict[tuple[str, str, str], Row]) -> dict[Name, Outcome]:
    found = {(t, str(key)): Outcome(row, {}) for t, rows in tables.items() for key, row in rows.items()}
    for (table, record, key), copy in copies.items():
        found.setdefault((table, key), Outcome(None, {})).copies[record] = copy
    return found


def _schedules(scene: Scene) -> Schedules:
    with kept_at(scene.store_url, promise=plask_promise()) as plask:
        return bound(plask.store, plask.promise, as_of=AS_OF)[0]


def _tables(scene: Scene) -> Tables:
    with psycopg.connect(scene.store_url, row_factory=dict_row) as connection:
        return {
            table: {row[key]: row for row in connection.execute(f'select * from public."{table}"'.encode())}
            for table, key in PRIMARY_KEY.items()
        }


def _copies(scene: Scene, schedules: Schedules) -> dict[tuple[str, str, str], Row]:
    return {
        (s.table, record, row["jikim_key"][0]): _copy(
            row, subject=row["jikim_subject"], key=row["jikim_subject_key"]
        )
        for s in schedules
        for record in s.records
        for row in scene.execute(f'select * from kept_by_law."{archive_table(s.table, record)}"')
    }


def _copy(row: Row, *, subject: str | None, key: list[str] | None) -> Row:
    """What is compared of an archived copy: its content, whose it is, and its own date."""
    content = {
        column: value
        for column, value in row.items()
        if value is not None and (not column.startswith("jikim_") or column == "jikim_destroy_after")
    }
    return {**content, "whose": (subject, key or [])}


def _changes(scene: Scene, table: str, *, after: int) -> list[tuple[str, Row, Row]]:
    """What the application did to one table: verb, the row before, the row after."""
    sides = [
        scene.execute(
            f'select verb, (jsonb_populate_record(null::public."{table}", {side})).* from noted.change'
            " where place = %s and who = 'plask_app' and n > %s order by n",
            table,
            after,
        )
        for side in ("old", "new")
    ]
    return [(old.pop("verb"), old, new) for old, new in zip(*sides, strict=True) if new.pop("verb")]


def _open_work(scene: Scene) -> Row:
    [row] = scene.execute(
        "select (select count(*) from jikim.outbox where done_at is null) as files,"
        " (select count(*) from jikim.receipt where shipped_at is null) as receipts"
    )
    return row


def _files_on_disk(scene: Scene) -> set[str]:
    return {str(p.relative_to(scene.files)) for p in scene.files.rglob("*") if p.is_file()}


def _files_in_rows(scene: Scene) -> set[str]:
    return {r["path"] for r in scene.execute("select path from motion_files where path is not null")}


def _evidence(scene: Scene) -> list[Entry]:
    """Every entry of the ledger, after its export was verified with the public key alone."""
    ledger, signer = connect(scene.ledger_url), keys.load(scene.original.keys).signer
    try:
        path = scene.folder / "evidence.jsonl"
        export_evidence(ledger, path, signer=signer, now=now())
        verify_evidence(path, vkey=signer.verifier.vkey, strict=True)
        return list(list_evidence(ledger, most=1_000_000).entries)
    finally:
        ledger.dispose()


def _proved(entries: list[Entry]) -> Counter[tuple[Any, ...]]:
    """Every deed that evidence tells of, as often as it is told."""
    told = Counter[tuple[Any, ...]]()
    for body in (entry.body for entry in entries):
        if isinstance(body, DisposalBody):
            name = ("disposal", body.run, body.step, body.batch, body.table, body.rows)
            told[(*name, _extra(body, "copies"), _extra(body, "files"))] += 1
        elif isinstance(body, FileBody):
            told["file", body.run, body.table, body.files] += 1
        elif isinstance(body, PersonRunBody):
            for deed in body.deeds:
                told["person", body.run, deed.step, deed.batch, deed.table, body.tag, deed.rows] += 1
    return told


def _extra(body: Any, name: str) -> Any:
    """What this kind of entry carries beyond what it must."""
    return body.model_dump()[name]


def _receipts(scene: Scene) -> Counter[tuple[Any, ...]]:
    """The same deeds, as the store's receipts tell of them."""
    told = Counter[tuple[Any, ...]]()
    for r in scene.execute("select * from jikim.receipt"):
        batch = (r["run"], r["step"], r["batch"])
        told[("disposal", *batch, r["on_table"], r["rows"], r["copies"], r["files"])] += 1
        if r["files"]:
            told["file", r["run"], r["on_table"], r["files"]] += 1
        for tag, rows in r["persons"].items():
            told[("person", *batch, r["on_table"], tag, rows)] += 1
    return told


def _noted(scene: Scene) -> Counter[tuple[str, str]]:
    """Rows that the database itself saw sweeper and keeper remove, change and copy."""
    rows = scene.execute(
        "select verb, place, count(*) as n from noted.change"
        " where who in ('plask_sweeper', 'plask_keeper') group by verb, place"
    )
    return Counter({(r["verb"], r["place"]): r["n"] for r in rows})
