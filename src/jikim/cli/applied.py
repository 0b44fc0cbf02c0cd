"""A run as an operator reads it afterwards: what each step did, what is left, and where the proof stands."""

import base64
from collections import Counter
from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from jikim.cli.terminal import console, counted, grid, indented, pairs, table
from jikim.operations.apply_plan import Applied, StepResult
from jikim.operations.keep_promise import Kept

_STYLES = {"refused": "yellow", "incomplete": "yellow", "stopped": "yellow", "failed": "red"}


def kept(done: Kept) -> None:
    """A run that was carried out."""
    out, head = console(), done.checkpoint
    _steps(done.applied, nothing="nothing was due")
    for reason, count in done.files.failed.items():
        out.print(f"{counted(count, 'file')} could not be removed: {reason}", style="yellow")
    if done.files.replaced:
        what = counted(done.files.replaced, "file was", "files were")
        out.print(f"{what} replaced or written to since judged, and stays until judged anew", style="yellow")
    if done.files.shared:
        what = counted(done.files.shared, "file stays", "files stay")
        out.print(f"{what}: other rows name them, and the last takes them along")
    files = {"files removed": f"{done.files.files:,}"} if done.files.files else {}
    out.print(
        pairs(
            {
                "run": f"{done.applied.run}, {done.applied.state}",
                **files,
                "receipts": f"{done.imported.new:,}",
                "evidence": f"{head.origin}, {counted(head.size, 'entry', 'entries')}",
                "root": base64.b64encode(head.root).decode(),
            }
        )
    )
    if done.applied.state == "stopped":
        out.print("\nstopped where it was asked to; running it again continues", style="yellow")
    elif not done.complete:
        out.print("\nwhat is left stays for the next run", style="yellow")


def rehearsed(applied: Applied) -> None:
    """A run that was not."""
    _steps(applied, nothing="nothing would be done")
    console().print("a rehearsal: nothing was changed")


def _steps(applied: Applied, *, nothing: str) -> None:
    out = console()
    told = [step for step in applied.steps if step.rows or step.remaining or step.state == "failed"]
    if told:
        out.print(_table(told))
    elif applied.complete:
        out.print(nothing)
    out.print()
    reasons = grid()
    for step in told:
        if step.reason:
            reasons.add_row(Text(step.step, style="bold"), step.reason)
    untouched = Counter((s.state, s.reason) for s in applied.steps if s not in told and s.state != "done")
    for (state, reason), count in untouched.items():
        reasons.add_row(
            Text(f"{counted(count, 'step')} {state}", style=_STYLES[state]), reason or "not begun"
        )
    for name, message in applied.blocked.items():
        reasons.add_row(Text(name, style="bold"), message)
    if reasons.row_count:
        out.print(indented(reasons))
        out.print()


def _table(steps: Iterable[StepResult]) -> Table:
    shown = table("step", "rows", "batches", "left", "state", numbers=("rows", "batches", "left"))
    for step in steps:
        style = _STYLES.get(step.state, "")
        left = f"{step.remaining:,}" if step.remaining else ""
        shown.add_row(step.step, f"{step.rows:,}", f"{step.batches:,}", left, Text(step.state, style=style))
    return shown
