"""Does the map serve the promise it names? Services, processings, records and items. Pure."""

from collections.abc import Iterator

from jikim.datamap.survey import Survey, error, info, key, warning
from jikim.shape import did_you_mean
from jikim.source import Diagnostic


def service(survey: Survey) -> Iterator[Diagnostic]:
    """The map and the policy are of one service."""
    said, promised = survey.datamap.service, survey.policy.service.id
    if said != promised:
        yield error(
            "other-service",
            ("service",),
            f"this is the map of `{said}`, and the policy is that of `{promised}`",
            why="one service's data would be destroyed on another's promise",
            fix=f"service: {promised}",
        )


def claims(survey: Survey) -> Iterator[Diagnostic]:
    """Every processing and record that a table names is promised, and every promise is kept somewhere."""
    promised = {"processing": set(survey.policy.processing), "records": set(survey.policy.kept_by_law)}
    named: dict[str, set[str]] = {"processing": set(), "records": set()}
    for name in survey.personal:
        for path, kind, claimed in survey.claims(name):
            named[kind].add(claimed.id)
            if claimed.id not in promised[kind]:
                single = {"processing": "processing", "records": "record"}[kind]
                where = "of the policy" if kind == "processing" else "under `kept_by_law`"
                yield error(
                    f"unknown-{single}",
                    path,
                    f"`{claimed.id}` is no {single} {where}",
                    fix=did_you_mean(claimed.id, promised[kind])
                    or f"one of: {', '.join(sorted(promised[kind]))}",
                )
    for kind, clause in (("processing", "processing"), ("records", "kept_by_law")):
        for missing in sorted(promised[kind] - named[kind]):
            yield warning(
                "kept-nowhere",
                ("tables",),
                f"no table falls under `{clause}.{missing}`",
                why="a promise that no table names is kept by nobody",
                fix=f"{kind}: [{key(missing)}]   # in the tables it speaks of; or take it out of the promise",
            )


def items(survey: Survey) -> Iterator[Diagnostic]:
    """Every item is held somewhere, and no column holds one that its table's promises do not list."""
    held: set[str] = set()
    for name, (mapped, table) in survey.personal.items():
        covered: set[str] = set()
        for _, kind, claimed in survey.claims(name):
            if kind == "processing" and claimed.id in survey.policy.processing:
                covered |= survey.policy.processing[claimed.id].items.all
            if kind == "records" and claimed.id in survey.policy.kept_by_law:
                covered |= set(survey.policy.kept_by_law[claimed.id].items)
        for column, written in mapped.columns.items():
            held |= written.items
            for item in sorted(written.items & set(survey.policy.items) - covered):
                if column in table.columns:
                    yield _without_basis(survey, name, column, item)
    for item, meant in survey.policy.items.items():
        if item not in held and meant.stored != "never":
            yield info(
                "unheld-item",
                ("tables",),
                f"the policy says that `{item}` is collected, and no column holds it",
                why="a promise should name what is collected, and no more (개인정보 보호법 제30조)",
                fix="map the column that holds it, write `stored: never`, or take it out of the promise",
            )


def _without_basis(survey: Survey, name: str, column: str, item: str) -> Diagnostic:
    fitting = sorted(p for p, processing in survey.policy.processing.items() if item in processing.items.all)
    return error(
        "no-basis",
        ("tables", name, "columns", column),
        f"no processing or record of `{name}` covers `{item}`",
        why="an item without a basis may not be held (개인정보 보호법 제15조, 제30조)",
        fix=f"processing: [{', '.join(map(key, fitting))}]   # those that list `{item}`"
        if fitting
        else f"list `{item}` in a processing of policy.yaml, or stop storing it",
    )
