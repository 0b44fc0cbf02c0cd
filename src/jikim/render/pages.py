"""A policy's own pages, as they are published: one in each of its languages. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from jikim.law.resolve import ResolveError, resolve
from jikim.plan.timeline import timeline
from jikim.policy.life import Timeline
from jikim.policy.model import Policy
from jikim.render.document.compose import compose, published_in
from jikim.render.document.parts import Change, Line
from jikim.render.html import as_html
from jikim.render.wording import Language

NAME: Final = "privacy.{language}.html"
"""What a page is called where nothing else is said."""


def law_of(policy: Policy, today: date) -> date:
    """The day whose law a policy is read by: one that takes effect later by that of its day."""
    return max(today, policy.effective) if policy.effective else today


def life_of(policy: Policy, *, in_force_on: date) -> Timeline | None:
    """The life of each item; None where a published text leaves open what it needs.

    :raises ResolveError: it names a law that there is not.
    """
    try:
        return timeline(resolve(policy, in_force_on=in_force_on))
    except ResolveError as error:
        if any(each.code != "unresolved" for each in error.diagnostics):
            raise
        return None


def pages(
    policy: Policy,
    *,
    in_force_on: date,
    since: Mapping[Language, Sequence[Change]] | None = None,
    names: str = NAME,
    beside: Mapping[Language, Line] | None = None,
) -> dict[Language, str]:
    """Its page in each language that it is published in.

    :param since: what has changed since the last version, by language.
    :param names: what the pages are called, with ``{language}`` in it, for the links between them.
    :param beside: a line to stand after the dates, by language: where else to look.
    """
    languages, life = published_in(policy), life_of(policy, in_force_on=in_force_on)
    made = {}
    for language in languages:
        changes = since.get(language, ()) if since else ()
        document = compose(policy, language=language, in_force_on=in_force_on, timeline=life, since=changes)
        if beside:
            document = replace(document, dated=(*document.dated, beside[language]))
        others = {each: names.format(language=each) for each in languages if each != language}
        made[language] = as_html(document, files=others)
    return made
