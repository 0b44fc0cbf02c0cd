"""The data map as a value: which column holds which item, whose row it is, when its clocks start. Pure.

``datamap.yaml`` says where the promise of ``policy.yaml`` lives. Short forms are read into one long form
here, so nothing above this file knows that ``owner: {member: member_id}`` can be written in two ways.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Discriminator,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from jikim.datamap.files import KEPT, Names, PatternError, names
from jikim.datamap.forms import (
    NAMES,
    TEXT,
    Answer,
    Columns,
    Mask,
    Orphans,
    Reach,
    Short,
    Zone,
    as_list,
    one_key,
    or_many,
)
from jikim.datamap.schema import Schema, TimeType
from jikim.datamap.tablename import parted
from jikim.policy.triggers import TRIGGERS, UNSTATED
from jikim.shape import Part, checked, did_you_mean, enforced, refuse

Scalar = str | int | bool | None


# -- stores -----------------------------------------------------------------------------------------------


class AppStore(Part):
    """The service's own database."""

    url: str = enforced(
        "Where the store is, for the sweeper: a URL, or `env:NAME` to read it from the environment."
    )
    zone: Zone = enforced("The time zone whose midnights count, e.g. `Asia/Seoul`.")
    times: Literal["local", "utc"] | None = enforced(
        "How times without a zone are written: as the clocks of `zone` show them (`local`), or as UTC.",
        default=None,
    )
    app_role: str | None = checked(
        "The role the service itself uses; `audit` fails if it can reach the archive.", default=None
    )
    tables_in: str = enforced("The schema that holds the service's tables.", default="public")
    must_reach: Reach = checked(
        "The stage destruction must reach and within how many days, e.g. `rewritten within 30 days`.",
        default="unreachable within 5 days",
    )


class ArchiveStore(Part):
    """Where data that a law demands is kept apart."""

    url: str = enforced("The archive, for the keeper: a URL, or `env:NAME`.")
    tables_in: str = enforced("The schema that holds the archive.", default="kept_by_law")
    files: str | None = enforced(
        "The folder that holds files which a law demands, or `env:NAME`; closed to the service like the archive.",
        default=None,
    )
    waiver: str | None = checked(
        "A written reason why service, sweeper and keeper are not three roles; shown in every audit.",
        default=None,
    )


_PATTERN: Final[JsonSchemaValue] = {"type": "string", "examples": ["access-{date:%Y-%m-%d}.log*"]}
Patterns = Annotated[
    tuple[str, ...], Short(as_list, lambda _: [_PATTERN], "[pattern](#files-as-rows), or list of patterns")
]


class FilesStore(Part):
    """A folder of files: named by a column of a table, or listed, each file a row of a table of the map."""

    path: str = enforced("The folder, or `env:NAME`.")
    named: Patterns = enforced("What the paths of its files look like, where they are listed.", default=())
    leave: Patterns = enforced(
        "Paths beside them that are known and left alone, such as the log that is being written.", default=()
    )

    @model_validator(mode="after")
    def _patterns(self) -> "FilesStore":
        try:
            _ = self.names if self.named else names(("*",), self.leave)
        except PatternError as reason:
            raise refuse("not-a-pattern", str(reason), fix="access-{date:%Y-%m-%d}.log*") from None
        return self

    @property
    def names(self) -> Names:
        """What the paths mean."""
        return names(self.named, self.leave)


class Stores(Part):
    """The places a service keeps personal data in."""

    app: AppStore = enforced("Where the service itself writes.")
    archive: ArchiveStore = enforced("Where data kept by law goes.")
    files: Mapping[str, FilesStore] = enforced("Folders of files, by name.", default={})

    @model_validator(mode="after")
    def _named_otherwise(self) -> "Stores":
        if KEPT in self.files:
            raise refuse(
                "not-a-name",
                f"a files store cannot be called `{KEPT}`",
                why="so is the folder that holds files which a law demands",
                fix=f"stores: {{{KEPT}: {{files: …}}}}   # or another name",
                at=("files", KEPT),
            )
        return self


# -- facts ------------------------------------------------------------------------------------------------


class Fact(Part):
    """A dated fact: the column that says when something happened.

    ``column`` may step through a reference: ``order_id.completed_at`` is the column of the order that
    ``order_id`` points to.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    column: str = enforced("The column, or `reference.column`.")
    as_: TimeType | None = enforced(
        "How the time is written; read from the column's type when it says so.", default=None, alias="as"
    )
    never: tuple[str, ...] = enforced("Sentinels that mean it has not happened.", default=())
    when: Mapping[str, Scalar] = enforced("Values other columns must have for the fact to count.", default={})


class FromLedger(Part):
    """A dated fact that stands in no row: the ledger tells it, about one person."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    from_: Literal["ledger"] = enforced("Whoever tells it: `ledger`.", alias="from")


def _fact(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _kind_of_fact(value: Any) -> str:
    said = value if isinstance(value, Mapping) else {}
    return "of the ledger" if "from" in said or isinstance(value, FromLedger) else "in a row"


def _known_trigger(trigger: str) -> str:
    if trigger not in _STARTS:
        raise refuse(
            "unknown-trigger",
            f"`{trigger}` is not a trigger",
            fix=did_you_mean(trigger, _STARTS) or f"one of: {', '.join(_STARTS)}",
        )
    return trigger


_STARTS: Final = tuple(trigger for trigger in TRIGGERS if trigger != UNSTATED)


class _ByTrigger:
    """Editors complete the triggers."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        words = "by [trigger](policy.md#triggers): column, [Fact](#fact) or [FromLedger](#fromledger)"
        return {**handler(schema), "propertyNames": {"enum": list(_STARTS)}, "$comment": words}


FactBinding = Annotated[
    Annotated[Fact, Tag("in a row")] | Annotated[FromLedger, Tag("of the ledger")],
    Discriminator(_kind_of_fact),
    Short(_fact, lambda _: [TEXT], "column, [Fact](#fact) or [FromLedger](#fromledger)"),
]
Facts = Annotated[Mapping[Annotated[str, AfterValidator(_known_trigger)], FactBinding], _ByTrigger()]


# -- people -----------------------------------------------------------------------------------------------


class Subject(Part):
    """A kind of data subject with rows of its own. Kinds without a row are named where their data lies."""

    table: str = enforced("The table with one row a person.")
    key: Columns = enforced("The column or columns that identify the person.")
    facts: Facts = enforced("When the person's clocks start.", default={})


# -- tables -----------------------------------------------------------------------------------------------


NOBODY: Final = "no"
"""The owner of rows that are about nobody."""
Whose = Annotated[
    str, Short(lambda to: NOBODY if to is False else to, lambda _: [{"const": False}], "text, or `no`")
]


class Inline(Part):
    """A kind of people who have no row of their own: words in other rows name them."""

    match: Literal["exact", "any-case"] = enforced(
        "When two such words name one person: `exact`, letter by letter; `any-case`, where `A` to `Z` are read as `a` "
        "to `z` and every other letter as it stands.",
        default="exact",
    )


class Owner(Part):
    """Whose row it is: a person's key, a row of another owned table, or the words that name a person inline.

    Where join rows lead to the owners, they are named by *their* columns, which point here:
    ``{household_members: {their: household_id}}``. Each of the people they lead to is an owner.
    """

    to: Whose = enforced(
        "A kind of subject, another table that is owned, or `no` where the row is about nobody."
    )
    columns: Columns = enforced("The columns here that point there, or that name the person.", default=())
    their: Columns = enforced("The columns there that point to this table's key.", default=())
    when: Mapping[str, Scalar] = enforced(
        "Values other columns must have for the row to be theirs; `columns` may then hold a key as text.",
        default={},
    )
    anonymise: Columns = enforced(
        "Of a co-owner: the columns that are theirs alone, masked when they leave and the row stays.",
        default=(),
    )

    @property
    def nobody(self) -> bool:
        """Whether these rows are about nobody."""
        return self.to == NOBODY

    @model_validator(mode="after")
    def _one_way(self) -> "Owner":
        if bool(self.columns) == bool(self.their):
            raise refuse(
                "owner-columns",
                f"`{self.to}` is led to by the columns of one side",
                fix=f"write `{{{self.to}: a_column_here}}`, or `{{{self.to}: {{their: a_column_there}}}}`",
            )
        return self


class Accessor(Part):
    """Somebody whom a row names beside its owner, such as who handled it: never keeps a row, never ends one.

    When they leave, the columns that name them are emptied (unlinked), or kept for a reason that is written down.
    """

    to: str = enforced("A kind of subject.")
    columns: Columns = enforced("The columns here that point to the person.")
    keep: str | None = checked("Why the columns still name them after they left.", default=None)


def _edges(value: Any) -> Any:
    return [edge for entry in as_list(value) for edge in _long_edges(entry)]


def _long_edges(entry: Any) -> list[Any]:
    """``{member: member_id, anonymise: name}`` and ``{members: {their: id}}`` in the long form."""
    if not isinstance(entry, Mapping) or "to" in entry:
        return [entry]
    said = {key: entry[key] for key in ("anonymise", "keep") if key in entry}
    named = [key for key in entry if key not in said]
    if len(named) != 1:
        return [entry]
    to, columns = named[0], entry[named[0]]
    if to == "polymorphic" and isinstance(columns, Mapping):
        return [{**edge, **said} for edge in _by_type(columns)]
    if isinstance(columns, Mapping):
        return [{"to": to, **columns, **said}]
    return [{"to": to, "columns": columns, **said}]


def _by_type(written: Mapping[Any, Any]) -> list[Any]:
    """One owner for each value of the column that tells whose key the other holds."""
    kinds = {value: to for value, to in written.items() if value not in ("type", "id")}
    if not kinds or not {"type", "id"} <= written.keys():
        raise refuse(
            "polymorphic",
            "`polymorphic` says which column tells the kind, which holds the key, and whose key it then is",
            fix="polymorphic: {type: owner_type, id: owner_id, Member: member}",
        )
    column, key = written["type"], written["id"]
    if not isinstance(column, str):
        raise refuse("polymorphic", "`type` is one column", fix="type: owner_type", at=("type",))
    return [{"to": to, "columns": key, "when": {column: value}} for value, to in kinds.items()]


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

    return [one(entry) for entry in as_list(value)]


def _owner_forms(long: JsonSchemaValue) -> list[JsonSchemaValue]:
    """One key that names who owns, beside what they take along."""
    theirs = {"type": "object", "properties": {"their": NAMES}, "required": ["their"]}
    by_type = {
        "type": "object",
        "required": ["type", "id"],
        "properties": {"type": TEXT, "id": NAMES},
        "additionalProperties": {"anyOf": [TEXT, {"const": False}]},
        "minProperties": 3,
    }
    beside = {"anonymise": NAMES, "polymorphic": by_type}
    return _edge_forms(long, beside=beside, named={"anyOf": [NAMES, theirs]})


def _accessor_forms(long: JsonSchemaValue) -> list[JsonSchemaValue]:
    return _edge_forms(long, beside={"keep": TEXT}, named=NAMES)


def _edge_forms(
    long: JsonSchemaValue, *, beside: JsonSchemaValue, named: JsonSchemaValue
) -> list[JsonSchemaValue]:
    short = {
        "type": "object",
        "properties": beside,
        "additionalProperties": named,
        "minProperties": 1,
        "maxProperties": 2,
    }
    return [or_many({"anyOf": [short, long["items"]]})]


def _claim_forms(long: JsonSchemaValue) -> list[JsonSchemaValue]:
    facts = {"type": "object", "propertyNames": {"enum": list(_STARTS)}}
    return [or_many({"anyOf": [TEXT, one_key(facts), long["items"]]})]


Claims = Annotated[
    tuple[Claimed, ...],
    Short(_claims, _claim_forms, "id, `{id: facts}`, [Claimed](#claimed), or a list"),
]
Owners = Annotated[
    tuple[Owner, ...],
    Short(
        _edges,
        _owner_forms,
        "`{member: member_id}`, `{polymorphic: {type: …, id: …, Member: member}}`, [Owner](#owner), or a list",
    ),
]
Accessors = Annotated[
    tuple[Accessor, ...],
    Short(_edges, _accessor_forms, "`{staff: handled_by}`, [Accessor](#accessor), or a list"),
]


class ColumnMap(Part):
    """What a column holds."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    item: str | None = enforced(
        "The item of the policy it holds; none when it holds nothing personal.", default=None
    )
    mask: Mask | None = enforced(
        "What stands there once no basis is left; `null` unless the column forbids it.", default=None
    )
    json_: Mapping[str, str] = enforced("Items inside a JSON value, by path.", default={}, alias="json")
    file: str | None = enforced("The column names a file in this files store.", default=None)

    @cached_property
    def items(self) -> frozenset[str]:
        """Every item this column holds."""
        return frozenset(filter(None, (self.item, *self.json_.values())))


def _column(value: Any) -> Any:
    if value in ("no", False):
        return {}
    return {"item": value} if isinstance(value, str) else value


ColumnBinding = Annotated[
    ColumnMap,
    Short(_column, lambda _: [TEXT, {"const": False}], "item, `no`, or [ColumnMap](#columnmap)"),
]


class RowClass(Part):
    """Rows of one table that fall under other processings or records than the rest."""

    where: Mapping[str, Scalar] = enforced(
        "Values that tell these rows apart; empty for the rest.", default={}
    )
    processing: Claims = enforced("The processings they fall under.", default=())
    records: Claims = enforced("The statutory records they fall under.", default=())
    facts: Facts = enforced("When their clocks start.", default={})


_DATE_FROM: Final = re.compile(r"date-from\((?P<column>[^)]+)\)")


class TableMap(Part):
    """One table."""

    personal: Answer = enforced(
        "`no` for a table without personal data; it is then never touched.", default=True
    )
    files: str | None = enforced(
        "The files store whose files these rows are; without it, they are the store's own.", default=None
    )
    owner: Owners = enforced("Whose rows these are; of several, the first that is filled in.", default=())
    co_owners: Owners = enforced(
        "Whose rows these are together: a row lives while any of them has a basis.", default=()
    )
    accessors: Accessors = enforced("Who else is named in a row, and never keeps or ends it.", default=())
    unlink: Columns = enforced(
        "References that are emptied before the row they point to goes; the way out of a circle.", default=()
    )
    orphans: Orphans = enforced(
        "What becomes of rows whose owner no longer exists: `refuse`, `destroy`, `date-from(column)`.",
        default="refuse",
    )
    processing: Claims = enforced("The processings its rows fall under.", default=())
    records: Claims = enforced("The statutory records its rows fall under.", default=())
    facts: Facts = enforced("When the rows' clocks start.", default={})
    references: Mapping[str, str] = enforced(
        "Columns that point to another table without a foreign key.", default={}
    )
    rows: Mapping[str, RowClass] = enforced("Classes of rows, tried in order.", default={})
    columns: Mapping[str, ColumnBinding] = enforced("What each column holds: an item, or `no`.", default={})

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

    @model_validator(mode="after")
    def _owners_or_co_owners(self) -> "TableMap":
        alone = next((owner for owner in self.owner if owner.anonymise), None)
        if any(owner.nobody for owner in self.co_owners):
            raise refuse(
                "owner-or-co-owners",
                "`co_owners` has rows that are about nobody",
                fix="name in `co_owners` only who owns the row together with others",
            )
        if (self.owner and self.co_owners) or alone:
            raise refuse(
                "owner-or-co-owners",
                "`owner` and `co_owners` stand beside one another"
                if self.co_owners
                else "`anonymise` stands at an `owner`",
                why="a row has one owner, with whom it goes, or several, each with columns of their own",
                fix="move all of them into `co_owners`",
            )
        return self

    @cached_property
    def owners(self) -> tuple[Owner, ...]:
        """Everybody who may own a row, alone or together."""
        return (*self.owner, *self.co_owners)

    @property
    def edges(self) -> "tuple[Owner | Accessor, ...]":
        """The same, and whoever else is named in a row."""
        return (*self.owners, *self.accessors)

    @cached_property
    def classes(self) -> Mapping[str, RowClass]:
        """The row classes; a table without any is one class named ``all``."""
        if self.rows:
            return self.rows
        return {"all": RowClass(processing=self.processing, records=self.records)}

    @property
    def orphans_dated_from(self) -> str | None:
        """The column that dates an orphan, when the map names one."""
        match = _DATE_FROM.fullmatch(self.orphans)
        return match["column"] if match else None


Followed = Annotated[
    Literal["refresh", "no"],
    Short(lambda value: "no" if value is False else value, lambda _: [{"const": False}], "`refresh` · `no`"),
]


class DataMap(Part):
    """The whole of ``datamap.yaml``."""

    jikim: Literal[1] = checked("The version of this language.")
    service: str = checked("The id of the service; the policy says the same.")
    stores: Stores = enforced("Where personal data is kept.")
    subjects: Mapping[str, Subject] = enforced("Kinds of people with a row of their own.")
    inline: Mapping[str, Inline] = enforced("Kinds of people named by words in other rows.", default={})
    tables: Mapping[str, TableMap] = enforced(
        "Every table of the store; `audit.logins` is one of another schema."
    )
    derived: Mapping[str, Followed] = enforced(
        "Materialised views and full-text indexes of personal tables: `refresh` when what they read has changed, or "
        "`no` for one that copies nothing personal.",
        default={},
    )

    @property
    def schemas(self) -> Mapping[str, tuple[str, ...]]:
        """Schemas beside the service's own that tables of this map lie in, each with those that are about people."""
        found: dict[str, list[str]] = {}
        for name, table in self.tables.items():
            if place := parted(name):
                found.setdefault(place[0], []).extend([place[1]] if table.personal else [])
        return {schema: tuple(tables) for schema, tables in sorted(found.items())}

    def match_of(self, kind: str) -> Literal["exact", "any-case"]:
        """When two texts name one person of this kind."""
        return self.inline.get(kind, Inline()).match

    def naming(self, schema: Schema) -> Iterator[tuple[str, str, str]]:
        """Every column of the store that names files: the files store, the table, the column."""
        for name, table in self.tables.items():
            stored = schema.tables.get(name)
            for column, mapped in table.columns.items():
                if mapped.file and stored and column in stored.columns:
                    yield mapped.file, name, column

    def subject_of(self, table: str) -> str | None:
        """The kind of person whose rows ``table`` holds, if it is such a table."""
        return next((kind for kind, subject in self.subjects.items() if subject.table == table), None)
