"""What each rule of rights, destruction, recipients, children and change finds, beyond its own two examples."""

import pytest
from tests.unit.law.test_rules import RIGHT, TODAY, laid_over

from jikim.law.facts import facts
from jikim.law.rules import rule
from jikim.lint.run import run
from jikim.policy.model import Policy
from jikim.source import Diagnostic, Severity, load

Case = tuple[str, str, list[tuple[str, Severity]]]
"""A rule, parts of a policy, and the places where the rule finds something in it, with how bad that is."""
WHOLE = load(RIGHT.encode(), name="right.yaml").value
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

GRACE = "grace: {membership ended: {period: 5 days, use: none, undo: true}}"
WEEK = "grace: {membership ended: {period: 1 week, use: none, undo: true}}"
CONTRACT = "contract: [purpose, secrecy, no-provision, liability, supervision, sub-processing, safeguards]"
ROW = "tasks: {ko: 이메일 발송, en: Sending e-mail}, items: [email]"
HERE = "processor: {name: Example Mail, country: KR}"
ABROAD = "processor: {name: Example Mail LLC, country: US}"
ENDS = "keep: {until first of: [membership ended, entrustment ended]}"
MAIL = f"{HERE}, {ROW}, {ENDS}, {CONTRACT}"
PURPOSE = "purpose: {ko: 상품의 배송, en: Delivery}"
TRANSFER = (
    "under: mail, items: [email], when: {ko: 보낼 때, en: When sent}, how: {ko: 네트워크, en: Network},"
    " purpose: {ko: 발송, en: Sending}, keep: until membership ended, refusal: {ko: 거부 가능, en: You may refuse.}"
)


def provided(*, basis: str = "consent", country: str = "KR") -> str:
    """A provision with its basis and its recipient's country."""
    recipient = f"recipient: {{name: Example Parcels, country: {country}}}"
    return f"provisions: {{mail: {{{recipient}, basis: {basis}, {PURPOSE}, items: [name], keep: until purpose met}}}}"


def exception(ground: str) -> str:
    """An exception from not providing, on a ground."""
    return f"provision_rule: {{without: never, exceptions: [{{ground: {ground}, text: {{ko: 예외, en: Exception}}}}]}}"


def findings(code: str, parts: str) -> tuple[Diagnostic, ...]:
    """What a rule finds in the right policy with these parts. No file is written: places are told by their paths."""
    whole = laid_over(WHOLE, load(parts.encode(), name="parts").value)
    known = facts(("kr",), in_force_on=TODAY)
    return run(Policy.model_validate(whole), [rule(code)], facts=known, in_force_on=TODAY).findings


DESTRUCTION: list[Case] = [
    # Without delay, and yet later: a grace is one where neither the list of exceptions nor the limit allows for it.
    ("L-11", f"destruction: {{within: 5 days, {WEEK}}}", [("destruction grace", ERROR)]),
    ("L-11", f"destruction: {{within: 5 days, {GRACE}}}", []),
    ("L-11", f"destruction: {{within: null, {GRACE}, exceptions: [grace]}}", []),
    ("L-11", f"destruction: {{pace: null, within: null, {GRACE}}}", []),
    ("L-11", "destruction: {archive: everything}", [("destruction pace", ERROR)]),
    ("L-12", "destruction: {archive: everything}", [("destruction archive", ERROR)]),
    ("L-52", "destruction: {within: 1 week}", [("destruction within", ERROR)]),
    ("L-52", "destruction: {within: 120 hours}", []),
    ("L-52", "destruction: {within: null}", [("destruction", INFO)]),
    ("L-52", "destruction: {within: null, pace: at once}", []),
    ("L-52", "destruction: {within: null, pace: null}", [("destruction", WARNING)]),
    ("L-88", "destruction: {when: [purpose met]}", [("destruction when", WARNING)]),
    ("L-88", "destruction: {when: [purpose met]}\npeople: {member: {account: false}}", []),
    ("L-88", "destruction: {when: []}", []),
    (
        "L-88",
        "destruction: {when: [purpose met]}\nprocessing: {membership: {keep: until purpose met},"
        " newsletter: {keep: until consent withdrawn}}",
        [("destruction when", INFO)],
    ),
    ("L-53", f"destruction: {{{GRACE}, exceptions: [kept-by-law]}}", [("destruction exceptions", ERROR)]),
    ("L-54", "rights: {deletion: {act: at once}}", []),
    (
        "L-54",
        "rights: {deletion: {act: at once}}\ndestruction: {procedure: null}",
        [("rights deletion act", WARNING)],
    ),
    (
        "L-54",
        "rights: {deletion: {act: at once}}\ndestruction: {archive: everything}",
        [("rights deletion act", WARNING)],
    ),
    ("L-54", "rights: {deletion: {act: at once}}\ndestruction: {procedure: null}\nkept_by_law: null", []),
]
RECIPIENTS: list[Case] = [
    ("L-13", f"entrustments: {{mail: {{{MAIL}}}}}", []),
    (
        "L-13",
        f"entrustments: {{mail: {{{MAIL}, sub: [{{name: Sub, country: JP}}]}}}}",
        [("entrustments mail sub 0 country", ERROR)],
    ),
    ("L-13", provided(country="US"), [("provisions mail recipient country", ERROR)]),
    (
        "L-13",  # a transfer to another country than that of the processor is none of it
        f"entrustments: {{mail: {{{ABROAD}, {ROW}, {ENDS}}}}}\n"
        f"transfers: {{mail: {{{TRANSFER}, basis: consent, country: JP,"
        " recipient: {name: X, country: JP, contact: x}}}",
        [("entrustments mail processor country", ERROR)],
    ),
    (
        "L-13",  # published is enough for a processor, not for a third party; and the recipient can be reached
        f"{provided(country='US')}\n"
        f"transfers: {{mail: {{{TRANSFER}, basis: contract-published, country: US,"
        " recipient: {name: X, country: US}}}",
        [("transfers mail basis", ERROR), ("transfers mail recipient", ERROR)],
    ),
    ("L-13", f"controller: {{country: US}}\nentrustments: {{mail: {{{ABROAD}, {ROW}, {ENDS}}}}}", []),
    ("L-14", provided(), []),
    ("L-14", provided(basis="legitimate-interest"), []),
    ("L-14", provided(basis="unstated"), [("provisions mail basis", ERROR)]),
    ("L-14", provided(basis="internal-policy"), [("provisions mail basis", ERROR)]),
    *(
        ("L-14", exception(ground), [("provision_rule exceptions 0 ground", ERROR)])
        for ground in ("hardship", "good-faith", "counterparty")
    ),
    *(("L-14", exception(ground), []) for ground in ("consent", "law", "legal-request", "publication")),
    ("L-14", exception("anonymous-statistics"), [("provision_rule exceptions 0 ground", INFO)]),
    (
        "L-27",
        f"entrustments: {{mail: {{{HERE}, tasks: unstated, items: [email], {ENDS}}}}}",
        [("entrustments mail tasks", ERROR)],
    ),
    (
        "L-48",
        f"provisions: {{mail: {{recipient: unstated, basis: consent, {PURPOSE}, items: unstated, keep: unstated}}}}",
        [(f"provisions mail {key}", ERROR) for key in ("recipient", "items", "keep")],
    ),
    ("L-49", f"entrustments: {{mail: {{{HERE}, {ROW}, {ENDS}}}}}", [("entrustments", INFO)]),
    (
        "L-49",  # one that is described stands for those that are not
        f"entrustments: {{mail: {{{MAIL}}}, card: {{{HERE}, {ROW}, {ENDS}}}}}",
        [],
    ),
    (
        "L-50",
        f"entrustments: {{mail: {{{HERE}, {ROW}, keep: {{until last of: [membership ended, entrustment ended]}}}}}}",
        [("entrustments mail keep", ERROR)],
    ),
    (
        "L-50",
        f"entrustments: {{mail: {{{MAIL}}}, card: {{{HERE}, {ROW}, keep: unstated}}}}",
        [("entrustments card keep", WARNING)],
    ),
    ("L-50", f"entrustments: {{card: {{{HERE}, {ROW}, keep: unstated}}}}", []),
    (
        "L-50",
        f"entrustments: {{mail: {{{HERE}, {ROW}, keep: until entrustment ended}}}}\n"
        "destruction: {when: [service closed]}",
        [],
    ),
    ("L-50", f"entrustments: {{mail: {{{HERE}, {ROW}, keep: 1 year after unstated}}}}", []),
    (
        "L-50",
        f"entrustments: {{mail: {{{HERE}, {ROW}, keep: until service closed}}}}",
        [("entrustments mail keep", ERROR)],
    ),
    (
        "L-51",
        f"entrustments: {{mail: {{{HERE}, {ROW}, {ENDS}, includes: [use, provision]}}}}",
        [("entrustments mail includes 1", WARNING)],
    ),
    ("L-51", f"entrustments: {{mail: {{{HERE}, {ROW}, {ENDS}, includes: [provision]}}}}\n{provided()}", []),
    (
        "L-62",
        "business_transfer: {tell: after, contents: [fact, recipient], choice: object}",
        [("business_transfer tell", ERROR)],
    ),
]
RIGHTS: list[Case] = [
    *(
        ("L-17", f"rights: {{{right}: null}}", [(f"rights {right}", ERROR)])
        for right in ("access", "correction", "deletion", "suspension", "withdrawal")
    ),
    ("L-17", "rights: {suspension: {channels: []}}", [("rights suspension", ERROR)]),
    ("L-17", "rights: {deletion: null}\ndestruction: {when: [deletion requested]}", []),
    ("L-17", "rights: {withdrawal: null}\nprocessing: {newsletter: null}", []),
    ("L-17", "rights: null", []),
    ("L-18", "rights: {access: {refuse: [contract-impossible]}}", [("rights access refuse", ERROR)]),
    ("L-18", "rights: {deletion: {refuse: [harm-to-others]}}", [("rights deletion refuse", ERROR)]),
    ("L-18", "rights: {leaving: {refuse: [law-forbids]}}", [("rights leaving refuse", ERROR)]),
    ("L-18", "rights: {suspension: {refuse: [legal-duty, contract-impossible]}}", []),
    (
        "L-18",
        "rights: {access: {refuse_as: 공익적 사유}, deletion: {refuse_as: 공익적 사유}}",
        [("rights access refuse_as", ERROR)],
    ),
    ("L-18", "rights: {access: {refuse: [law-forbids], refuse_as: 법률이 정한 사유}}", []),
    ("L-18", "rights: {refusal: {form: oral or written}}", [("rights refusal form", ERROR)]),
    ("L-55", "rights: {access: {answer: 2 weeks}}", [("rights access answer", ERROR)]),
    ("L-55", "rights: {access: {answer: 1 week}}", []),
    ("L-55", "rights: {refusal: {within: 1 month}}", [("rights refusal within", ERROR)]),
    (
        "L-55",
        "rights: {automated-decision: {channels: [menu], answer: 1 month}}",
        [("rights automated-decision answer", ERROR)],
    ),
    ("L-55", "rights: {automated-decision: {channels: [menu], answer: 30 days}}", []),
    ("L-55", "rights: {access: {answer: null}, correction: {answer: null}}", [("rights", WARNING)]),
    ("L-55", "rights: {withdrawal: {answer: null}}", []),
    ("L-56", "rights: {access: {granted: false}}", [("rights access granted", ERROR)]),
    ("L-56", "rights: {transmission: {granted: false}}", []),
    ("L-57", "rights: {identity: [sign-in, stated-address]}", [("rights identity 1", WARNING)]),
    (
        "L-58",
        "rights: {access: {channels: [menu, board]}, deletion: {channels: [menu, board]}}",
        [("rights access channels 1", WARNING)],
    ),
    ("L-59", "rights: {access: {scope: [items, purpose, period, provision, consent]}}", []),
    ("L-60", "rights: {leaving: {channels: [], menu: null}}", [("rights leaving", ERROR)]),
    ("L-60", "rights: {deletion: {channels: [email]}}", [("rights deletion channels", ERROR)]),
    ("L-60", "rights: {deletion: {channels: [email]}}\npeople: {member: {account: false}}", []),
    ("L-61", "rights: {suspension: {channels: [email]}}", [("rights suspension channels", WARNING)]),
    ("L-65", "rights: {access: {channels: [menu, visit]}}", [("rights access channels 1", WARNING)]),
    ("L-65", "rights: {access: {channels: [menu, phone]}}", []),
]
PEOPLE: list[Case] = [
    ("L-19", "contacts: {officer: {title: null, department: null}}", [("contacts officer", ERROR)]),
    ("L-19", "contacts: {officer: {phone: null}}", []),
    ("L-19", "contacts: {officer: {phone: null}, handler: null}", [("contacts officer", WARNING)]),
    ("L-19", "contacts: {officer: {phone: null, email: null}, handler: null}", [("contacts officer", ERROR)]),
    ("L-19", "contacts: {officer: {title: 개인정보 관리 책임자}}", [("contacts officer title", WARNING)]),
    ("L-19", "contacts: {officer: null}", []),
    ("L-20", "children: {check: null}", [("children policy", WARNING)]),
    ("L-20", "children: null\nnever_collect: []\nrights: {guardian: []}", [("people", INFO)]),
    (
        "L-20",
        "children: null\nnever_collect: []\nrights: {guardian: []}\npeople: {member: {account: false}}",
        [],
    ),
    ("L-20", "children: null\nnever_collect: []", [("rights guardian", WARNING)]),
    ("L-20", "children: null", [("never_collect 0", WARNING), ("rights guardian", WARNING)]),
    ("L-20", "children: {policy: unstated}\nnever_collect: []", [("children policy", WARNING)]),
    ("L-20", "children: {policy: guardian-consent}\nnever_collect: []", []),
    (
        "L-20",
        "children: {policy: guardian-consent, check: null}\nnever_collect: []",
        [("children policy", WARNING)],
    ),
    (
        "L-20",
        "children: {policy: guardian-consent}\nnever_collect: []\nrights: {guardian: []}",
        [("children policy", WARNING)],
    ),
]
CHANGE: list[Case] = [
    ("L-25", "effective: unstated", [("effective", ERROR)]),
    ("L-25", "version: unstated", [("version", ERROR)]),
    ("L-25", "announced: unstated", [("announced", WARNING)]),
    ("L-25", "announced: unstated\nnotice: null", []),
    ("L-25", "effective: 2026-01-08", [("effective", ERROR)]),
    ("L-25", "effective: 2026-01-09", [("effective", WARNING)]),
    ("L-25", "effective: 2026-01-10", []),
    ("L-25", "effective: 2026-01-09\nnotice: {ordinary: 1 week}", [("effective", WARNING)]),
    ("L-25", "effective: 2026-01-04\nnotice: {ordinary: 48 hours}", [("effective", WARNING)]),
    ("L-25", "effective: 2026-01-05\nnotice: {ordinary: 48 hours}", []),
    ("L-64", "notice: {ordinary: 7 days, significant: 1 week}", [("notice significant", INFO)]),
    ("L-64", "notice: {ordinary: 7 days, significant: 3 days}", [("notice significant", WARNING)]),
    ("L-64", "notice: {ordinary: 7 days, significant: null}", []),
]


@pytest.mark.parametrize(
    ("code", "parts", "expected"), [*DESTRUCTION, *RECIPIENTS, *RIGHTS, *PEOPLE, *CHANGE]
)
def test_a_rule_finds_at_its_place_what_is_wrong_and_nothing_else(
    code: str, parts: str, expected: list[tuple[str, Severity]]
) -> None:
    places = [(" ".join(map(str, each.path)), each.severity) for each in findings(code, parts)]
    shortened = [(place.removesuffix(" membership ended period"), severity) for place, severity in places]
    assert sorted(shortened) == sorted(expected)


def test_a_notice_that_is_borderline_is_told_by_both_readings() -> None:
    (finding,) = findings("L-25", "effective: 2026-01-09")
    assert finding.message == "`7 days` were promised; 6 full days lie between, and 7 if one end is counted"
    assert finding.fix == "write `effective: 2026-01-10` or later"


def test_a_missing_right_is_offered_with_the_channels_of_the_others() -> None:
    (finding,) = findings("L-17", "rights: {suspension: null, access: {channels: [phone, board]}}")
    written = "`suspension: {channels: [menu, phone, email], act: without delay, answer: 10 days}`"
    assert finding.fix == f"add to `rights`: {written}"


def test_who_leaves_an_online_seller_is_protected_by_its_law_too() -> None:
    leaving = "rights: {leaving: {channels: [email], menu: null}}"
    (of_a_seller,) = findings("L-60", f"{leaving}\ncontroller: {{obliged_as: [online-seller]}}")
    (of_another,) = findings("L-60", f"{leaving}\ncontroller: {{obliged_as: [value-added-telecom]}}")
    assert "Electronic Commerce art. 21-2(1)4" in of_a_seller.why
    assert "Electronic Commerce" not in of_another.why
