"""Dice whose every throw hypothesis chooses, so that a world that fails shrinks; and how many worlds they draw.

In every choice of the grammar the plainest comes first, and `chance` says no: what is left is what the failure needs.
"""

import os
import secrets
from typing import Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

DICE: Final = st.randoms(use_true_random=False)
PLACES: Final = st.sampled_from(["file", "database", "apart"])
SEED: Final = os.environ.get("JIKIM_SEED") or secrets.token_hex(4)
_EVERY: Final = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
ALWAYS_THE_SAME: Final = settings(_EVERY, derandomize=True, phases=[Phase.generate])
MANY: Final = settings(
    _EVERY,
    max_examples=int(os.environ.get("JIKIM_WORLDS", "300")),
    phases=[Phase.generate, Phase.shrink],
    report_multiple_bugs=False,
)
"""Each time others; ``JIKIM_SEED`` repeats those of an earlier time."""
