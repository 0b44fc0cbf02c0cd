"""Run the benchmarks and write ``bench/results.json``.

    python -m bench [NAME ...] [--small | --rows N] [--times N] [--into FILE]

A NAME is that of a file without ``bench_``; all of them run when none is given. Rows of the results that were not
measured again stay as they were.
"""

import argparse
import importlib
import json
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.measure import Figure, Scale

HERE = Path(__file__).parent
NAMES = tuple(sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py")))
SMALL = Scale(rows=20_000, times=1, small=True)


def main() -> int:
    """Measure what was asked for; a missed target is a figure, not a failure."""
    given = _arguments()
    scale = SMALL if given.small else Scale(rows=given.rows, times=given.times)
    into = given.into or (HERE / "results.json" if not given.small else None)
    measured: list[dict[str, Any]] = []
    print(f"{scale.rows:,} rows, medians of {scale.times}; {_machine()}")
    for name in given.names or NAMES:
        print(f"\n{name}", flush=True)
        for figure in _figures(name, scale):
            print(_line(figure), flush=True)
            measured.append({"of": name, **figure.to_json()})
            if into:
                _write(into, measured, scale)
    missed = sum(row["met"] is False for row in measured)
    print(f"\n{len(measured)} figures; {missed} of their targets missed")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument(
        "--small", action="store_true", help=f"{SMALL.rows:,} rows, once: it works, and no more"
    )
    parser.add_argument(
        "--rows", type=int, default=Scale.rows, help="rows of the large tables (default: %(default)s)"
    )
    parser.add_argument(
        "--times", type=int, default=Scale.times, help="rounds of each (default: %(default)s)"
    )
    parser.add_argument("--into", type=Path, help="where the results go (default: bench/results.json)")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"no benchmark `{min(unknown)}`; there are {', '.join(NAMES)}")
    return given


def _figures(name: str, scale: Scale) -> Iterator[Figure]:
    yield from importlib.import_module(f"bench.bench_{name}").figures(scale)


def _line(figure: Figure) -> str:
    floor = f"{figure.floor:>14,.4g}" if figure.floor is not None else " " * 14
    ratio = f"{figure.ratio:>8.2f}" if figure.ratio is not None else " " * 8
    verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
    target = str(figure.target or "")
    return f"  {figure.name:<76}{figure.ours:>14,.4g}{floor} {figure.unit:<10}{ratio}  {target:<8}{verdict}"


def _machine() -> str:
    return f"{os.cpu_count()} processors, Python {platform.python_version()}"


def _write(into: Path, measured: list[dict[str, Any]], scale: Scale) -> None:
    """Each figure in its place; those of other benchmarks stay."""
    known = json.loads(into.read_text())["figures"] if into.exists() else []
    fresh = {row["of"] for row in measured}
    kept = [row for row in known if row["of"] not in fresh]
    figures = sorted([*kept, *measured], key=lambda row: NAMES.index(row["of"]) if row["of"] in NAMES else -1)
    said = {"rows": scale.rows, "times": scale.times, "machine": _machine(), "figures": figures}
    into.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
