"""``jikim file list``: files that are to go and are still there."""

import click

from jikim.cli.options import as_json, project


@click.command("list")
@as_json
def command(*, as_json: bool) -> None:
    """List files that are to go and could not be removed.

    Their rows are gone. Every run tries again and says why it could not; most need a disk that is mounted, or a right.
    One that can never be removed is given up by `jikim file settle`.

    \b
    Example:
      jikim file list
    """
    from jikim.cli.terminal import console, safe, table, write_json
    from jikim.operations.settle_file import called

    with project() as opened:
        waiting = opened.reader.outbox()
    if as_json:
        write_json([{"file": called(f), "path": f.path, "to_be_kept": len(f.kept)} for f in waiting])
    elif not waiting:
        console().print("no file waits to be removed")
    else:
        shown = table("file", "path", "law")
        for f in waiting:
            shown.add_row(*map(safe, (called(f), f.path, "to be kept first" if f.kept else "")))
        console().print(shown)
