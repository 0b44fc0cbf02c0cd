"""How far a run has come: bars on a terminal, nothing where nobody looks. Effectful: writes to stderr."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from jikim.cli.terminal import console
from jikim.operations import apply_plan
from jikim.plan.plan import Plan

Report = Callable[[apply_plan.Progress], None]


class _Rate(ProgressColumn):
    """Rows in a second."""

    def render(self, task: Task) -> Text:
        """``1,234/s`` once there is something to reckon from."""
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="dim")


@contextmanager
def shown(plan: Plan) -> Iterator[Report]:
    """Something to report batches to."""
    out = console(err=True)
    if not out.is_terminal:
        yield lambda progress: None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24, style="dim", complete_style="default", finished_style="default"),
        TextColumn("{task.completed:>9,} of {task.total:,}"),
        _Rate(),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=out, transient=True) as bars:
        whole = bars.add_task("all rows", total=sum(plan.rows.values()))
        tasks: dict[str, TaskID] = {}
        done: dict[str, int] = {}

        def report(progress: apply_plan.Progress) -> None:
            step = progress.step.id
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=max(progress.expected, progress.rows))
            bars.update(tasks[step], completed=progress.rows, visible=progress.rows < progress.expected)
            done[step] = progress.rows
            bars.update(whole, completed=sum(done.values()))

        yield report
