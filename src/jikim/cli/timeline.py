"""``jikim timeline``: the life of each item, from the promise alone."""

from dataclasses import replace
from pathlib import Path

import click

from jikim.cli.options import project
from jikim.errors import JikimError


@click.command("timeline")
@click.option("--item", help="Only the life of this item, as the policy calls it.")
@click.option(
    "--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True, help="In which language."
)
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Draw it into a file instead.")
def command(*, item: str | None, lang: str, svg: Path | None) -> None:
    """Show the life of each item.

    From collection to destruction: which processings use it and until when, what locks it, which law keeps it
    apart and for how long. Read from the policy; no database is asked.

    \b
    Example:
      jikim timeline --item email
      jikim timeline --lang en --svg timeline.svg
    """
    from jikim.bootstrap import shown
    from jikim.cli.terminal import console
    from jikim.law.resolve import resolve
    from jikim.plan.timeline import timeline
    from jikim.render.timeline import as_text, timeline_svg
    from jikim.render.wording import Language
    from jikim.shape import did_you_mean

    language: Language = "en" if lang == "en" else "ko"
    with project() as opened:
        whole = timeline(resolve(opened.policy, in_force_on=opened.now.date()))
        if item is not None:
            items = opened.policy.items
            if item not in items:
                fix = did_you_mean(item, items) or f"items: {', '.join(items)}"
                raise JikimError(f"`{item}` is no item of `{shown(opened.config.policy)}`", fix=fix)
            whole = replace(whole, lives=tuple(life for life in whole.lives if items[item] in life.items))
    if svg is not None:
        svg.write_text(timeline_svg(whole, language=language), "utf-8")
        click.echo(f"{svg}")
        return
    click.echo(as_text(whole, language=language, width=max(40, console().width)), nl=False)
