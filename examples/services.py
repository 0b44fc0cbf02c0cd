"""Every example service."""

from typing import Final

from examples.made_up.service import Service
from examples.plask.world import PLASK

SERVICES: Final[tuple[Service, ...]] = (PLASK,)
