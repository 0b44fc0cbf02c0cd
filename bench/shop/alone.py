"""A process that does one thing to a shop that lies there already, and says what it took.

    python -m bench.shop.alone WHERE LEDGER audit|run

Prints seconds, rows and the most memory it ever held (MB, VmHWM) as JSON. Effectful.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.measure import seconds_of
from bench.shop import AS_OF, Shop, changed
from bench.shop.in_file import InFile
from bench.shop.on_server import OnServer
from jikim.ledger.engine import connect
from jikim.operations.audit_store import audit_store


def audited(shop: Shop) -> int:
    """Audit the store and its archive; how many rows there are, each of which was read."""
    report = audit_store(shop.auditor(), shop.promise, as_of=AS_OF, now=AS_OF, ledger=shop.ledger)
    return sum(counts["total"] for counts in report.tables.values())


def run(shop: Shop) -> int:
    """Plan, apply and prove; how many rows were due."""
    return changed(shop.apply(shop.plan()))


def peak() -> float:
    """The most memory this process ever held, in MB."""
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def main(where: str, ledger: str, what: str) -> None:
    """Do it once."""
    works: dict[str, Callable[[Shop], int]] = {"audit": audited, "run": run}
    shop = OnServer(where, ledger) if "://" in where else InFile(Path(where), connect(ledger))
    took, rows = seconds_of(partial(works[what], shop))
    shop.close()
    print(json.dumps({"seconds": took, "rows": rows, "peak": peak()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
