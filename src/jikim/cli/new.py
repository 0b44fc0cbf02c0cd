"""``jikim new``: a policy and a map to start from, drafted from a database."""

import shlex
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from jikim.cli.options import as_json

if TYPE_CHECKING:
    from jikim.operations.draft_files import Drafted
    from jikim.source import Diagnostic

_UNNAMED: Final = "env:JIKIM_SWEEPER_URL"
"""Where the map finds the database that was given by its URL: a file holds no password."""
_SHOWN: Final = 8
"""Questions of one sort that are shown; all of them stand in the files."""


@click.command("new")
@click.option("--url", required=True, help="The database: `env:NAME`, or a URL (which is written nowhere).")
@click.option(
    "--schema", default="public", show_default=True, help="The schema that holds the service's tables."
)
@click.option("--app-role", default="", help="The role the service itself uses, for `audit`.")
@click.option(
    "--into", type=click.Path(path_type=Path), default=Path(), help="The project's folder.  [default: here]"
)
@click.option("--dry-run", is_flag=True, help="Show the two files instead of writing them.")
@as_json
def command(*, url: str, schema: str, app_role: str, into: Path, dry_run: bool, as_json: bool) -> None:
    """Draft policy and map from a database.

    Looks at tables, keys and some of the newest rows, and guesses: which tables list people, whose row each is,
    what each column holds, which dates start a clock. Every guess stands with its reason; what is uncertain is
    marked `# ?`. Nothing in the database is changed, no value of it is written down, and no file is written over.

    \b
    Example:
      jikim new --url env:SWEEPER_URL --into privacy
      jikim new --url env:SWEEPER_URL --dry-run
    """
    from jikim import config
    from jikim.bootstrap import open_sampler
    from jikim.cli.terminal import waiting, write_json
    from jikim.clock import now
    from jikim.operations.draft_files import draft_files, refuse_what_is_there, write_new
    from jikim.written import KOREA, shown

    project = config.load(into)
    paths = (project.policy, project.map)
    if not dry_run:
        refuse_what_is_there(map(Path, map(shown, paths)))
    with open_sampler(url, tables_in=schema) as sampler, waiting("looking at tables"):
        drafted = draft_files(
            sampler,
            url=url if url.startswith("env:") else _UNNAMED,
            tables_in=schema,
            app_role=app_role,
            names=(shown(paths[0]), shown(paths[1])),
            now=now(),
            zone=KOREA,
        )
    files = dict(zip(map(shown, paths), (drafted.policy, drafted.datamap), strict=True))
    if not dry_run:
        into.mkdir(parents=True, exist_ok=True)
        for path, text in zip(paths, files.values(), strict=True):
            write_new(path, text)
    if as_json:
        write_json(_as_value(drafted, files, written=not dry_run))
        return
    if dry_run:
        click.echo("\n".join(f"# {name}\n{text}" for name, text in files.items()))
        return
    _Told(drafted, tuple(files), url).tell()


def _as_value(drafted: "Drafted", files: dict[str, str], *, written: bool) -> dict[str, Any]:
    import json

    from jikim.lint import report

    return {
        "files": {name: {"written": written, "text": text} for name, text in files.items()},
        **drafted.draft.to_json(),
        "left_open": json.loads(report.as_json(drafted.left_open)),
        "findings": json.loads(report.as_json(drafted.checked.findings)),
        "blocked": {table: len(errors) for table, errors in drafted.checked.blocked.items()},
        "kept": list(drafted.checked.kept),
    }


@dataclass(frozen=True)
class _Told:
    """What a person reads once the files are there."""

    drafted: "Drafted"
    names: tuple[str, ...]
    url: str

    def tell(self) -> None:
        """What was found, what is open, what a check says, and what comes next."""
        from jikim.cli.terminal import console, counted, pairs

        draft, out = self.drafted.draft, console()
        personal = [table for table in draft.tables if table.personal]
        held = sum(1 for table in personal for column in table.columns if column.item or column.inside)
        out.print(f"{' and '.join(self.names)} are drafts: read every line.\n")
        out.print(
            pairs(
                {
                    "tables": f"{len(draft.tables)}, of which {len(personal)} hold personal data",
                    "people": ", ".join(f"{s.kind} ({s.table})" for s in draft.subjects)
                    or "no table lists any",
                    "columns": f"{held} with {counted(len(draft.items), 'item')}",
                }
            )
        )
        self._questions()
        self._findings("the policy leaves open", self.drafted.left_open)
        self._findings("the map check says", self.drafted.checked.findings)
        out.print(f"\n{self._verdict()}\n")
        self._next()

    def _questions(self) -> None:
        from rich.text import Text

        from jikim.cli.terminal import console, counted, grid, indented, safe
        from jikim.draft.guess import SORTS

        asked, out = self.drafted.draft.questions, console()
        if not asked:
            return
        out.print(f"\n{counted(len(asked), 'guess', 'guesses')} and gaps to decide, by what they are about:")
        for sort in SORTS:
            of_sort = [question for question in asked if question.about == sort]
            if not of_sort:
                continue
            shown = grid()
            for question in of_sort[:_SHOWN]:
                shown.add_row(
                    safe(".".join(question.where[1:]) or question.where[0]),
                    Text(safe(question.text), style="dim"),
                )
            more = f"; the first {_SHOWN}" if len(of_sort) > _SHOWN else ""
            out.print(f"\n  {sort}: {len(of_sort)}{more}")
            out.print(indented(shown, by=4))

    def _findings(self, title: str, found: "Iterable[Diagnostic]") -> None:
        from jikim.cli.terminal import console, grid, indented, safe

        by_code: dict[tuple[str, str], list[Diagnostic]] = {}
        for finding in found:
            by_code.setdefault((str(finding.severity), finding.code), []).append(finding)
        if not by_code:
            return
        out = console()
        out.print(f"\n{title}:")
        shown = grid(2)
        for (severity, code), each in sorted(by_code.items(), key=lambda item: (item[0][0], -len(item[1]))):
            first = each[0].message
            shown.add_row(
                f"{len(each)}", f"{severity}[{code}]", safe(first + (", …" if len(each) > 1 else ""))
            )
        out.print(indented(shown))

    def _verdict(self) -> str:
        checked = self.drafted.checked
        if not checked.blocked:
            return "Nothing blocks a table: what the policy promises could be kept as it stands."
        most = Counter(error.code for errors in checked.blocked.values() for error in errors).most_common(3)
        why = ", ".join(code for code, _ in most)
        kept, blocked = len(checked.kept), len(checked.blocked)
        return f"Tables that could be kept as they stand: {kept}. Blocked: {blocked}, mostly by {why}."

    def _next(self) -> None:
        from jikim.cli.terminal import console

        out = console()
        out.print("next:")
        if not self.url.startswith("env:"):
            out.print(
                f"  export {_UNNAMED.removeprefix('env:')}=…   # the URL you gave; it stands in no file"
            )
        for line in (
            f"grep -n '# ?' {' '.join(map(shlex.quote, self.names))}",
            "jikim check",
            "jikim map check",
        ):
            out.print(f"  {line}")
