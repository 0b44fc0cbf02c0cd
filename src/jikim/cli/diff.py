"""``jikim diff``: what changed between two policies, and what the change demands."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from jikim.cli.options import language_of, written

if TYPE_CHECKING:
    from jikim.lint.fact import Language
    from jikim.notices.change import Demand
    from jikim.policy.model import Policy

_SOME_DAY: Final = date(2001, 1, 1)
"""The longest of some promised notices is counted from here where a policy has no day of its own."""


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
    from jikim.cli.terminal import console, pairs, table
    from jikim.notices.change import consents, least_notice, promised
    from jikim.render.changes import WEIGHTS, named, told
    from jikim.render.wording import local, period, say

    def word(ko: str, en: str) -> str:
        return ko if language == "ko" else en

    def mark(demand: "Demand") -> str:
        marks = [say(WEIGHTS[demand.weight], language)]
        marks += [word("한 사람씩 알림", "told to each person")] if demand.individually else []
        marks += [
            word("다시 동의", "consent again") if each.again else word("동의", "consent first")
            for each in demand.consent
        ]
        marks += [word("뜻이 같은지 판단", "judge whether it means the same")] * (
            demand.change.kind == "reworded"
        )
        return ", ".join(marks)

    out = console()
    if not found:
        out.print(word("뜻이 달라진 것이 없습니다", "nothing changed in meaning"))
        return
    rows = table(
        *(
            ("구분", "내용", "변경 전", "변경 후", "무게")
            if language == "ko"
            else ("kind", "where", "before", "after", "weighs")
        )
    )
    for each in found:
        said = told(each.change, before, after, language=language)
        rows.add_row(said.kind, said.where, said.before, said.after, mark(each))
    out.print(rows)
    asked = [
        f"{named(each.to, after, language=language)} "
        f"({', '.join(local(after.people[who].label, language) for who in each.about)})"
        for each in consents(found)
    ]
    notice = least_notice(promised(before, after, found), after.announced or after.effective or _SOME_DAY)
    out.print()
    out.print(
        pairs(
            {
                word("변경", "changes"): word(f"{len(found)}건", str(len(found))),
                word("고지", "notice"): (
                    word(f"적어도 {period(notice, language)} 전", f"{notice} at the least")
                    if notice
                    else word("약속하지 않음", "none was promised")
                ),
                word("동의", "consent"): ", ".join(asked) or word("필요 없음", "of nobody"),
            }
        )
    )
