"""A policy for programs: every term is one of the vocabulary, and what it says is what the policy says."""

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import pytest
from tests.published import IN_FORCE_ON, SERVICES, hostile, policy

from jikim.render.jsonld import as_json_ld

VOCABULARY = tomllib.loads(resources.files("jikim.render").joinpath("dpv.toml").read_text())
CASES = [(service, kind) for service in SERVICES for kind in (False, True)]


@cache
def graph(service: str, *, as_published: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        as_json_ld(policy(service, as_published=as_published), in_force_on=IN_FORCE_ON)
    )
    return made


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every node, however deep."""
    match value:
        case dict():
            yield value
            for each in value.values():
                yield from nodes(each)
        case list():
            for each in value:
                yield from nodes(each)


def node(service: str, name: str) -> dict[str, Any]:
    return next(each for each in graph(service)["@graph"] if each["@id"] == name)


def test_every_term_is_of_the_vocabulary_and_every_listed_one_is_written_or_ready() -> None:
    """Classes stand behind ``@type`` or as a source; properties stand as keys."""
    properties, classes = set(), set()
    for service, kind in CASES:
        for each in nodes(graph(service, as_published=kind)["@graph"]):
            properties |= {key for key in each if key.startswith("dpv:")}
            classes |= {each["@type"]} if str(each.get("@type", "")).startswith("dpv:") else set()
            classes |= {each["@id"]} if str(each.get("@id", "")).startswith("dpv:") else set()
    assert properties == {f"dpv:{name}" for name in VOCABULARY["properties"]}
    assert classes <= {f"dpv:{name}" for name in VOCABULARY["classes"]}
    text = resources.files("jikim.render").joinpath("jsonld.py").read_text()
    assert set(re.findall(r'"dpv:([A-Z]\w+)"', text)) == set(VOCABULARY["classes"])


@pytest.mark.parametrize(("service", "kind"), CASES)
def test_every_reference_leads_to_a_node(service: str, kind: bool) -> None:
    whole = graph(service, as_published=kind)
    named = [each["@id"] for each in whole["@graph"]]
    assert len(named) == len(set(named))
    refs = {each["@id"] for each in nodes(whole["@graph"]) if "@id" in each}
    assert {ref for ref in refs if ref.startswith("#")} <= set(named)


def test_nothing_is_fetched_to_read_it() -> None:
    assert all(isinstance(value, str) for value in graph("plask")["@context"].values())
    assert graph("plask")["@context"]["dpv"] == VOCABULARY["namespace"]


def test_a_processing_says_whose_data_why_on_which_basis_which_items_and_how_long() -> None:
    membership = node("plask", "#processing-membership")
    assert membership["dpv:hasDataSubject"] == [{"@id": "#people-member"}]
    assert membership["dpv:hasLegalBasis"] == {
        "@type": "dpv:Contract",
        "dct:source": "개인정보 보호법 제15조제1항제4호",
    }
    assert {"@id": "#item-email"} in membership["dpv:hasPersonalData"]
    ends = [each["dct:description"] for each in membership["dpv:hasStorageCondition"]["dpv:hasDuration"]]
    assert ends == ["until membership ended", "until service closed"]
    assert {each["@language"] for each in membership["dpv:hasPurpose"]["dct:description"]} == {"ko", "en"}


def test_a_length_of_time_is_an_iso_duration_and_the_laws_is_the_packs() -> None:
    contracts = node("plask", "#law-contracts")
    lasts = contracts["dpv:hasStorageCondition"]["dpv:hasDuration"]["rdf:value"]
    assert lasts == {"@value": "P5Y", "@type": "xsd:duration"}
    assert "전자상거래" in contracts["dpv:hasLegalBasis"]["dct:source"]
    destroyed = node("plask", "#policy")["dpv:hasStorageCondition"]
    assert destroyed["dpv:hasDuration"]["rdf:value"]["@value"] == "P5D"


def test_what_is_not_stated_is_not_written() -> None:
    whole = graph("casenote", as_published=True)
    assert not [each for each in nodes(whole) if None in each.values() or "" in each.values()]
    analysis = next(each for each in whole["@graph"] if each["@id"] == "#processing-analysis")
    assert "dpv:hasLegalBasis" not in analysis
    assert "dpv:hasStorageCondition" not in analysis


def test_an_address_that_is_no_web_page_is_no_base() -> None:
    assert "javascript" not in as_json_ld(hostile(), in_force_on=IN_FORCE_ON).split('"@graph"')[0]
