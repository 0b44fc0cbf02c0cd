"""Every command by name, and the groups that load a command's file when it is called."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import click
from click.exceptions import NoSuchCommand

COMMANDS: Final[Mapping[str, Mapping[str, str]]] = {
    "The promise": {
        "new": "Draft policy and map from a database.",
        "check": "Read the policy and bind it to the law.",
        "lint": "Read the policy as a lawyer would.",
        "rule": "Tell what a rule demands.",
        "schema": "Print the JSON Schema that editors complete by.",
        "timeline": "Show the life of each item.",
        "map check": "Compare the data map with policy and database.",
        "map show": "Show where personal data lives and whose it is.",
    },
    "Publishing it": {
        "render": "Write the policy as pages that people read.",
        "diff": "Say what changed between two policies, and what that demands.",
        "publish": "Publish a version of the policy, for good.",
        "site": "Write all published versions as a static site.",
        "policy list": "List the published versions.",
        "policy show": "Print a published version as it was.",
        "duties": "Show what falls due by the calendar.",
    },
    "Keeping it": {
        "prepare": "Make keys, ledger and the store's own parts.",
        "plan": "Say what keeping the promise means today.",
        "apply": "Archive, mask and destroy what is due.",
        "finish": "Take what was removed out of the files, too.",
        "explain": "Say why a row is still there, and until when.",
        "audit": "Look for what should not be there any more.",
    },
    "What changes it": {
        "hold place": "Freeze rows for a lawsuit or an investigation.",
        "hold release": "End a legal hold.",
        "hold list": "List the legal holds in force.",
        "restriction place": "Suspend the use of what is stored about a person.",
        "restriction release": "End a restriction: the person's data may be used again.",
        "restriction list": "List the restrictions in force.",
        "fact set": "Tell of something that happened, where no column of the service says so.",
        "fact unset": "Take back what was told: consent was given again, a closing was called off.",
        "fact list": "Show what the store was told, and what the map asks for.",
        "file list": "List files that are to go and could not be removed.",
        "file settle": "Give up a file that can never be removed.",
        "archive show": "Show a person what is kept apart about them.",
    },
    "Evidence": {
        "evidence list": "List runs, and what the log says of them.",
        "evidence show": "Show one entry, with the proof that it is in the log.",
        "evidence export": "Write the log to one file that stands alone.",
        "evidence verify": "Verify an export with nothing but the public key.",
        "evidence confirm": "Confirm a run as the privacy officer.",
        "evidence certificate": "Write a destruction certificate.",
        "evidence key": "Print the public key that verifies the log.",
    },
    "More": {
        "demo": "See the promises of made-up services kept.",
        "completion": "Print completion for a shell.",
    },
}
GROUPS: Final[Mapping[str, str]] = {
    "policy": "Published versions of the policy: none of them ever changes.",
    "map": "The data map: where the promise lives in the database.",
    "hold": "Legal holds: what they name is neither archived, masked nor destroyed.",
    "restriction": "Restrictions: what they name is stored and not used.",
    "fact": "Facts that no column of the service holds.",
    "file": "Files of rows that are gone, as long as they wait to be removed.",
    "archive": "What a law demands to be kept, apart from all use.",
    "evidence": "The signed log of everything that was done.",
}

ROOT_HELP: Final = """jikim (지킴) keeps a service's privacy policy on its real databases, and proves it.

Run it in the project's folder, where policy.yaml, datamap.yaml and perhaps jikim.toml are.

\b
  jikim check         is the policy sound, and can the law be bound to it?
  jikim map check     does the map fit the database?
  jikim plan          what is due today?
  jikim apply         do it, and put it on record
"""
EXIT_CODES: Final = """\b
Exit codes:
  0   done, nothing found
  1   something was found, or refused as it was given
  2   the command was not understood
  3   partial: steps were refused, stopped or left something; run it again
  70  a fault of jikim itself"""


def names() -> Iterator[str]:
    """Every command's full name, in order."""
    for section in COMMANDS.values():
        yield from section


class Room(click.Group):
    """A group that finds its commands in :data:`COMMANDS` and loads one when it is called."""

    def __init__(self, *args: Any, within: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.within = within

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The first words of what lies below."""
        del ctx
        return list(dict.fromkeys(n.removeprefix(self.within).split()[0] for n in self._below()))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command or the inner group of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        name = self.within + cmd_name
        if name in GROUPS:
            return Room(cmd_name, within=f"{name} ", help=GROUPS[name])
        module = importlib.import_module(f"jikim.cli.{name.replace(' ', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was meant; of an unknown one, the near ones are named."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise NoSuchCommand(args[0], possibilities=known, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All commands below, by section at the root; none is loaded for that."""
        below = list(self._below())
        width = max(map(len, below))
        for title, section in COMMANDS.items():
            rows = [
                (name.removeprefix(self.within).ljust(width - len(self.within)), words)
                for name, words in section.items()
                if name in below
            ]
            if rows:
                with formatter.section(title if not self.within else "Commands"):
                    formatter.write_dl(rows)

    def _below(self) -> Iterator[str]:
        return (name for name in names() if name.startswith(self.within))
