"""Our own PostgreSQL: started, shared, killed in every way, never left behind. Real processes throughout."""

import fcntl
import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, text
from tests.servers import PROJECT, debian_postgresql_15

from jikim.postgres import PostgresError, Server
from jikim.postgres.account import account_for
from jikim.postgres.installation import embedded, readable_copy

PROGRAMS: dict[int, Callable[[], Path | None]] = {15: debian_postgresql_15, 18: lambda: None}
CLIENT = """
import sys
from jikim.postgres import Server
with Server.start(sys.argv[1], bin_dir=sys.argv[2] or None) as server:
    print(server.url(), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module", params=PROGRAMS)
def version(request: pytest.FixtureRequest) -> int:
    """Each PostgreSQL in turn."""
    major: int = request.param
    return major


@pytest.fixture(scope="module")
def programs(version: int) -> Path | None:
    """What ``bin_dir`` means that PostgreSQL."""
    return PROGRAMS[version]()


@pytest.fixture(scope="module")
def filled(programs: Path | None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A stopped server's directory with a table of one row: to be copied."""
    home = tmp_path_factory.mktemp("filled") / "home"
    with Server.start(home, bin_dir=programs) as server:
        query(server, "create table kept as select 42 as answer")
    return home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    """A copy of the filled directory."""
    subprocess.run(["cp", "--archive", filled, tmp_path / "home"], check=True)
    return tmp_path / "home"


def query(server: Server | str, statement: str) -> Any:
    """The first value of a statement's answer, if it has one."""
    with psycopg.connect(server if isinstance(server, str) else server.url(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


def postmaster(home: Path) -> int:
    """The number of the server's first process."""
    return int((home / "data/postmaster.pid").read_text().split()[0])


def keeper(home: Path) -> int:
    """The number of the process that keeps the server."""
    status = Path(f"/proc/{postmaster(home)}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("PPid:"))


def lives(home: Path) -> bool:
    """Whether any process of the server does: all of them hold its lock."""
    with (home / "server.lock").open("r+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def ends(home: Path) -> bool:
    """Whether the server is gone within ten seconds."""
    deadline = time.monotonic() + 10
    while lives(home):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def client(home: Path, programs: Path | None) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the server, from its first word until its stdin closes or it is killed."""
    command = [sys.executable, "-c", CLIENT, str(home), str(programs or "")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def said(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_server_speaks_unicode_and_utc_writes_durably_and_listens_on_no_network(
    home: Path, programs: Path | None
) -> None:
    with Server.start(home, bin_dir=programs) as server, psycopg.connect(server.url()) as connection:
        for setting, value in {
            "listen_addresses": "",
            "server_encoding": "UTF8",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "data_checksums": "on",
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
        }.items():
            assert connection.execute("select current_setting(%s)", (setting,)).fetchone() == (value,), (
                setting
            )
        assert connection.execute(r"select lower('ÀÉ'), '지킴' ~ '^\w+$'").fetchone() == ("àé", True)


def test_the_url_is_understood_by_sqlalchemy_and_names_database_and_role(
    home: Path, programs: Path | None
) -> None:
    with Server.start(home, bin_dir=programs) as server:
        query(server, 'create role "o\'brien@example" login')
        query(server, 'create database "절반/50%"')
        engine = create_engine(server.url("절반/50%", user="o'brien@example"))
        with engine.connect() as connection:
            row = connection.execute(text("select current_database(), current_user")).one()
        engine.dispose()
    assert tuple(row) == ("절반/50%", "o'brien@example")


def test_the_data_and_the_socket_are_closed_to_other_accounts(home: Path, programs: Path | None) -> None:
    parents = {each: each.stat().st_mode for each in home.parents}
    with Server.start(home, bin_dir=programs):
        socket_file = (home / "data/.s.PGSQL.5432").stat()
        data = (home / "data").stat()
        assert stat.S_IMODE(data.st_mode) == 0o700
        assert stat.S_IMODE(socket_file.st_mode) == 0o700
        assert stat.S_IMODE((home / "server.log").stat().st_mode) == 0o600
        assert data.st_uid == socket_file.st_uid == Path(f"/proc/{postmaster(home)}").stat().st_uid != 0
    assert {each: each.stat().st_mode for each in home.parents} == parents


def test_two_clients_share_one_server_and_the_last_one_out_stops_it(
    home: Path, programs: Path | None
) -> None:
    with client(home, programs) as other:
        url = said(other)
        with Server.start(home, bin_dir=programs) as server:
            assert server.url() == url
            first = query(server, "select pg_postmaster_start_time()")
        assert query(url, "select pg_postmaster_start_time()") == first
        other.communicate()
        assert not lives(home)


def test_leaving_twice_is_leaving_once(home: Path, programs: Path | None) -> None:
    with Server.start(home, bin_dir=programs) as server:
        server.stop()
        with client(home, programs) as other:
            url = said(other)
            server.stop()
            assert query(url, "select answer from kept") == 42


def test_a_killed_client_leaves_the_server_to_the_others(home: Path, programs: Path | None) -> None:
    with client(home, programs) as killed:
        url = said(killed)
        with Server.start(home, bin_dir=programs):
            killed.kill()
            killed.wait()
            assert query(url, "select answer from kept") == 42


def test_a_server_stops_by_itself_when_its_last_client_is_killed(home: Path, programs: Path | None) -> None:
    with client(home, programs) as killed:
        query(said(killed), "insert into kept values (43)")
        killed.kill()
        killed.wait()
        assert ends(home)
    with Server.start(home, bin_dir=programs) as server:
        assert query(server, "select sum(answer) from kept") == 85


@pytest.mark.parametrize(
    "victims",
    [(postmaster,), (keeper,), (keeper, postmaster)],
    ids=lambda found: " and ".join(each.__name__ for each in found),
)
def test_after_kill_9_the_next_client_finds_all_that_was_committed(
    home: Path, programs: Path | None, victims: tuple[Callable[[Path], int], ...]
) -> None:
    with Server.start(home, bin_dir=programs) as server:
        query(server, "insert into kept values (43)")
        for victim in [find(home) for find in victims]:
            os.kill(victim, signal.SIGKILL)
        assert ends(home)
        with Server.start(home, bin_dir=programs) as again:
            assert again.url() == server.url()
            assert query(server, "select sum(answer) from kept") == 85
    assert not lives(home)


def test_a_process_number_that_now_belongs_to_something_else_keeps_no_server_from_starting(
    home: Path, programs: Path | None
) -> None:
    account = account_for(home / "data")
    with subprocess.Popen(["sleep", "60"], **account.credentials) as stranger:
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            lock = home / "data" / name
            lock.write_text(f"{stranger.pid}\n{home}/data\n1\n5432\n\n\n\n")
            os.chown(lock, account.uid, account.gid)
        with Server.start(home, bin_dir=programs) as server:
            assert query(server, "select answer from kept") == 42
        assert stranger.poll() is None
        stranger.kill()


def test_many_clients_that_come_at_once_fill_a_new_directory_once(
    tmp_path: Path, programs: Path | None
) -> None:
    home = tmp_path / "new"
    with client(home, programs) as one, client(home, programs) as two, client(home, programs) as three:
        urls = [said(each) for each in (one, two, three)]
        assert len({query(url, "select pg_postmaster_start_time()") for url in urls}) == 1
    assert not lives(home)
    assert (home / "server.log").read_text().count("starting PostgreSQL") == 1


def test_a_client_that_is_killed_while_it_fills_a_directory_spoils_nothing(
    tmp_path: Path, programs: Path | None
) -> None:
    home = tmp_path / "new"
    with client(home, programs) as killed:
        while not any(each.exists() for each in (home / "data.new/base", home / "data")):
            time.sleep(0.001)
        killed.kill()
    with Server.start(home, bin_dir=programs) as server:
        assert query(server, "select 1") == 1


def test_a_first_filling_that_was_cut_short_is_begun_again(tmp_path: Path, programs: Path | None) -> None:
    home = tmp_path / "new"
    home.mkdir(mode=0o700)
    (home / "data.new").mkdir()
    (home / "data.new/PG_VERSION").write_text("7")
    with Server.start(home, bin_dir=programs, durable=False) as server:
        assert query(server, "select 1") == 1
    assert not (home / "data.new").exists()


@pytest.mark.parametrize(
    ("name", "can_be_named"),
    [("a '한글' \"100%41\"", True), ("a,comma", False), ("a:colon", False), ("so-long" * 20, False)],
)
def test_a_directory_may_have_any_name(
    filled: Path, programs: Path | None, name: str, can_be_named: bool
) -> None:
    """Clients find its socket by that name, or by a short link that goes with the server."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place, name)
        subprocess.run(["cp", "--archive", filled, home], check=True)
        with Server.start(home, bin_dir=programs) as server:
            engine = create_engine(server.url())
            with engine.connect() as connection:
                assert connection.execute(text("select answer from kept")).scalar() == 42
            engine.dispose()
            found_at = server.socket_directory
            assert found_at.is_symlink() is not can_be_named
        assert not found_at.is_symlink()


def test_a_short_link_that_somebody_else_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / ("so-long" * 20)
    with tempfile.TemporaryDirectory() as links:
        monkeypatch.setattr(tempfile, "tempdir", links)
        with Server.start(home, durable=False) as server:
            link = server.socket_directory
            assert link.parent == Path(links)
        link.symlink_to("/elsewhere")
        with pytest.raises(PostgresError, match="somebody else made it"):
            Server.start(home)


def test_a_directory_others_may_write_into_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home").chmod(0o777)
    with pytest.raises(PostgresError, match="could put their own data") as refused:
        Server.start(tmp_path / "home")
    subprocess.run(shlex.split(refused.value.fix), check=True)
    with Server.start(tmp_path / "home", durable=False) as server:
        assert query(server, "select 1") == 1


def test_programs_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="holds no PostgreSQL"):
        Server.start(tmp_path / "home", bin_dir=tmp_path)


def test_a_server_that_cannot_start_says_why(home: Path, programs: Path | None) -> None:
    with (home / "data/postgresql.conf").open("a") as settings:
        settings.write("\nwork_mem = 'a lot'\n")
    with pytest.raises(PostgresError, match="work_mem"):
        Server.start(home, bin_dir=programs)
    assert not lives(home)


def test_an_error_that_quotes_personal_data_reaches_the_client_and_not_the_log(
    home: Path, programs: Path | None
) -> None:
    with Server.start(home, bin_dir=programs) as server:
        query(
            server,
            "create table people (email text unique); insert into people values ('hare@plask.example')",
        )
        with pytest.raises(psycopg.errors.UniqueViolation, match="hare@plask"):
            query(server, "insert into people values ('hare@plask.example')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation, match="hare@plask"):
            query(server, "select 'hare@plask.example'::int")
        assert "hare" not in server.log.read_text()


@pytest.mark.parametrize("version", [15], indirect=True)
def test_the_data_of_an_older_version_are_refused_and_the_remedy_carries_everything_over(
    filled: Path, version: int, tmp_path: Path
) -> None:
    home = tmp_path / "한 집"
    subprocess.run(["cp", "--archive", filled, home], check=True)
    with pytest.raises(PostgresError, match="written by PostgreSQL 15, and PostgreSQL 18") as refused:
        Server.start(home)
    _, *commands = refused.value.fix.splitlines()
    for command in commands:
        # The remedy names where Debian puts the older programs; here they may be elsewhere.
        line = command.replace("/usr/lib/postgresql/15/bin", shlex.quote(str(debian_postgresql_15())))
        subprocess.run(["sh", "-c", line], check=True, capture_output=True, cwd=tmp_path)
    with Server.start(home) as server:
        assert query(server, "select answer from kept") == 42
        assert query(server, "show server_version").startswith("18")
    with Server.start(f"{home}.15", bin_dir=debian_postgresql_15()) as before:
        assert query(before, "select answer from kept") == 42


@pytest.mark.parametrize("version", [18], indirect=True)
def test_the_data_of_a_newer_version_are_refused_and_the_remedy_names_it(home: Path) -> None:
    with pytest.raises(PostgresError, match="written by PostgreSQL 18, and PostgreSQL 15") as refused:
        Server.start(home, bin_dir=debian_postgresql_15())
    assert "PostgreSQL 18" in refused.value.fix


def test_a_command_without_a_server_ends_with_status_2_and_a_reason(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "jikim.postgres",
        "--bin-dir",
        str(tmp_path),
        str(tmp_path / "home"),
        "psql",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "holds no PostgreSQL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_copy_of_the_programs_runs_where_their_original_cannot_be_read(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory() as open_to_all:
        Path(open_to_all).chmod(0o755)
        place = Path(open_to_all, "copies/18")
        hidden = tmp_path / "hidden"
        before = os.umask(0o077)
        try:
            shutil.copytree(embedded() / "pginstall", hidden / embedded().name / "pginstall")
            shutil.copytree(f"{embedded()}.libs", hidden / f"{embedded().name}.libs")
            for each in hidden.rglob("*"):
                each.chmod(0o700 if each.is_dir() or each.parent.name == "bin" else 0o600)
            programs = readable_copy(hidden / embedded().name, place=place)
            assert readable_copy(hidden / embedded().name, place=place) == programs
        finally:
            os.umask(before)
        assert os.listdir(place.parent) == ["18"]
        shutil.rmtree(hidden)
        with Server.start(tmp_path / "home", bin_dir=programs, durable=False) as server:
            assert query(server, "select 1") == 1


AS_AN_ORDINARY_ACCOUNT = """
import os, pwd, sys
import psycopg
from jikim.postgres import Server
home, programs, python = sys.argv[1:]
if os.geteuid() == 0:
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    os.setgroups([]), os.setgid(nobody.pw_gid), os.setuid(nobody.pw_uid)
    sys.executable = python
for _ in range(2):
    with Server.start(home, bin_dir=programs) as server, Server.start(home, bin_dir=programs):
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("create table if not exists kept (answer int)")
            connection.execute("insert into kept values (21)")
            owner = os.stat(home + "/data").st_uid
            print(connection.execute("select sum(answer) from kept").fetchone(), owner == os.geteuid() != 0)
"""


def test_an_ordinary_account_runs_a_server_as_itself(version: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        # Root's Python, package and programs may be where no other account can look.
        Path(place).chmod(0o755)
        shutil.copytree(PROJECT / "src/jikim", Path(place, "jikim"))
        programs = PROGRAMS[version]() or readable_copy(embedded(), place=Path(place, "programs/18"))
        Path(place, "home").mkdir(mode=0o700)
        python = shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin") or sys.executable
        done = subprocess.run(
            [sys.executable, "-c", AS_AN_ORDINARY_ACCOUNT, Path(place, "home"), programs, python],
            env={**os.environ, "PYTHONPATH": place},
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.stdout, done.stderr) == ("(21,) True\n(42,) True\n", "")
