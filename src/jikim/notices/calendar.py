"""What falls due by the calendar: duties that a policy or the law sets a day or a rhythm for. Pure.

What begins with an event that nobody can foresee (a request, a breach) is not in a calendar; its deadline runs from
there. A duty of a size that nobody stated is *conditional*: it says from how many people on it binds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from jikim.lint.fact import Fact, Words
from jikim.policy.model import Policy
from jikim.policy.period import Period
from jikim.policy.words import DataCategory

YEARLY: Final = Period(1, "years")
MONTHLY: Final = Period(1, "months")
_SENSITIVE: Final = frozenset(
    {DataCategory.SENSITIVE, DataCategory.UNIQUE_IDENTIFIER, DataCategory.RESIDENT_NUMBER}
)
_SCREEN: Final = "screen"


@dataclass(frozen=True)
class People:
    """How many people the data is about; None where nobody said.

    :param all: of whatever kind of data.
    :param sensitive: of sensitive data or identifiers.
    """

    all: int | None = None
    sensitive: int | None = None


NOT_STATED: Final = People()


@dataclass(frozen=True)
class Duty:
    """One duty with a day.

    :param id: the same in every calendar that is made of the same policy.
    :param on: the day, or the first of those that come back ``every`` so often.
    :param because: facts of the law that it rests on; none for what only the policy promises.
    :param conditional: what must be so for it to bind; empty where it binds.
    """

    id: str
    what: Words
    on: date
    every: Period | None = None
    because: tuple[Fact, ...] = ()
    conditional: Words | None = None


def calendar(
    policy: Policy,
    *,
    facts: Mapping[str, Fact],
    today: date,
    people: People = NOT_STATED,
    unconfirmed: Iterable[tuple[str, date]] = (),
) -> tuple[Duty, ...]:
    """Every duty that the calendar knows, the nearest first.

    :param unconfirmed: runs that the privacy officer has not confirmed, and the days on which they ended.
    """
    found = [
        *_of_version(policy, today),
        *_of_marketing(policy, facts, today),
        *_of_use(policy, facts, today, people),
        *_of_safety(policy, facts, today),
        *(
            Duty(
                f"confirmation-{run}",
                Words(f"실행 {run}의 결과 확인", f"confirm the result of run {run}"),
                max(day, today),
                because=_known(facts, "kr.destruction.recorded"),
            )
            for run, day in unconfirmed
        ),
    ]
    return tuple(sorted(found, key=lambda duty: (duty.on, duty.id)))


def _known(facts: Mapping[str, Fact], *names: str) -> tuple[Fact, ...]:
    return tuple(facts[name] for name in names if name in facts)


def _of_version(policy: Policy, today: date) -> Iterator[Duty]:
    for day, id, what in (
        (policy.announced, "announcement", Words("처리방침 변경의 공고", "announce the changed policy")),
        (policy.effective, "effect", Words("처리방침의 시행", "the policy takes effect")),
    ):
        if day and day >= today:
            said = Words(f"{what.ko} ({policy.version})", f"{what.en} ({policy.version})")
            yield Duty(f"{id}-{policy.version}", said, day)


def _of_marketing(policy: Policy, facts: Mapping[str, Fact], today: date) -> Iterator[Duty]:
    """Each month, of those whose consent of that month comes of age."""
    sent = [
        each
        for each in policy.processing.values()
        if each.marketing and set(each.marketing.channels) - {_SCREEN}
    ]
    for fact in _known(facts, "kr.advertising.confirmation"):
        if sent and fact.period:
            ago = Words(fact.period.korean(), str(fact.period))
            what = Words(
                f"다음 달에 수신동의 {ago.ko}이 되는 사람에게 동의 여부 확인",
                f"ask those whose consent to advertising becomes {ago.en} old next month whether it stands",
            )
            yield Duty("marketing-confirmation", what, _first_of_next_month(today), MONTHLY, (fact,))


def _of_use(policy: Policy, facts: Mapping[str, Fact], today: date, people: People) -> Iterator[Duty]:
    """The yearly notice of use, where there are as many people as the law says."""
    known = _known(facts, "kr.notices.usage", "kr.notices.large-controller")
    if len(known) < 2:
        return
    least, sensitive = known[1].numbers["people"], known[1].numbers["sensitive_people"]
    has_sensitive = any(item.category in _SENSITIVE for item in policy.items.values())
    large = (people.all or 0) >= least or (people.sensitive or 0) >= sensitive
    said = people.all is not None and (people.sensitive is not None or not has_sensitive)
    if large or not said:
        condition = Words(
            f"정보주체 {least:,}명 이상, 또는 민감정보·고유식별정보 {sensitive:,}명 이상이면",
            f"with {least:,} people or more, or {sensitive:,} of sensitive data or identifiers",
        )
        what = Words("이용·제공 내역의 통지", "tell people how their data was used and provided")
        yield Duty("usage-notice", what, _new_year(today), YEARLY, known, None if large else condition)


def _of_safety(policy: Policy, facts: Mapping[str, Fact], today: date) -> Iterator[Duty]:
    for fact in _known(facts, "kr.safeguards.yearly-check"):
        what = Words("내부 관리계획의 이행 점검", "check that the internal plan is carried out")
        yield Duty("plan-check", what, _new_year(today), YEARLY, (fact,))
    for name, safeguard in policy.safeguards.items():
        if safeguard.every and safeguard.every.unit not in {"hours", "days"}:
            written = next(iter(safeguard.text.root.values()))
            what = Words(*(safeguard.text.of(language) or written for language in ("ko", "en")))
            yield Duty(f"safeguard-{name}", what, _first_of_next_month(today), safeguard.every)
    if policy.controller.domestic_agent:
        for fact in _known(facts, "kr.governance.agent-trained"):
            what = Words("국내대리인 교육", "train the domestic agent")
            yield Duty("agent-training", what, _new_year(today), YEARLY, (fact,))


def _first_of_next_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def _new_year(today: date) -> date:
    return date(today.year + 1, 1, 1)
