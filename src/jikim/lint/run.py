"""Reads a policy by rules. Pure.

Whoever accepts a finding writes so in the file, with the reason, at the end of the line where it is found or on a line
of its own above it::

    - kind: disclaimer # jikim: allow L-16 because the words are quoted from a judgement

Reports list what was accepted. A reason that is missing, and one that accepts nothing, are findings themselves.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from jikim.lint.fact import DOUBTS, Fact, Language, Words
from jikim.lint.fixing import Edit, edit
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.source import Diagnostic, Severity, Span

_ALLOWED: Final = re.compile(r"#\s*jikim:\s*allow\s+(?P<code>\S+)(?:\s+because\s+(?P<because>.*\S))?\s*$")
_WITHOUT: Final = Words("허용 표시에 이유가 없습니다", "a finding is allowed without a reason")
_NOTHING: Final = Words("이 줄에서 허용할 것이 없습니다", "nothing is found here that could be allowed")


@dataclass(frozen=True)
class Accepted:
    """A finding that somebody allows, and why."""

    finding: Diagnostic
    because: str


@dataclass(frozen=True)
class Report:
    """What was found in one file, in the order of its lines."""

    findings: tuple[Diagnostic, ...]
    accepted: tuple[Accepted, ...]
    edits: tuple[Edit, ...]


def run(
    policy: Policy,
    rules: Iterable[Rule],
    *,
    facts: Mapping[str, Fact],
    in_force_on: date,
    language: Language = "en",
) -> Report:
    """What the rules find in a policy that was read from a file.

    :param facts: those in force on that day, by name.
    :param language: in which findings are told.
    """
    reading = Reading(policy, in_force_on, facts)
    found = [
        (_told(rule, each, reading, language), each) for rule in rules for each in rule.findings(reading)
    ]
    written = list(_allowed(policy))
    allowed = {(each.line, each.code): each for each in written}
    kept, accepted, edits, used = [], [], [], set()
    for told, finding in found:
        allowance = allowed.get((told.span.line, told.code)) if told.span else None
        if allowance and allowance.because:
            accepted.append(Accepted(told, allowance.because))
            used.add(allowance)
            continue
        kept.append(told)
        if finding.instead is not None and policy.document:
            edits.append(edit(policy.document, finding.path, finding.instead, code=told.code))
    kept += [_unfit(each, language) for each in written if each not in used]
    return Report(
        tuple(sorted(kept, key=_place)),
        tuple(sorted(accepted, key=lambda each: _place(each.finding))),
        tuple(each for each in edits if each),
    )


def _place(finding: Diagnostic) -> tuple[int, int, str]:
    return (finding.span.line, finding.span.column, finding.code) if finding.span else (0, 0, finding.code)


def _told(rule: Rule, finding: Finding, reading: Reading, language: Language) -> Diagnostic:
    rests_on = [reading.facts[name] for name in finding.rests_on or rule.rests_on if name in reading.facts]
    severity = finding.severity or rule.severity
    if severity is Severity.ERROR and any(fact.doubted for fact in rests_on):
        severity = Severity.WARNING
    return Diagnostic(
        rule.code,
        severity,
        finding.says.of(language),
        why="; ".join(_why(fact, language) for fact in rests_on),
        fix=finding.fix.of(language),
        span=reading.policy.span(finding.path, key=finding.at == "key"),
        path=finding.path,
    )


def _why(fact: Fact, language: Language) -> str:
    doubt = f", {DOUBTS[fact.mark].of(language)}" if fact.doubted else ""
    return f"{fact.says.of(language)} ({fact.basis.of(language)}{doubt})"


# -- what somebody allows ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Allowance:
    """:param line: whose findings it accepts. :param written: where it stands."""

    line: int
    code: str
    because: str
    written: Span


def _allowed(policy: Policy) -> Iterator[_Allowance]:
    document = policy.document
    if document is None:
        return
    lines = document.lines
    for number, line in enumerate(lines, start=1):
        if match := _ALLOWED.search(line):
            about = number
            while about < len(lines) and not lines[about - 1].partition("#")[0].strip():
                about += 1
            span = Span(document.name, number, match.start() + 1, match.end() - match.start())
            yield _Allowance(about, match["code"], match["because"] or "", span)


def _unfit(allowance: _Allowance, language: Language) -> Diagnostic:
    says, fix = (
        (_NOTHING, Words("표시를 지웁니다", "remove it"))
        if allowance.because
        else (_WITHOUT, Words("`because`와 이유를 덧붙입니다", "add `because` and the reason"))
    )
    message = says.of(language)
    return Diagnostic(
        "unfit-allowance", Severity.WARNING, message, fix=fix.of(language), span=allowance.written
    )
