"""How long it takes until something is said: a policy read with all its checks, and the command's first word.

A policy is read in a process that has imported what it needs: its bytes, its YAML with the place of every value, its
shape, its references, and the law that it names (the law pack is read anew each time). The command is a process of its
own; beside it stands Python that does nothing.
"""

import subprocess
import sys
from collections.abc import Iterator
from datetime import date

from examples.plask.world import PLASK

from bench.measure import Figure, Scale, at_most, median, side_by_side
from jikim.law.pack import pack
from jikim.law.resolve import resolve
from jikim.policy.parse import parse
from jikim.source import load

IN_FORCE = date(2026, 1, 12)
FIRST_WORD = "import sys; sys.argv = ['jikim', '--help']; from jikim.cli.main import main; main()"


def figures(scale: Scale) -> Iterator[Figure]:
    """Each more often than asked for: a single one is over soon."""
    rounds = scale.times * 4 + 1
    policy = PLASK.folder / "policy.yaml"

    def read() -> None:
        resolve(parse(policy.read_bytes(), name="policy.yaml"), in_force_on=IN_FORCE)

    read()
    text = policy.read_bytes()
    lines = len(text.splitlines())
    whole = median(rounds, read, before=pack.cache_clear) * 1000
    yield Figure(f"read a policy of {lines} lines, with all checks", "ms", whole, target=at_most(50))
    for name, work in (
        ("YAML and its places", lambda: load(text, name="policy.yaml")),
        ("the law pack", lambda: pack("kr")),
    ):
        part = median(rounds, work, before=pack.cache_clear) * 1000
        yield Figure(f"of that: {name}", "ms", part, note=f"{part / whole:.0%} of the whole")
    helped, nothing = side_by_side(rounds, lambda: _run(FIRST_WORD), lambda: _run("pass"))
    yield Figure("jikim --help", "s", helped, target=at_most(0.2), note="a process of its own")
    yield Figure(
        "python -c pass", "s", nothing, note="the same process without jikim: what no program goes below"
    )


def _run(program: str) -> None:
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
