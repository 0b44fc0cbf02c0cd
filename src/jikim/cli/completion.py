"""``jikim completion``: what a shell reads to complete commands and options."""

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(*, shell: str) -> None:
    """Print completion for a shell.

    \b
    Example, for this session and for good:
      eval "$(jikim completion bash)"
      jikim completion fish > ~/.config/fish/completions/jikim.fish
    """
    from jikim.cli.main import root

    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(root, {}, "jikim", "_JIKIM_COMPLETE").source())
