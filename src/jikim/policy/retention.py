"""How long: clocks that a dated fact starts, and which of several counts. Pure.

A rule reads as people say it::

    until membership ended
    1 year after recorded
    {until first of: [membership ended, service closed]}
    {first of: [until consent withdrawn, 1 year after recorded]}
    {last of: [until membership ended, 90 days after contract completed]}

How days are counted is not decided here but in ``law.counting``.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

from jikim.errors import JikimError
from jikim.policy.period import NO_PERIOD, Period
from jikim.policy.triggers import TRIGGERS, UNSTATED
from jikim.shape import did_you_mean

Combine = Literal["first", "last"]

_FORMS: Final = (
    "`until membership ended`, `1 year after recorded`, "
    "or {until first of: [membership ended, service closed]}"
)


class RetentionError(JikimError):
    """A retention rule that cannot be read.

    :param at: keys and indexes from the rule to the word that is wrong.
    """

    def __init__(self, message: str, *, fix: str = "", at: tuple[str | int, ...] = ()) -> None:
        super().__init__(message, fix=fix)
        self.at = at


@dataclass(frozen=True, slots=True)
class Clock:
    """``period`` after ``trigger``; a period of 0 days means "until"."""

    trigger: str
    period: Period

    def __str__(self) -> str:
        return f"until {self.trigger}" if self.period == NO_PERIOD else f"{self.period} after {self.trigger}"

    @classmethod
    def parse(cls, text: str) -> "Clock":
        """Reads ``until TRIGGER`` or ``PERIOD after TRIGGER``. Raises :class:`RetentionError`."""
        words = " ".join(text.split())
        if words == f"until {UNSTATED}":
            raise RetentionError("`until unstated` says nothing", fix="write `unstated` alone")
        if words.startswith("until "):
            return cls(_trigger(words.removeprefix("until ")), NO_PERIOD)
        period, after, trigger = words.partition(" after ")
        if not after:
            raise _no_start(words)
        return cls(_trigger(trigger), _period(period))


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """One or more clocks, and whether the first or the last of them ends the keeping."""

    combine: Combine
    clocks: tuple[Clock, ...]

    @property
    def triggers(self) -> frozenset[str]:
        """Every fact this rule waits for."""
        return frozenset(clock.trigger for clock in self.clocks)

    def __str__(self) -> str:
        """One spelling for every way of writing the same rule."""
        if len(self.clocks) == 1:
            return str(self.clocks[0])
        return f"{self.combine} of: {', '.join(sorted(map(str, self.clocks)))}"

    @classmethod
    def parse(cls, value: Any) -> "RetentionRule":
        """Reads a rule from text or from a one-key map. Raises :class:`RetentionError`."""
        if isinstance(value, str):
            return cls("first", (Clock.parse(value),))
        if not (isinstance(value, dict) and len(value) == 1):
            raise RetentionError("this is not a retention rule", fix=f"write {_FORMS}")
        head, entries = next(iter(value.items()))
        words = head.split()
        until = words[:1] == ["until"]
        if words[until:] not in (["first", "of"], ["last", "of"]):
            near = did_you_mean(head, ("until first of", "until last of", "first of", "last of"))
            raise RetentionError(f"`{head}` does not begin a retention rule", fix=near or f"write {_FORMS}")
        combine: Combine = "first" if words[until] == "first" else "last"
        return cls(combine, _clocks(head, entries, until=until))


def _clocks(head: str, entries: Any, *, until: bool) -> tuple[Clock, ...]:
    if not (
        isinstance(entries, list) and len(entries) > 1 and all(isinstance(each, str) for each in entries)
    ):
        raise RetentionError("two or more entries are expected, as a list of text", fix=f"write {_FORMS}")
    clocks: list[Clock] = []
    for place, entry in enumerate(entries):
        try:
            clock = Clock.parse(f"until {entry}" if until else entry)
        except RetentionError as error:
            raise RetentionError(str(error), fix=error.fix, at=(head, place)) from None
        if clock in clocks:
            raise RetentionError(f"`{entry}` is written twice", fix="keep one of the two", at=(head, place))
        clocks.append(clock)
    return tuple(clocks)


def _trigger(words: str) -> str:
    if words in TRIGGERS:
        return words
    raise RetentionError(
        f"`{words}` is not a trigger",
        fix=did_you_mean(words, TRIGGERS) or f"one of: {', '.join(TRIGGERS)}",
    )


def _period(words: str) -> Period:
    try:
        return Period.parse(words)
    except ValueError as error:
        raise RetentionError(str(error)) from None


def _no_start(words: str) -> RetentionError:
    try:
        Period.parse(words)
    except ValueError:
        near = did_you_mean(words.partition(" ")[0], ("until",))
        return RetentionError(f"`{words}` is not a retention rule", fix=near or f"write {_FORMS}")
    return RetentionError(
        f"`{words}` does not say when it starts",
        fix=f"write what starts it, such as `{words} after recorded`; "
        f"for a published text that names no start, write `{words} after unstated`",
    )
