"""Show a map: whose data lies in which table, as a tree for the terminal or as a drawing. Reads no store."""

from typing import Literal

from jikim.datamap.show import show
from jikim.operations.plan_sweep import Promise
from jikim.render.mapsvg import drawn
from jikim.render.maptree import tree
from jikim.render.wording import Language


def show_map(promise: Promise, *, form: Literal["tree", "svg"], language: Language) -> str:
    """The map as text: lines for a terminal, or one SVG file that stands alone."""
    shown = show(promise.datamap, promise.resolved.policy, language=language)
    return tree(shown, language=language) if form == "tree" else drawn(shown, language=language)
