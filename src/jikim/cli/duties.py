"""``jikim duties``: what falls due by the calendar."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jikim.cli.options import Instant, as_json, language_of, not_over, written
from jikim.written import Written

if TYPE_CHECKING:
    from jikim.lint.fact import Language
    from jikim.notices.calendar import Duty


@click.command("duties")
@click.option("--people", type=click.IntRange(min=0), help="How many people the data is about.")
@click.option(
    "--sensitive", type=click.IntRange(min=0), help="Of how many of them it is sensitive, or an identifier."
)
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write a calendar file instead.")
@click.option("--as-of", type=Instant(), help="As of another day than today.")
@language_of
@as_json
def command(
    *,
    people: int | None,
    sensitive: int | None,
    ics: Path | None,
    as_of: date | datetime | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show what falls due by the calendar.

    Days of the policy itself, what it promises to repeat, and what the law repeats: confirmations of consent to
    advertising, notices of use where as many people are concerned as the law says, checks; and runs that the privacy
    officer has yet to confirm. This is not legal advice.

    \b
    Example:
      jikim duties --people 20000
      jikim duties --ics duties.ics
    """
    from jikim.cli.terminal import console, table, write_file, write_json
    from jikim.law.facts import facts
    from jikim.notices.calendar import People, calendar
    from jikim.render.ics import as_ics

    if ics and as_json:
        raise click.UsageError("--ics writes a calendar file, and --json prints: choose one")
    language: Language = "en" if lang == "en" else "ko"
    files = written()
    day = files.day(as_of)
    found = calendar(
        files.policy,
        facts=facts(files.policy.law, in_force_on=day),
        today=day,
        people=People(people, sensitive),
        unconfirmed=_unconfirmed(files),
    )
    if as_json:
        write_json([_value(duty, language) for duty in found])
    elif ics is not None:
        not_over(ics, files.config.policy, files.config.map)
        write_file(ics, as_ics(found, service=files.policy.service.id, stamp=files.now, language=language))
        click.echo(f"{ics}")
    else:
        rows = table("day", "every", "what", "because")
        for duty in found:
            because = "; ".join(fact.basis.of(language) for fact in duty.because) or "policy"
            what = duty.what.of(language)
            what += f" ({duty.conditional.of(language)})" if duty.conditional else ""
            rows.add_row(str(duty.on), str(duty.every or ""), what, because)
        console().print(rows)


def _unconfirmed(files: Written) -> list[tuple[str, date]]:
    """Runs without a word of the officer; none where there is no ledger yet."""
    from jikim.cli.options import project
    from jikim.operations.confirm_run import unconfirmed_runs

    if not files.config.home.exists():
        return []
    with project() as opened:
        return [
            (run.id, opened.day(run.finished_at or run.started_at))
            for run in unconfirmed_runs(opened.ledger, now=opened.now)
        ]


def _value(duty: "Duty", language: "Language") -> dict[str, Any]:
    return {
        "id": duty.id,
        "what": duty.what.of(language),
        "on": duty.on,
        "every": str(duty.every) if duty.every else None,
        "because": [
            {"fact": f.name, "article": f.basis.of(language), "confidence": f.mark} for f in duty.because
        ],
        "conditional": duty.conditional.of(language) if duty.conditional else None,
    }
