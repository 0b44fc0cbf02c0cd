"""A draft as ``datamap.yaml``. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from jikim.draft.guess import MARK
from jikim.draft.layout import Line, flow, listed, scalar, written
from jikim.draft.proposal import ColumnGuess, Draft, FactGuess, OwnerGuess, SubjectGuess, TableGuess


@dataclass(frozen=True)
class Place:
    """Where the database is.

    :param url: ``env:NAME``; never a URL itself, which may hold a password.
    :param zoneless: whether some clock of the draft is a time without a zone.
    """

    url: str
    tables_in: str
    app_role: str
    zone: str
    zoneless: bool


def datamap_text(draft: Draft, place: Place) -> str:
    """The file: every table and column, each guess with its reason."""
    return written([*_head(draft), *_stores(place), *_subjects(draft), *_tables(draft)])


def _head(draft: Draft) -> Iterator[Line]:
    yield Line(
        0,
        "",
        "Where the promise of policy.yaml lives. Drafted by `jikim new` from names, types and forms of values.",
    )
    yield Line(
        0,
        "",
        f"A line with `# {MARK}` waits for somebody who knows; `jikim map check` says what does not fit yet.",
    )
    yield Line(0, "jikim: 1")
    yield Line(0, f"service: {scalar(draft.service)}")
    yield Line(0, "")


def _stores(place: Place) -> Iterator[Line]:
    yield Line(0, "stores:")
    yield Line(1, "app:")
    yield Line(2, f"url: {place.url}", "the sweeper's: it reads every row, removes and masks")
    yield Line(2, f"zone: {place.zone}", f"{MARK} the zone whose midnights count")
    if place.zoneless:
        yield Line(2, "", f"{MARK} times: utc, or local: some clocks are times without a zone")
    if place.app_role:
        yield Line(2, f"app_role: {scalar(place.app_role)}")
    if place.tables_in != "public":
        yield Line(2, f"tables_in: {scalar(place.tables_in)}")
    yield Line(1, "archive:")
    yield Line(
        2,
        "url: env:JIKIM_KEEPER_URL",
        f"{MARK} the keeper's: a role of its own, which nothing else may become",
    )
    yield Line(0, "")


def _subjects(draft: Draft) -> Iterator[Line]:
    if not draft.subjects:
        yield Line(0, "subjects: {}", f"{MARK} no table seems to list people")
    else:
        yield Line(0, "subjects:")
    for subject in draft.subjects:
        yield Line(1, f"{scalar(subject.kind)}:", subject.why.comment)
        yield from _subject(subject)
    yield Line(0, "")


def _subject(subject: SubjectGuess) -> Iterator[Line]:
    yield Line(2, f"table: {scalar(subject.table)}")
    yield Line(2, f"key: {listed(subject.key)}")
    if subject.facts:
        yield Line(2, "facts:")
        yield from (Line(3, f"{fact.trigger}: {_fact(fact)}", fact.why.comment) for fact in subject.facts)
    else:
        yield Line(2, "", f"{MARK} facts: {{membership ended: …}}: no column says when somebody left")


def _tables(draft: Draft) -> Iterator[Line]:
    yield Line(0, "tables:" if draft.tables else "tables: {}")
    for table in draft.tables:
        if table.personal:
            yield Line(0, "")
            yield Line(1, f"{scalar(table.name)}:")
            yield from _table(table, draft)
    yield Line(0, "")
    for table in draft.tables:
        if not table.personal:
            yield Line(1, f"{scalar(table.name)}: {{personal: no}}", table.why.comment)


def _table(table: TableGuess, draft: Draft) -> Iterator[Line]:
    if table.owners:
        yield from _owner(table.owners)
    elif table.name not in {subject.table for subject in draft.subjects}:
        yield Line(2, "", f"{MARK} owner: {{…: …}}: {table.why.reason}")
    if table.orphans:
        yield Line(
            2,
            f"orphans: {scalar(f'date-from({table.orphans})')}",
            f"{MARK} rows may belong to nobody any more",
        )
    yield Line(2, f"processing: [{scalar(table.topic)}]")
    if table.facts:
        yield Line(2, "facts:")
        yield from (Line(3, f"{fact.trigger}: {_fact(fact)}", fact.why.comment) for fact in table.facts)
    if table.columns:
        yield Line(2, "columns:")
        yield from (Line(3, f"{scalar(c.name)}: {_column(c)}", c.why.comment) for c in table.columns)


def _owner(owners: tuple[OwnerGuess, ...]) -> Iterator[Line]:
    if len(owners) == 1:
        yield Line(2, f"owner: {_edge(owners[0])}", owners[0].why.comment)
        return
    yield Line(2, "owner:")
    yield from (Line(3, f"- {_edge(owner)}", owner.why.comment) for owner in owners)


def _edge(owner: OwnerGuess) -> str:
    """An owner in its short form; one that is called as a key of the long form is, in that."""
    columns = listed(owner.columns)
    return flow({"to": scalar(owner.to), "columns": columns} if owner.to == "to" else {owner.to: columns})


def _fact(fact: FactGuess) -> str:
    more: dict[str, str] = {}
    if fact.numbers:
        more["as"] = fact.numbers
    if fact.never:
        more["never"] = "[" + ", ".join(f'"{day}"' for day in fact.never) + "]"
    if fact.when:
        more["when"] = flow({column: scalar(value) for column, value in fact.when.items()})
    return flow({"column": scalar(fact.column), **more}) if more else scalar(fact.column)


def _column(column: ColumnGuess) -> str:
    if column.inside:
        return flow({"json": flow({path: scalar(item) for path, item in column.inside.items()})})
    if not column.item:
        return "no"
    if column.mask:
        return flow({"item": scalar(column.item), "mask": scalar(column.mask)})
    return scalar(column.item)
