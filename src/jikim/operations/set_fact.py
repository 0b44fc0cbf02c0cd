"""What somebody may tell of facts that stand in no row of the service, and about whom."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from jikim.backends.base import StoreError
from jikim.datamap.told import PER_CLAIM, Told, column_of, fact_name, table_of
from jikim.plan.schedule import FactRef, Schedules, StoreFact
from jikim.plan.telling import Telling
from jikim.shape import did_you_mean


def of_service(name: str, when: datetime | None, *, at: datetime, schedules: Schedules) -> Telling:
    """Something happened to the service as a whole, or has not after all; said again, the later word counts.

    :raises StoreError: no clock of the promise waits for it.
    """
    known = service_facts(schedules)
    if name not in known:
        fix = did_you_mean(name, known) or (f"known: {', '.join(known)}" if known else "")
        raise StoreError(f"no period of the policy starts with `{name}` of the service as a whole", fix=fix)
    return Telling("service", at, name, when)


def service_facts(schedules: Schedules) -> list[str]:
    """The facts about the service as a whole that clocks wait for."""
    clocks = (k for s in schedules for v in s.variants for c in v.claims for k in c.clocks)
    return sorted({k.fact.name for k in clocks if isinstance(k.fact, StoreFact)})


def asked(told: Iterable[Told], schedules: Schedules) -> tuple[Told, ...]:
    """What is told about people, as far as some clock waits for it."""
    clocks = (k for s in schedules for v in s.variants for c in v.claims for k in c.clocks)
    refs = [clock.fact.ref for clock in clocks if isinstance(clock.fact, FactRef)]
    read = {(ref.hops[-1].table, ref.column) for ref in refs if ref.hops}
    return tuple(
        replace(t, facts=tuple(f for f in t.facts if (table_of(t.subject), column_of(f)) in read))
        for t in told
    )


def of_person(
    trigger: str,
    when: datetime | None,
    *,
    of: str,
    subject: str,
    key: tuple[str, ...],
    at: datetime,
    told: Sequence[Told],
) -> Telling:
    """Something happened to one person, or has not after all.

    :param of: the processing it is about, where it is about one.
    :raises StoreError: the map asks for no such fact.
    """
    theirs = next((each for each in told if each.subject == subject and each.facts), None)
    if theirs is None:
        known = ", ".join(f"`{each.subject}`" for each in told)
        raise StoreError(
            f"the map asks the ledger for nothing about a `{subject}`",
            fix=f"it asks about {known}" if known else f"facts: {{{trigger}: {{from: ledger}}}}",
        )
    if trigger in PER_CLAIM and not of:
        claims = [fact.partition(" of ")[2] for fact in theirs.facts if fact.startswith(f"{trigger} of ")]
        raise StoreError(
            f"`{trigger}` is about one processing", fix=f"say --of {' or '.join(claims) or 'ID'}"
        )
    fact = fact_name(trigger, of)
    if fact not in theirs.facts or (of and trigger not in PER_CLAIM):
        said = f"{trigger} of {of}" if of else trigger
        fix = did_you_mean(said, theirs.facts) or f"known: {', '.join(theirs.facts)}"
        raise StoreError(f"the map does not ask the ledger for `{said}` of a `{subject}`", fix=fix)
    return Telling("person", at, fact, when, subject=subject, key=key)
