"""Plask through six years: two hundred people, a sweep each quarter, and nothing left where it may not be."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from examples.made_up.canary import PATTERN, canary
from examples.made_up.scan import Finds
from examples.made_up.world import Batch, World
from examples.plask.doings import END, OPENING, SEOUL
from examples.plask.world import PRIMARY_KEY, SETTING
from tests.acceptance.lite_stage import lite_stage
from tests.acceptance.stage import Stage, stage
from tests.acceptance.traces import evidence
from tests.keeping import KEY, plask_promise
from tests.servers import fresh_database

from jikim.backends import memory
from jikim.backends.base import Run
from jikim.evidence.stage import Stage as Reached
from jikim.operations.apply_plan import apply_plan
from jikim.operations.remove_files import remove_files
from jikim.plan.schedule import Schedules
from jikim.postgres import Server

SEED, PEOPLE = 21, 120
REWRITTEN = Reached.REWRITTEN
DATES = [
    datetime(year, month, 1, tzinfo=SEOUL)
    for year in range(OPENING.year, END.year + 1)
    for month in (1, 7)
    if OPENING < datetime(year, month, 1, tzinfo=SEOUL) <= END
]


def test_after_six_years_every_canary_is_where_it_may_be(
    pg18: Server, prepared_18: str, prepared_lite: Path, tmp_path: Path
) -> None:
    """4-25, 4-26, 4-27: tables, files and archive hold what the memory model kept, plans and evidence hold none.

    The same people live on PostgreSQL and in SQLite files; of those files, written anew, not a byte says more.
    """
    world, born = World(SETTING, SEED, PEOPLE), set[bytes]()
    model = memory.World({table: [] for table in PRIMARY_KEY})
    with _side_by_side(pg18, prepared_18, prepared_lite, tmp_path) as sides:
        for as_of in DATES:
            batch = world.until(as_of)
            born |= _canaries(row for rows in batch.inserts.values() for row in rows.values())
            _happen(model, batch)
            for side in sides:
                side.plask.kept.live(batch)
                schedules = side.keep(as_of)
            memory.sweep(model, schedules, as_of=as_of, mask_key=KEY)
        may = _may(model)
        allowed = set.union(*may.values())
        assert 0.1 < len(allowed) / len(born) < 0.6
        _, lite = sides
        left, _ = _misplaced(lite.plask.found(lite.papers), may)
        assert {"app.db-wal"} <= left <= {"app.db", "app.db-wal", "archive.db", "archive.db-wal"}
        _rewrite(lite.plask.kept.store)
        gone = (born - allowed).pop().decode()
        for side in sides:
            _look(side, may, gone)


@dataclass
class Side:
    """One of several stores in which the same is lived through; its ledger, and what it shows of its runs."""

    plask: Stage
    ledger: str
    folder: Path
    papers: dict[str, bytes] = field(default_factory=dict)

    def keep(self, as_of: datetime) -> Schedules:
        """One sweep, and its plan as its file holds it."""
        kept = self.plask.kept
        planned = kept.plan(as_of)
        run = Run(f"{as_of:%Y-%m}", planned.plan, planned.plan.digests["policy"])
        with kept.busy():
            assert apply_plan(kept.store, run, now=as_of).complete
        assert not remove_files(kept.store, {"motions": self.plask.files}).failed
        self.papers[f"plan of {as_of:%Y-%m}"] = json.dumps(
            planned.plan.to_json(), ensure_ascii=False
        ).encode()
        return planned.schedules


@contextmanager
def _side_by_side(
    server: Server, prepared: str, prepared_lite: Path, folder: Path
) -> Iterator[tuple[Side, Side]]:
    """Plask on PostgreSQL and Plask in SQLite files, with nobody there yet."""
    usual, lite = folder / "postgresql", folder / "sqlite"
    for each in (usual, lite):
        (each / "files").mkdir(parents=True)
    with (
        fresh_database(server, template=prepared) as url,
        fresh_database(server) as ledger,
        fresh_database(server) as other_ledger,
        stage(url, promise=plask_promise(), files=usual / "files", beginning=()) as plask,
        lite_stage(prepared_lite, lite / "store", files=lite / "files", beginning=()) as plask_lite,
    ):
        yield Side(plask, ledger, usual), Side(plask_lite, other_ledger, lite)


def _rewrite(store: Any) -> None:
    """Take everything that was removed as far as the map demands."""
    driven = list(store.drive(REWRITTEN, {each.table for each in store.behind(REWRITTEN)}, admin=None))
    assert driven
    assert not any(each.behind for each in driven)


def _look(side: Side, may: Mapping[str, set[bytes]], gone: str) -> None:
    """Everything is where it may be; a canary of somebody long gone is found wherever it is left."""
    paper = evidence(side.plask.kept.store, side.ledger, side.folder, now=END)
    assert b"person" in paper
    papers = {**side.papers, "evidence": paper}
    assert _misplaced(side.plask.found(papers), may) == (set(), set())
    _plant(gone, side.plask)
    leaks, _ = _misplaced(side.plask.found({**papers, "plan": gone.encode()}), may)
    # What stood in a copy before is in the archive's file until its log is emptied.
    assert leaks - {"archive.db"} == {
        "public.events.name",
        "kept_by_law.orders__contracts.summary",
        "jikim.receipt.because",
        "left.motion",
        "plan",
    }


def _happen(model: memory.World, batch: Batch) -> None:
    """A step of the made-up world, as the model holds it; an update of what is gone changes nothing."""
    for table, key in PRIMARY_KEY.items():
        rows = {row[key]: row for row in model.tables[table]}
        for gone in batch.removals.get(table, ()):
            rows.pop(gone, None)
        rows |= {name: dict(row) for name, row in batch.inserts[table].items()}
        for name, values in batch.updates.get(table, {}).items():
            if name in rows:
                rows[name].update(values)
        model.tables[table] = list(rows.values())


def _canaries(rows: Iterable[Mapping[str, Any]]) -> set[bytes]:
    return {found for row in rows for value in row.values() for found in PATTERN.findall(str(value).encode())}


def _may(model: memory.World) -> dict[str, set[bytes]]:
    """The canaries that may remain, by where."""
    motion = model.tables["motion_files"]
    contents = {canary(SEED, "motion_files", row["id"], "content").encode() for row in motion}
    return {
        "public": _canaries(row for rows in model.tables.values() for row in rows),
        "kept_by_law": _canaries(copy.content for copy in model.archive.values()),
        "files": contents | _canaries({"path": row["path"]} for row in motion),
    }


def _misplaced(found: Finds, may: Mapping[str, set[bytes]]) -> tuple[set[str], set[bytes]]:
    """The places of canaries that may not be there; and canaries that should be somewhere and are not."""
    there: dict[str, set[bytes]] = {name: set() for name in may}
    wrong = set()
    for token, places in found.items():
        for place in places:
            kind = _kind(place)
            if kind in may and token.encode() in may[kind]:
                there[kind].add(token.encode())
            else:
                wrong.add(place)
    return wrong, set.union(*(may[kind] - there[kind] for kind in may))


def _kind(place: str) -> str:
    if place.endswith(".motion"):
        return "files"
    return place.partition(".")[0]


def _plant(token: str, plask: Stage) -> None:
    """Leave a canary of somebody long gone in each kind of place."""
    plask.office.execute("update events set name = name || %s where id = 1", (token,))
    plask.office.execute("update kept_by_law.orders__contracts set summary = %s", (token,))
    plask.office.execute("update jikim.receipt set because = to_jsonb(%s::text)", (token,))
    (plask.files / "left.motion").write_text(token)
