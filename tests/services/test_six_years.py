"""Services through six years (Plask lives in acceptance): what stays is what the memory model kept, and no more."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from examples.made_up.canary import PATTERN
from examples.made_up.service import Service
from examples.made_up.world import World
from examples.plask.world import PLASK
from examples.services import SERVICES
from tests.acceptance.traces import evidence
from tests.agreeing import Archive, swept_alike
from tests.keeping import audit_of, seoul
from tests.services.conftest import Opened
from tests.services.scene import Found

from jikim.backends import memory
from jikim.datamap.files import KEPT
from jikim.operations.remove_files import remove_files
from jikim.source import Severity

PEOPLE = 60
DATES = [seoul(2020, 7, 1), *(seoul(year, 3, 1) for year in range(2021, 2027)), seoul(2026, 7, 1)]


@pytest.mark.parametrize("service", [s for s in SERVICES if s is not PLASK], ids=lambda service: service.id)
def test_after_six_years_everything_is_where_it_may_be(
    service: Service, opened: Opened, empty_database_18: str, tmp_path: Path
) -> None:
    """Nobody's data outlives the promise and none dies early, and the archive holds only what a law covers.

    At each date survivors and copies are those of the memory model, to the last value. At the end an auditor finds
    nothing, and each canary is in rows, archive and files where the model has it, and neither in jikim's own tables
    nor in plans and evidence.
    """
    archive: Archive
    born, files, archive = set[bytes](), dict[tuple[str, str], bytes](), {}
    world = World(service.setting, service.seed, PEOPLE)
    with opened(service) as scene:
        for as_of in DATES:
            batch = world.until(as_of)
            for at, content in (*batch.written.items(), *batch.appended.items()):
                files[at] = (b"" if at in batch.written else files.get(at, b"")) + content
                born |= set(PATTERN.findall(content))
            born |= canaries(row for rows in batch.inserts.values() for row in rows.values())
            scene.live(batch)
            model = swept_alike(scene.kept, as_of, archive)
            archive = model.archive
            assert not remove_files(scene.kept.store, scene.folders).failed
            for path, before in model.kept_files.items():
                [files[KEPT, path]] = [files[at] for at in model.removed_files if at[1] == before]
            for at in model.removed_files:
                files.pop(at, None)
        plan = json.dumps(scene.kept.plan(as_of).plan.to_json()).encode()
        papers = {
            "plan": plan,
            "evidence": evidence(scene.kept.store, empty_database_18, tmp_path, now=as_of),
        }
        assert b"disposal" in papers["evidence"]
        may = _may(model, files)
        assert 0.1 < len(may["rows"] | may["archive"] | may["files"]) / len(born) < 0.9
        assert _misplaced(scene.everywhere(papers), may) == {}
        errors = [f for f in audit_of(scene.kept, as_of=as_of).findings if f.severity is Severity.ERROR]
        assert errors == []
        gone = (born - may["rows"] - may["archive"] - may["files"]).pop()
        leaked = scene.everywhere({**papers, "plan": gone})
        assert _misplaced(leaked, may) == {"papers": {gone}}


def canaries(rows: Iterable[Mapping[str, Any]]) -> set[bytes]:
    """Every canary in these rows."""
    return {found for row in rows for value in row.values() for found in PATTERN.findall(str(value).encode())}


def _may(model: memory.World, files: Mapping[tuple[str, str], bytes]) -> Found:
    """The canaries that may remain, by where."""
    paths = {found for _, path in files for found in PATTERN.findall(path.encode())}
    contents = {found for content in files.values() for found in PATTERN.findall(content)}
    return {
        "rows": canaries(row for rows in model.tables.values() for row in rows),
        "archive": canaries(copy.content for copy in model.archive.values()),
        "files": contents | paths,
        "jikim": paths,
        "papers": set(),
    }


def _misplaced(found: Found, may: Found) -> Found:
    """Canaries that may not be there, and those that should be somewhere and are not."""
    wrong = {where: found[where] - may[where] for where in may}
    missing = {f"no {where}": may[where] - found[where] for where in ("rows", "archive", "files")}
    return {where: tokens for where, tokens in {**wrong, **missing}.items() if tokens}
