"""Every command is listed, loads, explains itself with an example, and costs nothing until it is called."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from tests.command import INSTALLED

import jikim.cli
from jikim.cli.commands import COMMANDS, GROUPS, names
from jikim.cli.main import root
from jikim.cli.reference import command, page
from jikim.ledger import keys

PROJECT = Path(__file__).parents[3]
ROOM = Path(jikim.cli.__file__).parent


def run(
    *arguments: str, folder: Path | None = None, stdout: Any = subprocess.PIPE
) -> "subprocess.CompletedProcess[str]":
    """The installed command in a process of its own; Python holds output back as it usually does."""
    return subprocess.run(
        [INSTALLED, *arguments],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k not in ("PYTHONUNBUFFERED", "COLUMNS")},
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("name", list(names()))
def test_a_command_says_in_the_list_what_it_says_of_itself(name: str) -> None:
    listed = next(section[name] for section in COMMANDS.values() if name in section)
    assert (command(name).help or "").splitlines()[0] == listed


@pytest.mark.parametrize("name", [n for n in names() if n != "completion"])
def test_the_help_of_a_command_shows_it_at_work(name: str) -> None:
    assert re.search(rf"Example\b.*\n\s+jikim {name}", command(name).help or "")


def test_every_file_that_makes_a_command_is_listed() -> None:
    files = {f.stem for f in ROOM.glob("*.py") if '@click.command("' in f.read_text()}
    assert files == {name.replace(" ", "_") for name in names()}


def test_every_group_has_a_line_of_its_own_and_no_group_is_empty() -> None:
    assert set(GROUPS) == {name.split()[0] for name in names() if " " in name}


def test_every_option_says_what_it_is_for() -> None:
    options = [(n, p) for n in names() for p in command(n).params if isinstance(p, click.Option)]
    assert len(options) > 20
    assert not [(name, option.name) for name, option in options if not option.help]


def test_the_committed_reference_page_is_the_generated_one() -> None:
    committed = (PROJECT / "docs/reference/cli.md").read_text()
    assert committed == page(), "run the command in jikim/cli/reference.py"


def test_a_command_that_a_message_or_a_page_names_exists() -> None:
    """Backticked `jikim …` in the sources and in the pages is something one can type."""
    known = set(names()) | set(GROUPS)
    texts = [*(PROJECT / "src/jikim").rglob("*.py"), *(PROJECT / "docs").rglob("*.md")]
    said = [
        (text.name, words)
        for text in texts
        for words in re.findall(r"`jikim ([a-z]+(?: [a-z]+)?)", text.read_text(encoding="utf-8"))
    ]
    assert len(said) > 20
    assert not [(name, words) for name, words in said if not known & {words, words.split()[0]}]


def test_help_loads_none_of_the_house_and_takes_a_fifth_of_a_second_at_most() -> None:
    """Processor time, the least of five; what is loaded decides it, so that is looked at as well."""
    program = (
        "import sys, time\n"
        "from jikim.cli.main import root\n"
        "root.main(['--help'], prog_name='jikim', standalone_mode=False)\n"
        "heavy = {'rich', 'pydantic', 'sqlalchemy', 'psycopg', 'jikim.bootstrap'} & set(sys.modules)\n"
        "print(heavy or 'light', time.process_time(), file=sys.stderr)\n"
    )
    least = 1.0
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        what, seconds = done.stderr.rsplit(maxsplit=1)
        assert what == "light"
        least = min(least, float(seconds))
    assert least < 0.2


FILES_ONLY = """
import sys
from jikim.cli.main import main
sys.argv = ["jikim", *sys.argv[1:]]
try:
    main()
finally:
    drivers = {"alembic", "psycopg", "sqlalchemy"} & set(sys.modules)
    print(drivers or "none", file=sys.stderr)
"""


@pytest.mark.parametrize(
    "words",
    ["check", "schema policy", "schema datamap", "timeline", "map show --svg map.svg", "evidence key"],
)
def test_a_command_that_needs_files_only_loads_no_driver_of_a_database(tmp_path: Path, words: str) -> None:
    for name in ("policy.yaml", "datamap.yaml"):
        shutil.copy(PROJECT / "examples/plask" / name, tmp_path)
    (tmp_path / ".jikim").mkdir(mode=0o700)
    keys.create(tmp_path / ".jikim", name="jikim.plask")
    command = [sys.executable, "-c", FILES_ONLY, *words.split()]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert done.stderr == "none\n"


def test_a_word_that_is_no_command_is_a_question_about_a_near_one() -> None:
    done = run("plam")
    assert done.returncode == 2
    assert "Did you mean 'plan'?" in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_something_to_complete_by(shell: str) -> None:
    done = run("completion", shell)
    assert done.returncode == 0
    assert "_JIKIM_COMPLETE" in done.stdout


def test_completion_knows_inner_commands() -> None:
    from click.shell_completion import ShellComplete

    complete = ShellComplete(root, {}, "jikim", "_JIKIM_COMPLETE")
    assert {c.value for c in complete.get_completions(["evidence"], "ex")} == {"export"}


def test_whoever_stops_reading_gets_no_complaint(tmp_path: Path) -> None:
    """Whether jikim writes at once, or at its end what was held back until then."""
    shutil.copy(PROJECT / "examples/plask/policy.yaml", tmp_path)
    for words in (["check", "--json"], ["schema", "policy"]):
        reading, writing = os.pipe()
        os.close(reading)
        done = run(*words, folder=tmp_path, stdout=writing)
        os.close(writing)
        assert (done.returncode, done.stderr) == (1, "")


def test_a_full_disk_is_an_error_and_not_a_fault(tmp_path: Path) -> None:
    shutil.copy(PROJECT / "examples/plask/policy.yaml", tmp_path)
    with Path("/dev/full").open("w") as full:
        done = run("check", "--json", folder=tmp_path, stdout=full)
    assert done.returncode == 1
    assert done.stderr == "error: the output: no space left on device\n"


def test_output_that_is_closed_is_output_that_nobody_reads(tmp_path: Path) -> None:
    """The work is done, and the exit code says how it went."""
    shutil.copy(PROJECT / "examples/plask/policy.yaml", tmp_path)
    for words, code in (("check", 0), ("check nowhere.yaml", 1), ("plam", 2), ("completion bash", 0)):
        for closed in (">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
            shell = f"exec {INSTALLED} {words} {closed}"
            done = subprocess.run(
                ["sh", "-c", shell], cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert (done.returncode, "fault" in done.stderr) == (code, False), f"{shell}: {done.stderr}"


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "euc-kr"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=["ascii", "euc-kr", "c-locale"],
)
def test_letters_that_an_encoding_lacks_are_written_as_json_writes_them(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    """Text, JSON and errors alike."""
    policy = (PROJECT / "examples/plask/policy.yaml").read_text("utf-8")
    (tmp_path / "policy.yaml").write_text(policy)
    (tmp_path / "wrong.yaml").write_text(policy.replace("kr.ecommerce.contract", "kr.힣ₐ"))
    done = {
        words: subprocess.run(
            [INSTALLED, *words.split()],
            cwd=tmp_path,
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
        )
        for words in ("timeline", "check", "check wrong.yaml --json", "check wrong.yaml", "check 힣ₐ")
    }
    assert [(each.returncode, each.stderr) for each in list(done.values())[:2]] == [(0, b"")] * 2
    [finding] = json.loads(
        done["check wrong.yaml --json"].stdout.decode(environment.get("PYTHONIOENCODING", "ascii"))
    )
    assert "`kr.힣ₐ`" in finding["message"]
    assert rb"\u2090" in done["check wrong.yaml"].stdout
    assert b"fault" not in done["check 힣ₐ"].stderr


FAULT = """
import sys
from jikim.cli import main, schema
def broken(**_): raise ValueError("resident number 000000-0000000")
schema.command.callback = broken
main.main()
"""


@pytest.mark.parametrize("debug", [False, True])
def test_a_fault_of_our_own_is_told_without_its_values(debug: bool) -> None:
    """Exit code 70; the place is named, with --debug all places, and the error's own words never."""
    options = ["--debug"] if debug else []
    done = subprocess.run(
        [sys.executable, "-c", FAULT, *options, "schema", "policy"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 70
    assert "ValueError" in done.stderr
    assert "000000" not in done.stderr
    assert ("File " in done.stderr) is debug
