"""The shop's own traffic in a process of its own, while runs beside it are killed. Effectful.

A process, not a thread: the run that is killed is forked from the test, and must inherit no session of another.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from random import Random

from tests import live
from tests.crash.sweeping import PROCESSES

PAUSE, MOST = 0.02, 40
"""Seconds between two doings, and doings in all: a run beside them finds fewer and fewer new rows, and ends."""


def go_shopping(pipe: Connection) -> None:
    """What the process does: for each place that it is told, trade there until it is told to stop, and tell what."""
    while place := pipe.recv():
        known = live.Traffic(dice=Random(place))  # noqa: S311 - dice, not secrets
        opened = live.Server if "://" in place else live.File
        with live.traffic(lambda opened=opened, place=place: opened(place), known, pause=PAUSE, most=MOST):
            pipe.send("begun")
            pipe.recv()
        pipe.send(known)


@dataclass
class Shoppers:
    """Who trades in the shop."""

    pipe: Connection

    @contextmanager
    def at(self, place: str) -> Iterator[Callable[[], live.Traffic]]:
        """They trade at a URL or in a file beside the block; what is yielded stops them, and says what they did."""
        told: list[live.Traffic] = []

        def stop() -> live.Traffic:
            if not told:
                self.pipe.send("stop")
                told.append(self.pipe.recv())
            return told[0]

        self.pipe.send(place)
        assert self.pipe.recv() == "begun"
        try:
            yield stop
        finally:
            stop()


@contextmanager
def shoppers() -> Iterator[Shoppers]:
    """Their process; what goes wrong with it ends the test by an end of the pipe."""
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=go_shopping, args=(theirs,))
    process.start()
    theirs.close()
    try:
        yield Shoppers(ours)
    finally:
        if process.is_alive():
            ours.send("")
        ours.close()
        process.join()
