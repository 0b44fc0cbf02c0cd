"""``jikim publish``: a version of the policy goes out, and stays as it is."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jikim.cli.options import Instant, as_json, project

if TYPE_CHECKING:
    from jikim.notices.publishing import Judgement


@click.command("publish")
@click.argument("policy", type=click.Path(path_type=Path), required=False)
@click.option(
    "--reading",
    type=click.Choice(["strict", "lenient"]),
    default="strict",
    show_default=True,
    help="How days between announcement and effect count: full days between, or one of the end days besides.",
)
@click.option("--because", default="", help="Why by the lenient reading.")
@click.option(
    "--ask-again", multiple=True, help="Consent to this processing or recipient is going to be asked again."
)
@click.option(
    "--announced-elsewhere", is_flag=True, help="People were told on the day that the policy names."
)
@click.option(
    "--on", type=Instant(), help="As if today were another day: only to look, nothing is published."
)
@click.option("--yes", is_flag=True, help="Publish; without it, only say whether it could be.")
@as_json
def command(
    *,
    policy: Path | None,
    reading: str,
    because: str,
    ask_again: tuple[str, ...],
    announced_elsewhere: bool,
    on: date | datetime | None,
    yes: bool,
    as_json: bool,
) -> int:
    """Publish a version of the policy, for good.

    POLICY is a file; without it, the project's own. It is judged beside the newest version that was published: its
    lint, the days between announcement and effect that were promised, and the consents that its changes need. The
    ledger keeps the file, the digest of each page that is rendered from it, and how it was judged; the log says so.
    Nothing of that is ever changed. Without --yes nothing is published. Exit code 1 when something stands against it.

    \b
    Example:
      jikim publish
      jikim publish --yes
      jikim publish --reading lenient --because "the end day counts, as it does for terms of use" --yes
    """
    from jikim.operations.publish_policy import (
        PublishingError,
        Word,
        judge_policy,
        publish_policy,
        published,
    )
    from jikim.operations.seal_evidence import seal_evidence
    from jikim.policy.parse import parse
    from jikim.written import read, shown

    if on and yes:
        raise click.UsageError("--on only looks; what is published is published today")
    word = Word("lenient" if reading == "lenient" else "strict", because, ask_again, announced_elsewhere)
    with project() as opened:
        path, day = policy or opened.config.policy, opened.day(on)
        text = read(path)
        parsed, done = parse(text, name=shown(path)), False
        if yes:
            try:
                judgement = publish_policy(opened.ledger, parsed, text, word=word, today=day, at=opened.now)
                seal_evidence(opened.ledger, signer=opened.keys.signer, now=opened.now)
                done = True
            except PublishingError as error:
                judgement = error.judgement
        else:
            judgement = judge_policy(parsed, known=published(opened.ledger), word=word, today=day)
    _print(judgement, str(parsed.version), done=done, as_json=as_json)
    return int(bool(judgement.refusals))


def _reworded(judgement: "Judgement") -> str:
    """What a person is to judge before it goes out."""
    options = " ".join(f"--ask-again {name}" for name in judgement.reworded)
    return f"{', '.join(judgement.reworded)}: if it means something else, consent is needed: `{options}`"


def _print(judgement: "Judgement", version: str, *, done: bool, as_json: bool) -> None:
    """What the version demands, and what stands against it."""
    from jikim.cli.terminal import console, counted, pairs, write_json

    refusals = [{"reason": each.reason, "fix": each.fix} for each in judgement.refusals]
    if as_json:
        write_json({"version": version, "published": done, **judgement.to_json(), "refusals": refusals})
        return
    out = console()
    strict, lenient = (judgement.earliest.get(reading) for reading in ("strict", "lenient"))
    asked = ", ".join(f"{each.to} ({', '.join(each.about)})" for each in judgement.asked)
    out.print(
        pairs(
            {
                "version": version,
                "changes": counted(len(judgement.demands), "change"),
                "notice": f"{judgement.notice}" if judgement.notice else "none is promised",
                **(
                    {"earliest": f"{strict} by the strict reading, {lenient} by the lenient"}
                    if strict
                    else {}
                ),
                "consent": asked or "of nobody",
                **({"reworded": _reworded(judgement)} if judgement.reworded else {}),
            }
        )
    )
    for each in judgement.refusals:
        out.print(f"\nrefused: {each.reason}\n  fix: {each.fix}")
    if done:
        out.print(f"\nversion {version} is published")
    elif not judgement.refusals:
        out.print("\nnothing stands against it; `jikim publish --yes` publishes it")
