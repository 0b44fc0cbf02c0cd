"""``jikim rule``: what a rule demands, why, and what wrong and right look like."""

import click

from jikim.cli.options import language_of


@click.command("rule")
@click.argument("code", required=False)
@language_of
def command(*, code: str | None, lang: str) -> None:
    """Tell what a rule demands.

    CODE is what a report shows, such as L-07; without it, all rules are listed.

    \b
    Example:
      jikim rule L-07
    """
    from jikim.cli.terminal import console, grid
    from jikim.law.rules import RULES, page, rule

    if code is not None:
        click.echo(page(rule(code.upper()), language="en" if lang == "en" else "ko"), nl=False)
        return
    listed = grid(2)
    for each in map(rule, RULES):
        listed.add_row(each.code, str(each.severity), each.title.of("en" if lang == "en" else "ko"))
    console().print(listed)
