"""From a policy to the document that people read: chapters in the usual order of a Korean policy. Pure.

The order is that of the drafting guideline as published policies follow it; a chapter that does not apply is left out,
and the others are numbered. A chapter's anchor is its permanent address, the same in every language and version.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from jikim.law.facts import facts
from jikim.law.pack import pack
from jikim.policy.digest import policy_digest
from jikim.policy.life import Timeline
from jikim.policy.model import Policy
from jikim.render.document.asking import rights
from jikim.render.document.collected import LIVES, children, items, periods, purposes
from jikim.render.document.ending import destruction, lives
from jikim.render.document.labels import labels
from jikim.render.document.parts import Block, Change, Chapter, Document, Line, line
from jikim.render.document.people import access_desk, changes, domestic_agent, in_force, officer, remedies
from jikim.render.document.recipients import abroad, business_transfer, processors, third_parties
from jikim.render.document.safety import cookies, safeguards, told
from jikim.render.document.voice import Voice
from jikim.render.wording import Language, Words

LANGUAGES: Final[tuple[Language, ...]] = ("ko", "en")
"""Those that documents can be composed in."""

CHAPTERS: Final[Mapping[str, tuple[Words, Callable[[Voice], Iterator[Block]]]]] = {
    "purposes": (("개인정보의 처리 목적", "Purposes of processing"), purposes),
    "periods": (("개인정보의 처리 및 보유 기간", "How long data is kept"), periods),
    "items": (("처리하는 개인정보의 항목", "What is processed"), items),
    "children": (("만 14세 미만 아동의 개인정보", "Children"), children),
    "third-parties": (("개인정보의 제3자 제공", "Third parties"), third_parties),
    "processors": (("개인정보 처리의 위탁", "Processors"), processors),
    "abroad": (("개인정보의 국외 이전", "Transfer to other countries"), abroad),
    "business-transfer": (("영업의 양도 등", "When the business changes hands"), business_transfer),
    "destruction": (("개인정보의 파기 절차와 방법", "How data is destroyed"), destruction),
    "rights": (("정보주체와 법정대리인의 권리와 행사 방법", "Your rights and how to use them"), rights),
    "safeguards": (("개인정보의 안전성 확보 조치", "How data is kept safe"), safeguards),
    "cookies": (("쿠키 등 자동 수집 장치", "Cookies and their like"), cookies),
    "further-use": (("추가적인 이용·제공의 판단 기준", "Further use"), told("further-use")),
    "pseudonyms": (("가명정보의 처리", "Pseudonymised data"), told("pseudonyms")),
    "ai": (("인공지능과 개인정보", "Artificial intelligence"), told("ai-use")),
    "officer": (("개인정보 보호책임자와 고충처리 부서", "Privacy officer and complaints"), officer),
    "domestic-agent": (("국내대리인", "Domestic agent"), domestic_agent),
    "access-desk": (("열람청구를 접수·처리하는 부서", "Where to ask for access"), access_desk),
    "remedies": (("권익침해에 대한 구제방법", "Where else to turn"), remedies),
    "duties": (("이용자가 지킬 일", "What you can do"), told("user-duty", "legal-warning")),
    "other": (
        ("그 밖의 사항", "Further matters"),
        told("promise", "explanation", "linked-sites", "reservation", "disclaimer"),
    ),
    "changes": (("처리방침의 변경", "Changes of this policy"), changes),
    LIVES: (("항목별 개인정보의 일생", "The life of each item"), lives),
}
"""Every chapter by its anchor; these are never renamed, since others link to them."""


def compose(
    policy: Policy,
    *,
    language: Language,
    in_force_on: date,
    timeline: Timeline | None = None,
    since: Sequence[Change] = (),
) -> Document:
    """The policy in one language, by the law in force on a day.

    :param timeline: the life of each item; without it there are no figures.
    :param since: what has changed since the last version.
    :raises LawPackError: it names a law that no pack knows on that day.
    """
    records = {
        name: pack(kept.law.partition(".")[0]).retention(kept.law, in_force_on=in_force_on)
        for name, kept in policy.kept_by_law.items()
        if kept.law
    }
    voice = Voice(policy, language, facts(policy.law, in_force_on=in_force_on), records, timeline)
    return Document(
        language=language,
        languages=published_in(policy),
        service=voice.service,
        title=voice.of(policy.title),
        controller=voice.of(policy.controller.name),
        dated=tuple(_dated(voice)),
        preamble=tuple(
            each for said in policy.statements if said.kind == "preamble" for each in voice.lines(said.text)
        ),
        labels=tuple(labels(voice)),
        changes=tuple(since),
        chapters=tuple(_chapters(voice)),
        digest=policy_digest(policy),
    )


def published_in(policy: Policy) -> tuple[Language, ...]:
    """The policy's languages in which a document can be composed, its original first."""
    return tuple(known for each in policy.languages for known in LANGUAGES if known == each)


def _chapters(voice: Voice) -> Iterator[Chapter]:
    number = 0
    for anchor, (heading, chapter) in CHAPTERS.items():
        blocks = tuple(chapter(voice))
        if blocks:
            number += 1
            yield Chapter(anchor, number, voice.word(heading), blocks)


def _dated(voice: Voice) -> Iterator[Line]:
    policy = voice.policy
    yield line(in_force(voice))
    if policy.announced:
        day = voice.date(policy.announced)
        yield line(voice.say(f"{day}에 알렸습니다.", f"It was announced on {day}."))
