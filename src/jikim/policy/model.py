"""A privacy policy as a value (개인정보 처리방침). Pure.

Every key carries a description and a mark (see :mod:`jikim.shape`); the reference page and the editors'
schema are made from them. Where the law wants a value and a published text gives none, the file says
``unstated`` and the value here is None.
"""

from dataclasses import dataclass, field
from typing import Any, Literal, Self

from pydantic import GetJsonSchemaHandler, PrivateAttr, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from jikim.policy.duties import (
    Agency,
    Children,
    Contacts,
    Cookies,
    Destruction,
    Notice,
    Rights,
    Safeguard,
    Statement,
)
from jikim.policy.parts import (
    ById,
    Country,
    Date,
    Flag,
    Id,
    Ids,
    Keep,
    Language,
    LocalText,
    Named,
    NamedClause,
    OneOrMore,
    Stated,
    Text,
    Trigger,
    Within,
)
from jikim.policy.recipients import (
    BusinessTransfer,
    CrossBorderTransfer,
    DomesticAgent,
    Entrustment,
    Provision,
    ProvisionRule,
)
from jikim.policy.triggers import UNSTATED
from jikim.policy.words import DataCategory, LegalBasis, MarketingChannel, Permission, Source, Way
from jikim.shape import Part, checked, enforced, refuse, rendered
from jikim.source import Document, Path, Span

Purpose = LocalText

LEGAL_TITLE = LocalText({"ko": "개인정보 처리방침", "en": "Privacy Policy"})
"""표준 개인정보 보호지침 제20조."""


class Service(Part):
    """The service whose promise this is."""

    id: Id = rendered("Short name, used in file names and evidence.")
    name: LocalText = rendered("Name, as people know it.")
    url: Text | None = rendered("Where it is.", default=None)


class Controller(Part):
    """Who answers for the processing (개인정보처리자)."""

    name: LocalText = rendered("Name of the company or person.")
    country: Country = checked("Where it is established, as two capital letters.", default="KR")
    obliged_as: OneOrMore[
        Literal[
            "online-seller", "value-added-telecom", "electronic-finance", "credit-information", "location"
        ]
    ] = checked("What kinds of business it is in the eyes of other laws.", default=())
    domestic_agent: DomesticAgent | None = rendered("국내대리인.", default=None)


class DataSubject(Named):
    """A kind of people the data is about (정보주체)."""

    label: LocalText = rendered("How the text calls them.")
    account: Flag = checked("Whether they have an account.", default=False)


class Derived(Part):
    """How an item is made from another."""

    origin: Id = checked("The item it is made from.", alias="from")
    by: Literal["keyed-hash", "hash", "truncation", "aggregation"] = checked("How.")


class DataItem(NamedClause):
    """One kind of personal data (개인정보 항목), declared once."""

    label: LocalText = rendered("How the text calls it.")
    category: DataCategory = checked("What kind of data it is.")
    protect: Literal["one-way", "encrypted"] | None = checked("How it is stored.", default=None)
    stored: Literal["never"] | None = checked("`never`: it passes through and is not stored.", default=None)
    derived: Derived | None = checked("What it is made from.", default=None)
    unlisted: Flag = checked("A published text uses it without listing it among its items.", default=False)

    @model_validator(mode="after")
    def _stored_or_not(self) -> Self:
        if self.stored and (self.protect or self.derived):
            raise refuse(
                "never-stored",
                "an item that is never stored cannot be protected in storage or derived",
                fix="remove `stored: never`, or remove `protect` and `derived`",
            )
        return self


class NeverCollected(Part):
    """A kind of data, or of people, whose data is not taken."""

    what: Literal["sensitive", "unique-identifier", "resident-number", "under-14"] = checked("What.")
    named: LocalText | None = rendered("The kinds the text lists.", default=None)
    unless: Literal["consent"] | None = checked("The exception the text makes.", default=None)

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: Any) -> Any:
        return {"what": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        whole = handler(schema)
        return {"anyOf": [handler.resolve_ref_schema(whole)["properties"]["what"], whole]}


class Items(Part):
    """What one processing takes (required, optional, and what arises by itself)."""

    required: Ids = enforced("Without these the service cannot be given.", default=())
    optional: Ids = enforced("May stay empty; refusing them costs nothing (제16조③).", default=())
    automatic: Ids = enforced("Arise while the service is used.", default=())
    open: LocalText | None = checked("Open wording of a published text, such as “등”.", default=None)
    stated: Flag = checked("False where a published text gives a purpose and no items.", default=True)

    @property
    def listed(self) -> tuple[str, ...]:
        """Every item in the order of the file: required, optional, automatic."""
        return (*self.required, *self.optional, *self.automatic)

    @property
    def all(self) -> frozenset[str]:
        """Every item, whichever way it is taken."""
        return frozenset(self.listed)

    @model_validator(mode="before")
    @classmethod
    def _from_word(cls, value: Any) -> Any:
        return {"stated": False} if value == UNSTATED else value

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"const": UNSTATED}, handler(schema)]}

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.stated and not (self.all or self.open):
            raise refuse(
                "no-items",
                "a processing without items",
                fix="list them under required, optional or automatic; for a published text that lists none, "
                "write `items: unstated`",
            )
        if twice := sorted({item for item in self.listed if self.listed.count(item) > 1}):
            raise refuse("repeated-entry", f"`{twice[0]}` is listed in two ways", fix="keep one of the two")
        return self


class Marketing(Part):
    """Advertising messages (광고성 정보, 정보통신망법 제50조)."""

    channels: OneOrMore[MarketingChannel] = checked("How they are sent.")
    night: Flag = checked("Whether also from 21:00 to 08:00, on a consent of its own.", default=False)


class Processing(NamedClause):
    """One row of the policy's table: for whom, why, on which basis, which items, how long (처리 활동)."""

    about: Ids = enforced("The kinds of people, of `people`.")
    purpose: Stated[Purpose] = rendered("What for.")
    basis: Stated[LegalBasis] = checked("What allows it (제15조①).")
    items: Items = enforced("What is taken; `unstated` where a published text lists none.")
    keep: Stated[Keep] = enforced("How long; `unstated` where a published text gives no period.")
    origin: OneOrMore[Source] = rendered("Where the data comes from.", default=("self",), alias="from")
    under: Text | None = rendered("With `basis: law`: the law and article.", default=None)
    consent: Literal["once", "each"] | None = checked(
        "With `basis: consent`: one consent for all, or one for each event, with its own items and end.",
        default=None,
    )
    if_refused: LocalText | None = rendered("What refusing the consent means.", default=None)
    marketing: Marketing | None = checked("Whether advertising messages are sent.", default=None)
    form: Literal["identified", "pseudonymous", "anonymous"] = checked(
        "The form the data has when it is used.", default="identified"
    )
    permission: OneOrMore[Permission] = checked(
        "Permissions of the device it needs (정보통신망법 제22조의2).", default=()
    )
    shown_to: Ids = checked("Other kinds of people who see it.", default=())
    nothing_else: Flag = checked("A promise that its items serve no other purpose.", default=False)
    open: LocalText | None = checked("Open wording of a published purpose, such as “등”.", default=None)
    cites: tuple[Text, ...] = checked("Laws and schemes a published text names as the reason.", default=())

    @model_validator(mode="after")
    def _consent_fits(self) -> Self:
        if self.consent and self.basis is not LegalBasis.CONSENT:
            raise refuse(
                "consent-without-basis",
                f"`consent: {self.consent}` stands beside a basis that is not consent",
                fix="write `basis: consent`, or remove `consent`",
            )
        return self


class StatutoryRetention(NamedClause):
    """What a law holds after its purpose is met, in the archive (법령상 보존, 개인정보 보호법 제21조③)."""

    label: LocalText | None = rendered("How the text calls these records.", default=None)
    law: Text | None = enforced(
        "The provision's name in the law pack, such as kr.ecommerce.contract.", default=None
    )
    after: Trigger | None = enforced("What starts the law's period.", default=None)
    items: Ids = enforced("What is kept (제30조①3의2: to be named).", default=())
    cites: Text | None = checked("The law as a published text names it.", default=None)
    as_stated: Within | None = checked("The period as a published text states it.", default=None)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not (self.law or self.cites):
            raise refuse(
                "no-law",
                "nothing says which law demands this",
                fix="write `law:` with a name of the law pack, or `cites:` with a published text's own words",
            )
        lacking = [key for key in ("after", "items") if self.law and not getattr(self, key)]
        if lacking:
            raise refuse(
                "law-without-terms",
                f"`law: {self.law}` lacks {' and '.join(f'`{key}`' for key in lacking)}",
                why="what is kept, and from when, is part of the promise",
                fix="add it; for a published text that says neither, write `cites:` instead of `law:`",
            )
        return self


class Edition(Part):
    """An earlier version that can still be read."""

    version: Text = rendered("Its number.")
    effective: Date = checked("The day it took effect.")
    url: Text | None = rendered("Where it can be read.", default=None)


class Contents(Part):
    """The chapters of a published text, where its list of contents differs from its headings."""

    listed: tuple[Text, ...] = checked("The list of contents, as written.")
    headings: tuple[Text, ...] = checked("The chapters' headings, as written.")


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a policy was written: never part of what it says."""

    document: Document | None = field(default=None, compare=False)


class Policy(Part):
    """The promise: who collects what, why, how long, for whom else, and what a person may ask for."""

    jikim: Literal[1] = checked("Version of this language: 1.")
    service: Service = rendered("The service.")
    controller: Controller = rendered("Who answers for it.")
    contacts: Contacts = rendered("Whom to ask.")
    languages: tuple[Language, ...] = checked(
        "Languages the policy is published in, the first being the original."
    )
    law: OneOrMore[Literal["kr", "eu-gdpr"]] = checked(
        "Law packs the policy is read against.", default=("kr",)
    )
    title: LocalText = checked("Its name; the law knows one only.", default=LEGAL_TITLE)
    also_called: tuple[Text, ...] = checked("Other names a published text uses for itself.", default=())
    version: Stated[Text] = rendered("Version number, as text.")
    announced: Stated[Date] = checked("The day it was announced.")
    effective: Stated[Date] = checked("The day it takes effect.")
    editions: tuple[Edition, ...] = rendered("Earlier versions.", default=())
    contents: Contents | None = checked("Chapters, as a published text lists them.", default=None)

    people: ById[DataSubject] = enforced("Kinds of people the data is about.")
    items: ById[DataItem] = enforced("What is collected, each once.")
    never_collect: tuple[NeverCollected, ...] = checked("What is not collected.", default=())
    collected_by: OneOrMore[Way] = rendered("The ways data is collected.", default=())
    processing: ById[Processing] = enforced("Why, on which basis, which items, how long.")
    kept_by_law: ById[StatutoryRetention] = enforced("What a law holds longer.", default={})

    provision_rule: ProvisionRule | None = checked("What is promised about third parties.", default=None)
    provisions: ById[Provision] = checked("Third parties who receive data.", default={})
    entrustments: ById[Entrustment] = checked("Processors.", default={})
    transfers: ById[CrossBorderTransfer] = checked("What leaves the country.", default={})
    business_transfer: BusinessTransfer | None = checked("When the business changes hands.", default=None)

    destruction: Destruction = enforced("When and how data is destroyed.")
    rights: Rights = checked("What a person may ask for.", default=Rights())
    children: Children | None = checked("Children under 14.", default=None)
    cookies: Cookies | None = checked("Cookies and their like.", default=None)
    safeguards: ById[Safeguard] = checked("How data is kept safe.", default={})
    agencies: tuple[Agency, ...] = checked("Where else a person may turn.", default=())
    notice: Notice | None = checked("How a change is announced.", default=None)
    statements: tuple[Statement, ...] = rendered("Words that nothing can enforce.", default=())

    _origin: _Origin = PrivateAttr(default_factory=_Origin)

    @property
    def document(self) -> Document | None:
        """The file it was read from; None for a policy that was not."""
        return self._origin.document

    def span(self, path: Path, *, key: bool = False) -> Span | None:
        """Where a value (or its key) was written; None for a policy that was not read from a file."""
        document = self.document
        return document.span(path, key=key) if document else None

    def read_from(self, document: Document) -> Self:
        """The same policy, remembering the file it was read from."""
        self._origin = _Origin(document)
        return self
