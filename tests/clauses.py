"""The clauses of the five published policies, and the tests that hold the database to them. Reads files.

Each example service says in ``clauses.yaml`` what each clause of its published text asks, in our own words; whether
it is ``text`` that nothing can keep; and what is ``missing`` before it is kept. Tests name the clauses that they
enforce before the colon of their docstring.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from examples.services import SERVICES

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "reference" / "clauses.md"
FOLDERS: Final = ("acceptance", "services")
CLAUSES: Final = {0: 26, 1: 52, 2: 24, 3: 24, 4: 43}
"""How many clauses each of the published texts has."""
_NAMED: Final = re.compile(r"((?:[0-4]-\d\d(?:, )?)+): ")


@dataclass(frozen=True)
class Clause:
    """One clause of a published text.

    :param asks: what a running system must do for it, in our words.
    :param text: words that nothing can keep.
    :param missing: what closes it, where something is still missing.
    :param tests: the tests that hold a store to it, as ``file::name``.
    """

    id: str
    asks: str
    text: bool = False
    missing: str = ""
    tests: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """``enforced``, ``text only`` or ``not yet``."""
        if self.text:
            return "text only"
        return "enforced" if self.tests and not self.missing else "not yet"


def every_clause() -> dict[str, list[Clause]]:
    """The clauses of each service, by its name."""
    tests: dict[str, list[str]] = {}
    for id, test in naming_tests():
        tests.setdefault(id, []).append(test)
    return {
        service.id: [
            Clause(id=id, **said, tests=tuple(tests.get(id, ())))
            for id, said in yaml.safe_load((service.folder / "clauses.yaml").read_text()).items()
        ]
        for service in SERVICES
    }


def naming_tests() -> Iterator[tuple[str, str]]:
    """Each clause that a test names, and the test."""
    for folder in FOLDERS:
        for file in sorted((ROOT / "tests" / folder).glob("test_*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    yield from (
                        (id, f"{folder}/{file.name}::{node.name}")
                        for id in clauses_in(ast.get_docstring(node))
                    )


def clauses_in(docstring: str | None) -> list[str]:
    """The clauses that a test's docstring names before its colon."""
    found = _NAMED.match(docstring or "")
    return re.findall(r"[0-4]-\d\d", found[1]) if found else []


def page() -> str:
    """The table of all clauses."""
    clauses = every_clause()
    states = ("enforced", "text only", "not yet")
    lines = [
        "# The clauses of five published policies",
        "",
        "Five real services' policies are what jikim was made after; `examples/` keeps a corrected promise for each.",
        "This page says of every clause what it asks of a running system, and which tests hold a real store to it.",
        "Of each clause that is enforced, a test was also run without the rule, and failed. The page is generated from",
        "the `clauses.yaml` of each example and from the tests; do not edit it.",
        "",
        "- **enforced**: tests hold a store to it.",
        "- **text only**: words to the reader that no system can keep.",
        "- **not yet**: something is missing, and is named. Tests that are named hold a part of it.",
        "",
        "| service | clauses | enforced | text only | not yet |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for service, found in clauses.items():
        counts = [sum(clause.state == state for clause in found) for state in states]
        lines.append(f"| [{service}](#{service}) | {len(found)} | {' | '.join(map(str, counts))} |")
    total = [clause for found in clauses.values() for clause in found]
    counts = [sum(clause.state == state for clause in total) for state in states]
    lines.append(f"| all | {len(total)} | {' | '.join(map(str, counts))} |")
    for service, found in clauses.items():
        lines += [
            "",
            f"## {service}",
            "",
            "| clause | what it asks | state | by |",
            "| --- | --- | --- | --- |",
        ]
        for clause in found:
            by = "<br>".join(f"`{test}`" for test in clause.tests)
            missing = f"missing: {clause.missing}" if clause.missing else ""
            lines.append(
                f"| {clause.id} | {clause.asks} | {clause.state} | {'<br>'.join(filter(None, (missing, by)))} |"
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
