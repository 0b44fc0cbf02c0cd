"""``jikim``: the root of all commands, and what an error looks like."""

import codecs
import errno
import os
import sys
import traceback
from types import TracebackType
from typing import Final

import click

from jikim.cli.commands import EXIT_CODES, ROOT_HELP, Room
from jikim.errors import JikimError

FOUND, USAGE, FAULT, INTERRUPTED = 1, 2, 70, 130
_WIDTH: Final = 88


@click.command(
    cls=Room,
    help=ROOT_HELP,
    epilog=EXIT_CODES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": _WIDTH},
)
@click.option("--debug", is_flag=True, help="On a fault of jikim itself, show where it happened.")
@click.version_option(package_name="jikim", message="%(prog)s %(version)s")
def root(*, debug: bool) -> None:
    """Runs before every command."""
    sys.excepthook = _fault_with_places if debug else _fault


def main() -> None:
    """Run what was typed and leave with its exit code. A fault of jikim itself goes to ``sys.excepthook``."""
    sys.excepthook = _fault
    _streams_that_take_everything()
    try:
        code = root.main(prog_name="jikim", standalone_mode=False) or 0
        sys.stdout.flush()  # here a refusal can still be told; at Python's own end it no longer can
        sys.exit(code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(USAGE)
    except click.UsageError as error:
        _say(error.format_message(), fix=_see(error.ctx))
        sys.exit(USAGE)
    except click.Abort:
        _say("interrupted; nothing that had begun was left half done")
        sys.exit(INTERRUPTED)
    except JikimError as error:
        _tell(error)
        sys.exit(FOUND)
    except OSError as error:
        if error.errno != errno.EPIPE:  # else whoever read our output has gone
            where = f"`{error.filename}`" if error.filename else "the output"
            _say(f"{where}: {(error.strerror or 'refused').lower()}")
        _drop_what_cannot_be_written()
        sys.exit(FOUND)


def _streams_that_take_everything() -> None:
    """A stream that was closed is one nobody reads; a letter that an encoding lacks is written as JSON would."""
    codecs.register_error("as in JSON", _as_in_json)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
        elif mode == "w" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="as in JSON")


def _as_in_json(error: UnicodeError) -> tuple[str, int]:
    """``\\uac00``, also for what no text may hold: so JSON stays JSON, and nothing is lost."""
    import json

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _drop_what_cannot_be_written() -> None:
    """Or Python would try again at its end, and complain of it in its own words."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _see(ctx: click.Context | None) -> str:
    return f"see `{ctx.command_path} --help`" if ctx else "see `jikim --help`"


def _tell(error: JikimError) -> None:
    """One block: the findings of a file at their lines, or the message and its remedy."""
    from jikim.source import SourceError

    if not isinstance(error, SourceError):
        _say(str(error), fix=error.fix)
        return
    from jikim.cli.terminal import findings

    findings(error.diagnostics, err=True)


def _say(message: str, *, fix: str = "") -> None:
    from rich.text import Text

    from jikim.cli.terminal import console, grid

    said = grid(gap=1)
    said.add_row(Text("error:", style="bold red"), message)
    if fix:
        said.add_row("  fix:", fix)
    console(err=True).print(said)


def _fault(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A short word on what should not have happened. The error's own words may hold a person's data."""
    del error
    place = traceback.extract_tb(trace)[-1] if trace else None
    where = f" in {os.path.basename(place.filename)}:{place.lineno}" if place else ""
    _say(
        f"jikim met a fault of its own: {kind.__name__}{where}",
        fix="run it again with `jikim --debug …` and report what it shows; it shows no data",
    )
    sys.exit(FAULT)


def _fault_with_places(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The places a fault passed through, and of what kind it was, without any of its values."""
    cause = error.__cause__ or error.__context__
    while cause is not None:
        sys.stderr.writelines(traceback.format_tb(cause.__traceback__))
        sys.stderr.write(f"{type(cause).__name__}, and then:\n")
        cause = cause.__cause__ or cause.__context__
    sys.stderr.writelines(traceback.format_tb(trace))
    sys.stderr.write(f"{kind.__name__}\n")
    sys.exit(FAULT)
