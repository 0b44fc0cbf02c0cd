"""What the store keeps of personal tables beside them: materialised views, full-text indexes. Pure.

A view that is looked through each time keeps nothing, so nothing is said of it. A materialised one holds what its
tables held when it was refreshed last: rows that a sweep destroyed live on in it. So do their words in an index.
"""

from collections.abc import Iterator

from jikim.datamap.schema import Derived
from jikim.datamap.survey import Survey, error, key, warning
from jikim.shape import did_you_mean
from jikim.source import Diagnostic


def derived(survey: Survey) -> Iterator[Diagnostic]:
    """Every copy of a personal table is said to be refreshed, or to hold nothing personal."""
    said = survey.datamap.derived
    stored = {name: view for name, view in survey.schema.derived.items() if not view.of_itself}
    for name, view in stored.items():
        personal = _personal(survey, view)
        if not view.remade and said.get(name) != "no":
            yield _lasting(name, view)
        for table in view.reads if name not in said else ():
            if table in survey.personal:
                yield _undeclared(view, table, personal)
        if said.get(name) == "no" and personal:
            yield warning(
                "doubtful-no",
                ("derived", name),
                f"`{name}` is made of {_listed(personal)}, and the map says that it copies nothing personal",
                why="what it copied stays in it until somebody refreshes it",
                fix=f"derived: {{{key(name)}: refresh}}",
            )
    for name in said:
        if name not in stored:
            yield warning(
                "missing-view",
                ("derived", name),
                f"the store has no materialised view or full-text index `{name}` that reads a table of the map",
                fix=did_you_mean(name, stored) or f"remove `{key(name)}` from `derived`",
            )


def _personal(survey: Survey, view: Derived) -> list[str]:
    """The personal columns a view is known to be made of."""
    return [
        f"{table}.{column}"
        for table, columns in view.reads.items()
        for column in columns
        if table in survey.personal
        and (written := survey.personal[table][0].columns.get(column))
        and written.items
    ]


def _lasting(name: str, view: Derived) -> Diagnostic:
    """A copy that nothing but its writer can make anew; which tables it was made of is not known either."""
    return error(
        "lasting-copy",
        ("tables", name),
        f"the {view.kind} `{name}` keeps no content that it could be made anew from",
        why="whatever was written into it stays there, and no run could say that it went",
        fix=f"make it anew with content='the_table'; or derived: {{{key(name)}: no}}, if it holds nothing personal",
    )


def _undeclared(view: Derived, table: str, personal: list[str]) -> Diagnostic:
    made_of = f": it is made of {_listed(personal)}" if personal else ""
    return error(
        "derived-copy",
        ("tables", table),
        f"the {view.kind} `{view.name}` reads `{table}`, and the map does not speak of it{made_of}",
        why="it keeps what it read: a row destroyed in its table would live on there",
        fix=f"derived: {{{key(view.name)}: refresh}}   # or `no`, if it copies nothing personal",
    )


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
