"""The Korean pack says each thing once, with article, days and mark; a topic that is not sound is refused."""

import tomllib
from collections import Counter
from datetime import date
from importlib import resources
from typing import get_args

import pytest

from jikim.law.facts import every_fact, facts, read, topics, unknown
from jikim.law.pack import LawPackError, UnknownNameError, pack
from jikim.lint.fact import Fact
from jikim.policy.period import Period
from jikim.policy.words import LegalBasis, ProvisionGround, RefusalGround, Safety, TransferBasis

TODAY = date(2026, 11, 21)
ALL = every_fact("kr")
NOW = facts(("kr",), in_force_on=TODAY)


def called(name: str) -> Fact:
    """The newest layer of that name."""
    return max((fact for fact in ALL if fact.name == name), key=lambda fact: fact.in_force_from)


def test_every_row_of_the_checklist_stands_once() -> None:
    """PC-05 has two halves: how data is destroyed, and what another law has kept."""
    ids = Counter(fact.id for fact in ALL if fact.id.startswith(("PC-", "DES-", "AD-")))
    expected = [
        *(f"PC-{n:02}" for n in range(1, 31)),
        *(f"DES-{n}" for n in range(1, 10)),
        *(f"AD-{n}" for n in range(1, 15)),
    ]
    assert ids == Counter([*expected, "PC-05"])


def test_what_a_policy_must_say_is_said_by_level() -> None:
    of_checklist = [fact for fact in ALL if fact.id.startswith("PC-")]
    levels = {
        level: {int(fact.id[3:]) for fact in of_checklist if fact.level == level}
        for level in ("required", "if it applies", "recommended")
    }
    assert levels == {
        "required": {1, 2, 3, 5, 9, 10, 13, 21, 23, 24, 29, 30},
        "if it applies": {4, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 28},
        "recommended": {22, 25, 26, 27},
    }


# Each row of the list of deadlines: what says it, how long or how fast, to whom, by which article. Written by hand.
PERSON, PEOPLE = "the person", "the people concerned"
DEADLINES = {
    "kr.destruction.when": ("without delay", None, "제21조제1항"),
    "kr.pipa.destruction": ("5 days", None, "제10조"),
    "kr.bases.guardian-data": ("5 days", None, "제13조"),
    "kr.rights.access": ("10 days", PERSON, "제35조제3항, 시행령 제41조제4항"),
    "kr.rights.access-refusal-told": ("10 days", PERSON, "시행령 제42조제2항"),
    "kr.rights.correction-result": ("10 days", PERSON, "시행령 제43조제3항"),
    "kr.rights.suspension-result": ("10 days", PERSON, "시행령 제44조제2항"),
    "kr.rights.withdrawal": ("without delay", None, "제37조제3항"),
    "kr.rights.automated-answer": ("30 days", PERSON, "시행령 제44조의3제5항"),
    "kr.rights.automated-refusal-told": ("without delay", PERSON, "시행령 제44조의3제4항"),
    "kr.rights.automated-refusal-days": ("10 days", PERSON, "제8조제2항"),
    "kr.notices.source-asked": ("at once", PERSON, "제20조제1항"),
    "kr.notices.source-asked-days": ("3 days", PERSON, "제9조"),
    "kr.notices.source-large": ("3 months", PERSON, "제20조제2항, 시행령 제15조의2제2항"),
    "kr.notices.usage": ("1 year", PERSON, "제20조의2제1항, 시행령 제15조의3제4항"),
    "kr.breach.persons": ("72 hours", PEOPLE, "제34조제1항, 시행령 제39조제1항"),
    "kr.breach.report": ("72 hours", "PIPC or KISA", "제34조제4항, 시행령 제40조제1항"),
    "kr.breach.possibility": ("72 hours", PEOPLE, "제34조제2항, 시행령 제39조의3제1항"),
    "kr.breach.incident": (
        "24 hours",
        "the Minister of Science and ICT or KISA",
        "제48조의3, 시행령 제58조의2",
    ),
    "kr.advertising.result": ("14 days", "the recipient", "제50조제7항, 시행령 제62조의2"),
    "kr.advertising.confirmation": ("2 years", "the recipient", "제50조제8항, 시행령 제62조의3"),
    "kr.advertising.night": ("", None, "제50조제3항, 시행령 제61조제2항"),
    "kr.recipients.business-transfer": ("", PEOPLE, "제27조제1항, 시행령 제29조"),
    "kr.recipients.business-transfer-on-site": ("30 days", PEOPLE, "시행령 제29조"),
    "kr.pipa.access-right-log": ("3 years", None, "제5조"),
    "kr.pipa.access-log": ("1 year", None, "제8조"),
    "kr.pipa.access-log-extended": ("2 years", None, "제8조"),
    "kr.deadlines.value-added-closing": ("30 days", "users", "제26조"),
    "kr.governance.mediation-silence": ("15 days", "the mediation committee", "제47조제3항"),
}


@pytest.mark.parametrize("name", DEADLINES)
def test_a_deadline_is_that_of_its_article_and_stands_once(name: str) -> None:
    length, to, article = DEADLINES[name]
    fact = NOW[name]
    assert str(fact.period or fact.pace or "") == length
    assert (fact.to.en if fact.to else None) == to
    assert fact.basis.article.ko == article
    told = [each for each in NOW.values() if each.basis == fact.basis and each.period == fact.period]
    assert told == [fact]


def test_a_request_about_an_automated_decision_may_take_ninety_days_in_all() -> None:
    fact = NOW["kr.rights.automated-answer"]
    assert fact.period == Period(30, "days")
    assert dict(fact.numbers) == {"extensions": 2, "extension_days": 30}


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("kr.notices.large-controller", {"sensitive_people": 50_000, "people": 1_000_000, "months": 3}),
        ("kr.breach.report", {"people": 1_000}),
        ("kr.advertising.night", {"from_hour": 21, "to_hour": 8}),
        ("kr.advertising.surcharge", {"percent": 6, "won_without_sales": 2_000_000_000}),
        ("kr.sanctions.no-policy", {"won": 10_000_000}),
        ("kr.governance.insurance", {"won": 1_000_000_000, "people": 10_000}),
        ("kr.governance.agent", {"won": 1_000_000_000_000, "people": 1_000_000}),
    ],
)
def test_a_threshold_is_that_of_its_article(name: str, numbers: dict[str, int]) -> None:
    assert dict(NOW[name].numbers) == numbers


MARKS = {
    "kr.contents.purpose": "V",
    "kr.contents.emergency": "S",
    "kr.contents.remedies": "V",
    "kr.destruction.when": "V",
    "kr.destruction.copies": "M",
    "kr.transfers.recognised-country": "V",
    "kr.transfers.european-union": "S",
    "kr.advertising.label": "S",
    "kr.advertising.confirmation": "V",
    "kr.advertising.confirmation-silence": "M",
    "kr.changes.standard-terms": "S",
    "kr.changes.terms-no-days": "V°",
    "kr.changes.finance": "V",
    "kr.governance.disclaimers": "V°",
    "kr.counting.holidays": "V°",
}


@pytest.mark.parametrize("name", MARKS)
def test_a_fact_is_trusted_as_far_as_it_was_read(name: str) -> None:
    assert NOW[name].mark == MARKS[name]


def test_what_nobody_read_is_what_guidelines_and_memory_say() -> None:
    doubted = {fact.topic for fact in ALL if fact.doubted}
    assert doubted == {
        "advertising",
        "agencies",
        "breach",
        "changes",
        "contents",
        "destruction",
        "guideline",
        "retention",
        "transfers",
    }


@pytest.mark.parametrize(
    ("name", "last_without", "first_with"),
    [
        ("kr.contents.ai-use", date(2027, 3, 8), date(2027, 3, 9)),
        ("kr.governance.certification", date(2027, 6, 30), date(2027, 7, 1)),
        ("kr.governance.final-responsibility", date(2026, 9, 10), date(2026, 9, 11)),
        ("kr.breach.possibility", date(2026, 9, 10), date(2026, 9, 11)),
        ("kr.sanctions.surcharge-grave", date(2026, 9, 10), date(2026, 9, 11)),
        ("kr.advertising.surcharge", date(2026, 9, 30), date(2026, 10, 1)),
        ("kr.rights.transmission-obliged-large", date(2027, 2, 19), date(2027, 2, 20)),
        ("kr.ecommerce.leaving", date(2025, 2, 13), date(2025, 2, 14)),
        ("kr.transfers.european-union", date(2025, 9, 15), date(2025, 9, 16)),
    ],
)
def test_a_fact_holds_from_its_first_day(name: str, last_without: date, first_with: date) -> None:
    assert name not in facts(("kr",), in_force_on=last_without)
    assert name in facts(("kr",), in_force_on=first_with)


@pytest.mark.parametrize(
    ("name", "last", "words_before", "words_after"),
    [
        ("kr.breach.what-counts", date(2026, 9, 10), "분실·도난·유출이", "위조·변조·훼손이"),
        ("kr.breach.contents", date(2026, 9, 10), "구제 절차, 연락처를 담아", "손해배상"),
        ("kr.rights.automated-decision", date(2027, 3, 8), "인공지능 기술을", "법이 정의한 인공지능기술을"),
    ],
)
def test_an_article_that_changed_answers_by_day(
    name: str, last: date, words_before: str, words_after: str
) -> None:
    next_day = date.fromordinal(last.toordinal() + 1)
    before, after = (facts(("kr",), in_force_on=day)[name] for day in (last, next_day))
    assert words_before in before.says.ko
    assert words_after in after.says.ko
    assert before.in_force_to == last
    assert after.in_force_from == next_day
    assert before.source_version != after.source_version


def test_the_words_of_facts_are_those_of_the_policy_language() -> None:
    def words(name: str) -> set[str]:
        return set(NOW[f"kr.{name}"].words)

    bases = [fact.words for fact in NOW.values() if fact.topic == "bases" and fact.words]
    assert [word for each in bases for word in each] == [
        each.value for each in LegalBasis if each is not LegalBasis.INTERNAL_POLICY
    ]
    assert words("recipients.provision") == {b for each in bases for b in each} - {LegalBasis.CONTRACT}
    no_grounds = {ProvisionGround.HARDSHIP, ProvisionGround.GOOD_FAITH, ProvisionGround.COUNTERPARTY}
    assert words("recipients.provision-exceptions") == {*ProvisionGround} - no_grounds
    transfers = [fact.words for fact in NOW.values() if fact.topic == "transfers" and fact.words]
    assert [word for each in transfers for word in each] == [each.value for each in TransferBasis]
    refusals = [fact for fact in NOW.values() if fact.topic == "rights" and fact.name.endswith("-refusal")]
    assert {word for fact in refusals for word in fact.words} == {each.value for each in RefusalGround}
    assert {word for fact in NOW.values() if fact.topic == "safeguards" for word in fact.words} <= {
        *get_args(Safety)
    }


def test_each_right_has_its_own_grounds_of_refusal() -> None:
    harm = RefusalGround.HARM_TO_OTHERS
    stopping = {
        RefusalGround.LEGAL_DUTY,
        harm,
        RefusalGround.PUBLIC_TASK,
        RefusalGround.CONTRACT_IMPOSSIBLE,
    }
    grounds = {
        "access": {RefusalGround.LAW_FORBIDS, harm, RefusalGround.PUBLIC_TASK},
        "correction": set(),
        "deletion": {RefusalGround.COLLECTION_REQUIRED_BY_LAW},
        "suspension": stopping,
        "withdrawal": stopping,
    }
    assert {right: set(NOW[f"kr.rights.{right}-refusal"].words) for right in grounds} == grounds


def test_an_old_name_of_an_agency_leads_to_one_of_today() -> None:
    agencies = [fact for fact in NOW.values() if fact.topic == "agencies"]
    old = {word for fact in agencies for word in fact.words}
    assert {"안전행정부", "한국정보화진흥원", "사이버범죄수사단", "사이버안전국", "대검찰청"} <= old
    assert all(fact.called and fact.called.ko not in old for fact in agencies)


def test_no_two_facts_of_a_day_say_the_same_by_the_same_article() -> None:
    for day in (TODAY, date(2027, 7, 1)):
        said = Counter((fact.says.ko, fact.basis) for fact in facts(("kr",), in_force_on=day).values())
        assert said.most_common(1)[0][1] == 1


def test_facts_are_sentences_in_both_languages() -> None:
    for fact in ALL:
        if fact.topic != "retention":
            assert fact.says.ko.endswith("니다"), fact.name
            assert not fact.says.en.endswith("."), fact.name
            assert fact.basis.article.en, fact.name


def test_asking_for_a_name_reads_what_reading_everything_finds() -> None:
    """The names of a topic and of records may begin alike, as those of `ecommerce` do."""
    assert {name: NOW[name] for name in NOW} == {f.name: f for f in ALL if f.in_force_on(TODAY)}
    assert NOW["kr.ecommerce.leaving"].topic == "ecommerce"
    assert NOW["kr.ecommerce.payment"].topic == "retention"
    assert len(NOW) == len(set(NOW))
    for strange in ("kr.rights.flight", "kr.flight.access", "eu.rights.access", "kr", ""):
        assert strange not in NOW


def test_the_topics_are_the_files_and_an_unknown_pack_has_none() -> None:
    assert "contents" in topics("kr")
    assert "retention" not in topics("kr")
    with pytest.raises(UnknownNameError, match="`fr` names no law pack"):
        topics("fr")


def test_every_law_of_the_pack_is_cited_and_each_topic_begins_with_a_remark() -> None:
    folder = resources.files("jikim.law").joinpath("kr")
    cited: set[str] = set()
    for topic in topics("kr"):
        text = folder.joinpath(f"{topic}.toml").read_text("utf-8")
        assert text.startswith("# ")
        assert "not legal advice" in text.lower()
        cited |= {fact["law"] for fact in tomllib.loads(text)["fact"]}
    file = tomllib.loads(folder.joinpath("retention.toml").read_text("utf-8"))
    places = [*file["retention"], *file["dead"], *file["separate"].values(), *file["identity"].values()]
    assert file["laws"].keys() == cited | {place["law"] for place in places}


SMALL = """
[[fact]]
key = "answer"
law = "pipa"
article = { ko = "제1조", en = "art. 1" }
says = { ko = "답해야 합니다", en = "one answers" }
period = "10 days"
mark = "V"
in_force_to = 2026-12-31

[[fact]]
key = "answer"
law = "pipa"
article = { ko = "제1조", en = "art. 1" }
says = { ko = "답해야 합니다", en = "one answers" }
pace = "at once"
mark = "V"
in_force_from = 2027-01-01
"""


def small(text: str) -> tuple[Fact, ...]:
    """The facts of a made-up topic."""
    return read(text.encode(), pack("kr").laws, topic="small", pack="kr")


def test_a_fact_holds_since_its_laws_version_unless_it_says_otherwise() -> None:
    first, second = small(SMALL)
    assert (first.name, first.topic) == ("kr.small.answer", "small")
    assert first.in_force_from == date(2026, 9, 11)
    assert (first.period, first.pace) == (Period(10, "days"), None)
    assert (second.period, second.pace, second.in_force_from) == (None, "at once", date(2027, 1, 1))


@pytest.mark.parametrize(
    ("written", "instead", "complaint"),
    [
        ("[[fact]]", "[[fact", "`small` of the law pack `kr` cannot be read as TOML"),
        ('mark = "V"', "", "`small` of the law pack `kr` is not sound: fact.0.mark: field required"),
        ('mark = "V"', 'mark = "X"', "fact.0.mark"),
        ('mark = "V"', 'mark = "V"\ncolour = "red"', "fact.0.colour"),
        ('key = "answer"', 'key = "The Answer"', "fact.0.key"),
        ('ko = "제1조", en = "art. 1"', 'ko = "제1조"', "fact.0.article.en"),
        ('period = "10 days"', 'period = "ten days"', "fact.0.period"),
        ('pace = "at once"', 'pace = "soon"', "fact.1.pace"),
        (
            'pace = "at once"',
            'pace = "at once"\nperiod = "1 day"',
            "fact.1: `answer` has a period and a pace",
        ),
        ('period = "10 days"', 'level = "sometimes"', "fact.0.level"),
        ('law = "pipa"', 'law = "hope"', "`kr.small.answer` cites `hope`, which names no law"),
        ('law = "pipa"', 'law = "commercial"', "nothing says since when `kr.small.answer` holds"),
        ("in_force_to = 2026-12-31", "in_force_to = 2026-01-01", "`kr.small.answer` ends before it begins"),
        ("in_force_to = 2026-12-31", "", "two facts of `kr.small.answer` answer for 2027-01-01"),
        (
            "in_force_to = 2026-12-31",
            "in_force_to = 2027-01-01",
            "two facts of `kr.small.answer` answer for 2027-01-01",
        ),
    ],
)
def test_a_topic_that_is_not_sound_is_refused_with_where_and_why(
    written: str, instead: str, complaint: str
) -> None:
    assert written in SMALL
    with pytest.raises(LawPackError) as refusal:
        small(SMALL.replace(written, instead, 1))
    assert complaint in str(refusal.value)


def test_of_an_early_day_it_is_known_which_facts_are_not() -> None:
    """A fact that has several layers is known from its first on."""
    late = date(2100, 1, 1)
    assert unknown(("kr",), in_force_on=late) == []
    before = set(unknown(("kr",), in_force_on=date(1900, 1, 1)))
    assert before == set(facts(("kr",), in_force_on=late)) | {
        fact.name for fact in every_fact("kr") if fact.in_force_to
    }
