"""What evidence says: one entry, one canonical JSON line (RFC 8785). Pure.

Every entry has ``v`` (the format), ``seq`` (its place in the log, from 0), ``kind``, ``at`` (when it was
done), ``as_of`` (the instant it was decided for) and a ``body``. A body must carry what its kind demands
and may carry more, so that a reader of today accepts what a writer of tomorrow adds. No entry holds
personal data: persons are tags (``jikim.evidence.tags``).
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from jikim.canonical import canonical
from jikim.evidence.errors import EntryError
from jikim.evidence.stage import Stage

VERSION = 1

Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Count = Annotated[int, Field(ge=0)]
Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Tag = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Action = Literal["archive", "mask", "stub", "destroy", "refresh"]


class Because(BaseModel):
    """Why: clauses of the policy and articles of the law, at least one of either."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    clauses: Texts = ()
    articles: Texts = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.clauses and not self.articles:
            raise ValueError("a clause or an article must be named")
        return self


class Body(BaseModel):
    """The part of an entry that depends on its kind."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, hide_input_in_errors=True)
    __pydantic_extra__: dict[str, JsonValue]
    kind: ClassVar[str]


class RunBody(Body):
    """A run of a plan began or ended."""

    kind: ClassVar[str] = "run"
    run: Text
    state: Literal["started", "finished"]
    policy: Digest
    plan: Digest


class DisposalBody(Body):
    """One batch of one step: what was done to how many rows, and how far the destruction had come."""

    kind: ClassVar[str] = "disposal"
    run: Text
    step: Text
    batch: Count
    store: Text
    table: Text
    action: Action
    rows: Count
    because: Because
    policy: Digest
    plan: Digest
    stage: Annotated[Stage, Field(strict=False)]


def _is_instant(text: str) -> str:
    try:
        if text == spelled(datetime.fromisoformat(text)):
            return text
    except ValueError:  # it quotes the text
        pass
    raise ValueError("no instant in UTC as evidence spells it (RFC 3339)")


Instant = Annotated[str, AfterValidator(_is_instant)]


class Deed(BaseModel):
    """What one batch of a step did because of one person, and when.

    It may carry more: ``kept_until``, the instant until which the last of their copies is kept.
    """

    model_config = ConfigDict(frozen=True, extra="allow", strict=True, hide_input_in_errors=True)
    __pydantic_extra__: dict[str, JsonValue]

    at: Instant
    step: Text
    batch: Count
    table: Text
    action: Action
    rows: Count
    because: Because

    @model_validator(mode="after")
    def _kept_until_an_instant(self) -> Self:
        if "kept_until" in self.__pydantic_extra__:
            _is_instant(str(self.__pydantic_extra__["kept_until"]))
        return self


Deeds = Annotated[tuple[Deed, ...], Field(strict=False, min_length=1)]


class PersonRunBody(Body):
    """What a run did because of one person, who left, withdrew or asked, in however many tables.

    A run whose receipts come to the log in several parts has an entry in each (``import_receipts.DEEDS_AT_ONCE``).
    """

    kind: ClassVar[str] = "person-run"
    run: Text
    tag: Tag
    store: Text
    policy: Digest
    plan: Digest
    stage: Annotated[Stage, Field(strict=False)]
    deeds: Deeds


class PersonBody(Body):
    """One deed of a run because of one person, in logs that have an entry for each. Nothing writes it any more."""

    kind: ClassVar[str] = "person"
    run: Text
    tag: Tag
    store: Text
    table: Text
    action: Action
    rows: Count
    because: Because


class FileBody(Body):
    """Files outside the store were removed, and their absence was seen."""

    kind: ClassVar[str] = "file"
    run: Text
    store: Text
    table: Text
    files: Count
    because: Because


class FileSettledBody(Body):
    """A file that could not be removed was given up: it is gone already, or none of that store's.

    ``files`` names the files store; ``unkept`` are copies that a law demands and that were not made.
    """

    kind: ClassVar[str] = "file-settled"
    store: Text
    files: Text
    because: Literal["gone", "foreign"]
    unkept: Count


class HoldBody(Body):
    """A legal hold was placed or released."""

    kind: ClassVar[str] = "hold"
    hold: Text
    state: Literal["placed", "released"]


class RestrictionBody(Body):
    """Use of what is stored about a person was suspended, or is free again."""

    kind: ClassVar[str] = "restriction"
    restriction: Text
    state: Literal["placed", "released"]


class FactBody(Body):
    """A fact that stands in no row of the service: it happened, or has not happened after all."""

    kind: ClassVar[str] = "fact"
    fact: Text
    state: Literal["happened", "not-happened"]


class ArchiveReadBody(Body):
    """The keeper read the archive."""

    kind: ClassVar[str] = "archive-read"
    store: Text
    purpose: Text
    case: Text
    actor: Text
    rows: Count
    tag: Tag


class ConfirmationBody(Body):
    """A run was confirmed afterwards; ``role`` says in which office, never who."""

    kind: ClassVar[str] = "confirmation"
    run: Text
    role: Text


class StageBody(Body):
    """All that a run removed from one table has come to a stage."""

    kind: ClassVar[str] = "stage"
    run: Text
    store: Text
    table: Text
    stage: Annotated[Stage, Field(strict=False)]
    batches: Count


class PolicyBody(Body):
    """A version of the policy was published.

    ``reading`` says how the days between announcement and effect were counted, ``judged`` is the digest of all that was
    said of it in the ledger, reasons included. ``pages`` are the rendered texts by name, each by its digest.
    """

    kind: ClassVar[str] = "policy"
    service: Text
    version: Text
    policy: Digest
    announced: Text
    effective: Text
    reading: Literal["strict", "lenient"]
    judged: Digest
    pages: dict[str, Digest]


class LogBody(Body):
    """This log began because the key file of the one before was lost, and what was lost with it."""

    kind: ClassVar[str] = "log"
    state: Literal["begun"]
    lost: Texts


BODIES: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        RunBody,
        DisposalBody,
        PersonRunBody,
        PersonBody,
        FileBody,
        FileSettledBody,
        HoldBody,
        RestrictionBody,
        FactBody,
        ArchiveReadBody,
        ConfirmationBody,
        StageBody,
        PolicyBody,
        LogBody,
    )
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done.

    :param seq: the place in the log, from 0.
    :param at: when it was done, aware.
    :param as_of: the instant it was decided for, aware.
    :raises EntryError: a negative ``seq``, or an instant without a zone.
    """

    seq: int
    at: datetime
    as_of: datetime
    body: Body

    def __post_init__(self) -> None:
        if self.seq < 0:
            raise EntryError(f"`{self.seq}` is no place in a log: the first entry is `0`")
        if self.at.tzinfo is None or self.as_of.tzinfo is None:
            raise EntryError("an instant in evidence names its zone")

    @property
    def kind(self) -> str:
        """Which kind of entry this is: a key of ``BODIES``."""
        return self.body.kind

    def encode(self) -> bytes:
        """The entry's one spelling in bytes: what is hashed, stored and exported.

        Raises ``EntryError`` for a value in an open body that canonical JSON cannot say.
        """
        value = {
            "v": VERSION,
            "seq": self.seq,
            "kind": self.kind,
            "at": spelled(self.at),
            "as_of": spelled(self.as_of),
            "body": self.body.model_dump(mode="json"),
        }
        try:
            return canonical(value)
        except ValueError:  # rfc8785 quotes the value: its words stay here
            raise EntryError(
                f"the body of entry `{self.seq}` holds what canonical JSON can not say"
            ) from None

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """The entry of its exact bytes. Raises ``EntryError``, also for another spelling of it."""
        value = _parse(raw)
        kind = value.get("kind")
        if value.get("v") != VERSION or not isinstance(kind, str) or kind not in BODIES:
            raise EntryError(
                "the entry is of an unknown version or kind",
                fix=f"this jikim reads version {VERSION} and the kinds {', '.join(BODIES)}",
            )
        seq = value.get("seq")
        if type(seq) is not int:
            raise EntryError("the entry's `seq` is not an integer")
        entry = cls(
            seq,
            at=_instant(value.get("at"), name="at"),
            as_of=_instant(value.get("as_of"), name="as_of"),
            body=_body(value.get("body"), kind=kind),
        )
        if entry.encode() != raw:
            raise EntryError("the entry is not in canonical form (RFC 8785), or carries a key no entry has")
        return entry


def spelled(instant: datetime) -> str:
    """RFC 3339 in UTC; a fraction, of six digits, only where there is one: one spelling for one instant."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise EntryError("the entry is not JSON") from None
    if not isinstance(value, dict):
        raise EntryError("the entry is not a JSON object")
    return value


def _instant(value: Any, *, name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        instant = None
    if instant is None or instant.tzinfo != UTC:
        raise EntryError(f"the entry's `{name}` is not an instant in UTC (RFC 3339)")
    return instant


def _body(value: object, *, kind: str) -> Body:
    try:
        return BODIES[kind].model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"][:3])
        raise EntryError(
            f"the body of this `{kind}` entry is wrong at `{where}`: {first['msg'].lower()}"
        ) from None
