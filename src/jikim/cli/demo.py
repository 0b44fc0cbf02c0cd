"""``jikim demo``: the promises of made-up services, kept before one's eyes."""

import sys
from importlib import import_module
from pathlib import Path

import click

from jikim.errors import JikimError

STAGE = Path("examples/demo/main.py")


@click.command("demo")
def command() -> int:
    """See the promises of made-up services kept.

    Starts PostgreSQL servers of its own, fills stores with six made-up years of each service, plans, keeps the
    promises, and shows what is left and what can be proved. It lives in the repository.

    \b
    Example:
      jikim demo
    """
    places = (Path.cwd(), Path(__file__).parents[3])
    home = next((place for place in places if (place / STAGE).is_file()), None)
    if home is None:
        raise JikimError(f"the demo is `{STAGE}` of jikim's repository", fix="run it where the repository is")
    sys.path.insert(0, str(home))
    return int(import_module("examples.demo.main").main())
