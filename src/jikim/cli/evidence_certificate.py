"""``jikim evidence certificate``: what was destroyed, on a page for print."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jikim.cli.options import Person, key_of, project
from jikim.errors import JikimError

if TYPE_CHECKING:
    from jikim.bootstrap import Project
    from jikim.render.certificate import Certificate


@click.command("certificate")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--run", help="Of everything this run did.")
@click.option(
    "--subject", type=Person(), help="Of everything done because of this person, such as member:42."
)
def command(*, file: Path, run: str | None, subject: tuple[str, str] | None) -> None:
    """Write a destruction certificate.

    One HTML page for print, in Korean and English, from entries that were proved to be in the log. It says how
    far the destruction has come and no more; what a law has kept in the archive is told apart.

    \b
    Example:
      jikim evidence certificate run.html --run 20260112T001500Z-5f2a9c
      jikim evidence certificate member.html --subject member:42
    """
    from jikim.cli.terminal import write_file
    from jikim.render.certificate import page

    if (run is None) == (subject is None):
        raise click.UsageError("of what? Name a run or a person: --run or --subject")
    with project() as opened:
        made = _of_run(opened, run) if run else _of_person(opened, subject or ("", ""))
        write_file(file, page(made, zone=opened.zone))
    said = [f"{made.rows:,} rows, {made.stage}"] if made.stage else []
    said += [f"{made.rows_kept:,} rows kept by law"] if made.rows_kept else []
    click.echo(f"{file}: {'; '.join(said)}")


def _of_run(opened: "Project", run: str) -> "Certificate":
    from jikim.operations.certify import certify_run

    return certify_run(opened.ledger, run, verifier=opened.keys.signer.verifier, now=opened.now)


def _of_person(opened: "Project", subject: tuple[str, str]) -> "Certificate":
    """Under the newest of the person's tags that the log knows."""
    from jikim.operations.certify import ABOUT_PEOPLE, certify_person
    from jikim.operations.list_evidence import list_evidence

    schedules = opened.schedules(opened.reader, opened.now)
    for tag in opened.tags(subject[0], key_of(subject, schedules)):
        if list_evidence(opened.ledger, tag=tag, kinds=ABOUT_PEOPLE, most=1).entries:
            return certify_person(opened.ledger, tag, verifier=opened.keys.signer.verifier, now=opened.now)
    raise JikimError(
        "the log says nothing that was done because of this person",
        fix="rows that went by age alone are certified with their run: --run",
    )
