"""``jikim archive show``: the archive opened for the person it is about (전상법 시행령 제6조②)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from jikim.cli.options import Person, as_json, key_of, project

OURS = "jikim_"


@click.command("show")
@click.option("--subject", type=Person(), required=True, help="Who: kind and key, such as member:42.")
@click.option("--purpose", required=True, help="What for.")
@click.option("--case", required=True, help="The case this belongs to; never a name.")
@click.option(
    "--identity-checked-by", "role", required=True, help="The office that checked who asks; never a name."
)
@as_json
def command(*, subject: tuple[str, str], purpose: str, case: str, role: str, as_json: bool) -> None:
    """Show a person what is kept apart about them.

    What a law demands to be kept is used for nothing else; the person may see and save it. Each reading is put
    on record, before anything is shown, with its purpose, its case and the office that checked the identity.

    \b
    Example:
      jikim archive show --subject member:42 --purpose "access request" --case R-2026-31 \\
          --identity-checked-by "customer support"
    """
    from jikim.cli.terminal import write_json
    from jikim.evidence.entry import ArchiveReadBody
    from jikim.operations.record_event import record_event
    from jikim.operations.show_archive import Reading, show_archive

    with project() as opened:
        schedules = opened.schedules(opened.store, opened.now)
        key = key_of(subject, schedules)
        reading = Reading(purpose, case, role)
        copies = show_archive(opened.store, subject=subject[0], key=key, reading=reading)
        tag = opened.tag(subject[0], key)
        body = ArchiveReadBody(
            store=opened.store.name, purpose=purpose, case=case, actor=role, rows=len(copies), tag=tag
        )
        record_event(opened.ledger, body, about=(tag, case), at=opened.now)
        zone = opened.zone
    write_json(copies) if as_json else _show(copies, zone)


def _show(copies: Iterable[dict[str, Any]], zone: ZoneInfo) -> None:
    """Each copy: what it holds, by which law, until when."""
    from rich.text import Text

    from jikim.cli.terminal import console, indented, moment, pairs

    out, none = console(), True
    for copy in copies:
        none = False
        out.print(Text(copy["archive"], style="bold"))
        out.print(Text(f"{copy['jikim_law']} {copy['jikim_article']}", style="dim"))
        out.print(Text(f"kept until {moment(copy['jikim_destroy_after'], zone)}", style="dim"))
        values = {
            k: v for k, v in copy.items() if k != "archive" and not k.startswith(OURS) and v is not None
        }
        said = {k: moment(v, zone) if isinstance(v, datetime) and v.tzinfo else v for k, v in values.items()}
        out.print(indented(pairs(said)))
        out.print()
    if none:
        out.print("the archive holds nothing about this person")
