"""Every example service."""

from typing import Final

from examples.casenote.world import CASENOTE
from examples.lets.world import LETS
from examples.litecam.world import LITECAM
from examples.made_up.service import Service
from examples.plask.world import PLASK
from examples.talk_with_me.world import TALK_WITH_ME

SERVICES: Final[tuple[Service, ...]] = (LETS, LITECAM, TALK_WITH_ME, CASENOTE, PLASK)
