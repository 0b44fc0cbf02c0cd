"""How long a policy is linted, and two of them compared: after start, as a person waits for it.

Every rule is loaded, as a command does it before its first word; facts of the law are read anew each time.
"""

from collections.abc import Iterator
from datetime import date

from examples.plask.world import PLASK

from bench.measure import Figure, Scale, at_most, median
from jikim.law import facts, pack
from jikim.law.rules import lint, rules_of
from jikim.notices.change import demands
from jikim.policy.parse import parse

IN_FORCE = date(2026, 11, 22)


def figures(scale: Scale) -> Iterator[Figure]:
    """The policy as it should be, and as it was published; then what changed between them."""
    rounds = scale.times * 4 + 1
    caches = [each for room in (facts, pack) for each in vars(room).values() if hasattr(each, "cache_clear")]

    def forget() -> None:
        for each in caches:
            each.cache_clear()

    read = {}
    for name in ("policy.yaml", "as-published.yaml"):
        text = (PLASK.folder / name).read_bytes()
        read[name] = parse(text, name=name)
        found = len(lint(read[name], in_force_on=IN_FORCE).findings)
        rules = len(rules_of(read[name].law))
        what = f"read and lint {len(text.splitlines())} lines, {rules} rules, {found} findings"

        def linted(text: bytes = text, name: str = name) -> object:
            return lint(parse(text, name=name), in_force_on=IN_FORCE)

        yield Figure(what, "ms", 1e3 * median(rounds, linted, before=forget), target=at_most(50))
        known = median(rounds, lambda name=name: lint(read[name], in_force_on=IN_FORCE))
        yield Figure("  once it is read, and the law known", "ms", 1e3 * known)
    two = (read["as-published.yaml"], read["policy.yaml"])
    yield Figure(
        f"compare both, {len(demands(*two))} changes", "ms", 1e3 * median(rounds, lambda: demands(*two))
    )
