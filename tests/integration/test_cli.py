"""The commands as an operator types them, on a real PostgreSQL with six years of Plask."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from examples.made_up.canary import PATTERN
from examples.made_up.load import load, put_files
from examples.made_up.world import World
from examples.plask.world import PLASK, SETTING
from psycopg.rows import dict_row
from tests.command import INSTALLED, apart, here
from tests.keeping import SEOUL, as_role, seoul
from tests.servers import fresh_database, name_of

from jikim.postgres import Server

AS_OF = "2026-01-12"
READING = (
    "archive",
    "show",
    "--purpose",
    "access request",
    "--case",
    "R-2026-1",
    "--identity-checked-by",
    "customer support",
)


@dataclass
class Operator:
    """Somebody in a project's folder."""

    folder: Path
    url: str
    environment: dict[str, str]
    run: Callable[..., "subprocess.CompletedProcess[str]"] = here

    def types(self, *arguments: str, expect: int | None = 0) -> "subprocess.CompletedProcess[str]":
        """Run a command where nobody can answer it."""
        done = self.run(*arguments, folder=self.folder, environment=self.environment)
        assert expect is None or done.returncode == expect, done.stdout + done.stderr
        return done

    def reads(self, *arguments: str, expect: int = 0) -> Any:
        """What a command says to programs."""
        return json.loads(self.types(*arguments, "--json", expect=expect).stdout)

    def execute(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """Ask Plask's database as its superuser."""
        with psycopg.connect(self.url, row_factory=dict_row, autocommit=True) as connection:
            cursor = connection.execute(query, values)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    def rows(self) -> dict[str, int]:
        """How many rows each table of the service has."""
        tables = self.execute("select tablename as name from pg_tables where schemaname = 'public'")
        names = [table["name"] for table in tables]
        counts = " union all ".join(f"select '{name}' as name, count(*) from {name}" for name in names)
        return {row["name"]: row["count"] for row in self.execute(counts)}


@pytest.fixture(scope="module")
def prepared(pg18: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """Databases to copy from, Plask's and the ledger's, and a project folder with its keys."""
    folder = tmp_path_factory.mktemp("prepared")
    for name in ("policy.yaml", "datamap.yaml"):
        shutil.copy(PLASK.folder / name, folder)
    (folder / "jikim.toml").write_text('ledger = "env:LEDGER_URL"\nauditor = "env:ADMIN_URL"\n')
    with fresh_database(pg18) as url, fresh_database(pg18) as ledger:
        with psycopg.connect(url, autocommit=True) as connection:
            PLASK.install(connection)
            batch = World(SETTING, 3, 40).until(seoul(2026, 1, 12))
            load(connection, batch)
            put_files(batch, {"motions": folder / "files"})
        someone = Operator(folder, url, _environment(url, ledger))
        someone.types("prepare", "--admin", "env:ADMIN_URL")
        yield name_of(url), name_of(ledger), folder


@pytest.fixture
def operator(pg18: Server, prepared: tuple[str, str, Path], tmp_path: Path) -> Iterator[Operator]:
    """An operator whose project, store and ledger nobody else has touched."""
    store, ledger, folder = prepared
    shutil.copytree(folder, tmp_path / "project")
    with fresh_database(pg18, template=store) as url, fresh_database(pg18, template=ledger) as ledger_url:
        yield Operator(tmp_path / "project", url, _environment(url, ledger_url))


def _environment(url: str, ledger: str) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")},
        "ADMIN_URL": url,
        "PLASK_SWEEPER_URL": as_role(url, "plask_sweeper"),
        "PLASK_KEEPER_URL": as_role(url, "plask_keeper"),
        "PLASK_FILES": "files",
        "LEDGER_URL": ledger,
    }


def someone_who_left(operator: Operator) -> str:
    """A member who left long ago and has orders; their number."""
    [row] = operator.execute("""
        select m.id from members m join orders o on o.member_id = m.id
        where m.status = 'left' and m.left_at < '2025-06-01' and o.completed_at > '2024-01-01' order by m.id limit 1""")
    return str(row["id"])


def test_the_map_fits(operator: Operator) -> None:
    """`jikim map check` finds no error in Plask's map, and names a column that nobody mapped."""
    assert operator.types("map", "check").returncode == 0
    operator.execute("alter table profiles add column nickname text")
    done = operator.types("map", "check", "--plain", expect=1)
    assert "nickname" in done.stdout


def test_a_plan_counts_every_row_and_is_the_same_twice(operator: Operator) -> None:
    one, other = (operator.reads("plan", "--as-of", AS_OF) for _ in range(2))
    assert one["digest"] == other["digest"]
    assert one["census"] == other["census"]
    rows = operator.rows()
    for table, counts in one["census"].items():
        states = sum(counts[s] for s in ("due", "retained", "waiting", "orphan", "held"))
        assert states == counts["total"] == rows[table]
    assert sum(one["rows"].values()) > 100


def test_a_plan_is_told_with_its_reasons_and_its_statements(operator: Operator) -> None:
    """Table by table, with clause and article; with --sql the statements, and no key in them."""
    told = operator.types("plan", "--as-of", AS_OF, "--sql").stdout
    assert "kept_by_law.contracts (전자상거래" in told
    assert "for update" in told
    assert "bytes, not shown" in told


def test_a_promise_is_kept_from_plan_to_proof(operator: Operator, tmp_path: Path) -> None:
    """Plan into a file, apply it, confirm, export, verify elsewhere, certify; then nothing is due any more.

    Each command in a process of its own, as it is installed.
    """
    operator = replace(operator, run=apart)
    operator.types("plan", "--as-of", AS_OF, "--out", "monday.plan")
    kept = operator.reads("apply", "monday.plan", "--yes")
    assert kept["state"] == "finished"
    assert kept["files"]["removed"] > 0
    assert kept["receipts"] >= len([s for s in kept["steps"] if s["rows"]])
    assert sum(operator.reads("plan", "--as-of", AS_OF)["rows"].values()) == 0

    operator.types("evidence", "confirm", kept["run"], "--role", "privacy officer")
    [run] = operator.reads("evidence", "list")
    assert (run["id"], run["outcome"], run["confirmed_by"]) == (kept["run"], "finished", "privacy officer")

    note = operator.types("evidence", "export", "evidence.jsonl").stdout
    key = operator.types("evidence", "key").stdout.strip()
    elsewhere = Operator(tmp_path, "", {"PATH": os.environ["PATH"]}, apart)
    export = str(operator.folder / "evidence.jsonl")
    (tmp_path / "checkpoint").write_text(note.rsplit("\n", 2)[0])
    verified = elsewhere.reads(
        "evidence", "verify", export, "--key", key, "--strict", "--known", "checkpoint"
    )
    assert verified["entries"] > kept["checkpoint"]["entries"]
    operator.types("evidence", "certificate", "run.html", "--run", kept["run"])
    assert kept["run"] in (operator.folder / "run.html").read_text("utf-8")
    shown = operator.reads("evidence", "show", "1", "--proof", "one.proof")
    assert shown["seq"] == 1
    assert (operator.folder / "one.proof").read_bytes().startswith(b"c2sp.org/tlog-proof@v1")


def test_an_export_that_somebody_changed_names_the_entry(operator: Operator) -> None:
    operator.types("apply", "--as-of", AS_OF, "--yes")
    operator.types("evidence", "export", "evidence.jsonl")
    export = operator.folder / "evidence.jsonl"
    lines = export.read_bytes().splitlines(keepends=True)
    lines[4] = lines[4].replace(b'"rows":', b'"rows":1')
    export.write_bytes(b"".join(lines))
    done = operator.types("evidence", "verify", "evidence.jsonl", expect=1)
    assert "line 5, entry `2`" in done.stderr


def test_nothing_is_applied_where_nobody_can_answer(operator: Operator) -> None:
    before = operator.rows()
    done = operator.types("apply", "--as-of", AS_OF, expect=1)
    assert "--yes" in done.stderr
    assert operator.rows() == before


def test_a_rehearsal_meets_what_the_plan_counted_and_changes_nothing(operator: Operator) -> None:
    """Not a row, not a receipt, and no run on record."""
    before, plan = operator.rows(), operator.reads("plan", "--as-of", AS_OF)
    rehearsed = operator.reads("apply", "--dry-run", "--as-of", AS_OF)
    assert {s["step"]: s["rows"] for s in rehearsed["steps"]} == plan["rows"]
    assert operator.rows() == before
    assert operator.execute("select count(*) from jikim.receipt")[0]["count"] == 0
    assert operator.reads("evidence", "list") == []


def test_a_time_that_has_not_come_can_be_rehearsed_and_not_applied(operator: Operator) -> None:
    later = "2190-01-01"
    before = operator.rows()
    assert "has not come" in operator.types("apply", "--as-of", later, "--yes", expect=1).stderr
    assert operator.rows() == before


def test_a_plan_is_refused_step_by_step_once_a_hold_changed_it(operator: Operator) -> None:
    """Exit code 3; planned again, everything but the held person's rows goes."""
    person = someone_who_left(operator)
    operator.types("plan", "--as-of", AS_OF, "--out", "monday.plan")
    held = ("hold", "place", "h-1", "--case", "2026가합17", "--because", "court order")
    assert operator.types(*held, "--subject", f"member:{person}").stderr == ""
    refused = operator.reads("apply", "monday.plan", "--yes", expect=3)
    assert {s["state"] for s in refused["steps"]} == {"refused"}
    operator.types("apply", "--as-of", AS_OF, "--yes", expect=None)
    assert operator.execute("select 1 from orders where member_id = %s", int(person))
    [hold] = operator.reads("hold", "list")
    assert (hold["id"], hold["case"], hold["subject"]) == ("h-1", "2026가합17", "member")
    operator.types("hold", "release", "h-1")
    assert operator.types("hold", "release", "h-1", expect=1).stderr.startswith("error: no hold `h-1`")
    operator.types("apply", "--as-of", AS_OF, "--yes")
    assert not operator.execute("select 1 from orders where member_id = %s", int(person))
    states = [e["body"]["state"] for e in operator.reads("evidence", "list", "--kind", "hold")]
    assert states == ["placed", "released"]


def test_a_hold_on_somebody_nothing_is_stored_about_is_placed_and_doubted(operator: Operator) -> None:
    """A mistyped key would protect nobody without a word; an empty id or an unknown table is refused."""
    held = ("--case", "2026가합17", "--because", "court order")
    told = operator.types("hold", "place", "h-1", *held, "--subject", "member:abc")
    assert "nothing is stored about member:abc" in told.stderr
    assert "needs an id" in operator.types("hold", "place", "", *held, expect=1).stderr
    assert "`nosuch`" in operator.types("hold", "place", "h-2", *held, "--table", "nosuch", expect=1).stderr
    assert [hold["id"] for hold in operator.reads("hold", "list")] == ["h-1"]


def test_a_row_is_explained_by_clause_law_and_date(operator: Operator) -> None:
    """Of a table its claims; of a person each row with what becomes of it; near names are asked for."""
    [claims] = operator.reads("explain", "orders")
    assert {"purchase", "contracts"} == {c["id"] for c in claims["claims"]}
    person = someone_who_left(operator)
    rows = operator.reads("explain", "--subject", f"member:{person}", "--as-of", AS_OF)
    assert {"archive"} == {r["state"] for r in rows if r["table"] == "orders"}
    assert "did you mean `orders`?" in operator.types("explain", "ordrs", expect=1).stderr
    operator.types("explain", expect=2)


def test_the_promise_is_kept_to_one_person_at_once_and_to_nobody_else(operator: Operator) -> None:
    """Files, receipts and evidence included; of somebody who is not there nothing goes; a plan file names everybody."""
    person = f"member:{someone_who_left(operator)}"
    due = sum(operator.reads("plan", "--as-of", AS_OF)["rows"].values())
    kept = operator.reads("apply", "--subject", person, "--as-of", AS_OF, "--yes", expect=0)
    gone = {step["step"]: step["rows"] for step in kept["steps"] if step["rows"]}
    assert gone["orders/archive"] >= 1
    assert gone["members/destroy"] == 1
    assert operator.reads("explain", "--subject", person, "--as-of", AS_OF) == []
    assert sum(operator.reads("plan", "--as-of", AS_OF)["rows"].values()) < due
    assert kept["receipts"] == len(gone)
    nobody = operator.reads("apply", "--subject", "member:999999", "--as-of", AS_OF, "--yes")
    assert not any(step["rows"] for step in nobody["steps"])
    operator.types("plan", "--as-of", AS_OF, "--out", "all.plan")
    assert "no plan file" in operator.types("apply", "all.plan", "--subject", person, expect=2).stderr
    assert "say --yes" in operator.types("apply", "--subject", person, expect=1).stderr
    assert "no kind of person" in operator.types("apply", "--subject", "stranger:1", "--yes", expect=1).stderr


def test_the_archive_is_shown_to_its_person_and_each_reading_is_on_record(operator: Operator) -> None:
    person = someone_who_left(operator)
    operator.types("apply", "--as-of", AS_OF, "--yes")
    copies = operator.reads(*READING, "--subject", f"member:{person}")
    assert copies
    assert all(copy["jikim_subject_key"] == [person] for copy in copies)
    told = operator.types(*READING, "--subject", f"member:{person}").stdout
    assert PATTERN.search(told.encode())
    operator.types(*READING[:4], "--subject", f"member:{person}", expect=2)
    operator.types("evidence", "export", "e.jsonl")
    readings = operator.reads("evidence", "list", "--kind", "archive-read")
    assert [r["body"]["case"] for r in readings] == ["R-2026-1"] * 2
    about = operator.reads("evidence", "list", "--subject", f"member:{person}")
    assert {"person-run", "archive-read"} <= {entry["kind"] for entry in about}
    operator.types("evidence", "certificate", "theirs.html", "--subject", f"member:{person}")
    page = (operator.folder / "theirs.html").read_text("utf-8")
    assert person not in re.findall(r"\d+", page)
    ends = {datetime.fromisoformat(copy["jikim_destroy_after"]).astimezone(SEOUL) for copy in copies}
    said = set(re.findall(r"at the latest until</span> (\S+ \S+) Asia/Seoul", page))
    assert f"{max(ends):%Y-%m-%d %H:%M:%S}" in said <= {f"{end:%Y-%m-%d %H:%M:%S}" for end in ends}


def test_no_command_but_the_archives_shows_personal_data(operator: Operator) -> None:
    """Not one canary of the made-up people on stdout or stderr, nor in a file that was written."""
    person = someone_who_left(operator)
    commands = (
        ["map", "check"],
        ["plan", "--as-of", AS_OF, "--sql", "--out", "p.plan"],
        ["explain", "--subject", f"member:{person}"],
        ["apply", "--as-of", AS_OF, "--yes"],
        ["audit", "--as-of", AS_OF],
        ["evidence", "list", "--kind", "person-run", "--kind", "disposal"],
        ["evidence", "export", "e.jsonl"],
        ["evidence", "certificate", "c.html", "--subject", f"member:{person}"],
    )
    for command in commands:
        done = operator.types(*command, expect=None)
        assert not PATTERN.search((done.stdout + done.stderr).encode()), command
    for file in ("p.plan", "e.jsonl", "c.html"):
        assert not PATTERN.search((operator.folder / file).read_bytes()), file


def test_an_audit_finds_what_nobody_kept_and_nothing_once_it_is_kept(operator: Operator) -> None:
    def overdue() -> list[str]:
        report = operator.reads("audit", "--as-of", AS_OF, expect=1 if not kept else 0)
        return [f["where"] for f in report["findings"] if f["kind"].startswith("overdue")]

    kept = False
    assert "orders" in overdue()
    operator.types("apply", "--as-of", AS_OF, "--yes")
    operator.execute("update sessions set token_hash = encode(sha256(id::text::bytea), 'hex')")
    kept = True
    assert overdue() == []


def test_the_end_of_the_service_starts_its_clocks(operator: Operator) -> None:
    """A fact that no clock waits for is refused."""
    operator.types("fact", "set", "service closed", "2025-12-01")
    plan = operator.reads("plan", "--as-of", AS_OF)
    assert plan["census"]["projects"]["due"] == plan["census"]["projects"]["total"]
    done = operator.types("fact", "set", "membership ended", "2025-12-01", expect=1)
    assert "known: service closed" in done.stderr


def test_asked_to_stop_a_run_ends_after_the_batch_in_hand_and_the_next_finishes(operator: Operator) -> None:
    """SIGTERM while the first batch waits for a lock: that batch is whole, its receipt is in the log, exit code 3."""
    with psycopg.connect(operator.url) as blocker:
        blocker.execute("lock table jikim.receipt in share mode")
        process = subprocess.Popen(
            [INSTALLED, "apply", "--as-of", AS_OF, "--yes", "--batch", "2", "--json"],
            cwd=operator.folder,
            env=operator.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        _until(lambda: operator.execute("select 1 from pg_locks where not granted and relation is not null"))
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        blocker.rollback()
        out, err = process.communicate(timeout=120)
    assert process.returncode == 3, err
    assert "stopping after the batch in hand" in err
    stopped = json.loads(out)
    assert stopped["state"] == "stopped"
    assert stopped["receipts"] == 1
    again = operator.reads("apply", "--as-of", AS_OF, "--yes")
    assert again["state"] == "finished"
    done = operator.execute("select sum(rows) from jikim.receipt where shipped_at is not null")
    assert done[0]["sum"] == sum(s["rows"] for run in (stopped, again) for s in run["steps"])


def test_on_a_terminal_one_is_asked_and_may_say_no(operator: Operator) -> None:
    """The plan is shown without a colour, since NO_COLOR is set; and nothing is changed."""
    before = operator.rows()
    said, code = _at_a_terminal(operator, "n\n", "apply", "--as-of", AS_OF)
    assert "archive, mask and destroy" in said
    assert "nothing was changed" in said
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", said)
    assert code == 1
    assert operator.rows() == before


def test_on_a_terminal_one_may_say_yes(operator: Operator) -> None:
    said, code = _at_a_terminal(operator, "y\n", "apply", "--as-of", AS_OF)
    assert code == 0, said
    assert "finished" in said


def test_on_a_terminal_nothing_is_asked_where_nothing_is_due(operator: Operator) -> None:
    """What an earlier run left to be proved is proved all the same."""
    operator.types("apply", "--as-of", AS_OF, "--yes")
    said, code = _at_a_terminal(operator, "n\n", "apply", "--as-of", AS_OF)
    assert code == 0, said
    assert "nothing is due, so there is nothing to ask" in said
    assert "[y/N]" not in said
    assert "finished" in said


def test_a_narrow_terminal_loses_nothing(operator: Operator) -> None:
    """The plan names its tables and states at 40 columns; the list of runs is read by words at 10."""
    census = operator.reads("plan", "--as-of", AS_OF)["census"]
    narrow = replace(operator, environment={**operator.environment, "COLUMNS": "40"})
    told = narrow.types("plan", "--as-of", AS_OF).stdout
    assert all(f"table: {name}\nrows: {counts['total']:,}\ndue: " in told for name, counts in census.items())
    assert all(len(line) <= 40 for line in told.splitlines())
    operator.types("apply", "--as-of", AS_OF, "--yes")
    narrow.environment["COLUMNS"] = "10"
    assert "\n2026-01-12\n" in narrow.types("evidence", "list").stdout.replace(" \n", "\n")


def test_a_plan_says_what_more_may_follow(operator: Operator) -> None:
    planned = operator.reads("plan", "--as-of", AS_OF)
    assert "members" in planned["may_follow"]
    told = operator.types("plan", "--as-of", AS_OF).stdout
    following = ", ".join(planned["may_follow"])
    assert f"more may follow once these are gone, in what they point to: {following}" in told


def test_a_table_nobody_can_keep_is_named_with_its_remedy_and_the_rest_goes_on(operator: Operator) -> None:
    """Exit code 3 from plan and apply alike."""
    operator.execute("alter table interests add column motto text")
    told = operator.types("plan", "--as-of", AS_OF, expect=3).stdout
    assert "left alone until mended" in told
    assert "interests.motto" in told
    kept = operator.reads("apply", "--as-of", AS_OF, "--yes", expect=3)
    assert "interests" in kept["blocked"]
    assert {s["state"] for s in kept["steps"]} == {"done"}


def test_what_prepare_prints_is_what_an_administrator_runs(pg18: Server, tmp_path: Path) -> None:
    """Printed, run by hand, then prepared without an administrator; the ledger is a PostgreSQL of its own."""
    for name in ("policy.yaml", "datamap.yaml"):
        shutil.copy(PLASK.folder / name, tmp_path)
    with fresh_database(pg18) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            PLASK.install(connection)
        environment = {k: v for k, v in _environment(url, "").items() if k != "LEDGER_URL"}
        someone = Operator(tmp_path, url, environment)
        script = someone.types("prepare", "--print").stdout
        assert not (tmp_path / ".jikim").exists()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(script)  # type: ignore[call-overload]
        key = someone.types("prepare").stdout.split("public key")[1].split()[0]
        assert (tmp_path / ".jikim").stat().st_mode & 0o077 == 0
        assert someone.types("prepare").stdout.split("public key")[1].split()[0] == key
        applied = someone.reads("apply", "--yes")
        assert applied["state"] == "finished"


def _until(happens: Any) -> None:
    deadline = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _at_a_terminal(operator: Operator, answer: str, *arguments: str) -> tuple[str, int]:
    """All that a terminal of 80 columns shows, and the exit code; the answer is given when asked."""
    inside, outside = pty.openpty()
    process = subprocess.Popen(
        [INSTALLED, *arguments],
        cwd=operator.folder,
        env={**operator.environment, "NO_COLOR": "1", "TERM": "xterm", "COLUMNS": "80"},
        stdin=outside,
        stdout=outside,
        stderr=outside,
        start_new_session=True,
    )
    os.close(outside)
    said, answered, deadline = b"", False, time.monotonic() + 120
    while time.monotonic() < deadline:
        if select.select([inside], [], [], 0.1)[0]:
            try:
                said += os.read(inside, 65536)
            except OSError:  # the terminal is gone with the process
                break
        if not answered and b"[y/N]" in said:
            os.write(inside, answer.encode())
            answered = True
    os.close(inside)
    return said.decode(errors="replace"), process.wait(timeout=60)
