"""What a careful lawyer finds in the five published policies, and what `jikim lint` finds. Reads files.

Each example service says in ``findings.yaml`` what is to be found in its ``as-published.yaml``, clause by clause, and
what of it no rule finds, with the reason. ``python -m tests.findings`` writes all that is made of it: the page of
findings, a page for each rule, and the reports that are compared word by word.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from jikim.law.facts import facts
from jikim.law.rules import RULES, lint, page, rule
from jikim.lint.fact import Language
from jikim.lint.report import human
from jikim.lint.rule import Reading
from jikim.policy.model import Policy
from jikim.policy.parse import parse
from jikim.source import Diagnostic

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "reference" / "findings.md"
RULE_PAGES: Final = ROOT / "docs" / "reference" / "rules"
GOLDEN: Final = ROOT / "tests" / "golden" / "lint"
SERVICES: Final = ("lets", "litecam", "talk_with_me", "casenote", "plask")
"""In the order in which their clauses are numbered."""
TODAY: Final = date(2026, 11, 21)
REASONS: Final = {
    "not in the file": "the published text says it, or is silent about it, and `as-published.yaml` cannot show that",
    "only the data map shows it": "the text alone looks complete; what a table stores shows that it is not",
    "a judgement": "whoever reads it must weigh it; a rule would be wrong as often as right",
    "no rule yet": "a reader of the file can see it, and no rule looks for it",
}
"""Why something is missed."""
LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")


@dataclass(frozen=True)
class Expected:
    """What a clause makes a rule say, and where."""

    clause: str
    code: str
    at: str


@dataclass(frozen=True)
class Missed:
    """What is wrong with a clause and no rule says; ``because`` is one of :data:`REASONS`."""

    clause: str
    what: str
    because: str


@cache
def table(service: str) -> tuple[Expected | Missed, ...]:
    """The rows that were written by hand, in their order."""
    return tuple(
        _row(clause, row)
        for clause, rows in yaml.safe_load((_folder(service) / "findings.yaml").read_text()).items()
        for row in rows
    )


def _row(clause: str, row: dict[str, Any]) -> Expected | Missed:
    if "missed" in row:
        return Missed(clause, row["missed"], row["because"])
    return Expected(clause, row["code"], row["at"])


def expected(service: str) -> set[tuple[str, str]]:
    """What is to be found there: codes and places. Two clauses that contradict each other name one place."""
    return {(row.code, row.at) for row in table(service) if isinstance(row, Expected)}


def missed(service: str) -> list[Missed]:
    """What is known to be missed there."""
    return [row for row in table(service) if isinstance(row, Missed)]


@cache
def found(service: str, language: Language = "en") -> tuple[Diagnostic, ...]:
    """What lint finds there."""
    return lint(published(service), in_force_on=TODAY, language=language).findings


@cache
def published(service: str) -> Policy:
    """The policy of a service as it was published."""
    return parse((_folder(service) / "as-published.yaml").read_bytes(), name=_name(service))


def place(finding: Diagnostic) -> tuple[str, str]:
    """Its code and its path with dots."""
    return finding.code, ".".join(map(str, finding.path))


def _folder(service: str) -> Path:
    return ROOT / "examples" / service


def _name(service: str) -> str:
    return f"examples/{service}/as-published.yaml"


@cache
def generated() -> dict[Path, str]:
    """Every file that is made of the tables, the rules and the reports."""
    return {
        PAGE: findings_page(),
        RULE_PAGES / "README.md": rules_index(),
        **{RULE_PAGES / f"{code}.md": page(rule(code), "ko", "en") for code in RULES},
        **{
            GOLDEN / f"{service}.{language}.txt": report(service, language)
            for service in SERVICES
            for language in LANGUAGES
        },
    }


def report(service: str, language: Language) -> str:
    """What `jikim lint` prints."""
    source = (_folder(service) / "as-published.yaml").read_bytes()
    return human(found(service, language), {_name(service): source}, language=language)


# -- pages ------------------------------------------------------------------------------------------------------


def findings_page() -> str:
    """The table of findings by clause."""
    lines = [
        "# What lint finds in five published policies",
        "",
        "Five real services' policies are kept in `examples/` as they were published. For each of them somebody read",
        "the text as a careful lawyer would and wrote down, clause by clause, what is wrong with it. This page",
        f"compares that with what `jikim lint` finds by the law of {TODAY}. It is generated from the `findings.yaml`",
        "of each example and from the reports; do not edit it. It is not legal advice.",
        "",
        "- **expected**: what the reader wrote down. Two clauses that contradict each other count once.",
        "- **found**: what lint says at that place by that rule.",
        "- **missed**: what no rule says; the reason stands in the row.",
        "- **extra**: what lint says and no clause of the table names.",
        "",
        "The tables follow a reading of each text against the law that was made before there were rules. They were",
        "written with lint's report at hand: what it said beyond that reading was judged, and put under its clause. So",
        "there is nothing extra, and the counts do not tell how much lint would find in a sixth policy.",
        "",
        "| service | expected | found | missed | extra | errors | warnings | info |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *_counts(),
        "",
        "Why something is missed:",
        "",
        *(f"- **{reason}** ({_missed_because(reason)}): {why}." for reason, why in REASONS.items()),
        "",
        "The confidence is that of the facts which a finding rests on, the weakest first: **V** and **V°** were read",
        "in the law, **S** comes from secondary sources, **M** from memory. What rests on S or M is no error.",
    ]
    for service in SERVICES:
        lines += [
            "",
            f"## {service.replace('_', '-')}",
            "",
            "| clause | rule | what it says | where | severity | confidence |",
            "| --- | --- | --- | --- | --- | --- |",
            *_rows(service),
        ]
    return "\n".join(lines) + "\n"


def _counts() -> Iterator[str]:
    total: Counter[str] = Counter()
    for service in SERVICES:
        counts = counted(service)
        total.update(counts)
        name = service.replace("_", "-")
        yield f"| [{name}](#{name}) | {' | '.join(str(counts[each]) for each in COUNTED)} |"
    yield f"| all | {' | '.join(str(total[each]) for each in COUNTED)} |"


COUNTED: Final = ("expected", "found", "missed", "extra", "error", "warning", "info")


def counted(service: str) -> Counter[str]:
    """How much is expected, found, missed and extra, and of the findings how many of each severity."""
    wanted, said = expected(service), {place(each) for each in found(service)}
    return Counter(
        expected=len(wanted) + len(missed(service)),
        found=len(wanted & said),
        missed=len(wanted - said) + len(missed(service)),
        extra=len(said - wanted),
        **Counter(str(each.severity) for each in found(service)),
    )


def _missed_because(reason: str) -> int:
    return sum(row.because == reason for service in SERVICES for row in missed(service))


def _rows(service: str) -> Iterator[str]:
    by_place = {place(each): each for each in found(service)}
    marks = _marks(service)
    for row in table(service):
        if isinstance(row, Missed):
            yield f"| {row.clause} | – | missed, {row.because}: {row.what} | – | – | – |"
        elif finding := by_place.get((row.code, row.at)):
            line = finding.span.line if finding.span else 0
            yield (
                f"| {row.clause} | [{row.code}](rules/{row.code}.md) | {finding.message.replace('|', '/')} "
                f"| `{row.at}`, line {line} | {finding.severity} | {marks[row.code, row.at]} |"
            )


def _marks(service: str) -> dict[tuple[str, str], str]:
    """The marks of the facts on which each finding rests, the weakest first."""
    known = facts(("kr",), in_force_on=TODAY)
    reading = Reading(published(service), TODAY, known)
    order = ("M", "S", "V°", "V")
    return {
        (code, ".".join(map(str, finding.path))): ", ".join(
            sorted({known[name].mark for name in finding.rests_on or rule(code).rests_on}, key=order.index)
        )
        for code in RULES
        if code.startswith("L-")
        for finding in rule(code).findings(reading)
    }


def rules_index() -> str:
    """The list of all rules."""
    return (
        "\n".join(
            [
                "# The rules of lint",
                "",
                "Every rule by its code. `jikim rule CODE` shows the same pages. *Article* is where the demand stands;",
                "a rule that rests on more than three places names the first three. The pages are generated from the",
                "rules; do not edit them. What they find in five published policies: [findings](../findings.md).",
                "",
                "| code | title | 제목 | severity | article |",
                "| --- | --- | --- | --- | --- |",
                *(_index_row(code) for code in RULES),
            ]
        )
        + "\n"
    )


def _index_row(code: str) -> str:
    each = rule(code)
    known = facts(("kr", "eu-gdpr"), in_force_on=TODAY)
    cited = dict.fromkeys(known[name].basis.of("en") for name in each.rests_on if name in known)
    articles = "<br>".join((*list(cited)[:3], *(["…"] if len(cited) > 3 else [])))
    return f"| [{code}]({code}.md) | {each.title.en} | {each.title.ko} | {each.severity} | {articles} |"


if __name__ == "__main__":
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
