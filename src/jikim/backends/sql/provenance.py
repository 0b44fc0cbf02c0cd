"""How an archive says why its copies are kept: once, in a table of its own, which copies name by a column."""

from typing import Final

PROVENANCE: Final = "jikim_provenance"
"""The table, and the column."""
BECAUSE: Final = "p.law as jikim_law, p.article as jikim_article, p.plan as jikim_plan, p.run as jikim_run"
"""What it says there (``p``), as whoever is shown a copy reads it."""
UNSAID: Final = frozenset({"jikim_pending", PROVENANCE})
"""Columns of a copy that say nothing to anybody else."""
