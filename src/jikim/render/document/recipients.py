"""Chapters of who else receives data: third parties, processors, other countries, whoever takes over. Pure."""

from collections.abc import Iterator

from jikim.policy.model import Policy
from jikim.policy.recipients import (
    CrossBorderTransfer,
    Entrustment,
    ProvisionException,
    ProvisionRule,
    Recipient,
)
from jikim.render.document import words
from jikim.render.document.countries import country
from jikim.render.document.parts import Block, Bullets, Cell, Line, Paragraph, Run, Table, line, link
from jikim.render.document.voice import Voice
from jikim.render.wording import BASES


def third_parties(voice: Voice) -> Iterator[Block]:
    """제30조①3, 제17조."""
    policy = voice.policy
    if policy.provision_rule:
        yield from (Paragraph(each) for each in _principle(voice, policy.provision_rule))
        if exceptions := policy.provision_rule.exceptions:
            yield Bullets(tuple(_exception(voice, each) for each in exceptions))
    if policy.provisions:
        columns = (
            voice.say("제공받는 자", "Recipient"),
            voice.say("근거", "Basis"),
            voice.say("제공받는 자의 목적", "Its purpose"),
            voice.say("제공하는 항목", "Items"),
            voice.say("보유 및 이용기간", "How long"),
        )
        rows = tuple(
            (
                recipient(voice, each.recipient),
                (line(voice.head(BASES[each.basis])),),
                (line(voice.of(each.purpose)), *voice.as_said(each)),
                (line(voice.names(each.items or ()) or voice.head(words.NOT_STATED)),),
                (line(voice.keep(each.keep)),),
            )
            for each in policy.provisions.values()
        )
        caption = voice.say("제3자에게 제공하는 개인정보", "What is given to third parties")
        yield Table(caption, columns, rows)
    yield from _emergencies(voice, policy)


def _principle(voice: Voice, rule: ProvisionRule) -> Iterator[Line]:
    if rule.text:
        yield from voice.lines(rule.text)
    elif rule.without == "not in principle":
        yield line(
            voice.say(
                "원칙적으로 개인정보를 제3자에게 제공하지 않습니다.",
                "In principle, personal data is given to nobody else.",
            )
        )
    elif rule.exceptions:
        yield line(
            voice.say(
                "다음의 경우에만 개인정보를 제3자에게 제공합니다.",
                "Personal data is given to others in these cases only.",
            )
        )
        return
    else:
        yield line(
            voice.say(
                "정보주체의 동의나 법률의 근거 없이는 개인정보를 제3자에게 제공하지 않습니다.",
                "Without the person’s consent or a law, personal data is given to nobody else.",
            )
        )
    if rule.exceptions:
        yield line(voice.say("다음의 경우에는 예외로 합니다.", "The exceptions are these."))


def _exception(voice: Voice, exception: ProvisionException) -> Line:
    return sum(voice.as_said(exception), line(voice.of(exception.text)))


def _emergencies(voice: Voice, policy: Policy) -> Iterator[Block]:
    for statement in policy.statements:
        if statement.kind == "emergency":
            yield from (Paragraph(each) for each in voice.lines(statement.text))


def recipient(voice: Voice, other: Recipient | None) -> Cell:
    """Its name, its country if that is another than the controller's, and how to reach it."""
    if other is None:
        return (line(voice.head(words.NOT_STATED)),)
    named = voice.of(other.name)
    if other.country != voice.policy.controller.country:
        named = f"{named} ({country(other.country, voice.language)})"
    return (line(named), line(link(other.contact, soft=True))) if other.contact else (line(named),)


# -- processors -------------------------------------------------------------------------------------------


def processors(voice: Voice) -> Iterator[Block]:
    """제30조①4, 제26조②."""
    entrusted = tuple(voice.policy.entrustments.values())
    if not entrusted:
        return
    yield Paragraph(
        line(
            voice.say(
                "다음과 같이 개인정보 처리 업무를 맡깁니다.",
                "These processors do work with personal data on our behalf.",
            )
        )
    )
    columns = [
        voice.say("수탁자", "Processor"),
        voice.say("맡긴 업무", "Work"),
        voice.say("다루는 항목", "Items"),
        voice.say("보유 및 이용기간", "How long"),
    ]
    further = any(each.sub for each in entrusted)
    if further:
        columns.append(voice.say("재수탁자", "Sub-processors"))
    rows = tuple(_entrustment(voice, each, further=further) for each in entrusted)
    yield Table(voice.say("처리를 맡긴 업체", "Processors"), tuple(columns), rows)
    if promises := tuple(_contracts(voice, entrusted)):
        yield Bullets(promises)


def _entrustment(voice: Voice, each: Entrustment, *, further: bool) -> tuple[Cell, ...]:
    work = [line(voice.of(each.tasks)), *voice.as_said(each)]
    if each.includes:
        kinds = voice.listed(words.ENTRUSTED[kind] for kind in each.includes)
        work.append(line(Run(kinds, soft=True)))
    cells: tuple[Cell, ...] = (
        recipient(voice, each.processor),
        tuple(work),
        (line(voice.names(each.items or ()) or voice.head(words.NOT_STATED)),),
        (line(voice.keep(each.keep)),),
    )
    if not further:
        return cells
    subs = tuple(said for sub in each.sub for said in recipient(voice, sub))
    return (*cells, subs or (line(voice.say("없음", "None")),))


def _contracts(voice: Voice, entrusted: tuple[Entrustment, ...]) -> Iterator[Line]:
    """What is promised of the contracts: once where it holds for all, else by processor."""
    alike: dict[str, list[str]] = {}
    for each in entrusted:
        for promise in _promises(voice, each):
            name = voice.of(each.processor.name) if each.processor else voice.of(each.tasks)
            alike.setdefault(promise, []).append(name)
    for promise, names in alike.items():
        if len(names) == len(entrusted):
            yield line(promise)
        else:
            yield line(Run(f"{', '.join(names)}: ", strong=True), promise)


def _promises(voice: Voice, each: Entrustment) -> Iterator[str]:
    if each.contract:
        fixed = voice.listed(words.CONTRACTS[kind] for kind in each.contract)
        yield voice.say(
            f"위탁계약에서 다음을 정합니다: {fixed}.", f"The contract of entrustment fixes: {fixed}."
        )
    if each.contract_kept:
        yield voice.say("계약 내용을 서면이나 전자적으로 보관합니다.", "The contract is kept on file.")
    if each.certificate:
        yield voice.say(
            "수탁자가 가진 개인정보를 파기하면 파기 확인서를 받습니다.",
            "The processor certifies the destruction of its copy.",
        )


# -- abroad -----------------------------------------------------------------------------------------------


def abroad(voice: Voice) -> Iterator[Block]:
    """시행령 제31조①2, 제28조의8②: one table for each transfer, since each has nine facts."""
    for each in voice.policy.transfers.values():
        where = country(each.country, voice.language)
        name = voice.of(each.recipient.name)
        caption = voice.say(f"{name} ({where})", f"{name} ({where})")
        columns = (voice.say("구분", "Point"), voice.say("내용", "Details"))
        yield Table(caption, columns, tuple(_transfer(voice, each)))


def _transfer(voice: Voice, each: CrossBorderTransfer) -> Iterator[tuple[Cell, ...]]:
    article = voice.article(f"kr.transfers.{each.basis.value}")
    basis = line(voice.word(words.TRANSFER_BASES[each.basis]))
    facts: tuple[tuple[str, Cell], ...] = (
        (
            voice.say("이전의 근거", "Basis"),
            (basis, line(Run(article, soft=True))) if article else (basis,),
        ),
        (voice.say("이전하는 항목", "Items"), (line(voice.names(each.items)),)),
        (voice.say("이전하는 국가", "Country"), (line(country(each.country, voice.language)),)),
        (voice.say("이전하는 때", "When"), (line(voice.of(each.when)),)),
        (voice.say("이전하는 방법", "How"), (line(voice.of(each.how)),)),
        (voice.say("이전받는 자", "Recipient"), recipient(voice, each.recipient)),
        (voice.say("이전받는 자의 목적", "Its purpose"), (line(voice.of(each.purpose)),)),
        (voice.say("보유 및 이용기간", "How long"), (line(voice.keep(each.keep)),)),
        (voice.say("거부하는 방법과 효과", "How to refuse, and what it means"), voice.lines(each.refusal)),
    )
    for title, cell in (*facts, (voice.say("원문과 다른 점", "Said otherwise"), voice.as_said(each))):
        if cell:
            yield ((line(title),), cell)


def business_transfer(voice: Voice) -> Iterator[Block]:
    """제27조."""
    promise = voice.policy.business_transfer
    if promise is None:
        return
    if promise.text:
        yield from (Paragraph(each) for each in voice.lines(promise.text))
    else:
        told = voice.listed(words.TOLD[each] for each in promise.contents)
        yield Paragraph(
            line(
                voice.say(
                    f"영업을 양도하거나 합병하면 {'미리' if promise.tell == 'before' else '나중에'} 알립니다: {told}.",
                    f"{promise.tell.capitalize()} the business passes to another, each person is told {told}.",
                )
            )
        )
    if promise.choice:
        yield Paragraph(
            line(
                voice.say(
                    "이때 동의를 철회할 수 있습니다.", "Whoever does not agree may withdraw consent then."
                )
                if promise.choice == "withdraw-consent"
                else voice.say("이때 이전을 거부할 수 있습니다.", "Whoever does not agree may object then.")
            )
        )
    yield from (Paragraph(each) for each in voice.as_said(promise))
