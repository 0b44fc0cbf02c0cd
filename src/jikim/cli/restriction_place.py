"""``jikim restriction place``: while something is put right, what is stored about a person is not used."""

import click

from jikim.cli.options import Person, key_of, project, warn_of_nobody


@click.command("place")
@click.argument("restriction")
@click.option("--subject", type=Person(), required=True, help="Whose data, such as member:42.")
@click.option("--because", required=True, help="What is to be put right, or who asked; in no personal words.")
def command(*, restriction: str, subject: tuple[str, str], because: str) -> None:
    """Suspend the use of what is stored about a person.

    Before it uses or passes on a person's data, the service asks `jikim_service.restricted` (in SQLite
    `jikim_restricted`). What is due is destroyed all the same. RESTRICTION is an id of your choosing, by which it is
    released.

    \b
    Example:
      jikim restriction place 2026-correction-4 --subject member:42 --because "correction asked for"
    """
    from jikim.evidence.entry import RestrictionBody
    from jikim.operations.hold import restricting
    from jikim.operations.tell import tell
    from jikim.plan.schedule import Restriction

    with project() as opened:
        schedules = opened.schedules(opened.store, opened.now)
        kind, key = subject[0], key_of(subject, schedules)
        wanted = Restriction(restriction, kind, key)
        word = restricting(wanted, because=because, at=opened.now, schedules=schedules)
        body = RestrictionBody(restriction=restriction, state="placed", tag=opened.tag(kind, key))
        tell(opened.ledger, opened.store, word, body)
        click.echo(f"restriction {restriction} is in force")
        warn_of_nobody(opened, subject, schedules)
