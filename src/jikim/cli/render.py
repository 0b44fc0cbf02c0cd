"""``jikim render``: the policy as pages that people read."""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from jikim.cli.options import Instant, as_json, not_over, written

if TYPE_CHECKING:
    from jikim.policy.model import Policy
    from jikim.render.document.parts import Document
    from jikim.render.wording import Language

_ENDINGS: Final[Mapping[str, str]] = {
    "html": "html",
    "markdown": "md",
    "text": "txt",
    "pdf": "pdf",
    "json-ld": "jsonld",
}
_ALL: Final = "all"


@click.command("render")
@click.argument("policy", type=click.Path(path_type=Path), required=False)
@click.option(
    "--lang",
    type=click.Choice(["ko", "en", _ALL]),
    default=_ALL,
    show_default=True,
    help="In which language; all are those that the policy is published in.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([*_ENDINGS, _ALL]),
    default="html",
    show_default=True,
    help="A page, a text, a file to print, or terms for programs (W3C DPV).",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, allow_dash=True),
    default=Path(),
    help="A folder; of a single document also a file, or `-` for standard output.  [default: here]",
)
@click.option("--in-force-on", type=Instant(), help="By the law in force on that day instead of today.")
@click.option("--since", type=click.Path(path_type=Path), help="An older policy: say what has changed since.")
@as_json
def command(
    *,
    policy: Path | None,
    lang: str,
    form: str,
    out: Path,
    in_force_on: date | datetime | None,
    since: Path | None,
    as_json: bool,
) -> None:
    """Write the policy as pages that people read.

    POLICY is a file; without it, the project's own. Every sentence and number comes from it and from the law that it
    names: privacy.ko.html, privacy.en.pdf and so on. A page loads nothing, runs nothing, and keeps the addresses of
    its chapters. A policy that takes effect later is read by the law of that day. What a published text leaves open
    is said to be left open.

    \b
    Example:
      jikim render
      jikim render --format all --out public
      jikim render --lang ko --format text --out -
    """
    from jikim.policy.parse import parse
    from jikim.render.pages import law_of
    from jikim.written import read, shown

    files = written()
    path = policy or files.config.policy
    source = read(path)
    promise = parse(source, name=shown(path))
    before = parse(read(since), name=shown(since)) if since else None
    day = files.day(in_force_on) if in_force_on else law_of(promise, files.day(None))
    made = _documents(promise, source, lang=lang, form=form, day=day, before=before)
    if out == Path("-") or (out.suffix and not out.is_dir()):
        not_over(out, path, *([since] if since else []))
        _write_one(made, out)
        return
    out.mkdir(parents=True, exist_ok=True)
    names = [_write(out / name, make()) for name, make in made.items()]
    _tell(names, as_json=as_json)


def _documents(
    policy: "Policy", source: bytes, *, lang: str, form: str, day: date, before: "Policy | None"
) -> Mapping[str, Callable[[], str | bytes]]:
    """What was asked for, by the name of its file; each is made when it is called."""
    from jikim.notices.change import demands
    from jikim.render.changes import lines
    from jikim.render.document.compose import compose, published_in
    from jikim.render.pages import life_of

    languages = published_in(policy)
    if lang != _ALL:
        languages = tuple(each for each in languages if each == lang)
    if not languages:
        raise click.UsageError(f"the policy is not published in `{lang}`: see its `languages`")
    forms = list(_ENDINGS) if form == _ALL else [form]
    made: dict[str, Callable[[], str | bytes]] = {}
    if "json-ld" in forms:
        from jikim.render.jsonld import as_json_ld

        made["privacy.jsonld"] = lambda: as_json_ld(policy, in_force_on=day)
    life = life_of(policy, in_force_on=day)
    if life is None:
        click.echo("the policy leaves things open, so no figures are drawn: see `jikim check`", err=True)
    demanded = demands(before, policy) if before else ()
    for language in languages:
        changed = lines(demanded, before, policy, language=language) if before else ()
        document = compose(policy, language=language, in_force_on=day, timeline=life, since=changed)
        others = {each: f"privacy.{each}.html" for each in languages if each != language}
        for name in forms:
            if name != "json-ld":
                file = f"privacy.{language}.{_ENDINGS[name]}"
                made[file] = _maker(name, document, source, others, policy.effective or day)
    return made


def _maker(
    form: str, document: "Document", source: bytes, others: "Mapping[Language, str]", day: date
) -> Callable[[], str | bytes]:
    from jikim.render.html import as_html
    from jikim.render.markdown import as_markdown
    from jikim.render.pdf import as_pdf
    from jikim.render.text import as_text

    makers: Mapping[str, Callable[[], str | bytes]] = {
        "html": lambda: as_html(document, files=others),
        "markdown": lambda: as_markdown(document),
        "text": lambda: as_text(document),
        "pdf": lambda: as_pdf(document, policy=source, on=day),
    }
    return makers[form]


def _write_one(made: Mapping[str, Callable[[], str | bytes]], out: Path) -> None:
    if len(made) != 1:
        names = ", ".join(made)
        raise click.UsageError(
            f"`{out}` can hold one document, and there are {len(made)}: {names}; "
            "name a folder, or choose with --lang and --format"
        )
    (make,) = made.values()
    if out != Path("-"):
        _tell([_write(out, make())], as_json=False)
        return
    whole = make()
    if isinstance(whole, bytes):
        sys.stdout.buffer.write(whole)
    else:
        sys.stdout.write(whole)


def _write(path: Path, whole: str | bytes) -> dict[str, object]:
    from jikim.cli.terminal import write_file

    data = whole.encode() if isinstance(whole, str) else whole
    write_file(path, data)
    return {"file": str(path), "bytes": len(data)}


def _tell(files: list[dict[str, object]], *, as_json: bool) -> None:
    if as_json:
        from jikim.cli.terminal import write_json

        write_json(files)
        return
    for line in _lines(files):
        click.echo(line)


def _lines(files: list[dict[str, object]]) -> Iterator[str]:
    for each in files:
        yield f"{each['file']}"
