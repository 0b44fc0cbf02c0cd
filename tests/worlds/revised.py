"""A new version of a world's promise: another period, or one more statute. Pure but for the world it changes."""

from random import Random
from typing import Any

from tests.worlds.claims import LAWS, PERIODS
from tests.worlds.values import several
from tests.worlds.world import World


def revised(dice: Random, world: World) -> str:
    """Change the promise; how."""
    what = dice.choice(["another period", "another statute"])
    (_period if what == "another period" else _statute)(dice, world)
    return what


def _period(dice: Random, world: World) -> None:
    """A processing keeps longer, or not as long."""
    processing = dice.choice(list(world.policy["processing"].values()))
    rule = processing["keep"]
    clocks = [rule] if isinstance(rule, str) else next(iter(rule.values()))
    trigger = clocks[0].partition(" after ")[2] or clocks[0].removeprefix("until ")
    clocks = list(dict.fromkeys([f"{dice.choice(PERIODS)} after {trigger}", *clocks[1:]]))
    processing["keep"] = clocks[0] if len(clocks) == 1 else {next(iter(rule)): clocks}


def _statute(dice: Random, world: World) -> None:
    """One of a table's facts begins one more record of what it holds."""
    table = world.tables[dice.choice([t for t in world.tables if t.startswith("table_")])]
    items = [item for c in table.columns.values() for item in _items(c.said)]
    own = [t for t, fact in table.said["facts"].items() if "." not in str(fact)]
    if not own or not items:
        return
    name = f"law-{len(world.policy['kept_by_law'])}"
    world.policy["kept_by_law"][name] = {
        "label": {"ko": name, "en": name},
        "law": dice.choice(list(LAWS)),
        "after": dice.choice(own),
        "items": several(dice, items, k=1),
    }
    said = dice.choice(list(table.said["rows"].values())) if "rows" in table.said else table.said
    said["records"] = [*said.get("records", []), name]


def _items(said: Any) -> list[str]:
    """The items that a column holds, as the map says it."""
    if isinstance(said, str):
        return [said]
    return [] if not said else [said["item"]] if "item" in said else list(said["json"].values())
