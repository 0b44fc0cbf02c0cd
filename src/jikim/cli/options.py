"""Options and arguments that several commands share."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from jikim.bootstrap import Project
    from jikim.plan.schedule import Schedules
    from jikim.written import Written


@contextmanager
def project() -> Iterator["Project"]:
    """The project one stands in. The clock is read here, once a command."""
    from jikim.bootstrap import open_project
    from jikim.clock import now

    with open_project(Path.cwd(), now=now()) as opened:
        yield opened


def written() -> "Written":
    """What the files of that project say, for a command that opens nothing else."""
    from jikim.clock import now
    from jikim.config import load
    from jikim.written import Written

    return Written(load(Path.cwd()), now())


language_of = click.option(
    "--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True, help="In which language."
)


def not_over(out: Path, *sources: Path) -> None:
    """Refuse to write over what somebody wrote by hand.

    :raises click.UsageError: it is one of those files.
    """
    if any(out.exists() and each.exists() and out.samefile(each) for each in sources):
        raise click.UsageError(f"`{out}` is what this is made from: name another file")


class Instant(click.ParamType[date | datetime]):
    """``2026-01-12``, or ``2026-01-12T09:30`` in the service's zone, or with an offset."""

    name = "date|instant"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date | datetime:
        """The date or the instant that was written."""
        if isinstance(value, date):
            return value
        try:
            read = date.fromisoformat(value) if len(value) <= 10 else datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"`{value}` is neither a date nor an instant; write 2026-01-12 or 2026-01-12T09:30",
                param,
                ctx,
            )
        if not 1900 <= read.year < 3000:  # beyond, no period could be counted
            self.fail(f"`{value}` lies outside the years 1900 to 2999", param, ctx)
        return read


class Person(click.ParamType[tuple[str, str]]):
    """``member:42``: the kind of person, as the policy calls it, and their key."""

    name = "kind:key"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Kind and key, both as written."""
        if isinstance(value, tuple):
            return value
        kind, colon, key = value.partition(":")
        if not (kind and colon and key):
            self.fail("a person is written as kind and key, such as member:42", param, ctx)
        return kind, key


def key_of(person: tuple[str, str], schedules: "Schedules") -> tuple[str, ...]:
    """A person's key, part by part: keys of several columns are written with commas, as CSV is.

    :raises click.UsageError: it has more parts than the key, or fewer: it would name nobody.
    """
    kind, key = person
    keys = list(dict.fromkeys(o.key for s in schedules for o in s.owners if o.subject == kind))
    widths = {len(each) for each in keys}
    parts = next(csv.reader([key])) if widths and 1 not in widths else [key]
    if widths and len(parts) not in widths:
        named = ", ".join(keys[0])
        raise click.UsageError(
            f'`{kind}` is named by {named}, with commas between; a part that holds one stands in quotes: "a, b"'
        )
    return schedules.named(kind, parts)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
as_of = click.option(
    "--as-of",
    type=Instant(),
    help="Judge as of then instead of now: a date (its first moment) or an instant, in the service's zone.",
)


def telling(
    opened: "Project", fact: str, when: datetime | None, *, subject: tuple[str, str] | None, of: str
) -> str:
    """Put a fact on record and tell the store; the fact in the words that evidence has for it.

    :raises JikimError: the map asks for no such fact, or ledger or store refuse.
    """
    from jikim.datamap.told import told
    from jikim.evidence.entry import FactBody
    from jikim.operations.set_fact import asked, of_person, of_service
    from jikim.operations.tell import tell

    if of and not subject:
        raise click.UsageError("--of says which consent of one person: name them with --subject")
    store, at = opened.store, opened.now
    schedules = opened.schedules(store, at)
    if subject:
        kind, key = subject[0], key_of(subject, schedules)
        asks = asked(told(opened.datamap), schedules)
        word = of_person(fact, when, of=of, subject=kind, key=key, at=at, told=asks)
    else:
        word = of_service(fact, when, at=at, schedules=schedules)
    tagged = {"tag": opened.tag(kind, key)} if subject else {}
    body = FactBody(fact=word.name, state="not-happened" if when is None else "happened", **tagged)
    tell(opened.ledger, store, word, body)
    return word.name


def warn_of_nobody(opened: "Project", subject: tuple[str, str], schedules: "Schedules") -> None:
    """Say so where nothing is stored about whom something was told of: a key is easily mistyped."""
    from jikim.operations.hold import is_known

    if not is_known(opened.store, subject[0], key_of(subject, schedules), schedules, as_of=opened.now):
        click.echo(f"nothing is stored about {':'.join(subject)} now: see that the key is right", err=True)
