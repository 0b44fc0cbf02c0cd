"""Plask through six years: three hundred people, a sweep each quarter, and nothing left where it may not be."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from examples.made_up.canary import PATTERN, canary
from examples.made_up.scan import Finds
from examples.made_up.world import Batch, World
from examples.plask.doings import END, OPENING, SEOUL
from examples.plask.world import PRIMARY_KEY, SETTING
from tests.acceptance.traces import everywhere, evidence
from tests.keeping import KEY, Kept, kept_at, plask_promise
from tests.servers import fresh_database

from jikim.backends import memory
from jikim.backends.base import Run
from jikim.operations.apply_plan import apply_plan
from jikim.operations.remove_files import remove_files
from jikim.postgres import Server

SEED, PEOPLE = 21, 300
QUARTERS = [
    datetime(year, month, 1, tzinfo=SEOUL)
    for year in range(OPENING.year, END.year + 1)
    for month in (1, 4, 7, 10)
    if OPENING < datetime(year, month, 1, tzinfo=SEOUL) <= END
]


def test_after_six_years_every_canary_is_where_it_may_be(
    pg18: Server, prepared_18: str, empty_database_18: str, tmp_path: Path
) -> None:
    """4-25, 4-26, 4-27: tables, files and archive hold what the memory model kept, plans and evidence hold none."""
    files, plans = tmp_path / "files", dict[str, bytes]()
    files.mkdir()
    model = memory.World({table: [] for table in PRIMARY_KEY})
    world = World(SETTING, SEED, PEOPLE)
    with (
        fresh_database(pg18, template=prepared_18) as url,
        kept_at(url, promise=plask_promise(), files=files) as kept,
        psycopg.connect(url, autocommit=True) as office,
    ):
        born = set[bytes]()
        for as_of in QUARTERS:
            batch = world.until(as_of)
            born |= _canaries(row for rows in batch.inserts.values() for row in rows.values())
            kept.live(batch)
            _happen(model, batch)
            plans[f"plan of {as_of:%Y-%m}"] = _keep(kept, model, as_of)
        paper = evidence(kept.store, empty_database_18, tmp_path, now=END)
        assert b"person" in paper
        may = _may(model)
        papers = {**plans, "evidence": paper}
        assert _misplaced(everywhere(office, files, papers), may) == (set(), set())
        assert 0.1 < len(set.union(*may.values())) / len(born) < 0.6
        gone = (born - set.union(*may.values())).pop().decode()
        _plant(gone, office, files)
        leaks, _ = _misplaced(everywhere(office, files, {**papers, "plan": gone.encode()}), may)
        assert leaks == {
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


def _keep(kept: Kept, model: memory.World, as_of: datetime) -> bytes:
    """One sweep of the database and one of the model; the plan as its file holds it."""
    planned = kept.plan(as_of)
    run = Run(f"{as_of:%Y-%m}", planned.plan, planned.plan.digests["policy"])
    applied = apply_plan(kept.store, run, now=as_of)
    assert applied.complete
    assert kept.files is not None
    assert not remove_files(kept.store, {"motions": kept.files}).failed
    memory.sweep(model, planned.schedules, as_of=as_of, mask_key=KEY)
    return json.dumps(planned.plan.to_json(), ensure_ascii=False).encode()


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


def _plant(token: str, office: psycopg.Connection[Any], files: Path) -> None:
    """Leave a canary of somebody long gone in each kind of place."""
    office.execute("update events set name = name || %s where id = 1", (token,))
    office.execute("update kept_by_law.orders__contracts set summary = %s", (token,))
    office.execute("update jikim.receipt set because = to_jsonb(%s::text)", (token,))
    (files / "left.motion").write_text(token)
