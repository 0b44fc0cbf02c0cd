"""``jikim lint``: what would a careful lawyer find in this policy?"""

import sys
from codecs import BOM_UTF8
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jikim.cli.options import Instant, language_of, written

if TYPE_CHECKING:
    from jikim.lint.fact import Language
    from jikim.lint.run import Report
    from jikim.policy.model import Policy


@click.command("lint")
@click.argument("policy", type=click.Path(path_type=Path), required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "plain", "json", "sarif", "github"]),
    default="human",
    show_default=True,
    help="For people, for grep, for programs.",
)
@language_of
@click.option("--in-force-on", type=Instant(), help="By the law in force on that day instead of today.")
@click.option("--fix", is_flag=True, help="Write into the file what needs nobody's judgement.")
def command(
    *, policy: Path | None, form: str, lang: str, in_force_on: date | datetime | None, fix: bool
) -> int:
    """Read the policy as a lawyer would.

    POLICY is a file; without it, the project's own. Every finding stands at its line, with the article that it rests
    on and the corrected text; `jikim rule CODE` tells more. Who accepts a finding writes so at its line:
    `# jikim: allow L-16 because …`. Exit code 1 when there is an error or a warning. This is not legal advice.

    \b
    Example:
      jikim lint
      jikim lint drafts/2027.yaml --in-force-on 2027-03-09 --lang en
      jikim lint --format sarif > lint.sarif
    """
    from jikim.law.rules import lint
    from jikim.policy.parse import parse
    from jikim.source import Severity, SourceError
    from jikim.written import read, shown

    files = written()
    path = policy or files.config.policy
    language: Language = "en" if lang == "en" else "ko"
    day = files.day(in_force_on)
    text = read(path)
    try:
        parsed = parse(text, name=shown(path))
        report = lint(parsed, in_force_on=day, language=language)
        if in_force_on:
            _warn_of(day, parsed.law, files.day(None), language)
        if fix and report.edits:
            parsed = _mend(path, text, report)
            report = lint(parsed, in_force_on=day, language=language)
    except SourceError as error:
        from jikim.lint.run import Report

        parsed, report = None, Report(error.diagnostics, (), ())
    _print(report, form, parsed, language)
    return int(any(each.severity is not Severity.INFO for each in report.findings))


def _warn_of(day: date, packs: tuple[str, ...], today: date, language: "Language") -> None:
    """Say so where the packs know less of the law of that day than of today's: then less is found."""
    from jikim.law.facts import unknown
    from jikim.lint.fact import Words

    if missing := set(unknown(packs, in_force_on=day)) - set(unknown(packs, in_force_on=today)):
        said = Words(
            f"{day}의 법: 오늘 시행 중인 규정 가운데 {len(missing)}건은 그날의 내용을 알지 못하거나 그날 시행되지 "
            "않았으므로, 그에 기댄 규칙은 판단하지 않았습니다",
            f"of the law of {day} {len(missing)} facts that hold today are not known, or did not hold yet; what rests "
            "on them is not judged",
        )
        click.echo(said.of(language), err=True)


def _mend(path: Path, text: bytes, report: "Report") -> "Policy":
    """Write the file anew, once what would stand in it can be read."""
    from jikim.cli.terminal import console, counted, write_file
    from jikim.lint.fixing import fixed
    from jikim.policy.parse import parse
    from jikim.written import shown

    mark = BOM_UTF8 if text.startswith(BOM_UTF8) else b""
    mended = mark + fixed(text.decode("utf-8-sig"), report.edits).encode()
    parsed = parse(mended, name=shown(path))
    write_file(path, mended)
    console(err=True).print(f"{counted(len(report.edits), 'place')} of {shown(path)} mended")
    return parsed


def _print(report: "Report", form: str, policy: "Policy | None", language: "Language") -> None:
    from jikim.cli import terminal
    from jikim.law.rules import rules_of
    from jikim.lint import programs
    from jikim.lint import report as reports

    match form:
        case "sarif":
            said = programs.as_sarif(report, rules_of(policy.law) if policy else (), language=language)
        case "github":
            said = programs.as_github(report)
        case "json":
            said = reports.as_json(report.findings, report.accepted)
        case "plain":
            said = reports.plain(report.findings) + reports.accepted(report.accepted, language=language)
        case _:
            terminal.findings(report.findings, language=language)
            said = reports.accepted(report.accepted, language=language)
    sys.stdout.write(said)
