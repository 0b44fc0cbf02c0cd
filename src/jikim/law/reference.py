"""The reference page of the law packs: every name that a policy may give under `law`, and every fact. Pure.

``docs/reference/law.md`` is this page; a test fails when the two differ::

    python -c "from jikim.law.reference import page; print(page(), end='')" > docs/reference/law.md
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

from jikim.law.facts import every_fact, topics
from jikim.law.pack import PACKS, DeadLaw, LawPack, StatutoryRetention, pack
from jikim.lint.fact import Fact

_HEAD: Final = """# The names of the law

What [policy.yaml](policy.md) may name under `kept_by_law: {…: {law: …}}`: the periods that statutes set, by pack.
Below them stand the other facts that the rules of `jikim lint` rest on, by topic.
This page is generated from the packs; do not edit it. It restates facts in our own words and is not legal advice.

A *minimum* is kept at least that long, a *maximum* at most, a *fixed* period that long. *In force* are the days for
which the pack answers. Where the law names no start, the policy says `after` what the period runs. How far a row
can be trusted:

- **V**: read in a mirror of the statute.
- **V°**: the same, in a mirror of 2026-06-08.
- **S**: from secondary sources only.
- **M**: from memory; check it before relying on it.
"""


def page() -> str:
    """The whole page, in Markdown, ending in a newline."""
    return "\n".join([_HEAD, *(part for name in PACKS for part in _pack(pack(name)))])


def _pack(law: LawPack) -> Iterable[str]:
    """A table for each statute, and one of what is law no longer."""
    yield f"## `{law.name}`, as of {law.as_of}\n"
    rows = sorted(law.rows, key=lambda row: (row.basis.law.ko, row.key, row.in_force_from))
    for statute, of_it in groupby(rows, key=lambda row: row.basis.law):
        yield f"### {statute.ko}\n\n{statute.en}\n"
        yield _table(
            ("name", "record", "article", "period", "starts", "in force", "confidence"), map(_cells, of_it)
        )
    if not rows:
        yield "It has no record kept for a time of its own.\n"
    if law.dead_laws:
        yield "### Law no longer\n\nWhat is still cited, and must not be relied on.\n"
        yield _table(("name", "scheme", "article", "period", "ended"), map(_dead_cells, law.dead_laws))
    yield "### Facts by topic\n\nA name that stands twice is one fact in two layers: each holds on its own days.\n"
    facts = every_fact(law.name)
    for topic in topics(law.name):
        said = (_said(fact) for fact in facts if fact.topic == topic)
        yield f"#### {topic}\n"
        yield _table(("name", "it says", "article", "in particular", "in force", "confidence"), said)


def _said(fact: Fact) -> tuple[str, ...]:
    return (
        f"`{fact.name}`" + (f"<br>{fact.id}" if fact.id else ""),
        f"{fact.says.ko}<br>{fact.says.en}",
        f"{fact.basis.of('ko')}<br>{fact.basis.of('en')}",
        "<br>".join(_particulars(fact)) or "–",
        f"{fact.in_force_from} to {fact.in_force_to or 'now'}",
        fact.mark,
    )


def _particulars(fact: Fact) -> Iterable[str]:
    """What a program reads of it."""
    if fact.level:
        yield fact.level
    length = str(fact.period) if fact.period else fact.pace or ""
    if length or fact.to:
        yield ", ".join(filter(None, (length, f"to {fact.to.en}" if fact.to else "")))
    yield from (f"{name.replace('_', ' ')} {number:,}" for name, number in fact.numbers.items())
    if fact.words:
        yield ", ".join(f"`{word}`" for word in fact.words)
    if fact.called:
        yield f"today {fact.called.ko}"


def _cells(row: StatutoryRetention) -> tuple[str, ...]:
    length = row.period or (row.wording.en if row.wording else "no number")
    return (
        f"`{row.key}`",
        f"{row.record.ko}<br>{row.record.en}",
        f"{row.basis.article.ko}<br>{row.basis.article.en}",
        f"{length} ({row.kind})",
        f"`{row.starts}`" if row.starts else "–",
        f"{row.in_force_from} to {row.in_force_to or 'now'}",
        row.mark,
    )


def _dead_cells(law: DeadLaw) -> tuple[str, ...]:
    place = f"{law.basis.law.ko} {law.basis.article.ko}"
    return f"`{law.key}`", f"{law.scheme.ko}<br>{law.scheme.en}", place, str(law.period), str(law.ended)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
