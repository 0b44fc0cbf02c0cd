"""``jikim evidence confirm``: the privacy officer has looked (표준 개인정보 보호지침 제10조)."""

import click

from jikim.cli.options import project


@click.command("confirm")
@click.argument("run")
@click.option("--role", required=True, help="The office that confirms; never a name.")
def command(*, run: str, role: str) -> None:
    """Confirm a run as the privacy officer.

    Afterwards, and within seven days; a run that nobody confirmed shows in `jikim audit`.

    \b
    Example:
      jikim evidence confirm 20260112T001500Z-5f2a9c --role "privacy officer"
    """
    from jikim.operations.confirm_run import confirm_run
    from jikim.operations.seal_evidence import seal_evidence

    with project() as opened:
        confirm_run(opened.ledger, run, role=role, now=opened.now)
        seal_evidence(opened.ledger, signer=opened.keys.signer, now=opened.now)
    click.echo(f"{run} is confirmed by {role}")
