"""``jikim timeline``: the life of each item, from the promise alone."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jikim.cli.options import as_json, language_of, written
from jikim.errors import JikimError

if TYPE_CHECKING:
    from jikim.policy.life import ItemLife, Way


@click.command("timeline")
@click.option("--item", help="Only the life of this item, as the policy calls it.")
@language_of
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Draw it into a file instead.")
@as_json
def command(*, item: str | None, lang: str, svg: Path | None, as_json: bool) -> None:
    """Show the life of each item.

    From collection to destruction: which processings use it and until when, what locks it, which law keeps it
    apart and for how long. Read from the policy; no database is asked.

    \b
    Example:
      jikim timeline --item email
      jikim timeline --lang en --svg timeline.svg
    """
    from jikim.cli.terminal import console, write_file, write_json
    from jikim.law.resolve import resolve
    from jikim.plan.timeline import timeline
    from jikim.render.timeline import as_text, timeline_svg
    from jikim.render.wording import Language
    from jikim.shape import did_you_mean
    from jikim.written import shown

    language: Language = "en" if lang == "en" else "ko"
    files = written()
    whole = timeline(resolve(files.policy, in_force_on=files.day(None)))
    if item is not None:
        items = files.policy.items
        if item not in items:
            fix = did_you_mean(item, items) or f"items: {', '.join(items)}"
            raise JikimError(f"`{item}` is no item of `{shown(files.config.policy)}`", fix=fix)
        whole = replace(whole, lives=tuple(life for life in whole.lives if items[item] in life.items))
    if as_json:
        write_json([_value(life) for life in whole.lives])
        return
    if svg is not None:
        write_file(svg, timeline_svg(whole, language=language))
        click.echo(f"{svg}")
        return
    click.echo(as_text(whole, language=language, width=max(40, console().width)), nl=False)


def _value(life: "ItemLife") -> dict[str, Any]:
    return {
        "items": [item.label for item in life.items],
        "uses": [
            {
                "purpose": use.processing.purpose,
                "basis": use.processing.basis,
                "taken": use.taken,
                "ends_with": use.combine,
                "ways": [_way(way) for way in use.ways],
            }
            for use in life.uses
        ],
        "kept_by_law": [
            {"id": k.id, "law": k.law, "article": k.article, "way": _way(k.way)} for k in life.kept
        ],
    }


def _way(way: "Way") -> dict[str, Any]:
    lasts = [{"phase": p.kind, "lasts": str(p.lasts) if p.lasts else None} for p in way.phases]
    return {"trigger": way.trigger, "phases": lasts}
