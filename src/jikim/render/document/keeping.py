"""How long something is kept, as published pages say it: a rule of clocks as one phrase. Pure."""

from collections.abc import Iterable

from jikim.policy.period import NO_PERIOD
from jikim.policy.retention import Clock, RetentionRule
from jikim.policy.triggers import TRIGGERS, UNSTATED
from jikim.render.document.words import NOT_STATED, WHEN
from jikim.render.particles import with_particle
from jikim.render.wording import Language, period, say


def trigger(name: str, language: Language) -> str:
    """What ends or starts a period: in English a clause, which follows ``until`` or ``after``."""
    meaning = TRIGGERS[name]
    return meaning.ko if language == "ko" else WHEN.get(name, meaning.en)


def keep(rule: RetentionRule | None, language: Language) -> str:
    """A retention rule as one phrase; with several clocks it says which of them counts."""
    if rule is None:
        return say(NOT_STATED, language)
    each = [_clock(clock, language) for clock in rule.clocks]
    if len(each) == 1:
        return each[0]
    return _korean(each, rule.combine) if language == "ko" else _english(each, rule.combine)


def _korean(each: list[str], combine: str) -> str:
    which = "먼저" if combine == "first" else "나중에"
    ends = [one.removesuffix(" 시까지") for one in each]
    paired = len(ends) == 2 and not any("또는" in one for one in ends)
    among = f"{with_particle(ends[0], '과')} {ends[1]}" if paired else ", ".join(ends)
    return f"{among} 가운데 {which} 오는 때까지"


def _english(each: list[str], combine: str) -> str:
    ends = [one.removeprefix("until ") for one in each if one.startswith("until ")]
    lasts = [one for one in each if not one.startswith("until ")]
    if not lasts:
        return f"until {either(ends)}, whichever comes {combine}"
    if ends and combine == "first":
        return f"{either(lasts)}, or earlier if {either(ends)}"
    return f"{either(each)}, whichever comes {combine}"


def either(each: Iterable[str]) -> str:
    """English words of which one is enough; a comma parts them where one of them has an ``or`` of its own."""
    parts = list(each)
    last = ", or " if any(" or " in one for one in parts) else " or "
    return last.join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _clock(clock: Clock, language: Language) -> str:
    length = period(clock.period, language)
    if clock.trigger == UNSTATED:
        return f"{length} ({say(('언제부터인지 밝히지 않음', 'it is not stated from when'), language)})"
    fact = trigger(clock.trigger, language)
    if clock.period == NO_PERIOD:
        return say((f"{fact} 시까지", f"until {fact}"), language)
    return say((f"{fact} 후 {length}", f"{length} after {fact}"), language)
