"""Random worlds: every store leaves what the memory model leaves, whatever is promised of whatever is stored.

A few by default, always the same; `make test-crash` goes through many (``JIKIM_WORLDS``), each time others;
``JIKIM_SEED`` repeats those of an earlier time. A world is its seed: a failure names it.
"""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import pytest
from tests.servers import fresh_database
from tests.worlds.build import lite, postgres
from tests.worlds.grammar import drawn
from tests.worlds.lives import Life

from jikim.postgres import Server

MANY = int(os.environ.get("JIKIM_WORLDS", "300"))
SEED = os.environ.get("JIKIM_SEED") or secrets.token_hex(4)
ALWAYS_THE_SAME = (98, 183, 54)
"""Worlds in which much comes to pass."""

PRODUCTIONS = {
    *("Seoul", "DST", "a second kind of people", "grace", "service closed"),
    *("key: surrogate", "key: natural", "key: composite", "key: UNIQUE column", "key that is personal"),
    *(
        "owner: person",
        "owner: table",
        "owner: words",
        "owner: person, else words",
        "owner: table, else words",
    ),
    *("owner: person, else other", "owner: by type", "owner: together", "owner: their join rows"),
    *("inline person", "people matched in any case", "polymorphic", "polymorphic: spelled key"),
    *("polymorphic: about nobody", "columns of one co-owner", "co-owner whom no basis keeps"),
    *("accessor", "accessor who stays named"),
    *("edge: kept", "edge: kept by nobody", "edge: NULL", "reference that is no owner"),
    *("self reference", "self reference that is unlinked", "circle that is unlinked"),
    *("orphans: refuse", "orphans: destroy", "orphans: date-from"),
    *("time: instant", "time: date", "time: local", "time: utc", "time: epoch", "time: epoch-ms"),
    *(
        "sentinel",
        "when",
        "fact in another row",
        "fact that the ledger tells",
        "fact of a person in the row itself",
    ),
    *("rule: one clock", "rule: first of", "rule: last of", "processing of two tables"),
    *(
        "two statutes",
        "identity in a record",
        "row class",
        "row class by another row",
        "clock that is personal",
    ),
    *("law of three months", "law of six months", "law of one year", "law of three years"),
    *("cell: null", "cell: fixed", "cell: tag on a UNIQUE column", "cell: null on a UNIQUE column"),
    *("cell: truncated-ip", "cell: truncated-ip as text", "cell: year of a date", "cell: year of an instant"),
    *("cell: number", "cell: truth", "cell: mask within a CHECK", "cell: JSON path", "cell: file"),
    *("hold: person", "hold: table", "hold: person and table"),
}
"""What the grammar can say."""
OUTCOMES = {
    *("due", "retained", "waiting", "held", "stubs"),
    *("did archive", "did destroy", "did stub", "did mask", "did expire"),
    *("several owners", "two copies of a row", "copy that names a person"),
}
"""What must come to pass in the few worlds that are always the same."""


def test_every_production_of_the_grammar_is_drawn() -> None:
    """In some of 150 worlds each, and no production goes unnamed."""
    met = Counter[str]()
    for seed in range(150):
        met.update(set(drawn(Random(seed)).met))  # noqa: S311 - dice, not secrets
    assert set(met) <= PRODUCTIONS, set(met) - PRODUCTIONS
    rare = {name: met[name] for name in PRODUCTIONS if met[name] < 5}
    assert not rare


def test_every_store_leaves_what_the_memory_model_leaves(tmp_path: Path, pg18: Server) -> None:
    """The same census, survivors to the last value, archived copies, receipts and files; and nothing is left to do."""
    met = Counter[str]()
    with fresh_database(pg18) as url:
        for n, seed in enumerate(ALWAYS_THE_SAME):
            met += _lived(seed, tmp_path, url, apart=bool(n % 2))
    missing = {name for name in OUTCOMES if not met[name]}
    assert not missing


@pytest.mark.crash
@pytest.mark.timeout(0)
def test_so_do_they_in_many_worlds(tmp_path: Path, pg18: Server) -> None:
    """The same in as many worlds as there is time for."""
    with fresh_database(pg18) as url:
        for n in range(MANY):
            _lived(f"{SEED} {n}", tmp_path, url, apart=bool(n % 2))


def _lived(seed: int | str, folder: Path, url: str, *, apart: bool) -> Counter[str]:
    """One world, in a file and in a database whose archive lies in it or apart; what came to pass."""
    dice = Random(seed)  # noqa: S311 - dice, not secrets
    world = drawn(dice)
    with ExitStack() as opened:
        (folder / "apart").mkdir(exist_ok=True)
        opened.enter_context(_told(f"seed {seed!r}:\n{world!r}"))
        places = [
            opened.enter_context(lite(folder, world)),
            opened.enter_context(postgres(url, world, apart=folder / "apart" if apart else None)),
        ]
        return Life(world, places).lived(dice)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """Whatever fails says in which world it did."""
    try:
        yield
    except Exception as error:
        error.add_note(what)
        raise
