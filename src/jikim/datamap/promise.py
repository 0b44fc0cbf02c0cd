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
    """Every processing and record that a table names is promised, and every promise is kept somewhere.

    A processing whose items only pass through leaves nothing in any table.
    """
    policy = survey.policy
    promised = {"processing": set(policy.processing), "records": set(policy.kept_by_law)}
    passing = {name for name, item in policy.items.items() if item.stored == "never"}
    kept = {id for id, each in policy.processing.items() if not each.items.all or each.items.all - passing}
    stands = {"processing": kept, "records": promised["records"]}
    named: dict[str, set[str]] = {"processing": set(), "records": set()}
    meant: set[str] = set()
    for name in survey.personal:
        for path, kind, claimed in survey.claims(name):
            named[kind].add(claimed.id)
            if claimed.id not in promised[kind]:
                meant |= {word for word in did_you_mean(claimed.id, promised[kind]).split("`") if word}
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
        for missing in sorted(stands[kind] - named[kind] - meant):
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
    stored = {name for name, item in survey.policy.items.items() if item.stored != "never"}
    for name, (mapped, table) in survey.personal.items():
        held |= {item for written in mapped.columns.values() for item in written.items}
        covered = _covered(survey, name)
        for column, written in mapped.columns.items():
            known = {item for item in written.items if item in stored and column in table.columns}
            for item in sorted(known - covered if covered is not None else ()):
                yield _without_basis(survey, name, column, item)
    for item in survey.policy.items:
        if item in stored - held:
            yield info(
                "unheld-item",
                ("tables",),
                f"the policy says that `{item}` is collected, and no column holds it",
                why="a promise should name what is collected, and no more (개인정보 보호법 제30조)",
                fix="map the column that holds it, write `stored: never`, or take it out of the promise",
            )


def _covered(survey: Survey, name: str) -> set[str] | None:
    """The items that a table's promises list; None while it names one that nobody knows."""
    covered: set[str] = set()
    for _, kind, claimed in survey.claims(name):
        processing = survey.policy.processing.get(claimed.id) if kind == "processing" else None
        record = survey.policy.kept_by_law.get(claimed.id) if kind == "records" else None
        if processing is None and record is None:
            return None
        covered |= set(processing.items.all if processing else record.items if record else ())
    return covered


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
