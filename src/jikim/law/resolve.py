"""Binds the law's names in a policy to the packs it is read against. Pure.

A policy says `law: kr.ecommerce.contract`; the pack knows its period, article and the days it is in force.
The number of years stands in the pack and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from jikim.law.pack import LawPack, LawPackError, StatutoryRetention, pack
from jikim.policy.digest import policy_digest
from jikim.policy.model import Policy
from jikim.policy.period import Period
from jikim.policy.retention import Clock, RetentionRule
from jikim.source import Diagnostic, Severity, SourceError


class ResolveError(SourceError):
    """A policy whose promises cannot be kept as written; ``diagnostics`` says why, each at its line."""


@dataclass(frozen=True)
class StatutoryRecord:
    """One entry of `kept_by_law`, with what the law says of it.

    :param law: the law's own name, and ``article`` the place in it.
    :param items: what may be kept; nothing else goes to the archive.
    """

    id: str
    retention: StatutoryRetention
    rule: RetentionRule
    items: frozenset[str]

    @property
    def law(self) -> str:
        """The law's name, in the language it was made in."""
        return self.retention.basis.law.ko

    @property
    def article(self) -> str:
        """The place in it."""
        return self.retention.basis.article.ko


@dataclass(frozen=True)
class ResolvedPolicy:
    """A policy that can be kept: every name of a law is bound."""

    policy: Policy
    records: Mapping[str, StatutoryRecord]
    within: Period
    digests: Mapping[str, str]


def resolve(
    policy: Policy, *, in_force_on: date, packs: Mapping[str, LawPack] | None = None
) -> ResolvedPolicy:
    """The policy with the law in force on a day.

    :raises ResolveError: with everything that cannot be bound: unknown, ended or not yet valid law, a statute
        without a number, a record or a destruction rule that a published text left open.
    """
    packs = packs or {name: pack(name) for name in policy.law}
    found: list[Diagnostic] = []
    records = {}
    for name, kept in policy.kept_by_law.items():
        path = ("kept_by_law", name)
        if kept.law is None or kept.after is None:
            found.append(
                _finding(policy, path, f"`{name}` names no law of a pack", "cites a law in words only")
            )
            continue
        try:
            retention = _retention(packs, kept.law, in_force_on)
        except LawPackError as error:
            found.append(_finding(policy, (*path, "law"), str(error), fix=error.fix, code="unknown-law"))
            continue
        if retention.period is None:
            words = retention.wording.en if retention.wording else "no number"
            found.append(
                _finding(policy, (*path, "law"), f"`{kept.law}` sets no period", f"the law says: {words}")
            )
            continue
        clock = Clock(kept.after, retention.period)
        records[name] = StatutoryRecord(
            name, retention, RetentionRule("first", (clock,)), frozenset(kept.items)
        )
    within = policy.destruction.within
    if within is None:
        fix = "write `within: 5 days` (표준 개인정보 보호지침 제10조)"
        found.append(
            _finding(policy, ("destruction",), "no day is named by which data is destroyed", fix=fix)
        )
    if found or within is None:
        raise ResolveError(tuple(found))
    digests = {
        "policy": policy_digest(policy),
        **{f"law:{name}": each.digest for name, each in packs.items()},
    }
    return ResolvedPolicy(policy, MappingProxyType(records), within, MappingProxyType(digests))


def _retention(packs: Mapping[str, LawPack], key: str, day: date) -> StatutoryRetention:
    """The row of that name; every pack names its rows after itself."""
    chosen = packs.get(key.partition(".")[0])
    if chosen is None:
        raise LawPackError(
            f"`{key}` belongs to no pack this policy is read against",
            fix=f"write `law: [{', '.join(packs)}]` names",
        )
    return chosen.retention(key, in_force_on=day)


def _finding(
    policy: Policy,
    path: tuple[str, ...],
    message: str,
    why: str = "",
    *,
    fix: str = "",
    code: str = "unresolved",
) -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, message, why, fix, policy.span(path), path)
