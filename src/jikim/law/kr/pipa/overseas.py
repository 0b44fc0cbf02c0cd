"""A recipient abroad, and not a word about it.

Who entrusts data to a processor in another country, stores it there or gives it to somebody there, tells people
five things: what goes; to which country, when and how; to whom, and how to reach them; for what and how long; how
to refuse, and what refusing means. For a processor that the contract needs, publishing the five in the policy is
what makes the transfer lawful in the first place. Processors of processors count, too.
"""

from collections.abc import Iterator
from typing import Final

from jikim.law.examples import entrusted_to_a_mailer
from jikim.lint.fact import Words
from jikim.lint.rule import Finding, Reading, Rule
from jikim.policy.model import Policy
from jikim.policy.words import TransferBasis
from jikim.source import Path, Severity


def applies(reading: Reading) -> bool:
    """Where something may leave the country."""
    policy = reading.policy
    return bool(policy.transfers) or any(_abroad(policy))


def check(reading: Reading) -> Iterator[Finding]:
    """Each recipient abroad without a transfer, and each transfer that lacks something."""
    policy = reading.policy
    for path, country in _abroad(policy):
        by, kind = str(path[1]), "위탁" if path[0] == "entrustments" else "제공"
        if any(by in each.under and each.country == country for each in policy.transfers.values()):
            continue
        basis = "contract-published" if path[0] == "entrustments" else "consent"
        yield Finding(
            path,
            Words(
                f"`{by}` {kind}에 따라 개인정보가 국외(`{country}`)로 나가는데 국외 이전에 관한 사항이 없습니다",
                f"`{by}` takes data abroad, to `{country}`, and nothing is said of the transfer",
            ),
            Words(
                f"`transfers`에 다섯 가지 사항을 적습니다: `{_transfer(by, country, basis)}`",
                f"state the five items under `transfers`: `{_transfer(by, country, basis)}`",
            ),
        )
    yield from _incomplete(policy)


def _abroad(policy: Policy) -> Iterator[tuple[Path, str]]:
    """The country of every recipient elsewhere, with its place."""
    home = {"KR", policy.controller.country}
    for id, entrustment in policy.entrustments.items():
        if entrustment.processor and entrustment.processor.country not in home:
            yield ("entrustments", id, "processor", "country"), entrustment.processor.country
        for place, sub in enumerate(entrustment.sub):
            if sub.country not in home:
                yield ("entrustments", id, "sub", place, "country"), sub.country
    for id, provision in policy.provisions.items():
        if provision.recipient and provision.recipient.country not in home:
            yield ("provisions", id, "recipient", "country"), provision.recipient.country


def _transfer(by: str, country: str, basis: str) -> str:
    recipient = f"{{name: …, country: {country}, contact: …}}"
    return (
        f"{by}: {{under: {by}, basis: {basis}, items: […], country: {country}, when: …, how: …, "
        f"recipient: {recipient}, purpose: …, keep: …, refusal: …}}"
    )


def _incomplete(policy: Policy) -> Iterator[Finding]:
    for id, transfer in policy.transfers.items():
        if transfer.recipient.contact is None:
            yield Finding(
                ("transfers", id, "recipient"),
                Words(
                    f"`{id}`에 받는 자의 연락처가 없습니다", f"`{id}` does not say how to reach the recipient"
                ),
                Words("`recipient`에 더합니다: `contact: …`", "add to `recipient`: `contact: …`"),
            )
        provided = next((each for each in transfer.under if each in policy.provisions), None)
        if transfer.basis is TransferBasis.CONTRACT_PUBLISHED and provided:
            yield Finding(
                ("transfers", id, "basis"),
                Words(
                    f"`{provided}` 제공은 계약 이행을 위한 처리위탁·보관이 아니므로 공개만으로 이전할 수 없습니다",
                    f"`{provided}` is a provision: only entrustment and storage may go abroad by being published",
                ),
                Words(
                    "`basis: consent`로 별도의 동의를 받습니다",
                    "ask for a separate consent: `basis: consent`",
                ),
                rests_on=("kr.transfers.contract-published",),
            )


_SENT: Final = entrusted_to_a_mailer(
    processor="{name: Example Mail LLC, country: US}",
    keep="{until first of: [membership ended, entrustment ended]}",
)

RULE = Rule(
    code="L-13",
    name="overseas",
    title=Words("국외 이전", "What leaves the country"),
    severity=Severity.ERROR,
    rests_on=("kr.contents.transfer-abroad", "kr.transfers.five-items"),
    applies=applies,
    check=check,
    wrong=_SENT,
    right=_SENT
    + """transfers:
  mail:
    under: mail
    basis: contract-published
    items: [email]
    country: US
    when: {ko: 이메일을 보낼 때마다, en: Whenever an e-mail is sent}
    how: {ko: 암호화된 네트워크 전송, en: Over an encrypted network}
    recipient: {name: Example Mail LLC, country: US, contact: privacy@mail.example}
    purpose: {ko: 이메일 발송, en: Sending e-mail}
    keep: {until first of: [membership ended, entrustment ended]}
    refusal: {ko: 거부하면 이메일 안내를 받을 수 없습니다., en: Whoever refuses receives no e-mail.}
""",
    about=Words(
        """
국외의 받는 자가 있는데 국외 이전에 관한 사항이 없는 처리방침.

다른 나라의 수탁자에게 맡기거나, 다른 나라에 보관하거나, 다른 나라의 사람에게 제공하려면 다섯 가지를
알립니다. 이전하는 항목, 이전하는 국가와 시기 및 방법, 이전받는 자와 그 연락처, 이전받는 자의 목적과
보유기간, 거부하는 방법과 그 효과입니다(「개인정보 보호법」 제28조의8제2항). 계약의 이행에 필요한 처리위탁과
보관은 이 다섯 가지를 처리방침에 공개해야 비로소 적법합니다. 재수탁자도 포함됩니다.
""",
        __doc__,
    ),
)
