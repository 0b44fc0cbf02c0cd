"""A world is lived through: it opens, and between sweeps the service goes on; each store is judged at each sweep."""

from collections import Counter
from random import Random

from tests.keeping import promise_of
from tests.worlds.build import Place
from tests.worlds.history import Service
from tests.worlds.judge import Meant, idle, settled
from tests.worlds.world import Now, World, Write

from jikim.plan.telling import Telling


class Life:
    """One world, as it is meant and as stores hold it."""

    def __init__(self, world: World, places: list[Place]) -> None:
        self.world, self.places, self.service = world, places, Service(world)
        self.meant = Meant.of(world, promise_of(world.policy_text, world.map_text))

    def write(self, writes: list[Write]) -> None:
        """The service writes the same everywhere."""
        for holder in (self.meant, *self.places):
            holder.write(writes)

    def tell(self, words: list[Telling]) -> None:
        """The ledger tells everybody the same."""
        for holder in (self.meant, *self.places):
            holder.hear(words)

    def lived(self, dice: Random) -> Counter[str]:
        """From its first rows to its last sweep; what came to pass on the way."""
        self.write(self.service.opens(dice))
        for as_of in self.world.dates:
            self.tell(self.service.tells(dice, self.meant.model.tables, Now(as_of, self.world.zone, 0)))
            swept = self.meant.sweep(as_of)
            for place in self.places:
                settled(swept, self.meant, place)
                if as_of == self.world.dates[-1]:
                    idle(swept, self.meant, place)
            self.write(self.service.goes_on(dice, self.meant.model.tables, Now(as_of, self.world.zone, 0)))
        return self.meant.met
