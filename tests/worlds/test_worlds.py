"""Random worlds: every store leaves what the memory model leaves, whatever is promised of whatever is stored.

A few by default, always the same; `make test-crash` goes through many (``JIKIM_WORLDS``), each time others;
``JIKIM_SEED`` repeats those of an earlier time. Of a world that fails the smallest that still does is shown.
"""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, note, seed, settings
from tests.servers import fresh_database
from tests.worlds.build import stored
from tests.worlds.dice import ALWAYS_THE_SAME, DICE, MANY, PLACES, SEED
from tests.worlds.grammar import drawn
from tests.worlds.lives import Story, lived, story

from jikim.postgres import Server

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
    """In some of 60 worlds, and no production goes unnamed."""
    met = Counter[str]()

    @settings(ALWAYS_THE_SAME, max_examples=60)
    @given(dice=DICE)
    def draw(dice: Random) -> None:
        met.update(drawn(dice).met)

    draw()
    assert set(met) == PRODUCTIONS, set(met) ^ PRODUCTIONS


def test_every_store_leaves_what_the_memory_model_leaves(tmp_path: Path, pg18: Server) -> None:
    """The same census, survivors to the last value, archived copies, receipts and files; and nothing is left to do.

    So it is in the first worlds that show something new between them: everything that is worth seeing.
    """
    met: list[set[str]] = []

    @settings(ALWAYS_THE_SAME, max_examples=12)
    @given(dice=DICE)
    def live(dice: Random) -> None:
        here = _story(dice)
        new = OUTCOMES.intersection(here.met).difference(*met)
        if len(new) > 2 or new == OUTCOMES.difference(*met) != set():
            for where in ("file", ("database", "apart")[len(met) % 2]):
                with stored(here.world, where, folder=tmp_path, url=url) as place:
                    lived(here, place)
            met.append(new)

    with fresh_database(pg18) as url:
        live()
    assert not OUTCOMES.difference(*met)


@pytest.mark.crash
@pytest.mark.timeout(0)
def test_so_do_they_in_many_worlds(tmp_path: Path, pg18: Server) -> None:
    """The same in as many worlds as there is time for, each in one place; the smallest of those that fail is shown."""

    @seed(SEED)
    @MANY
    @given(dice=DICE, where=PLACES)
    def live(dice: Random, where: str) -> None:
        here = _story(dice)
        with stored(here.world, where, folder=tmp_path, url=url) as place:
            lived(here, place)

    with fresh_database(pg18) as url:
        live()


def _story(dice: Random) -> Story:
    """A world and what happens to it; whatever fails is told where it did."""
    note(f"JIKIM_SEED={SEED}")
    world = drawn(dice)
    note(f"{world!r}")
    here = story(dice, world)
    note(f"{here!r}")
    return here
