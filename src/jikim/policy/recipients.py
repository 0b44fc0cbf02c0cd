"""Who else receives personal data: processors, third parties, the other side of a border. Pure."""

from typing import Literal

from jikim.policy.parts import (
    Clause,
    Country,
    Flag,
    Id,
    Ids,
    Keep,
    LocalText,
    NamedClause,
    OneOrMore,
    Stated,
    Text,
)
from jikim.policy.words import LegalBasis, ProvisionGround, TransferBasis
from jikim.shape import Part, checked, rendered


class Recipient(Part):
    """The other side: a processor, a third party, a recipient abroad."""

    name: LocalText = rendered("Its name; a kind of recipient where names change often.")
    country: Country = checked("Where it is, as two capital letters, such as KR or US.")
    contact: Text | None = rendered("How to reach its privacy desk.", default=None)


class ProvisionException(Clause):
    """One case in which data may be given to others nevertheless."""

    ground: ProvisionGround = checked("The kind of case.")
    text: LocalText = rendered("The case in the policy's words.")


class ProvisionRule(Clause):
    """What is promised about giving data to anyone else (제3자 제공의 원칙)."""

    without: Literal["never", "not in principle"] = checked(
        "What happens without consent or a law: `never` is an absolute promise."
    )
    exceptions: tuple[ProvisionException, ...] = checked("The cases named as exceptions.", default=())
    text: LocalText | None = rendered("The principle in the policy's words.", default=None)


class Provision(NamedClause):
    """Data given to a third party for its own purpose (제3자 제공, 개인정보 보호법 제17조)."""

    recipient: Stated[Recipient] = checked("Who receives it.")
    basis: Stated[LegalBasis] = checked("What allows it; a contract alone does not (제17조①2).")
    purpose: Stated[LocalText] = rendered("The recipient's purpose.")
    items: Stated[Ids] = checked("What is given.")
    keep: Stated[Keep] = checked("How long the recipient keeps it.")


class Entrustment(NamedClause):
    """Work done by a processor on the controller's behalf (위탁, 개인정보 보호법 제26조)."""

    processor: Stated[Recipient] = checked("Who does the work.")
    tasks: Stated[LocalText] = rendered("The work.")
    items: Stated[Ids] = checked("What the processor sees.")
    sub: tuple[Recipient, ...] = checked("Processors the processor uses in turn (재수탁자).", default=())
    keep: Stated[Keep] = checked("When the processor's copy ends.")
    certificate: Literal["required"] | None = checked(
        "Whether the processor must certify the destruction of its copy.", default=None
    )
    includes: OneOrMore[Literal["collection", "storage", "use", "provision", "destruction"]] = checked(
        "What kinds of processing the text says are entrusted.", default=()
    )
    contract: OneOrMore[
        Literal[
            "purpose", "secrecy", "no-provision", "liability", "supervision", "sub-processing", "safeguards"
        ]
    ] = checked("What the written contract fixes (제26조①).", default=())
    contract_kept: Flag = checked("Whether the contract is promised to be kept on file.", default=False)


class CrossBorderTransfer(NamedClause):
    """Data that leaves the country, with the five items of 개인정보 보호법 제28조의8②."""

    under: OneOrMore[Id] = checked("The entrustments or provisions that carry it.")
    basis: TransferBasis = checked("What allows it (제28조의8①).")
    items: Ids = checked("1. What is transferred.")
    country: Country = checked("2. Where to, as two capital letters.")
    when: LocalText = rendered("2. At what moment.")
    how: LocalText = rendered("2. By what method.")
    recipient: Recipient = rendered("3. Who receives it, with contact.")
    purpose: LocalText = rendered("4. The recipient's purpose.")
    keep: Keep = checked("4. How long the recipient keeps it.")
    refusal: LocalText = rendered("5. How to refuse, and what refusing means.")


class BusinessTransfer(Clause):
    """What happens when the business passes to another (영업양도, 개인정보 보호법 제27조)."""

    tell: Literal["before", "after"] = checked("When each person is told.")
    contents: OneOrMore[Literal["fact", "recipient", "how-to-object"]] = checked(
        "What they are told (제27조①)."
    )
    choice: Literal["withdraw-consent", "object"] | None = checked("What they may do.", default=None)
    text: LocalText | None = rendered("The promise in the policy's words.", default=None)


class DomesticAgent(Part):
    """The agent of a controller without a Korean address (국내대리인, 개인정보 보호법 제31조의2)."""

    name: LocalText = rendered("Name of the agent.")
    address: LocalText = rendered("Address.")
    phone: Text = rendered("Telephone.")
    email: Text = rendered("E-mail.")
