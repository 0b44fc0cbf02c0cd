"""A world's story is drawn beside the memory model, and lived through in stores: each is judged at each sweep."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from tests.keeping import promise_of
from tests.worlds.build import Place
from tests.worlds.history import Service
from tests.worlds.judge import Meant, idle, settled
from tests.worlds.world import Now, World, Write

from jikim.plan.telling import Telling


@dataclass(frozen=True)
class Night:
    """What the service wrote and the ledger told since the last sweep, and when the next one is."""

    writes: list[Write]
    told: list[Telling]
    as_of: datetime

    def __repr__(self) -> str:
        """As a reader follows it."""
        return "\n".join([*map(repr, self.writes), *map(repr, self.told), f"-- sweep as of {self.as_of}"])


@dataclass
class Story:
    """From a world's first rows to its last sweep, and what came to pass on the way."""

    world: World
    nights: list[Night] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    def __repr__(self) -> str:
        """As a reader follows it."""
        return "\n".join(map(repr, self.nights))


def story(dice: Random, world: World) -> Story:
    """Draw what happens: what is written next depends on what the sweeps before have left. Pure."""
    meant, service = Meant.of(world, promise_of(world.policy_text, world.map_text)), Service(world)
    drawn = Story(world, met=meant.met)
    for as_of in world.dates:
        now, left = Now(as_of, world.zone, 0), meant.model.tables
        writes = service.goes_on(dice, left, now) if drawn.nights else service.opens(dice)
        meant.write(writes)
        night = Night(writes, service.tells(dice, left, now), as_of)
        meant.hear(night.told)
        drawn.nights.append(night)
        meant.sweep(as_of)
    return drawn


def lived(drawn: Story, place: Place) -> None:
    """The same in a store, which must be as the memory model is after each sweep."""
    meant = Meant.of(drawn.world, place.promise)
    for night in drawn.nights:
        for holder in (meant, place):
            holder.write(night.writes)
            holder.hear(night.told)
        swept = meant.sweep(night.as_of)
        settled(swept, meant, place)
    idle(swept, meant, place)
