"""A policy for programs: JSON-LD in terms of the W3C Data Privacy Vocabulary, version 2.1. Pure.

Which terms those are stands in ``dpv.toml``. Texts carry their language, lengths of time are ISO 8601 durations, and
what the vocabulary has no term for (a trigger, a law's article) stands in Dublin Core's ``description`` and ``source``.
Nothing is fetched to read it: prefixes are all its context says.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from jikim.law.facts import facts
from jikim.law.pack import StatutoryRetention, pack
from jikim.lint.fact import Fact
from jikim.policy.digest import policy_digest
from jikim.policy.model import DataItem, Policy, Processing
from jikim.policy.parts import EVERY, LocalText
from jikim.policy.period import NO_PERIOD, Period
from jikim.policy.recipients import CrossBorderTransfer, Entrustment, Provision, Recipient
from jikim.policy.retention import RetentionRule
from jikim.policy.words import DataCategory, LegalBasis
from jikim.render.document.parts import link
from jikim.render.wording import Words

_CONTEXT: Final = {
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_BASES: Final[Mapping[LegalBasis, str]] = {
    LegalBasis.CONSENT: "dpv:Consent",
    LegalBasis.LAW: "dpv:LegalObligation",
    LegalBasis.PUBLIC_TASK: "dpv:OfficialAuthorityOfController",
    LegalBasis.CONTRACT: "dpv:Contract",
    LegalBasis.VITAL_INTEREST: "dpv:VitalInterest",
    LegalBasis.LEGITIMATE_INTEREST: "dpv:LegitimateInterest",
    LegalBasis.PUBLIC_SAFETY: "dpv:PublicInterest",
    LegalBasis.INTERNAL_POLICY: "dpv:LegalBasis",
}
_SOURCES: Final[Mapping[str, str]] = {
    "self": "dpv:DataSubjectDataSource",
    "automatic": "dpv:DataSubjectDataSource",
    "generated": "dpv:DataControllerDataSource",
}
"""Every other source is a third party."""
_MEASURES: Final[Mapping[str, str]] = {
    "access-control": "dpv:AccessControlMethod",
    "holder-only": "dpv:AccessControlMethod",
    "password-one-way": "dpv:Encryption",
    "encryption-at-rest": "dpv:Encryption",
    "encryption-in-transit": "dpv:Encryption",
    "malware": "dpv:TechnicalMeasure",
    "intrusion": "dpv:TechnicalMeasure",
    "password-renewal": "dpv:TechnicalMeasure",
    "access-record": "dpv:TechnicalMeasure",
    "backup": "dpv:StorageRestoration",
    "training": "dpv:DataProtectionTraining",
    "compliance-check": "dpv:Audit",
    "physical": "dpv:PhysicalMeasure",
}
"""Every other measure is an organisational one."""
_GUARDED: Final = {DataCategory.SENSITIVE, DataCategory.UNIQUE_IDENTIFIER, DataCategory.RESIDENT_NUMBER}
_FORMS: Final = {"pseudonymous": "dpv:PseudonymisedData", "anonymous": "dpv:AnonymisedData"}
_UNITS: Final = {"hours": "PT{}H", "days": "P{}D", "weeks": "P{}W", "months": "P{}M", "years": "P{}Y"}

Node = dict[str, Any]


def as_json_ld(policy: Policy, *, in_force_on: date) -> str:
    """The policy as one graph, by the law in force on a day.

    :raises LawPackError: it names a law that no pack knows on that day.
    """
    known = facts(policy.law, in_force_on=in_force_on)
    laws = {
        name: pack(kept.law.partition(".")[0]).retention(kept.law, in_force_on=in_force_on)
        for name, kept in policy.kept_by_law.items()
        if kept.law
    }
    base = link("", policy.service.url).to if policy.service.url else ""
    whole = {
        "@context": {**_CONTEXT, **({"@base": base} if base else {})},
        "@graph": [
            _notice(policy),
            *(_person(policy, name) for name in policy.people),
            *(_item(policy, item) for item in policy.items.values()),
            *(_process(policy, each, known) for each in policy.processing.values()),
            *(_statutory(policy, name, laws.get(name)) for name in policy.kept_by_law),
            *(_entrustment(policy, each) for each in policy.entrustments.values()),
            *(_provision(policy, each) for each in policy.provisions.values()),
            *(_transfer(policy, each, known) for each in policy.transfers.values()),
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _stated(node: Mapping[str, Any]) -> Node:
    """A node without what nobody said."""
    return {key: value for key, value in node.items() if value not in (None, [], "")}


def _texts(policy: Policy, text: LocalText | None) -> list[Node]:
    """A text in each language that it was written in; a plain one is in the original's."""
    written = text.root if text else {}
    return [
        {"@value": said, "@language": policy.languages[0] if language == EVERY else language}
        for language, said in written.items()
    ]


def _words(said: Words) -> list[Node]:
    return [
        {"@value": each, "@language": language} for each, language in zip(said, ("ko", "en"), strict=True)
    ]


def _refs(kind: str, names: Iterable[str]) -> list[Node]:
    return [{"@id": f"#{kind}-{name}"} for name in sorted(names)]


def _notice(policy: Policy) -> Node:
    processes = [
        *_refs("processing", policy.processing),
        *_refs("law", policy.kept_by_law),
        *_refs("entrustment", policy.entrustments),
        *_refs("provision", policy.provisions),
        *_refs("transfer", policy.transfers),
    ]
    destruction = policy.destruction
    return _stated(
        {
            "@id": "#policy",
            "@type": "dpv:Notice",
            "dct:title": _texts(policy, policy.title),
            "dct:subject": _texts(policy, policy.service.name),
            "dct:language": list(policy.languages),
            "dct:hasVersion": policy.version,
            "dct:issued": _day(policy.announced),
            "dct:valid": _day(policy.effective),
            "dct:identifier": policy_digest(policy),
            "dpv:hasDataController": _controller(policy),
            "dpv:hasProcess": processes,
            "dpv:hasStorageCondition": _stated(
                {"@type": "dpv:StorageDeletion", "dpv:hasDuration": _fixed(destruction.within)}
            )
            if destruction.within
            else None,
            "dpv:hasRight": [
                _stated({"@type": "dpv:DataSubjectRight", "dct:title": _words(right.called)})
                for right, rule in policy.rights.rules.items()
                if rule.granted
            ],
            "dpv:hasTechnicalOrganisationalMeasure": [
                {
                    "@type": _MEASURES.get(each.kind, "dpv:OrganisationalMeasure"),
                    "dct:description": _texts(policy, each.text),
                }
                for each in policy.safeguards.values()
            ],
        }
    )


def _day(day: date | None) -> Node | None:
    return {"@value": day.isoformat(), "@type": "xsd:date"} if day else None


def _controller(policy: Policy) -> Node:
    officer = policy.contacts.officer
    known = officer and _stated(
        {
            "@type": "dpv:DataProtectionOfficer",
            "dpv:hasName": _texts(policy, officer.department or officer.title),
            "dpv:hasContact": [each for each in (officer.phone, officer.email, officer.web) if each],
        }
    )
    return _stated(
        {
            "@type": "dpv:DataController",
            "dpv:hasName": _texts(policy, policy.controller.name),
            "dpv:hasCountry": policy.controller.country,
            "dpv:hasDataProtectionOfficer": known,
        }
    )


def _person(policy: Policy, name: str) -> Node:
    label = policy.people[name].label
    return {"@id": f"#people-{name}", "@type": "dpv:DataSubject", "dct:title": _texts(policy, label)}


def _item(policy: Policy, item: DataItem) -> Node:
    kind = (
        "dpv:SensitivePersonalData"
        if item.category in _GUARDED
        else "dpv:DerivedPersonalData"
        if item.derived
        else "dpv:PersonalData"
    )
    return _stated(
        {
            "@id": f"#item-{item.id}",
            "@type": kind,
            "dct:title": _texts(policy, item.label),
            "dct:type": item.category.value,
            "dct:source": {"@id": f"#item-{item.derived.origin}"} if item.derived else None,
        }
    )


def _process(policy: Policy, each: Processing, known: Mapping[str, Fact]) -> Node:
    purpose = "dpv:DirectMarketing" if each.marketing else "dpv:Purpose"
    held = _refs("item", each.items.all)
    if each.form in _FORMS:
        held = [{"@type": _FORMS[each.form], "dct:source": ref} for ref in held]
    sources = dict.fromkeys(_SOURCES.get(source, "dpv:ThirdPartyDataSource") for source in each.origin)
    return _stated(
        {
            "@id": f"#processing-{each.id}",
            "@type": "dpv:PersonalDataProcess",
            "dpv:hasDataSubject": _refs("people", each.about),
            "dpv:hasPurpose": _stated({"@type": purpose, "dct:description": _texts(policy, each.purpose)})
            if each.purpose
            else None,
            "dpv:hasLegalBasis": _basis(each.basis, each.under, known.get(f"kr.bases.{each.basis}")),
            "dpv:hasPersonalData": held,
            "dpv:hasDataSource": [{"@id": source} for source in sources],
            "dpv:hasStorageCondition": _storage(each.keep),
        }
    )


def _basis(basis: LegalBasis | None, under: str | None, fact: Fact | None) -> Node | None:
    if basis is None:
        return None
    article = under or (fact.basis.of("ko") if fact else "")
    return _stated({"@type": _BASES[basis], "dct:source": article})


def _statutory(policy: Policy, name: str, law: StatutoryRetention | None) -> Node:
    kept = policy.kept_by_law[name]
    length = law.period if law else kept.as_stated
    return _stated(
        {
            "@id": f"#law-{name}",
            "@type": "dpv:PersonalDataProcess",
            "dct:title": _texts(policy, kept.label)
            or (_words((law.record.ko, law.record.en)) if law else []),
            "dpv:hasLegalBasis": {
                "@type": "dpv:LegalObligation",
                "dct:source": law.basis.of("ko") if law else kept.cites,
            },
            "dpv:hasPersonalData": _refs("item", kept.items),
            "dpv:hasStorageCondition": _stated(
                {
                    "@type": "dpv:StorageDuration",
                    "dpv:hasDuration": _fixed(length),
                    "dct:description": f"after {kept.after}" if kept.after else None,
                }
            ),
        }
    )


def _storage(rule: RetentionRule | None) -> Node | None:
    """How long: every clock with what starts or ends it, and which of several counts."""
    if rule is None:
        return None
    clocks = [
        {"@type": "dpv:Duration", "dct:description": str(clock)}
        if clock.period == NO_PERIOD
        else {**_fixed_one(clock.period), "dct:description": str(clock)}
        for clock in rule.clocks
    ]
    return {"@type": "dpv:StorageDuration", "dct:description": str(rule), "dpv:hasDuration": clocks}


def _fixed(length: Period | None) -> Node | None:
    return _fixed_one(length) if length else None


def _fixed_one(length: Period) -> Node:
    iso = _UNITS[length.unit].format(length.count)
    return {"@type": "dpv:TemporalDuration", "rdf:value": {"@value": iso, "@type": "xsd:duration"}}


# -- who else ---------------------------------------------------------------------------------------------


def _other(policy: Policy, kind: str, recipient: Recipient | None) -> Node | None:
    if recipient is None:
        return None
    return _stated(
        {
            "@type": kind,
            "dpv:hasName": _texts(policy, recipient.name),
            "dpv:hasCountry": recipient.country,
            "dpv:hasContact": recipient.contact,
        }
    )


def _entrustment(policy: Policy, each: Entrustment) -> Node:
    subs = [_other(policy, "dpv:DataSubProcessor", sub) for sub in each.sub]
    return _stated(
        {
            "@id": f"#entrustment-{each.id}",
            "@type": "dpv:PersonalDataProcess",
            "dpv:hasDataProcessor": [_other(policy, "dpv:DataProcessor", each.processor), *subs]
            if each.processor
            else subs,
            "dpv:hasPurpose": _described(policy, each.tasks),
            "dpv:hasPersonalData": _refs("item", each.items or ()),
            "dpv:hasStorageCondition": _storage(each.keep),
        }
    )


def _provision(policy: Policy, each: Provision) -> Node:
    return _stated(
        {
            "@id": f"#provision-{each.id}",
            "@type": "dpv:PersonalDataProcess",
            "dpv:hasRecipientThirdParty": _other(policy, "dpv:ThirdParty", each.recipient),
            "dpv:hasPurpose": _described(policy, each.purpose),
            "dpv:hasLegalBasis": _basis(each.basis, None, None),
            "dpv:hasPersonalData": _refs("item", each.items or ()),
            "dpv:hasStorageCondition": _storage(each.keep),
        }
    )


def _transfer(policy: Policy, each: CrossBorderTransfer, known: Mapping[str, Fact]) -> Node:
    fact = known.get(f"kr.transfers.{each.basis.value}")
    return _stated(
        {
            "@id": f"#transfer-{each.id}",
            "@type": "dpv:PersonalDataProcess",
            "dpv:hasDataImporter": _other(policy, "dpv:DataImporter", each.recipient),
            "dpv:hasThirdCountry": each.country,
            "dpv:hasLegalBasis": _stated(
                {"@type": "dpv:DataTransferLegalBasis", "dct:source": fact.basis.of("ko") if fact else ""}
            ),
            "dpv:hasPurpose": _described(policy, each.purpose),
            "dpv:hasPersonalData": _refs("item", each.items),
            "dpv:hasStorageCondition": _storage(each.keep),
        }
    )


def _described(policy: Policy, text: LocalText | None) -> Node | None:
    return {"@type": "dpv:Purpose", "dct:description": _texts(policy, text)} if text else None
