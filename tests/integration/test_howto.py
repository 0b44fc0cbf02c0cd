"""The how-to for a database of one's own, run as it stands."""

import os
import re
import shlex
from pathlib import Path

import psycopg
from tests.command import here
from tests.keeping import as_role
from tests.servers import PROJECT

HOWTO = PROJECT / "docs/howto/keep-your-database.md"
BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_how_to_works_from_nothing_to_the_first_run(empty_database_18: str, tmp_path: Path) -> None:
    """Its SQL, its two files and each of its commands; the order of someone who left is then in the archive."""
    url = empty_database_18
    blocks = BLOCK.findall(HOWTO.read_text(encoding="utf-8"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop role if exists shop_sweeper")
        connection.execute("drop role if exists shop_keeper")
        for kind, _, text in blocks:
            if kind == "sql":
                connection.execute(text)
        connection.execute("insert into members values (1, 'a@shop.example', '2020-01-01', '2025-01-01')")
        connection.execute("insert into members values (2, 'b@shop.example', '2020-01-01', null)")
        connection.execute("insert into orders values (7, 1, 'a lamp', '2024-12-01')")
    for _, name, text in blocks:
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
    environment = {
        **os.environ,
        "ADMIN_URL": url,
        "SWEEPER_URL": as_role(url, "shop_sweeper"),
        "KEEPER_URL": as_role(url, "shop_keeper"),
    }
    lines = [line for kind, _, text in blocks if kind == "sh" for line in text.splitlines()]
    assert len(lines) > 8
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "jikim"
        done = here(*words[1:], folder=tmp_path, environment=environment)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    with psycopg.connect(url) as connection:
        assert connection.execute("select id from members").fetchall() == [(2,)]
        [kept] = connection.execute("select what, member_email from kept_by_law.orders__contracts").fetchall()
        assert kept == ("a lamp", "a@shop.example")
        connection.execute("drop owned by shop_sweeper, shop_keeper cascade")
        connection.execute("drop role shop_sweeper, shop_keeper")
