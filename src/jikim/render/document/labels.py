"""The labels above a policy: what is done, each with a fact of a few words and the chapter that tells more. Pure.

The idea is that of 주요 개인정보 처리 표시(라벨링) in the commission's drafting guideline; the drawings are our own
(:mod:`jikim.render.icons`). What is not done has no label.
"""

from collections.abc import Iterator
from typing import Final

from jikim.policy.words import DataCategory, LegalBasis
from jikim.render.columns import printable
from jikim.render.document.collected import held_only
from jikim.render.document.countries import country
from jikim.render.document.parts import Label
from jikim.render.document.voice import Voice

_CLOSELY_GUARDED: Final = frozenset(
    {DataCategory.SENSITIVE, DataCategory.UNIQUE_IDENTIFIER, DataCategory.RESIDENT_NUMBER}
)


def labels(voice: Voice) -> Iterator[Label]:
    """In the order in which a reader asks: what, why, how long, who else, and whom to turn to."""
    yield from _collected(voice)
    yield from _kept(voice)
    yield from _given(voice)
    yield from _asked(voice)


def _collected(voice: Voice) -> Iterator[Label]:
    policy = voice.policy
    used = held_only(policy).union(*(each.items.all for each in policy.processing.values()))
    if used:
        fact = voice.say(f"{len(used)}가지", _counted(len(used), "item"))
        yield Label("items", voice.say("처리하는 항목", "Items"), fact, "items")
    guarded = [key for key in used if policy.items[key].category in _CLOSELY_GUARDED]
    if guarded:
        title = voice.say("민감정보·고유식별정보", "Sensitive data, identifiers")
        yield Label("guarded", title, voice.names(guarded), "items")
    purposes = [each for each in policy.processing.values() if each.purpose]
    if purposes:
        fact = voice.say(f"{len(purposes)}가지", _counted(len(purposes), "purpose"))
        yield Label("purposes", voice.say("처리 목적", "Purposes"), fact, "purposes")
    marketing = [each for each in policy.processing.values() if each.marketing]
    if marketing:
        asked = all(each.basis is LegalBasis.CONSENT for each in marketing)
        fact = (
            voice.say("동의한 사람에게만", "with consent only") if asked else voice.say("보냅니다", "is sent")
        )
        yield Label("advertising", voice.say("광고성 정보", "Advertising"), fact, "items")


def _kept(voice: Voice) -> Iterator[Label]:
    policy = voice.policy
    if policy.destruction.within:
        within = voice.period(policy.destruction.within)
        fact = voice.say(f"기간이 끝나면 {within} 안에", f"within {within} of the period’s end")
        yield Label("destruction", voice.say("파기", "Destruction"), fact, "destruction")
    if policy.kept_by_law:
        count = len(policy.kept_by_law)
        fact = voice.say(f"기록 {count}가지", _counted(count, "kind") + " of records")
        yield Label("law", voice.say("법에 따른 보관", "Kept by law"), fact, "periods")
    if policy.children and policy.children.policy == "guardian-consent":
        fact = voice.say("법정대리인의 동의를 받음", "with a guardian’s consent")
        yield Label("children", voice.say("아동", "Children"), fact, "children")


def _given(voice: Voice) -> Iterator[Label]:
    policy = voice.policy
    if policy.provisions:
        count = len(policy.provisions)
        fact = voice.say(f"{count}곳", _counted(count, "recipient"))
        yield Label("third-parties", voice.say("제3자 제공", "Third parties"), fact, "third-parties")
    if policy.entrustments:
        count = len(policy.entrustments)
        fact = voice.say(f"{count}곳", _counted(count, "processor"))
        yield Label("processors", voice.say("처리위탁", "Processors"), fact, "processors")
    if policy.transfers:
        codes = dict.fromkeys(each.country for each in policy.transfers.values())
        where = voice.joined(country(code, voice.language) for code in codes)
        yield Label("abroad", voice.say("국외 이전", "Sent abroad"), where, "abroad")
    if policy.cookies and policy.cookies.used:
        count = len(policy.cookies.each)
        fact = voice.say(f"{count}가지", _counted(count, "cookie")) if count else voice.say("씁니다", "used")
        yield Label("cookies", voice.say("쿠키", "Cookies"), fact, "cookies")


def _asked(voice: Voice) -> Iterator[Label]:
    rules = [rule for rule in voice.policy.rights.rules.values() if rule.granted]
    if rules:
        answers = {rule.answer for rule in rules if rule.answer}
        within = voice.within(answers.pop()) if len(answers) == 1 else ""
        fact = (
            voice.say(f"{within} 답변", f"answered {within}")
            if within
            else voice.say(f"{len(rules)}가지", _counted(len(rules), "right"))
        )
        yield Label("rights", voice.say("권리", "Your rights"), fact, "rights")
    contacts = voice.policy.contacts
    desk = contacts.handler or contacts.officer
    reached = desk and (desk.phone or desk.email)
    if reached:
        yield Label("contact", voice.say("물어볼 곳", "Whom to ask"), printable(reached), "officer")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
