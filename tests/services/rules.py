"""A service's promise with a rule taken out or changed: what a test expects must not be so any more. Pure."""

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

import yaml
from examples.made_up.service import Service
from tests.keeping import promise_of

from jikim.operations.plan_sweep import Promise

DROPPED: Final = object()
Edit = tuple[str, object]
"""A place, ``policy/…`` or ``map/…``, and what stands there now; ``sql``, and what is run in the database."""


class Case(NamedTuple):
    """A test that must fail, and what is changed for it."""

    test: Callable[..., None]
    edits: tuple[Edit, ...]


def keep(processing: str, rule: object) -> tuple[Edit, ...]:
    """Another period for one processing."""
    return ((f"policy/processing/{processing}/keep", rule),)


def by_law(record: str, law: str) -> tuple[Edit, ...]:
    """Another law for one record."""
    return ((f"policy/kept_by_law/{record}/law", law),)


def without_record(record: str, *places: str) -> tuple[Edit, ...]:
    """No such record: neither in the policy nor for these tables (or classes of rows) of the map."""
    dropped = ((f"map/tables/{place}/records", DROPPED) for place in places)
    return ((f"policy/kept_by_law/{record}", DROPPED), *dropped)


def changed(service: Service, edits: tuple[Edit, ...]) -> Promise:
    """A service's promise with something else, or nothing, in these places. Raises ``KeyError`` for no place."""
    files = copy.deepcopy(_written(service))
    for place, value in edits:
        if place == "sql":
            continue
        *steps, last = place.split("/")
        at: Any = files
        for step in steps:
            at = at[step]
        if value is DROPPED:
            del at[last]
        else:
            at[last] = copy.deepcopy(value)
    return promise_of(*(json.dumps(file, default=str).encode() for file in files.values()))


@cache
def _written(service: Service) -> dict[str, Any]:
    files = {"policy": "policy.yaml", "map": "datamap.yaml"}
    return {name: yaml.safe_load((service.folder / file).read_bytes()) for name, file in files.items()}
