"""``jikim prepare``: everything a run needs, made once."""

import click

from jikim.cli.options import project


@click.command("prepare")
@click.option("--print", "show", is_flag=True, help="Print the SQL for an administrator; make nothing.")
@click.option("--admin", metavar="URL", help="Run that SQL as this administrator; env:NAME reads the URL.")
@click.option("--log-only", is_flag=True, help="Keys and ledger only: all that publishing a policy needs.")
@click.option(
    "--new-log", is_flag=True, help="The key file is lost: begin another log beside the one that ended."
)
def command(*, show: bool, admin: str | None, log_only: bool, new_log: bool) -> None:
    """Make keys, ledger and the store's own parts.

    Safe to run again, and to be run again whenever the map has changed. In the service's database it makes the
    schema `jikim` and the archive's schema, and gives sweeper and keeper the rights they need there. In the
    project it makes .jikim, with the keys that sign evidence: include it in your backups, apart from the
    ledger's.

    With --log-only no store is touched and no map is read: a service that does not let its data be kept yet
    can publish its policy.

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
    or to publish a policy, before there is a map:
      jikim prepare --log-only
    """
    from jikim.cli.terminal import console, findings, pairs
    from jikim.datamap.parse import located
    from jikim.operations.check_map import check_roles

    if show and (admin or new_log or log_only):
        raise click.UsageError(
            "--print makes nothing, so it needs no --admin, no --log-only and no --new-log"
        )
    if log_only and admin:
        raise click.UsageError("--log-only touches no store, so it needs no --admin")
    with project() as opened:
        apart = {}
        if log_only:
            opened.prepare_log(new_log=new_log)
        else:
            if warnings := check_roles(opened.datamap, opened.also_keeps()):
                findings(located(warnings, opened.promise(opened.now).document), err=True)
            if show:
                click.echo("".join(f"{statement};\n" for statement in opened.administration()), nl=False)
                return
            opened.prepare(admin, new_log=new_log)
            apart = {"archive": opened.places.apart}
        out = console()
        out.print("prepared.\n")
        ledger = "a PostgreSQL of its own" if opened.config.ledger == "embedded" else "by its URL"
        made = {"keys": opened.config.home, "ledger": ledger, **apart}
        out.print(pairs({**made, "public key": opened.keys.signer.verifier.vkey}))
