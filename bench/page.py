"""The table of the measured figures, as the page on performance shows it. Pure but for its command.

python -m bench.page       # writes it into docs/explanation/performance.md
"""

import json
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs/explanation/performance.md"
BEGIN, END = "<!-- table -->", "<!-- end of the table -->"


def table(results: Mapping[str, Any]) -> str:
    """Markdown: what was measured, ours, the floor, the ratio, the target and whether it is met."""
    lines = [
        f"{results['rows']:,} rows in the large tables, medians of {results['times']}; {results['machine']}.",
        "",
        "| | figure | ours | floor | | ratio | target | |",
        "|---|---|--:|--:|---|--:|--:|---|",
    ]
    for of, figures in groupby(results["figures"], key=lambda figure: figure["of"]):
        lines += _rows(of, figures)
    return "\n".join(lines)


def _rows(of: str, figures: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for n, figure in enumerate(figures):
        verdict = {True: "met", False: "**missed**", None: ""}[figure["met"]]
        cells = [
            of if n == 0 else "",
            figure["name"].strip() if figure["target"] else f"*{figure['name'].strip()}*",
            _number(figure["ours"]),
            _number(figure["floor"]),
            figure["unit"],
            f"{figure['ratio']:.2f}" if figure["ratio"] is not None else "",
            figure["target"] or "",
            verdict,
        ]
        yield f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def written(page: str, results: Mapping[str, Any]) -> str:
    """The page with the table in its place."""
    between = f"{BEGIN}\n{table(results)}\n{END}"
    return re.sub(f"{BEGIN}.*{END}", lambda _: between, page, flags=re.DOTALL)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(), json.loads((HERE / "results.json").read_text())))
