"""``jikim site``: all published versions as a static site."""

from pathlib import Path

import click

from jikim.cli.options import as_json, project
from jikim.errors import JikimError


@click.command("site")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("public"),
    show_default=True,
    help="A folder.",
)
@click.option("--base", default="", help="The address it is published at, for feed readers.")
@as_json
def command(*, out: Path, base: str, as_json: bool) -> None:
    """Write all published versions as a static site.

    The version in force, every version at its permanent address, any two beside each other, announcements, feeds for
    readers, and `.well-known/gpc.json`. The pages load nothing and run nothing: any server of files can publish them.
    A page that lies there as it was published stays so, also where this jikim would word it otherwise.

    \b
    Example:
      jikim site --out public --base https://privacy.example/
    """
    from jikim.cli.terminal import write_file, write_json
    from jikim.operations.publish_policy import changed_pages, page_digest, published, version_of
    from jikim.render.site import site

    with project() as opened:
        known, today = published(opened.ledger), opened.day(None)
    if not any(each.effective <= today for each in known):
        raise JikimError("no published version is in force", fix="publish one: `jikim publish`")
    base = base and base.rstrip("/") + "/"
    made = site([version_of(each) for each in known], today=today, base=base)
    for name, digest in changed_pages(known, made).items():
        there = out / name
        if there.is_file() and page_digest(there.read_bytes()) == digest:
            made[name] = there.read_bytes()  # it stays as it was published
        else:
            click.echo(
                f"{name} is not the text that was published, since this jikim words it otherwise: put the page back"
                f" from a copy of the site, then it stays ({digest})",
                err=True,
            )
    for name, data in made.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, data)
    if as_json:
        write_json([{"file": name, "bytes": len(data)} for name, data in made.items()])
    else:
        click.echo(f"{len(made)} files in {out}")
