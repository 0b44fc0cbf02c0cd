"""``jikim prepare``: everything a run needs, made once."""

import click

from jikim.cli.options import project


@click.command("prepare")
@click.option("--print", "show", is_flag=True, help="Print the SQL for an administrator; make nothing.")
@click.option("--admin", metavar="URL", help="Run that SQL as this administrator; env:NAME reads the URL.")
@click.option(
    "--new-log", is_flag=True, help="The key file is lost: begin another log beside the one that ended."
)
def command(*, show: bool, admin: str | None, new_log: bool) -> None:
    """Make keys, ledger and the store's own parts.

    Safe to run again, and to be run again whenever the map has changed. In the service's database it makes the
    schema `jikim` and the archive's schema, and gives sweeper and keeper the rights they need there. In the
    project it makes .jikim, with the keys that sign evidence: include it in your backups, apart from the
    ledger's.

    Where the ledger holds a log and its keys are missing, nothing is made: put keys.json back. With --new-log
    another log begins, and its first entry says so. What is lost then: the log before can be verified with its
    public key, and not be continued; persons in its evidence are not recognised any more, neither for a
    certificate nor in a store restored from backup; a mask that tags values gives the same row another tag.

    \b
    Example, in one step:
      jikim prepare --admin env:ADMIN_URL
    or where an administrator runs what they have read:
      jikim prepare --print | psql "$ADMIN_URL"
      jikim prepare
    """
    from jikim.cli.terminal import console, findings, pairs
    from jikim.datamap.parse import located
    from jikim.operations.check_map import check_roles

    if show and (admin or new_log):
        raise click.UsageError("--print makes nothing, so it needs no --admin and no --new-log")
    with project() as opened:
        if warnings := check_roles(opened.datamap, opened.also_keeps()):
            findings(located(warnings, opened.promise(opened.now).document), err=True)
        if show:
            click.echo("".join(f"{statement};\n" for statement in opened.administration()), nl=False)
            return
        opened.prepare(admin, new_log=new_log)
        out = console()
        out.print("prepared.\n")
        out.print(
            pairs(
                {
                    "keys": opened.config.home,
                    "ledger": "a PostgreSQL of its own"
                    if opened.config.ledger == "embedded"
                    else "by its URL",
                    "archive": opened.places.apart,
                    "public key": opened.keys.signer.verifier.vkey,
                }
            )
        )
