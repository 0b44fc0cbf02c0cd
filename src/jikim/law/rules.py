"""Every rule by its code: the one table of codes, of which none is ever used again for another rule. Pure.

A rule stands in a file of its own, in the folder of the obligation that it comes from.
"""

import importlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from jikim.errors import JikimError
from jikim.lint.rule import Rule
from jikim.shape import did_you_mean

RULES: Final[Mapping[str, str]] = {
    "L-02": "kr.pipa.legal_title",
    "L-07": "kr.pipa.held_items",
}


class UnknownRuleError(JikimError):
    """No rule has this code."""


@cache
def rule(code: str) -> Rule:
    """The rule of that code. Raises :class:`UnknownRuleError`, which names the nearest."""
    if code not in RULES:
        near = did_you_mean(code, RULES) or f"from {min(RULES)} to {max(RULES)}"
        raise UnknownRuleError(f"there is no rule `{code}`", fix=near)
    found: Rule = importlib.import_module(f"jikim.law.{RULES[code]}").RULE
    return found


def rules_of(packs: Iterable[str]) -> tuple[Rule, ...]:
    """The rules of these packs, in the order of their codes."""
    folders = tuple(f"{name.replace('-', '_')}." for name in packs)
    return tuple(rule(code) for code, module in RULES.items() if module.startswith(folders))
