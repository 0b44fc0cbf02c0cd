"""``jikim rule``: what a rule demands, why, and what wrong and right look like."""

from typing import TYPE_CHECKING

import click

from jikim.cli.options import language_of

if TYPE_CHECKING:
    from jikim.lint.fact import Language


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
    from jikim.lint.report import CALLED

    language: Language = "en" if lang == "en" else "ko"
    if code is not None:
        click.echo(page(rule(code.upper()), language), nl=False)
        return
    listed = grid(2)
    for each in map(rule, RULES):
        listed.add_row(each.code, CALLED[each.severity].of(language), each.title.of(language))
    console().print(listed)
