"""A length of time as a policy states it: `5 days`, `3개월`. Pure.

A period is a count and a unit and stays one: how many days a month has depends on where it starts, which
:mod:`jikim.law.counting` decides.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

Unit = Literal["hours", "days", "weeks", "months", "years"]

_MOST: Final[dict[Unit, int]] = {
    "hours": 876_600,
    "days": 36_525,
    "weeks": 5_217,
    "months": 1_200,
    "years": 100,
}
"""A hundred years in each unit: beyond that a number is a slip of the hand, not a promise."""

_KOREAN: Final[dict[Unit, str]] = {
    "hours": "시간",
    "days": "일",
    "weeks": "주",
    "months": "개월",
    "years": "년",
}
_WORDS: Final[dict[str, Unit]] = {
    word: unit for unit in get_args(Unit) for word in (unit, unit.removesuffix("s"), _KOREAN[unit])
}
_WRITTEN: Final = re.compile(r"\s*([0-9]+)\s*([a-z]+|[가-힣]+)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """A count of one unit, at least one and at most a hundred years.

    The single exception is :data:`NO_PERIOD`, which says "until" an event and no longer.

    :raises ValueError: the count is out of bounds; the message is short and names no position.
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if (self.count, self.unit) == (0, "days"):
            return
        if self.count < 1:
            raise ValueError("a period must be at least one")
        if self.count > _MOST[self.unit]:
            raise ValueError("a period may not exceed 100 years")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Reads digits and a unit, in English or Korean: ``5 days``, ``1 year``, ``72시간``, ``3개월``.

        :raises ValueError: why the text is no period; short, lower case, without its position.
        """
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"`{text}` is no period: write digits and a unit, such as `5 days` or `5일`")
        digits, word = written.groups()
        if word == "월":
            raise ValueError(f"`{text}` names a month of the year: for a length of time write `{digits}개월`")
        unit = _WORDS.get(word.lower())
        if unit is None:
            raise ValueError(f"`{word}` is no unit of time: use hours, days, weeks, months or years")
        count = int(digits)
        if count == 0:
            raise ValueError("a period must be at least one")
        return cls(count, unit)

    def __str__(self) -> str:
        return f"{self.count} {self.unit.removesuffix('s') if self.count == 1 else self.unit}"

    def korean(self) -> str:
        """As Korean law and policies write it: ``5일``, ``3개월``."""
        return f"{self.count}{_KOREAN[self.unit]}"


NO_PERIOD: Final = Period(0, "days")
"""No time beyond the trigger: "until membership ended". It cannot be written as a number."""
