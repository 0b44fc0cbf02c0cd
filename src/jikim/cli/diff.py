"""``jikim diff``: what changed between two policies, and what the change demands."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jikim.cli.options import language_of, written

if TYPE_CHECKING:
    from jikim.lint.fact import Language
    from jikim.notices.change import Demand
    from jikim.policy.model import Policy


@click.command("diff")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path), required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["human", "markdown", "json"]),
    default="human",
    show_default=True,
    help="For people, as an announcement, for programs.",
)
@language_of
@click.option("--because", default="", help="With markdown: the reason that is announced.")
def command(*, before: Path, after: Path | None, form: str, lang: str, because: str) -> int:
    """Say what changed between two policies, and what that demands.

    BEFORE and AFTER are files; without AFTER, the project's own. Compared is what they say, not how they are written.
    Of each change: the notice that was promised for it, what the law demands besides, and who must consent again.
    Exit code 1 when there is a change.

    \b
    Example:
      jikim diff published/1.0.yaml
      jikim diff 1.0.yaml 1.1.yaml --format markdown --because "새 결제 회사"
    """
    from jikim.cli.terminal import write_json
    from jikim.notices.change import demands
    from jikim.policy.parse import parse
    from jikim.render.changes import announcement
    from jikim.written import read, shown

    language: Language = "en" if lang == "en" else "ko"
    paths = (before, after or written().config.policy)
    old, new = (parse(read(path), name=shown(path)) for path in paths)
    found = demands(old, new)
    if form == "markdown":
        click.echo(announcement(found, old, new, language=language, because=because), nl=False)
    elif form == "json":
        write_json([_value(each) for each in found])
    else:
        _print(found, old, new, language)
    return int(bool(found))


def _value(demand: "Demand") -> dict[str, Any]:
    change = demand.change
    return {
        "kind": change.kind,
        "how": change.how,
        "path": list(change.path),
        "before": change.before,
        "after": change.after,
        "weight": demand.weight,
        "consents": [{"about": list(c.about), "to": c.to, "again": c.again} for c in demand.consent],
        "individually": demand.individually,
        "law": list(demand.law),
    }


def _print(found: "tuple[Demand, ...]", before: "Policy", after: "Policy", language: "Language") -> None:
    from jikim.cli.terminal import console, counted, pairs, table
    from jikim.notices.change import consents, promised
    from jikim.render.changes import told

    out = console()
    if not found:
        out.print("nothing changed in meaning")
        return
    rows = table("kind", "where", "before", "after", "weighs")
    for each in found:
        said = told(each.change, before, after, language=language)
        marks = [each.weight, *(["told to each person"] if each.individually else [])]
        marks += [f"consent {'again' if c.again else 'first'}" for c in each.consent]
        rows.add_row(said.kind, said.where, said.before, said.after, ", ".join(marks))
    out.print(rows)
    asked = [f"{consent.to} ({', '.join(consent.about)})" for consent in consents(found)]
    notice = promised(before, after, found)
    out.print()
    out.print(
        pairs(
            {
                "changes": counted(len(found), "change"),
                "notice": f"{notice} at the least" if notice else "none was promised",
                "consent": ", ".join(asked) or "of nobody",
            }
        )
    )
