"""What a change of the policy demands: the notice that was promised, what the law wants, whose consent. Pure.

A change is *significant* when it may weigh on somebody: something is taken, used, kept longer, given away or sent
abroad that was not, or a right, a safeguard or a notice becomes less. Whether a period became longer is known only
where both run from the same facts; any other change of one is significant, too. All else is ordinary. A policy that
promises no longer notice of significant changes is held to the one that it promises.

The promise in force is the older policy's; where the newer one promises more, the newer: of two, what is better for the
person applies (개인정보 보호법 제30조③).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from jikim.law.counting import first_effective_day, may_outlast
from jikim.policy.diff import Change, Kind, diff
from jikim.policy.model import Policy, Processing
from jikim.policy.period import Period
from jikim.policy.recipients import CrossBorderTransfer, Provision
from jikim.policy.words import TransferBasis

Weight = Literal["significant", "ordinary", "none"]

_WEIGHED_BY_CHANGE: Final[frozenset[Kind]] = frozenset({"purpose", "basis", "recipient", "country", "period"})
_OF_CONSENT: Final[frozenset[Kind]] = frozenset({"item", "purpose", "period", "recipient", "country"})
_WHOLE: Final = 2
"""The length of a path to one part of a list, or to the list."""
_OF_MARKETING: Final = (
    "광고",
    "마케팅",
    "홍보",
    "판매 권유",
    "판매권유",
    "marketing",
    "advertis",
    "promotion",
)


@dataclass(frozen=True)
class Consent:
    """Whose consent is needed, to which processing or recipient."""

    about: tuple[str, ...]
    to: str
    again: bool


@dataclass(frozen=True)
class Demand:
    """What one change demands.

    :param law: names of the facts that demand more than a notice.
    :param individually: whether each person must be told, and not only the public.
    """

    change: Change
    weight: Weight
    consent: tuple[Consent, ...] = ()
    individually: bool = False
    law: tuple[str, ...] = ()


def demands(before: Policy, after: Policy) -> tuple[Demand, ...]:
    """What each change from one policy to the other demands."""
    return tuple(_demand(change, before, after) for change in diff(before, after))


def promised(before: Policy, after: Policy, demanded: Iterable[Demand]) -> tuple[Period, ...]:
    """How long before it takes effect a change like these is announced, as each of the two policies promises."""
    weights = {each.weight for each in demanded}
    if not weights & {"significant", "ordinary"}:
        return ()
    notices = [policy.notice for policy in (before, after) if policy.notice]
    return tuple((n.significant or n.ordinary) if "significant" in weights else n.ordinary for n in notices)


def least_notice(promises: Iterable[Period], announced: date) -> Period | None:
    """The longest of several promised notices, counted from that day; None where none is promised.

    Whether 30 days or a month is longer depends on the day.
    """
    return max(
        promises, key=lambda each: first_effective_day(each, announced, reading="strict"), default=None
    )


def consents(demanded: Iterable[Demand]) -> tuple[Consent, ...]:
    """Every consent that is needed, once."""
    return tuple(dict.fromkeys(consent for each in demanded for consent in each.consent))


def _demand(change: Change, before: Policy, after: Policy) -> Demand:
    if change.kind == "identity":
        return Demand(change, "none")
    asked = tuple(_consents(change, before, after))
    law = ["kr.changes.new-consent"] if asked else []
    marketing = change.kind == "processor" and _is_marketing(change, before, after)
    law += ["kr.recipients.marketing"] if marketing else []
    published = change.path[0] == "transfers" and _is_published(change, after)
    law += ["kr.changes.transfer-first"] if published else []
    return Demand(change, _weight(change), asked, marketing, tuple(law))


# -- whether it weighs ------------------------------------------------------------------------------------------


def _weight(change: Change) -> Weight:
    head, kind, how = change.path[0], change.kind, change.how
    if kind in {"wording", "reworded"}:
        return "ordinary"
    if how == "removed":
        less = kind in {"right", "safeguard", "notice"} or head in {"never_collect", "children"}
        return "significant" if less else "ordinary"
    if kind == "period":
        return "ordinary" if _is_shorter(change) else "significant"
    if kind == "item":
        declared = head in {"items", "collected_by"}  # what is only declared is taken by nobody yet
        declared |= head == "never_collect" and how == "added" and len(change.path) <= _WHOLE
        return "ordinary" if declared else "significant"
    if kind in {"right", "safeguard", "notice"}:
        better = _is_longer(change) if kind == "notice" else _is_shorter(change)
        return "ordinary" if how == "added" or better else "significant"
    if change.path[:2] in {("cookies", "tracking"), ("cookies", "used")}:
        return "significant"
    return "significant" if kind in _WEIGHED_BY_CHANGE | {"children"} else "ordinary"


def _is_shorter(change: Change) -> bool:
    """Whether the same facts end the keeping, and each of them sooner than before."""
    before, after = _clocks(change.before), _clocks(change.after)
    if before is None or after is None or before.keys() != after.keys():
        return False
    return not any(may_outlast(after[fact], before[fact]) for fact in after)


def _is_longer(change: Change) -> bool:
    return _is_shorter(replace(change, before=change.after, after=change.before))


def _clocks(keep: object) -> Mapping[str, Period] | None:
    """The lengths of a rule's clocks by their facts; None for what is no single length of each."""
    if not isinstance(keep, str):
        return None
    combine, of, clocks = keep.partition(" of: ")
    found: dict[str, Period] = {combine: Period(0, "days")} if of else {}
    for clock in (clocks if of else keep).split(", "):
        length, after, fact = clock.partition(" after ")
        try:
            found[fact or "whole"] = Period.parse(length) if after or not fact else Period(0, "days")
        except ValueError:
            found[clock] = Period(0, "days")
    return found


# -- whose consent ----------------------------------------------------------------------------------------------


def _consents(change: Change, before: Policy, after: Policy) -> Iterator[Consent]:
    """Of a processing or recipient that rests on consent, and whose content changed, or which is new."""
    if change.kind not in _OF_CONSENT | {"basis"} or change.how == "removed":
        return
    known, now = _part(before, change), _part(after, change)
    if now is not None and now.basis == "consent":
        about = now.about if isinstance(now, Processing) else _whose(after, now.items or ())
        yield Consent(about, now.id, again=known is not None and known.basis == "consent")


def _part(policy: Policy, change: Change) -> Processing | Provision | CrossBorderTransfer | None:
    """What may rest on consent, where the change is one of it."""
    head, name = str(change.path[0]), str(change.path[1]) if len(change.path) > 1 else ""
    rests: Mapping[str, Mapping[str, Processing | Provision | CrossBorderTransfer]] = {
        "processing": policy.processing,
        "provisions": policy.provisions,
        "transfers": policy.transfers,
    }
    return rests.get(head, {}).get(name)


def _whose(policy: Policy, items: Iterable[str]) -> tuple[str, ...]:
    """The kinds of people of whom these items are taken."""
    taken = frozenset(items)
    people = (who for each in policy.processing.values() if each.items.all & taken for who in each.about)
    return tuple(dict.fromkeys(people))


# -- who must be told -------------------------------------------------------------------------------------------


def _is_marketing(change: Change, before: Policy, after: Policy) -> bool:
    """Whether the processor's work is advertising or selling (제26조③)."""
    known = after.entrustments.get(str(change.path[1])) or before.entrustments.get(str(change.path[1]))
    said = " ".join(known.tasks.root.values()) if known and known.tasks else ""
    return any(word in said.casefold() for word in _OF_MARKETING)


def _is_published(change: Change, after: Policy) -> bool:
    transfer = after.transfers.get(str(change.path[1])) if len(change.path) > 1 else None
    return transfer is not None and transfer.basis is TransferBasis.CONTRACT_PUBLISHED
