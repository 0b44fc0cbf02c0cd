"""Whether a version of the policy may be published: every reason against it, each with its remedy. Pure.

What was promised about changes binds while it is in force (개인정보 보호법 제30조③), so a new version is judged beside
the one before it: the days between announcement and effect, and the consents that change with it. A first version
changes nothing for anybody; it need only be right.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jikim.law.counting import NoticeReading, first_effective_day
from jikim.notices.change import Consent, Demand, consents, demands, least_notice, promised
from jikim.policy.digest import meaning
from jikim.policy.model import Policy
from jikim.policy.period import Period
from jikim.source import Diagnostic, Severity

_READINGS: tuple[NoticeReading, ...] = ("strict", "lenient")
_OWN = frozenset({"version", "announced", "effective", "editions"})


@dataclass(frozen=True)
class Refusal:
    """Why it may not be published as it is, and the remedy."""

    reason: str
    fix: str


@dataclass(frozen=True)
class Judgement:
    """What a new version demands, and what stands against publishing it.

    :param notice: the least time between announcement and effect; None where nothing is promised, or nothing changed.
    :param earliest: the first day on which it may take effect, by either reading.
    :param asked: consents that the change needs.
    """

    demands: tuple[Demand, ...]
    notice: Period | None
    earliest: Mapping[NoticeReading, date]
    asked: tuple[Consent, ...]
    refusals: tuple[Refusal, ...]

    @property
    def reworded(self) -> tuple[str, ...]:
        """Processings and recipients whose purpose is only said otherwise, as far as a program can tell."""
        return tuple(str(each.change.path[1]) for each in self.demands if each.change.kind == "reworded")

    def to_json(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "notice": str(self.notice) if self.notice else None,
            "earliest": {reading: day.isoformat() for reading, day in self.earliest.items()},
            "changes": len(self.demands),
            "consents": [{"about": list(c.about), "to": c.to, "again": c.again} for c in self.asked],
            "reworded": list(self.reworded),
        }


def judge(
    policy: Policy,
    *,
    before: Policy | None,
    found: Iterable[Diagnostic],
    reading: NoticeReading = "strict",
    because: str = "",
    planned: Iterable[str] = (),
    today: date,
    elsewhere: bool = False,
    namesake: str | None = None,
) -> Judgement:
    """Whether a version may be published today.

    :param before: the newest version that was published; None for the first.
    :param found: what its lint found.
    :param reading: how the days between announcement and effect are counted; ``because`` says why leniently.
    :param planned: processings and recipients of which consent is going to be asked again.
    :param elsewhere: it was announced on its day already, by other means than this.
    :param namesake: a version that was published under the same name or address.
    """
    demanded = demands(before, policy) if before else ()
    asked = consents(demanded)
    promises = promised(before, policy, demanded) if before else ()
    announced = policy.announced if elsewhere else max(policy.announced or today, today)
    notice = least_notice(promises, announced or today)
    earliest: dict[NoticeReading, date] = {}
    if promises and announced:
        earliest = {
            reading: max(first_effective_day(each, announced, reading=reading) for each in promises)
            for reading in _READINGS
        }
    refusals = [
        *_of_law(found),
        *_of_names(policy, before, namesake),
        *_of_dates(policy, before, today, elsewhere=elsewhere),
        *_of_notice(policy, notice, earliest, reading, because),
        *_of_consent(policy, asked, planned),
    ]
    return Judgement(demanded, notice, earliest, asked, tuple(refusals))


def _of_law(found: Iterable[Diagnostic]) -> Iterator[Refusal]:
    errors = [each for each in found if each.severity is Severity.ERROR]
    if errors:
        codes = ", ".join(sorted({each.code for each in errors}))
        counted = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        yield Refusal(f"lint finds {counted}: {codes}", "run `jikim lint`, and mend what it finds")


def _of_names(policy: Policy, before: Policy | None, namesake: str | None) -> Iterator[Refusal]:
    if before and before.service.id != policy.service.id:
        yield Refusal(
            f"it is the policy of `{policy.service.id}`, and those published here are of `{before.service.id}`",
            "publish it in that service's own project; the id of a service stays, whatever it is called",
        )
    if namesake:
        same = "" if namesake == policy.version else f", and `{policy.version}` would have its address"
        yield Refusal(
            f"version `{namesake}` was published and stays as it is{same}",
            "give the changed policy a new `version`",
        )


def _of_dates(policy: Policy, before: Policy | None, today: date, *, elsewhere: bool) -> Iterator[Refusal]:
    lacking = [name for name in ("version", "announced", "effective") if getattr(policy, name) is None]
    if lacking:
        yield Refusal(f"it states no {' and no '.join(lacking)}", "write them")
        return
    if policy.announced and policy.announced < today and not elsewhere and before:
        yield Refusal(
            f"it was to be announced on {policy.announced}, and publishing it on {today} is what announces it",
            f"write `announced: {today}`, or say `--announced-elsewhere` if people were told on that day",
        )
    if policy.announced and policy.announced > today and elsewhere:
        yield Refusal(
            f"nobody can have been told on {policy.announced}, which is still to come",
            "leave out `--announced-elsewhere`",
        )
    if before and before.effective and policy.effective and policy.effective <= before.effective:
        yield Refusal(
            f"version {before.version} takes effect on {before.effective}, and this one on {policy.effective}",
            "let the new version take effect on a later day",
        )
    if before and _promise(before) == _promise(policy):
        yield Refusal(f"it says what version {before.version} says", "publish it when something has changed")


def _of_notice(
    policy: Policy,
    notice: Period | None,
    earliest: Mapping[NoticeReading, date],
    reading: NoticeReading,
    because: str,
) -> Iterator[Refusal]:
    if reading == "lenient" and not because.strip():
        yield Refusal("the lenient reading needs a reason", "say `--because …`")
    if not (notice and policy.effective and earliest):
        return
    if policy.effective < earliest[reading]:
        strict, lenient = earliest["strict"], earliest["lenient"]
        fix = f"let it take effect on {strict} or later"
        if policy.effective >= lenient:
            fix += "; or count one of the two end days: `--reading lenient --because …`, which is recorded"
        are = "is" if notice.count == 1 else "are"
        yield Refusal(
            f"{notice} {are} promised between announcement and effect: by the strict reading, of full days between,"
            f" it may take effect on {strict}; by the lenient one on {lenient}; it says {policy.effective}",
            fix,
        )


def _of_consent(policy: Policy, asked: Iterable[Consent], planned: Iterable[str]) -> Iterator[Refusal]:
    known = {*policy.processing, *policy.provisions, *policy.transfers}
    if unknown := [f"`{name}`" for name in planned if name not in known]:
        yield Refusal(
            f"no processing and no recipient is called {', '.join(unknown)}",
            "write `--ask-again` with a name of the policy, or leave it out",
        )
    unplanned = [each.to for each in asked if each.again and each.to not in set(planned)]
    if unplanned:
        options = " ".join(f"--ask-again {name}" for name in unplanned)
        named = ", ".join(f"`{name}`" for name in unplanned)
        yield Refusal(
            f"what people agreed to changes in {named}, and no notice replaces their consent (제15조②)",
            f"plan to ask them again, and say so: `{options}`",
        )


def _promise(policy: Policy) -> Any:
    """What it says, but for its own name and dates."""
    return {key: value for key, value in meaning(policy).items() if key not in _OWN}
