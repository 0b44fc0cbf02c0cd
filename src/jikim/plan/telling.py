"""One word about a fact that stands in no row of the service: it holds from then on, or holds no longer. Pure.

The ledger keeps these words in order; a store is told each of them once. What a store must be told before anything
is destroyed in it: that a person withdrew or gave a consent again, that a court wants rows kept, that use is
restricted while something is put right, that the service as a whole has closed.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from jikim.plan.schedule import Hold, Restriction

Kind = Literal["person", "service", "hold", "restriction"]


@dataclass(frozen=True)
class Telling:
    """What is said of one fact.

    ``name`` is the fact's, or the case of a hold; ``id`` what a hold or a restriction goes by; ``happened_at`` when the
    fact happened, None where it has not after all, or the hold or restriction is over; ``at`` when it was said.
    """

    kind: Kind
    at: datetime
    name: str
    happened_at: datetime | None = None
    id: str = ""
    subject: str | None = None
    key: tuple[str, ...] = ()
    table: str | None = None
    because: str = ""

    @classmethod
    def of_hold(cls, hold: Hold, *, because: str, at: datetime) -> "Telling":
        """A legal hold is in force."""
        return cls("hold", at, hold.case, at, hold.id, hold.subject, hold.key, hold.table, because)

    @classmethod
    def of_restriction(cls, restriction: Restriction, *, because: str, at: datetime) -> "Telling":
        """Use of a person's data is restricted."""
        said = restriction
        return cls("restriction", at, "", at, said.id, said.subject, said.key, because=because)

    @classmethod
    def over(cls, kind: Literal["hold", "restriction"], id: str, *, at: datetime) -> "Telling":
        """A hold or a restriction has ended."""
        return cls(kind, at, "", None, id)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON, its instants in UTC."""
        spelled = {
            n: v.astimezone(UTC).isoformat() if isinstance(v, datetime) else v
            for n, v in asdict(self).items()
        }
        return {**spelled, "key": list(self.key)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Telling":
        """Read what :meth:`to_json` wrote."""
        at, happened = (value[n] and datetime.fromisoformat(value[n]) for n in ("at", "happened_at"))
        return cls(**{**value, "at": at, "happened_at": happened, "key": tuple(value["key"])})
