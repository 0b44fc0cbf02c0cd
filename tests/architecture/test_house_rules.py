"""What every file keeps to, whoever writes it."""

import ast
import itertools
import os
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from tests.servers import PROJECT

SOURCES = sorted((PROJECT / "src/jikim").rglob("*.py"))
NAMELESS = {"base_utils", "common", "core", "helper", "helpers", "misc", "util", "utils"}
LONGEST_FILE = 600
LONGEST_FUNCTION = 60
LEFT_BEHIND = (".git", *(line.rstrip("/") for line in (PROJECT / ".gitignore").read_text().split()))
WALL_CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}
# Written in pieces, so that this file is not a finding of its own.
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("debian", "org/debian"),
            ("proxy", "golang", "org"),
            ("maven", "org"),
        )
    )
)
MACHINE_PATHS = re.compile(
    r"(?:^|[^\w.])/(?:" + "|".join(("work", "farm", "root", "home")) + r")/", re.MULTILINE
)


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for file in SOURCES:
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def place(file: Path, line: int) -> str:
    return f"{file.relative_to(PROJECT)}:{line}"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every text file of the project, by name; not what tools and tests leave behind."""
    found = {}
    for directory, below, names in os.walk(PROJECT):
        below[:] = [each for each in below if not any(fnmatch(each, left) for left in LEFT_BEHIND)]
        for file in (Path(directory, name) for name in names):
            content = file.read_bytes()
            if b"\0" not in content:
                found[str(file.relative_to(PROJECT))] = content.decode(errors="replace")
    assert {"pyproject.toml", ".ci/run", "src/jikim/clock.py"} <= found.keys()
    return found


def test_every_module_says_what_it_is() -> None:
    assert not [str(file) for file, tree in trees() if not ast.get_docstring(tree)]


def test_every_room_says_whether_it_is_pure() -> None:
    rooms = [
        (file, tree)
        for file, tree in trees()
        if file.parent.parent.name == "jikim" and file.stem == "__init__"
    ]
    assert rooms
    silent = [
        str(file)
        for file, tree in rooms
        if not re.search(r"\b(Pure|Effectful)\b", ast.get_docstring(tree) or "")
    ]
    assert not silent


def test_nothing_has_a_name_that_means_nothing() -> None:
    assert not [str(file) for file in SOURCES if NAMELESS & {file.stem, *file.relative_to(PROJECT).parts}]


def test_a_file_holds_one_thing() -> None:
    lengths = {str(file): len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCES}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FILE}


def test_a_function_fits_on_a_screen() -> None:
    assert not [
        f"{place(file, node.lineno)} {node.name}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]


def test_no_error_is_caught_that_was_not_expected() -> None:
    def names(kind: ast.expr | None) -> set[str]:
        if kind is None:
            return {"Exception"}
        parts = kind.elts if isinstance(kind, ast.Tuple) else [kind]
        return {part.id for part in parts if isinstance(part, ast.Name)}

    assert not [
        place(file, node.lineno)
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and names(node.type) & {"Exception", "BaseException"}
    ]


def test_the_time_of_day_is_read_in_one_place() -> None:
    def last_two(called: ast.AST) -> tuple[str, str] | None:
        if not isinstance(called, ast.Attribute):
            return None
        owner = called.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        return name, called.attr

    readings = {
        str(file.relative_to(PROJECT))
        for file, tree in trees()
        for node in ast.walk(tree)
        if last_two(node) in WALL_CLOCKS
        or (
            isinstance(node, ast.ImportFrom)
            and {(node.module, each.name) for each in node.names} & WALL_CLOCKS
        )
    }
    assert readings == {"src/jikim/clock.py"}


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    assert not {name: found[0] for name, text in texts.items() if (found := REGISTRIES.search(text))}


def test_no_file_names_a_place_on_somebodys_machine(texts: dict[str, str]) -> None:
    assert not {name: found[0] for name, text in texts.items() if (found := MACHINE_PATHS.search(text))}


def test_every_package_has_one_exact_version(texts: dict[str, str]) -> None:
    lines = texts["constraints.txt"].splitlines()
    assert not [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)]
    names = [re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in lines]
    assert names == sorted(set(names))
    project = tomllib.loads(texts["pyproject.toml"])["project"]
    wanted = [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    assert not {re.split(r"[^a-z0-9-]", each.lower())[0] for each in wanted} - set(names)
