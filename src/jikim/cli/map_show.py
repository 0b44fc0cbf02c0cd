"""``jikim map show``: whose data lies in which table."""

from pathlib import Path

import click

from jikim.cli.options import as_json, language_of, written


@click.command("show")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Draw it into a file instead.")
@language_of
@as_json
def command(*, svg: Path | None, lang: str, as_json: bool) -> None:
    """Show where personal data lives and whose it is.

    Each kind of person with the tables that are theirs, what keeps the rows, which clocks run, and what a law
    takes into the archive. Read from the map; no database is asked.

    \b
    Example:
      jikim map show --lang en
      jikim map show --svg map.svg
    """
    from jikim.cli.terminal import write_file, write_json
    from jikim.operations.show_map import show_map
    from jikim.render.wording import Language

    language: Language = "en" if lang == "en" else "ko"
    files = written()
    if as_json:
        write_json(files.datamap.model_dump(mode="json", by_alias=True))
        return
    promise = files.promise(files.now)
    if svg is not None:
        write_file(svg, show_map(promise, form="svg", language=language))
        click.echo(f"{svg}")
        return
    click.echo(show_map(promise, form="tree", language=language), nl=False)
