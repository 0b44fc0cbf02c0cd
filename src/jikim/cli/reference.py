"""The reference page of all commands, made of what ``--help`` says.

``docs/reference/cli.md`` is this page; a test fails when the two differ::

    python -c "from jikim.cli.reference import page; print(page(), end='')" > docs/reference/cli.md
"""

from collections.abc import Iterator
from typing import Final

import click

from jikim.cli.commands import COMMANDS
from jikim.cli.main import root

_WIDTH: Final = 88
_HEAD: Final = """# The command line

Every command with what its `--help` says. This page is generated; do not edit it.

```
"""


def page() -> str:
    """The whole page, in Markdown, ending in a newline."""
    parts = [f"{_HEAD}{_help(root, ['jikim'])}\n```\n"]
    for title, section in COMMANDS.items():
        parts.append(f"## {title}\n")
        parts += [
            f"### jikim {name}\n\n```\n{_help(command(name), ['jikim', *name.split()])}\n```\n"
            for name in section
        ]
    return "\n".join(parts)


def command(name: str) -> click.Command:
    """The command of a full name, such as ``hold place``."""
    found: click.Command = root
    for word in name.split():
        inner = found.get_command(click.Context(found), word) if isinstance(found, click.Group) else None
        if inner is None:
            raise LookupError(name)
        found = inner
    return found


def _help(of: click.Command, path: list[str]) -> str:
    """What ``--help`` says, at one width everywhere."""
    context: click.Context | None = None
    for word in path[:-1]:
        context = click.Context(click.Command(word), info_name=word, parent=context)
    made = click.Context(
        of,
        info_name=path[-1],
        parent=context,
        terminal_width=_WIDTH,
        max_content_width=_WIDTH,
        help_option_names=["-h", "--help"],
    )
    return "\n".join(_trimmed(of.get_help(made)))


def _trimmed(text: str) -> Iterator[str]:
    return (line.rstrip() for line in text.splitlines())
