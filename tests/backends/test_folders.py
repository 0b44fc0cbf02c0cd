"""Folders as tables: a file is a row until it is due; then it goes with its row, and only it."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.foldered import (
    KEPT_LOGS,
    LOGS,
    STORES,
    foldered,
    foldered_lite,
    mapped,
    policy,
    removed,
    there,
    write,
)
from tests.keeping import KEY, Kept, as_role, promise_of, seoul
from tests.shop import APRIL, MAP, TABLES
from tests.telling import held

from jikim.backends import memory
from jikim.backends.files.folder import MARKER, opened
from jikim.datamap.check import check
from jikim.datamap.files import listings, with_listings
from jikim.datamap.schema import Schema, table
from jikim.evidence.stage import Stage
from jikim.operations.rehearse import rehearse
from jikim.plan.schedule import Hold

SHOP = Schema(
    {
        "members": table("members", {"id": "bigint!"}, primary_key=("id",)),
        "orders": table("orders", {"id": "bigint!"}, primary_key=("id",)),
    }
)
Opened = Callable[..., AbstractContextManager[Kept]]


@pytest.fixture(params=["postgresql", "sqlite"])
def begun(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """A shop with folders, in each kind of store in turn."""
    if request.param == "sqlite":
        return lambda **options: foldered_lite(tmp_path, **options)
    url = request.getfixturevalue("empty_database_18")
    return lambda **options: foldered(url, tmp_path, **options)


@pytest.fixture
def lite(tmp_path: Path) -> Opened:
    """The same in a SQLite file: for what does not depend on the store."""
    return lambda **options: foldered_lite(tmp_path, **options)


def swept(kept: Kept, as_of: datetime = APRIL) -> dict[str, int]:
    """A sweep with its files removed; rows by step, where any were met."""
    applied = kept.sweep(as_of)
    assert applied.complete, applied
    assert not removed(kept).failed
    return {step.step: step.rows for step in applied.steps if step.rows}


def test_files_go_on_their_day_and_with_their_member(begun: Opened, tmp_path: Path) -> None:
    """A log of 1 March is kept for a month from the end of that day; uploads go with whoever left; the others stay."""
    with begun() as kept:
        write(
            tmp_path / "logs",
            "access-2026-02-28.log.2.gz",
            "access-2026-03-01.log",
            "access.log",
            "notes.txt",
        )
        write(tmp_path / "uploads", "1/a.png", "1/x/b", "2/c", "99/nobody")
        planned = kept.plan(seoul(2026, 4, 1, 23, 59))
        assert vars(planned.listings["access_logs"]) == {
            "files": 2,
            "new": 2,
            "gone": 0,
            "unmatched": 1,
            "odd": 0,
        }
        assert planned.plan.census["members"].stubs == 1  # member 1 waits for two files and an order
        rehearsed = rehearse(kept.store, planned.plan, now=APRIL)
        assert {
            s.step: s.rows for s in rehearsed.steps if s.step in ("access_logs/destroy", "uploads/destroy")
        } == {
            "access_logs/destroy": 1,
            "uploads/destroy": 3,
        }
        assert len(there(tmp_path / "logs")) == 4
        done = swept(kept, seoul(2026, 4, 1, 23, 59))
        assert (done["access_logs/destroy"], done["uploads/destroy"], done["members/destroy"]) == (1, 3, 1)
        assert there(tmp_path / "logs") == ["access-2026-03-01.log", "access.log", "notes.txt"]
        assert there(tmp_path / "uploads") == ["2/c"]
        assert [path.name for path in (tmp_path / "uploads").rglob("*") if path.is_dir()] == ["2"]
        assert swept(kept, seoul(2026, 4, 2)) == {"access_logs/destroy": 1}
        assert there(tmp_path / "logs") == ["access.log", "notes.txt"]
        receipts = {r.step: (r.rows, r.files) for r in kept.store.unshipped()}
        assert receipts["uploads/destroy"] == (3, 3)


def test_the_store_does_with_files_what_the_model_means(begun: Opened, tmp_path: Path) -> None:
    """Census, survivors and removed files are those of the memory model."""
    with begun() as kept:
        write(tmp_path / "logs", *(f"access-2026-0{month}-15.log" for month in range(1, 6)))
        write(tmp_path / "uploads", "1/a", "2/b", "3/c")
        planned = kept.plan(APRIL)
        schedules = planned.schedules
        world = memory.World({t: _rows(kept, t) for t in planned.schema.tables}, facts=kept.store.facts())
        meant = memory.census(world, schedules, as_of=APRIL, mask_key=KEY)
        assert {t: vars(c) for t, c in meant.items()} == {
            t: {k: v for k, v in vars(c).items() if k != "total"} for t, c in planned.plan.census.items()
        }
        memory.sweep(world, schedules, as_of=APRIL, mask_key=KEY)
        kept.sweep(APRIL)
        outbox = {(entry.store, entry.path) for entry in kept.store.outbox()}
        assert outbox == set(world.removed_files) != set()
        for table in ("access_logs", "uploads"):
            assert {r["path"] for r in _rows(kept, table)} == {r["path"] for r in world.tables[table]}


def _rows(kept: Kept, table: str) -> list[dict[str, Any]]:
    """Every row of a table or a listing, times as the model holds them."""
    known = kept.store.reflect().tables[table]
    name = f'"{table}"'
    if known.lies_in:
        name = f"{'main.jikim_' if kept.url.endswith('.db') else 'jikim.'}{known.called}"
    return [
        {c: _time(v) if known.columns[c].time_type else v for c, v in row.items()}
        for row in kept.execute(f"select * from {name}")
    ]


def _time(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if len(value) == 10:
        return datetime.fromisoformat(value).date()
    read = datetime.fromisoformat(value)
    return read if read.tzinfo else read.replace(tzinfo=seoul(2026, 1, 1).astimezone().tzinfo)


def test_what_is_listed_follows_the_folder(begun: Opened, tmp_path: Path) -> None:
    """New and changed files come in, vanished ones go out, and a second look finds nothing new."""
    with begun() as kept:
        write(tmp_path / "uploads", "2/a", "2/b", "2/c")
        assert kept.plan(APRIL).listings["uploads"].new == 3
        again = kept.plan(APRIL).listings["uploads"]
        assert (again.new, again.gone) == (0, 0)
        (tmp_path / "uploads/2/a").write_text("longer than it was")
        (tmp_path / "uploads/2/b").rename(tmp_path / "uploads/2/d")
        looked = kept.plan(APRIL).listings["uploads"]
        assert (looked.files, looked.new, looked.gone) == (3, 2, 1)
        assert {r["path"] for r in _rows(kept, "uploads")} == {"2/a", "2/c", "2/d"}


def test_a_file_that_waits_to_be_removed_is_not_listed_again_and_one_in_its_place_is(
    begun: Opened, tmp_path: Path
) -> None:
    """Killed before the removal, the row does not come back; a new file of that name is another file, and stays."""
    with begun() as kept:
        write(tmp_path / "uploads", "1/a", "1/b")
        assert kept.sweep(APRIL).complete
        looked = kept.plan(APRIL)
        assert (looked.listings["uploads"].new, looked.plan.census["uploads"].total) == (0, 0)
        other = tmp_path / "uploads/1/other"
        other.write_text("a new one")
        other.rename(tmp_path / "uploads/1/a")
        done = removed(kept)
        assert (done.files, done.replaced, done.failed) == (1, 1, {})
        assert there(tmp_path / "uploads") == ["1/a"]
        assert kept.plan(APRIL).listings["uploads"].new == 1
        assert kept.store.outbox() == []


def test_an_unmounted_disk_is_no_empty_folder(begun: Opened, tmp_path: Path) -> None:
    """Without its marker, or without the folder, the table and the people are left alone, and nothing is gone."""
    with begun() as kept:
        write(tmp_path / "uploads", "1/a")
        kept.plan(APRIL)
        (tmp_path / "uploads").rename(tmp_path / "elsewhere")
        for remains in ("nothing", "a mount point"):
            planned = kept.plan(APRIL)
            assert {"uploads", "members"} <= planned.plan.blocked.keys(), remains
            assert "access_logs" not in planned.plan.blocked
            assert "uploads" not in planned.listings
            [finding] = [f for f in planned.findings if f.code == "unlisted"]
            assert finding.span is not None
            assert finding.fix
            (tmp_path / "uploads").mkdir(exist_ok=True)
        assert [r["path"] for r in _rows(kept, "uploads")] == ["1/a"]
        assert [r["id"] for r in kept.rows("members")] == [1, 2]
        (tmp_path / "uploads").rmdir()
        (tmp_path / "elsewhere").rename(tmp_path / "uploads")
        assert swept(kept)["uploads/destroy"] == 1


def test_a_removal_in_a_folder_that_is_not_there_is_not_believed(lite: Opened, tmp_path: Path) -> None:
    """A file is not absent because its disk is: the receipt waits."""
    with lite() as kept:
        write(tmp_path / "uploads", "1/a")
        assert kept.sweep(APRIL).complete
        (tmp_path / "uploads").rename(tmp_path / "elsewhere")
        for _ in range(2):
            done = removed(kept)
            assert (done.files, sum(done.failed.values())) == (0, 1)
            assert "uploads/destroy" not in {r.step for r in kept.store.unshipped()}
            (tmp_path / "uploads").mkdir(exist_ok=True)
        (tmp_path / "uploads").rmdir()
        (tmp_path / "elsewhere").rename(tmp_path / "uploads")
        assert removed(kept).files == 1
        assert "uploads/destroy" in {r.step for r in kept.store.unshipped()}


HOSTILE = (
    *(b"1/new\nline", b"1/\xff\xfe", b"1/back\\slash", b"1/back\\xff", b"1/quote'\"", b"1/%s"),
    *("1/한글".encode(), b"1/" + b"n" * 255),
)


@pytest.mark.parametrize("prepared", [True, False], ids=["prepared", "not prepared"])
def test_a_directory_that_is_left_empty_goes_with_its_last_file(tmp_path: Path, prepared: bool) -> None:
    """As far up as nothing is left; not one with a file in it, nor the folder, nor any where a disk may be away."""
    write(tmp_path, "a/b/c/1", "a/d/2", "a/.keep", "e/3", "f/4")
    with opened(tmp_path) as folder:
        if prepared:
            folder.mark()
        for path in ("a/b/c/1", "a/d/2", "e/3", "f/4"):
            folder.remove(path, mark="")
        (tmp_path / "f" / "5").write_bytes(b"")  # meanwhile
        folder.settle()
    left = sorted(str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_dir())
    assert left == (["a", "f"] if prepared else ["a", "a/b", "a/b/c", "a/d", "e", "f"])


def test_whatever_a_file_is_called_it_goes(begun: Opened, tmp_path: Path) -> None:
    """Line breaks, bytes that are no text, quotes and long names are names; links and endless paths are told."""
    with begun() as kept:
        write(tmp_path / "uploads", *HOSTILE)
        (tmp_path / "outside").mkdir()
        write(tmp_path / "outside", "1/precious")
        os.symlink(tmp_path / "outside", tmp_path / "uploads/link")
        os.symlink(tmp_path / "outside/1/precious", tmp_path / "uploads/1/link")
        deep = tmp_path / "uploads/1" / "/".join(["d" * 200] * 12)
        deep.mkdir(parents=True)
        (deep / "file").write_text("beyond an index")
        planned = kept.plan(APRIL)
        assert (planned.listings["uploads"].files, planned.listings["uploads"].odd) == (len(HOSTILE), 3)
        assert [f.code for f in planned.findings if f.code == "odd-files"] == ["odd-files"]
        assert swept(kept)["uploads/destroy"] == len(HOSTILE)
        left = [p for p in (tmp_path / "uploads").rglob("*") if p.is_file() and p.name != MARKER]
        assert {p.name for p in left} == {"link", "file"}
        assert there(tmp_path / "outside") == ["1/precious"]


def test_a_directory_that_became_a_link_leads_a_removal_nowhere(lite: Opened, tmp_path: Path) -> None:
    """Between row and removal the member's directory is replaced by a link to another place, which is untouched."""
    with lite() as kept:
        write(tmp_path / "uploads", "1/a")
        write(tmp_path / "outside", "a")
        assert kept.sweep(APRIL).complete
        (tmp_path / "uploads/1").rename(tmp_path / "moved")
        os.symlink(tmp_path / "outside", tmp_path / "uploads/1")
        assert not removed(kept).failed
        assert there(tmp_path / "outside") == ["a"]


def test_a_file_that_is_written_to_after_its_row_went_stays_until_it_is_judged_again(
    begun: Opened, tmp_path: Path
) -> None:
    """A log's clock that starts by its last change: what is appended meanwhile is not lost unjudged."""
    logs = {**LOGS, "facts": {"recorded": "modified"}}
    stores = {**STORES, "logs": {"path": "logs", "named": ["access.log.*", "old-*"], "leave": "access.log"}}
    with begun(logs=logs, files=stores) as kept:
        write(tmp_path / "logs", "access.log.1", at=seoul(2026, 2, 1))
        write(tmp_path / "logs", "access.log.2", "old-log", "access.log", at=seoul(2026, 3, 20))
        assert kept.sweep(APRIL).complete
        with (tmp_path / "logs/access.log.1").open("a") as file:
            file.write("one more line")
        assert removed(kept).replaced == 1
        assert len(there(tmp_path / "logs")) == 4
        assert kept.plan(APRIL).plan.rows["access_logs/destroy"] == 0


def test_a_file_was_changed_on_the_day_that_the_service_had(begun: Opened, tmp_path: Path) -> None:
    """Shortly after midnight in Seoul it is the day before in UTC, and a month ends a day later."""
    logs = {**LOGS, "facts": {"recorded": "modified"}}
    with begun(logs=logs) as kept:
        write(tmp_path / "logs", "access-2026-01-01.log", at=seoul(2026, 2, 28, 23))
        write(tmp_path / "logs", "access-2026-01-02.log", at=seoul(2026, 3, 1, 1))
        kept.sweep(APRIL)
        removed(kept)
        assert there(tmp_path / "logs") == ["access-2026-01-02.log"]


def test_a_hold_on_a_member_holds_their_files(lite: Opened, tmp_path: Path) -> None:
    with lite() as kept:
        write(tmp_path / "uploads", "1/a")
        held(kept.store, Hold("court", "a case", "member", ("1",), None), at=APRIL)
        assert kept.plan(APRIL).plan.census["uploads"].held == 1
        swept(kept)
        assert there(tmp_path / "uploads") == ["1/a"]


def test_two_stores_of_one_folder_share_its_files_and_each_file_has_one_promise(
    lite: Opened, tmp_path: Path
) -> None:
    """What both name belongs to the first of the map; what either names is not told as unmatched."""
    named = ["{member_id:number}/**", "access-{member_id:number}-*"]
    stores = {**STORES, "uploads": {"path": "logs", "named": named}}
    with lite(files=stores) as kept:
        kept.folders["uploads"] = tmp_path / "logs"
        write(tmp_path / "logs", "access-2026-03-01.log", "access-1-x", "1/a", "stray")
        listings = kept.plan(APRIL).listings
        assert (listings["access_logs"].files, listings["access_logs"].unmatched) == (1, 1)
        assert (listings["uploads"].files, listings["uploads"].unmatched) == (2, 1)


def codes(**options: Any) -> list[str]:
    """The errors and warnings about the folders of a map."""
    promise = promise_of(policy(), yaml.safe_dump(mapped(**options)).encode())
    schema = with_listings(SHOP, listings(promise.datamap))
    findings = check(promise.datamap, schema=schema, policy=promise.resolved.policy)
    return [f.code for f in findings if {"access_logs", "uploads", "files"} & set(f.path)]


WITH_RECEIPTS = TABLES + "alter table orders add column receipt text; update orders set receipt = 'r/' || id;"
RECEIPTS: dict[str, Any] = {
    **MAP["tables"]["orders"],
    "columns": {
        **MAP["tables"]["orders"]["columns"],
        "receipt": {"item": "order-history", "file": "receipts"},
    },
}


def test_a_log_that_a_law_demands_moves_to_the_archive_and_goes_on_its_own_day(
    begun: Opened, tmp_path: Path
) -> None:
    """Out of the service's reach after a month; from the end of its day for three months, and not a day longer."""
    with begun(logs=KEPT_LOGS) as kept:
        write(tmp_path / "logs", "access-2026-03-01.log.gz", "access-2025-11-30.log")
        done = swept(kept, seoul(2026, 4, 2))
        assert (done["access_logs/archive"], done["access_logs/destroy"]) == (1, 1)
        assert there(tmp_path / "logs") == []
        [name] = there(tmp_path / "archive")
        assert name.endswith("/access-2026-03-01.log.gz")
        assert (tmp_path / "archive" / name).read_bytes() == b"said access-2026-03-01.log.gz"
        [copy] = [c for (table, *_), c in kept.archive(APRIL).items() if table == "access_logs"]
        assert (copy["path"], copy["jikim_destroy_after"]) == (name, seoul(2026, 6, 2))
        assert {r.step: r.files for r in kept.store.unshipped()}["access_logs/archive"] == 0
        assert "access_logs__visits/expire" not in swept(kept, seoul(2026, 6, 1, 23, 59))
        assert swept(kept, seoul(2026, 6, 2))["access_logs__visits/expire"] == 1
        assert list((tmp_path / "archive").iterdir()) == [tmp_path / "archive" / MARKER]
        assert {r.step: r.files for r in kept.store.unshipped()}["access_logs__visits/expire"] == 1


def test_an_empty_text_names_no_file(begun: Opened, tmp_path: Path) -> None:
    """Many services write so that there is none: nothing is to be removed or kept, and the receipt need not wait."""
    stores = {**STORES, "receipts": {"path": "receipts"}}
    with begun(tables=WITH_RECEIPTS, orders=RECEIPTS, files=stores) as kept:
        kept.folders["receipts"] = tmp_path / "receipts"
        write(tmp_path / "receipts", "r/3")
        kept.execute("update orders set receipt = ''")
        swept(kept, APRIL)
        assert list(kept.store.outbox()) == []
        assert {r.step: r.files for r in kept.store.unshipped()}["orders/destroy"] == 0
        assert [
            copy["receipt"] for (table, *_), copy in kept.archive(APRIL).items() if table == "orders"
        ] == [None]


def test_a_file_behind_a_column_is_kept_as_the_model_means(begun: Opened, tmp_path: Path) -> None:
    """Orders of whoever left: the file of the one that a law keeps moves, of the other goes, of others stays."""
    stores = {**STORES, "receipts": {"path": "receipts"}}
    with begun(tables=WITH_RECEIPTS, orders=RECEIPTS, files=stores) as kept:
        kept.folders["receipts"] = tmp_path / "receipts"
        write(tmp_path / "receipts", "r/1", "r/2", "r/3")
        planned = kept.plan(APRIL)
        world = memory.World({t: _rows(kept, t) for t in planned.schema.tables}, facts=kept.store.facts())
        memory.sweep(world, planned.schedules, as_of=APRIL, mask_key=KEY)
        swept(kept)
        assert there(tmp_path / "receipts") == ["r/3"]
        assert there(tmp_path / "archive") == list(world.kept_files) != []
        assert sorted(world.removed_files) == [("receipts", "r/1"), ("receipts", "r/2")]
        [meant] = world.archive.values()
        [copy] = kept.archive(APRIL).values()
        assert copy["receipt"] == meant.content["receipt"]
        assert (tmp_path / "archive" / copy["receipt"]).read_bytes() == b"said r/1"


def test_a_file_that_several_rows_name_goes_with_the_last_of_them(begun: Opened, tmp_path: Path) -> None:
    """What a law demands is copied all the same; no receipt claims the file before it is gone."""
    stores = {**STORES, "receipts": {"path": "receipts"}}
    with begun(tables=WITH_RECEIPTS, orders=RECEIPTS, files=stores) as kept:
        kept.folders["receipts"] = tmp_path / "receipts"
        write(tmp_path / "receipts", "r/3")
        kept.execute("update orders set receipt = 'r/3' where id = 1")
        kept.execute("update orders set receipt = 'r/../r/3' where id = 2")
        kept.sweep(APRIL)
        done = removed(kept)
        assert (done.files, done.shared, done.failed) == (0, 2, {})
        assert there(tmp_path / "receipts") == ["r/3"]
        [copy] = kept.archive(APRIL).values()
        assert (tmp_path / "archive" / copy["receipt"]).read_bytes() == b"said r/3"
        assert sum(r.files for r in kept.store.unshipped()) == 0
        kept.execute("update members set left_at = '2026-04-01 12:00:00+09:00' where id = 2")
        kept.sweep(seoul(2026, 4, 8))
        assert (removed(kept).shared, there(tmp_path / "receipts")) == (0, [])


def test_the_marker_of_a_folder_is_nobodys_file(begun: Opened, tmp_path: Path) -> None:
    stores = {**STORES, "receipts": {"path": "receipts"}}
    with begun(tables=WITH_RECEIPTS, orders=RECEIPTS, files=stores) as kept:
        kept.folders["receipts"] = tmp_path / "receipts"
        write(tmp_path / "receipts", "r/3", MARKER)
        kept.execute("update orders set receipt = '.jikim-folder' where id = 2")
        kept.sweep(APRIL)
        assert removed(kept).files == 0
        assert (tmp_path / "receipts" / MARKER).exists()


def test_a_move_that_was_killed_anywhere_is_finished_by_the_next_run(lite: Opened, tmp_path: Path) -> None:
    """After the copy, within it, or after the removal: the file is in both places or in one, and never in neither."""
    with lite(logs=KEPT_LOGS) as kept:
        write(tmp_path / "logs", "access-2026-03-01.log", "access-2026-03-02.log", "access-2026-03-03.log")
        assert kept.sweep(seoul(2026, 4, 10)).complete
        copied, half, gone = kept.store.outbox()
        with opened(tmp_path / "logs") as logs, opened(tmp_path / "archive") as archive:
            for entry in (copied, gone):
                archive.keep(entry.kept[0], source=logs, path=entry.path)
            logs.remove(gone.path, mark=gone.mark)
        place = tmp_path / "archive" / half.kept[0]
        place.parent.mkdir()
        place.write_text("half")
        done = removed(kept)
        assert (done.files, done.failed) == (3, {})
        assert there(tmp_path / "logs") == []
        assert {(tmp_path / "archive" / e.kept[0]).read_text() for e in (copied, half, gone)} == {
            f"said access-2026-03-0{day}.log" for day in (1, 2, 3)
        }
        assert len(there(tmp_path / "archive")) == 3


def test_a_file_that_a_law_demands_and_that_is_nowhere_is_told(lite: Opened, tmp_path: Path) -> None:
    """The receipt waits: nobody may say that it is kept. Without the archive's folder nothing is removed either."""
    with lite(logs=KEPT_LOGS) as kept:
        write(tmp_path / "logs", "access-2026-03-01.log", "access-2026-03-02.log")
        assert kept.sweep(seoul(2026, 4, 10)).complete
        (tmp_path / "archive" / MARKER).rename(tmp_path / "marker")
        assert (removed(kept).files, len(there(tmp_path / "logs"))) == (0, 2)
        (tmp_path / "marker").rename(tmp_path / "archive" / MARKER)
        (tmp_path / "logs/access-2026-03-01.log").unlink()
        done = removed(kept)
        assert (done.files, sum(done.failed.values())) == (1, 1)
        assert "access_logs/archive" not in {r.step for r in kept.store.unshipped()}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"logs": {**LOGS, "files": "lgs"}}, "unknown-folder"),
        ({"files": {**STORES, "logs": {"path": "logs"}}}, "unnamed-files"),
        ({"logs": {**LOGS, "files": "uploads"}}, "store-twice"),
        ({"logs": {**LOGS, "columns": {}}}, "file-item"),
        ({"logs": {**LOGS, "columns": {"path": "access-log", "date": "access-log"}}}, "file-column"),
        ({"logs": {**LOGS, "columns": {"path": {"item": "access-log", "mask": "fixed(-)"}}}}, "file-column"),
        ({"files": {**STORES, "more": {"path": "more", "named": "*"}}}, "unread-folder"),
        ({"files": {**STORES, "logs": {"path": "logs", "named": "{date:%Y-%m}.log"}}}, "coarse-files"),
        ({"files": {**STORES, "uploads": {"path": "uploads", "named": "{member_id}/**"}}}, "edge"),
    ],
)
def test_what_does_not_fit_is_told(options: dict[str, Any], code: str) -> None:
    """Each fault of a map's folders is found, and none where there is none."""
    assert code in codes(**options)
    assert code not in codes()


def test_no_more_is_said_of_a_file_than_that_its_name_is_gone(begun: Opened, tmp_path: Path) -> None:
    """Rows are driven to `rewritten`; of files nothing of the kind is ever said, whatever the map demands."""
    with begun() as kept:
        write(tmp_path / "uploads", "1/a")
        assert swept(kept)["uploads/destroy"] == 1
        behind = {each.table for each in kept.store.behind(Stage.REWRITTEN)}
        assert "orders" in behind
        assert "uploads" not in behind
        driven = list(kept.store.drive(Stage.REWRITTEN, sorted(behind), admin=_owner(kept)))
        assert {each.table for each in driven} == behind
        assert "uploads" not in {each.table for each in kept.store.reached()}


def _owner(kept: Kept) -> str | None:
    return None if kept.url.endswith(".db") else as_role(kept.url, "postgres")
