"""Two lives as values: an item's under the promise, and a person's in the service. Pure.

``plan.timeline`` and ``plan.person`` find them, ``render`` draws them; they stand here because both look down.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from jikim.policy.model import DataItem, Policy, Processing
from jikim.policy.parts import LocalText
from jikim.policy.period import Period
from jikim.policy.retention import Combine

Taken = Literal["required", "optional", "automatic"]
"""How a processing takes an item: see :class:`jikim.policy.model.Items`."""


@dataclass(frozen=True)
class Phase:
    """A stretch of an item's life.

    :param lasts: None: until the trigger of the :class:`Way` it belongs to. Else until that long after the
        trigger; of ``destroyed``, at most that long after the end of keeping. A grace counts inside.
    """

    kind: Literal["in use", "locked", "apart", "destroyed"]
    lasts: Period | None


@dataclass(frozen=True)
class Way:
    """From collection to destruction, by one trigger."""

    trigger: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class Use:
    """What one processing means for an item.

    :param ways: no way where a published text gives no period; with several, ``combine`` tells which ends it.
    :param places: the cells it stands in, as ``table.column``, where schedules were given.
    """

    processing: Processing
    taken: Taken
    combine: Combine
    ways: tuple[Way, ...]
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """What one statute means for an item: apart from everything else, and with these items only."""

    id: str
    record: LocalText
    law: LocalText
    article: LocalText
    way: Way
    items: tuple[DataItem, ...]
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemLife:
    """The life that one or more items lead alike."""

    items: tuple[DataItem, ...]
    uses: tuple[Use, ...]
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class Timeline:
    """The life of every item of a policy, in the policy's order."""

    policy: Policy
    within: Period
    lives: tuple[ItemLife, ...]


@dataclass(frozen=True)
class Happening:
    """One thing that happened to a person's data, as a receipt or the service's own books say it.

    :param action: ``recorded`` or ``removed`` (the service wrote or removed rows), ``archive``, ``mask``,
        ``stub``, ``destroy``, ``expire`` (jikim did), or a dated fact such as ``membership ended``.
    :param rows: how many rows; of ``expire``, how many archived copies.
    :param copies: archived copies made by ``archive`` or ``stub``.
    :param because: clauses and articles.
    """

    at: datetime
    action: str
    table: str = ""
    rows: int = 0
    copies: int = 0
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What happened at one instant, and how many rows were left after it, in use and apart."""

    at: datetime
    by: Literal["service", "jikim"]
    happenings: tuple[Happening, ...]
    in_use: int
    apart: int


@dataclass(frozen=True)
class Stay:
    """A stretch of time in which rows of one table stood in one state.

    :param stop: None: they still do.
    :param ended_by: the action of the happening that ended it.
    """

    table: str
    state: Literal["in use", "masked", "apart"]
    start: datetime
    stop: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True)
class PersonLife:
    """One person's life in the service, up to ``as_of``."""

    scenes: tuple[Scene, ...]
    stays: tuple[Stay, ...]
    as_of: datetime
