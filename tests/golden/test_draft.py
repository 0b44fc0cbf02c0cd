"""A small shop's database, and the two files that `jikim new` makes of it, line by line."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.command import here
from tests.keeping import as_role
from tests.servers import fresh_database, name_of

from jikim.postgres import Server

FOLDER = Path(__file__).parent / "draft"
VALUES = (
    "person1",
    "mail.example",
    "010-0000",
    "900101",
    "김하나",
    "lamp",
    "192.0.2",
    "AppleWebKit",
    "배송",
    "call ",
)
"""What stands in the rows, and must stand nowhere else."""


@pytest.fixture(scope="module")
def url(pg18: Server) -> Iterator[str]:
    """A database with the shop in it, and a role that may read little of it."""
    with fresh_database(pg18) as found:
        with psycopg.connect(found, autocommit=True) as connection:
            connection.execute((FOLDER / "shop.sql").read_bytes())
            connection.execute("drop role if exists draft_half")
            connection.execute("create role draft_half login")
            connection.execute("grant usage on schema public to draft_half")
            connection.execute("grant select (id, email) on members to draft_half")
        yield found
        with psycopg.connect(found, autocommit=True) as connection:
            connection.execute("drop owned by draft_half")
            connection.execute("drop role draft_half")


def new(url: str, folder: Path, *options: str) -> tuple[int, str, str]:
    """Run `jikim new` there: its exit code and what it said."""
    done = here(
        "new", "--url", "env:SHOP_URL", *options, folder=folder, environment={**os.environ, "SHOP_URL": url}
    )
    return done.returncode, done.stdout, done.stderr


def golden(name: str, url: str) -> str:
    """The file as it should be; the database's name, which is new each time, is the service's."""
    service = "-".join(re.findall("[a-z0-9]+", name_of(url)))
    return unaligned((FOLDER / name).read_text(encoding="utf-8").replace("the-shop", service))


def unaligned(text: str) -> str:
    """Remarks two spaces behind what they speak of: how far out they begin depends on the service's name."""
    return re.sub(" +# ", "  # ", text)


def test_both_files_are_as_somebody_read_and_approved_them(url: str, tmp_path: Path) -> None:
    """Every guess at its line with its reason; what is said on the way names tables and counts only."""
    code, said, complained = new(url, tmp_path, "--app-role", "shop_app", "--into", "privacy")
    assert (code, complained) == (0, "")
    for name in ("policy.yaml", "datamap.yaml"):
        written = (tmp_path / "privacy" / name).read_text(encoding="utf-8")
        assert unaligned(written) == golden(name, url)
        assert not [value for value in VALUES if value in written]
    assert not [value for value in VALUES if value in said]
    assert "error[no-period]" in said
    assert "21  warning[unstated]" in said


def test_what_it_says_of_its_draft_is_what_the_checks_say_afterwards(url: str, tmp_path: Path) -> None:
    """The files stand as they were written; `jikim check` names what is open, `map check` the same findings."""
    _, said, _ = new(url, tmp_path, "--json")
    told = json.loads(said)
    environment = {**os.environ, "SHOP_URL": url, "JIKIM_KEEPER_URL": url}
    policy = here("check", "--json", folder=tmp_path, environment=environment)
    datamap = here("map", "check", "--json", folder=tmp_path, environment=environment)
    assert (policy.returncode, json.loads(policy.stdout)) == (1, told["left_open"])
    found = [f for f in json.loads(datamap.stdout) if f["code"] != "one-role"]
    assert (datamap.returncode, found) == (1, told["findings"])
    assert {"no-period", "points-at-people"} <= {f["code"] for f in found}
    assert set(told["blocked"]) == {"access_log", "products"}


def test_every_open_guess_is_marked_in_the_files_and_listed_as_a_question(url: str, tmp_path: Path) -> None:
    _, said, _ = new(url, tmp_path, "--dry-run", "--json")
    told = json.loads(said)
    assert not list(tmp_path.iterdir())
    possible = [guess for guess in told["guesses"] if guess["confidence"] == "possible"]
    asked = [(question["about"], question["where"]) for question in told["questions"]]
    assert possible
    assert not [guess for guess in possible if (guess["about"], guess["where"]) not in asked]
    lines = "\n".join(file["text"] for file in told["files"].values()).splitlines()
    marked = [line for line in lines if "# ? " in line]
    assert not [guess for guess in possible if not any(guess["reason"] in line for line in marked)]


def test_no_file_is_ever_written_over(url: str, tmp_path: Path) -> None:
    (tmp_path / "datamap.yaml").write_text("mine\n")
    code, said, complained = new(url, tmp_path)
    assert (code, said) == (1, "")
    assert "`datamap.yaml` is there already" in complained
    assert "--into" in complained
    assert [f.name for f in tmp_path.iterdir()] == ["datamap.yaml"]
    assert (tmp_path / "datamap.yaml").read_text() == "mine\n"


def test_what_may_not_be_read_is_guessed_by_name_and_said(url: str, tmp_path: Path) -> None:
    """A role with rights to two columns of one table."""
    code, said, _ = new(as_role(url, "draft_half"), tmp_path, "--json")
    told = json.loads(said)
    assert code == 0
    blind = {tuple(q["where"]): q["text"] for q in told["questions"] if q["about"] == "store"}
    assert "no right to read `name`" in blind["tables", "members"]
    assert blind["tables", "orders"].startswith("not looked at: no right to read")
    email = next(g for g in told["guesses"] if g["where"] == ["tables", "members", "columns", "email"])
    name = next(g for g in told["guesses"] if g["where"] == ["tables", "members", "columns", "password_hash"])
    assert (email["confidence"], name["confidence"]) == ("certain", "likely")


def test_a_schema_without_tables_is_refused_with_a_remedy(url: str, tmp_path: Path) -> None:
    code, _, complained = new(url, tmp_path, "--schema", "elsewhere")
    assert code == 1
    assert "`elsewhere` has no table" in complained
    assert not list(tmp_path.iterdir())


def test_a_url_that_holds_a_password_is_written_nowhere(url: str, tmp_path: Path) -> None:
    done = here("new", "--url", url, "--into", "x", folder=tmp_path, environment=dict(os.environ))
    assert done.returncode == 0
    assert "url: env:JIKIM_SWEEPER_URL" in (tmp_path / "x/datamap.yaml").read_text()
    assert "export JIKIM_SWEEPER_URL=" in done.stdout
    assert "postgresql://" not in done.stdout + (tmp_path / "x/datamap.yaml").read_text()
