"""``jikim demo``: the promise of a made-up service, kept before one's eyes."""

import sys
from importlib import import_module
from pathlib import Path

import click

from jikim.errors import JikimError

STAGE = Path("examples/plask/demo.py")


@click.command("demo")
def command() -> int:
    """See a made-up service's promise kept.

    Starts a PostgreSQL of its own, fills it with six made-up years of a service, plans, keeps the promise, and
    shows what is left and what can be proved. It lives in the repository.

    \b
    Example:
      jikim demo
    """
    places = (Path.cwd(), Path(__file__).parents[3])
    home = next((place for place in places if (place / STAGE).is_file()), None)
    if home is None:
        raise JikimError(f"the demo is `{STAGE}` of jikim's repository", fix="run it where the repository is")
    sys.path.insert(0, str(home))
    return int(import_module("examples.plask.demo").main())
