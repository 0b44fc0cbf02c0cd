"""The data map as a value: which column holds which item, whose row it is, when its clocks start. Pure.

``datamap.yaml`` says where the promise of ``policy.yaml`` lives. Short forms are read into one long form
here, so nothing above this file knows that ``owner: {member: member_id}`` can be written in two ways.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, model_validator

from jikim.policy.triggers import TRIGGERS
from jikim.shape import Part, checked, did_you_mean, enforced, refuse

Scalar = str | int | bool | None


def _as_list(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else [value]


def _no_is_false(value: Any) -> Any:
    """YAML 1.2 leaves ``no`` and ``yes`` as words; here they answer a question."""
    return {"no": False, "yes": True}.get(value, value) if isinstance(value, str) else value


Columns = Annotated[tuple[str, ...], BeforeValidator(_as_list)]
Answer = Annotated[bool, BeforeValidator(_no_is_false)]


# -- stores -----------------------------------------------------------------------------------------------


class AppStore(Part):
    """The service's own database."""

    url: str = enforced(
        "Where the store is, for the sweeper: a URL, or `env:NAME` to read it from the environment."
    )
    zone: str = enforced("The time zone whose midnights count, e.g. `Asia/Seoul`.")
    app_role: str | None = checked(
        "The role the service itself uses; `audit` fails if it can reach the archive.", default=None
    )
    tables_in: str = enforced("The schema that holds the service's tables.", default="public")
    must_reach: str = checked(
        "The stage destruction must reach and within how many days, e.g. `rewritten within 30 days`.",
        default="unreachable within 5 days",
        pattern=r"^(unreachable|vacuumed|rewritten|shredded) within [1-9][0-9]{0,3} days?$",
    )


class ArchiveStore(Part):
    """Where data that a law demands is kept apart."""

    url: str = enforced("The archive, for the keeper: a URL, or `env:NAME`.")
    tables_in: str = enforced("The schema that holds the archive.", default="kept_by_law")
    waiver: str | None = checked(
        "A written reason why app and archive share a role; shown in every audit.", default=None
    )


class FilesStore(Part):
    """A folder whose files are named by a column."""

    path: str = enforced("The folder, or `env:NAME`.")


class Stores(Part):
    """The places a service keeps personal data in."""

    app: AppStore = enforced("The service's own database.")
    archive: ArchiveStore = enforced("Where data kept by law goes.")
    files: Mapping[str, FilesStore] = enforced("Folders of files, by name.", default={})


# -- facts ------------------------------------------------------------------------------------------------


class Fact(Part):
    """A dated fact: the column that says when something happened.

    ``column`` may step through a reference: ``order_id.completed_at`` is the column of the order that
    ``order_id`` points to.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    column: str = enforced("The column, or `reference.column`.")
    as_: Literal["instant", "date", "local", "epoch", "epoch-ms"] | None = enforced(
        "How the time is written; read from the column's type when it says so.", default=None, alias="as"
    )
    never: tuple[str, ...] = enforced("Sentinels that mean it has not happened.", default=())
    when: Mapping[str, Scalar] = enforced("Values other columns must have for the fact to count.", default={})


def _fact(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _known_triggers(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    for trigger in facts:
        if trigger not in TRIGGERS:
            raise refuse(
                "unknown-trigger",
                f"`{trigger}` is not a trigger",
                fix=did_you_mean(trigger, TRIGGERS) or f"one of: {', '.join(TRIGGERS)}",
            )
    return facts


FactBinding = Annotated[Fact, BeforeValidator(_fact)]
Facts = Annotated[Mapping[str, FactBinding], AfterValidator(_known_triggers)]


# -- people -----------------------------------------------------------------------------------------------


class Subject(Part):
    """A kind of data subject with rows of its own. Kinds without a row are named where their data lies."""

    table: str = enforced("The table with one row a person.")
    key: Columns = enforced("The column or columns that identify the person.")
    facts: Facts = enforced("When the person's clocks start.", default={})


# -- tables -----------------------------------------------------------------------------------------------


class Owner(Part):
    """Whose row it is: a person's key, a row of another owned table, or the words that name a person inline."""

    to: str = enforced("A kind of subject, or another table that is owned.")
    columns: Columns = enforced("The columns here that point there, or that name the person.")


def _owners(value: Any) -> Any:
    def one(entry: Any) -> Any:
        if isinstance(entry, Mapping) and len(entry) == 1 and "to" not in entry:
            to, columns = next(iter(entry.items()))
            return {"to": to, "columns": columns}
        return entry

    return [one(entry) for entry in _as_list(value)]


class Claimed(Part):
    """A processing or statutory record that a table's rows fall under, with clocks of its own if need be."""

    id: str = enforced("The id in the policy.")
    facts: Facts = enforced("Clocks that start differently for this one.", default={})


def _claims(value: Any) -> Any:
    def one(entry: Any) -> Any:
        if isinstance(entry, str):
            return {"id": entry}
        if isinstance(entry, Mapping) and len(entry) == 1 and "id" not in entry:
            claim, facts = next(iter(entry.items()))
            return {"id": claim, "facts": facts}
        return entry

    return [one(entry) for entry in _as_list(value)]


Claims = Annotated[tuple[Claimed, ...], BeforeValidator(_claims)]
Owners = Annotated[tuple[Owner, ...], BeforeValidator(_owners)]


class ColumnMap(Part):
    """What a column holds."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    item: str | None = enforced(
        "The item of the policy it holds; none when it holds nothing personal.", default=None
    )
    mask: str | None = enforced(
        "What stands there once no basis is left: `null`, `fixed(…)`, `tag(…{tag}…)`, `truncated-ip`, `year`.",
        default=None,
    )
    json_: Mapping[str, str] = enforced("Items inside a JSON value, by path.", default={}, alias="json")
    file: str | None = enforced("The column names a file in this files store.", default=None)

    @property
    def items(self) -> frozenset[str]:
        """Every item this column holds."""
        return frozenset(filter(None, (self.item, *self.json_.values())))


def _column(value: Any) -> Any:
    if value in ("no", False):
        return {}
    return {"item": value} if isinstance(value, str) else value


class RowClass(Part):
    """Rows of one table that fall under other processings or records than the rest."""

    where: Mapping[str, Scalar] = enforced(
        "Values that tell these rows apart; empty for the rest.", default={}
    )
    processing: Claims = enforced("The processings they fall under.", default=())
    records: Claims = enforced("The statutory records they fall under.", default=())
    facts: Facts = enforced("When their clocks start.", default={})


_ORPHANS = re.compile(r"^(refuse|destroy|date-from\((?P<column>[^)]+)\))$")


class TableMap(Part):
    """One table."""

    personal: Answer = enforced(
        "`no` for a table without personal data; it is then never touched.", default=True
    )
    owner: Owners = enforced("Whose rows these are; several where one may be empty.", default=())
    orphans: str = enforced(
        "What becomes of rows whose owner no longer exists: `refuse`, `destroy`, `date-from(column)`.",
        default="refuse",
        pattern=_ORPHANS.pattern,
    )
    processing: Claims = enforced("The processings its rows fall under.", default=())
    records: Claims = enforced("The statutory records its rows fall under.", default=())
    facts: Facts = enforced("When the rows' clocks start.", default={})
    references: Mapping[str, str] = enforced(
        "Columns that point to another table without a foreign key.", default={}
    )
    rows: Mapping[str, RowClass] = enforced("Classes of rows, tried in order.", default={})
    columns: Mapping[str, Annotated[ColumnMap, BeforeValidator(_column)]] = enforced(
        "What each column holds: an item, or `no`.", default={}
    )

    @model_validator(mode="after")
    def _classes_or_not(self) -> "TableMap":
        if self.rows and (self.processing or self.records):
            raise refuse(
                "row-class",
                "`processing` and `records` stand beside `rows`",
                why="each class of rows has its own",
                fix="move them inside each class of `rows`",
            )
        return self

    @property
    def classes(self) -> Mapping[str, RowClass]:
        """The row classes; a table without any is one class named ``all``."""
        if self.rows:
            return self.rows
        return {"all": RowClass(processing=self.processing, records=self.records)}

    @property
    def orphans_dated_from(self) -> str | None:
        """The column that dates an orphan, when the map names one."""
        match = _ORPHANS.match(self.orphans)
        return match["column"] if match else None


class DataMap(Part):
    """The whole of ``datamap.yaml``."""

    jikim: Literal[1] = checked("The version of this language.")
    service: str = checked("The id of the service; the policy says the same.")
    stores: Stores = enforced("Where personal data is kept.")
    subjects: Mapping[str, Subject] = enforced("Kinds of people with a row of their own.")
    tables: Mapping[str, TableMap] = enforced("Every table of the store.")

    def subject_of(self, table: str) -> str | None:
        """The kind of person whose rows ``table`` holds, if it is such a table."""
        return next((kind for kind, subject in self.subjects.items() if subject.table == table), None)
