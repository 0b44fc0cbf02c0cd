"""Chapters of what is collected: purposes, periods, items, children. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final, get_args

from jikim.policy.life import Taken
from jikim.policy.model import NeverCollected, Policy, Processing, StatutoryRetention
from jikim.policy.triggers import UNSTATED
from jikim.policy.words import LegalBasis
from jikim.render.document import words
from jikim.render.document.countries import country
from jikim.render.document.parts import Block, Bullets, Cell, Line, Paragraph, Run, Table, line
from jikim.render.document.voice import Voice
from jikim.render.wording import BASES, TAKEN, capital

LIVES: Final = "lives"
"""The anchor of the chapter of figures."""


def purposes(voice: Voice) -> Iterator[Block]:
    """제30조①1."""
    by_people: dict[tuple[str, ...], list[Line]] = {}
    for processing in voice.policy.processing.values():
        if processing.purpose is not None:
            by_people.setdefault(processing.about, []).append(line(voice.of(processing.purpose)))
    if not by_people:
        return
    who = voice.particle(voice.service, "은")
    yield Paragraph(
        line(
            voice.say(
                f"{who} 다음 목적으로 개인정보를 처리합니다.",
                f"{who} processes personal data for these purposes.",
            )
        )
    )
    if len(by_people) == 1:
        yield Bullets(tuple(each for lines in by_people.values() for each in lines))
        return
    rows = tuple(((line(voice.people(about)),), tuple(lines)) for about, lines in by_people.items())
    columns = (voice.say("누구의 정보", "Whose data"), voice.say("처리 목적", "Purposes"))
    yield Table(voice.say("사람별 처리 목적", "Purposes by whose data it is"), columns, rows)


# -- how long ---------------------------------------------------------------------------------------------


def periods(voice: Voice) -> Iterator[Block]:
    """제30조①2, 3의2."""
    if ended := _ended(voice):
        yield Paragraph(line(ended))
    by_keep: dict[str, list[Line]] = {}
    for processing in voice.policy.processing.values():
        by_keep.setdefault(voice.keep(processing.keep), []).append(line(voice.of(processing.purpose)))
    if by_keep:
        columns = (voice.say("보유 및 이용기간", "How long"), voice.say("처리 목적", "Purposes"))
        rows = tuple(((line(keep),), _once(lines)) for keep, lines in by_keep.items())
        yield Table(voice.say("목적에 따른 기간", "Periods by purpose"), columns, rows)
    yield from _kept_by_law(voice)
    if voice.timeline:
        way = voice.say("항목마다 언제까지 무엇에 쓰이는지", "What each item is used for and until when")
        rest = voice.say("는 그림으로도 볼 수 있습니다.", " is shown in figures, too.")
        yield Paragraph(line(Run(way, to=f"#{LIVES}"), rest))


def _once(lines: Sequence[Line]) -> Cell:
    return tuple(dict.fromkeys(lines))


def _ended(voice: Voice) -> str:
    """By when what is past its period is destroyed, as far as the policy says."""
    destruction = voice.policy.destruction
    pace = voice.word(words.PACES[destruction.pace]) if destruction.pace else ""
    latest = voice.within(destruction.within) if destruction.within else ""
    when = voice.say(", 늦어도 ", ", and at the latest ").join(each for each in (pace, latest) if each)
    if not when:
        return ""
    return voice.say(
        f"기간이 끝난 개인정보는 {when} 파기합니다.", f"Data past its period is destroyed {when}."
    )


def _kept_by_law(voice: Voice) -> Iterator[Block]:
    kept = voice.policy.kept_by_law
    if not kept:
        return
    intro = voice.say(
        "다음 기록은 처리 목적을 달성한 뒤에도 법령이 정한 기간 동안 보관합니다.",
        "These records are kept after their purpose is met, for as long as a law says.",
    )
    if voice.policy.destruction.archive_use == "nothing else":
        intro += voice.say(
            " 보관하는 동안 다른 목적으로 이용하지 않습니다.",
            " Meanwhile they are used for nothing else.",
        )
    yield Paragraph(line(intro))
    columns = (
        voice.say("보관하는 기록", "Records"),
        voice.say("법률과 조항", "Law"),
        voice.say("보관하는 항목", "Items kept"),
        voice.say("보관 기간", "How long"),
    )
    rows = tuple(_record(voice, each) for each in kept.values())
    yield Table(voice.say("법령에 따라 보관하는 개인정보", "Records kept by law"), columns, rows)


def _record(voice: Voice, kept: StatutoryRetention) -> tuple[Cell, ...]:
    statute = voice.records.get(kept.id)
    if kept.label is not None:
        label = voice.of(kept.label)
    elif statute is not None:
        label = statute.record.of(voice.language)
    else:
        label = voice.head(words.NOT_STATED)
    items = voice.names(kept.items) or voice.head(words.NOT_STATED)
    if statute is None:
        law = voice.cited(kept.cites) if kept.cites else voice.head(words.NOT_STATED)
        period = voice.period(kept.as_stated) if kept.as_stated else voice.head(words.NOT_STATED)
        return ((line(label), *voice.as_said(kept)), (line(law),), (line(items),), (line(period),))
    since = voice.trigger(kept.after or UNSTATED)
    if statute.period is None:
        wording = statute.wording.of(voice.language) if statute.wording else ""
        period = wording or voice.head(words.NOT_STATED)
    else:
        length = voice.period(statute.period)
        period = voice.say(f"{since} 후 {length}", f"{length} after {since}")
    law, article = statute.basis.law.of(voice.language), statute.basis.article.of(voice.language)
    return ((line(label), *voice.as_said(kept)), (line(law), line(article)), (line(items),), (line(period),))


# -- items ------------------------------------------------------------------------------------------------


def items(voice: Voice) -> Iterator[Block]:
    """시행령 제31조①1, 법 제22조③."""
    policy = voice.policy
    without, consented, unstated = [], [], []
    for processing in policy.processing.values():
        if processing.basis is None:
            unstated.append(processing)
        elif processing.basis is LegalBasis.CONSENT:
            consented.append(processing)
        else:
            without.append(processing)
    article = voice.article("kr.contents.without-consent")
    if article and without and consented and not unstated:
        yield Paragraph(
            line(
                voice.say(
                    f"동의 없이 처리하는 항목과 동의를 받아 처리하는 항목을 나누어 적습니다({article}).",
                    f"What is processed without consent stands apart from what is processed with it ({article}).",
                )
            )
        )
    if without:
        yield _table(voice, without, voice.say("동의 없이 처리하는 개인정보", "Processed without consent"))
    if consented:
        caption = voice.say("동의를 받아 처리하는 개인정보", "Processed with consent")
        yield _table(voice, consented, caption, consented=True)
    if unstated:
        caption = voice.say("법적 근거를 밝히지 않은 처리", "Processed on a legal basis that is not stated")
        yield _table(voice, unstated, caption)
    notes = (*_notes(voice), *_never(voice))
    if notes:
        yield Bullets(notes)
    yield from (
        Paragraph(each)
        for statement in policy.statements
        if statement.kind == "sensitive-publication"
        for each in voice.lines(statement.text)
    )


def _table(voice: Voice, rows: Sequence[Processing], caption: str, *, consented: bool = False) -> Table:
    """One row for each processing. People stand in it only where there are several kinds of them; with consent, what
    refusing it means stands in place of the basis.
    """
    people = {each.about for each in voice.policy.processing.values()}
    columns = [
        (voice.say("처리 목적", "Purpose"), _purpose),
        (voice.say("누구의 정보", "Whose data"), _whose),
        (voice.say("법적 근거", "Legal basis"), _basis),
        (voice.say("처리하는 항목", "Items"), _taken),
        (voice.say("보유 및 이용기간", "How long"), _kept),
        (voice.say("동의하지 않으면", "If consent is refused"), _refused),
    ]
    left_out = {_basis if consented else _refused, *((_whose,) if len(people) == 1 else ())}
    shown = [(name, cell) for name, cell in columns if cell not in left_out]
    cells = tuple(tuple(cell(voice, each) for _, cell in shown) for each in rows)
    return Table(caption, tuple(name for name, _ in shown), cells)


def _whose(voice: Voice, processing: Processing) -> Cell:
    return (line(voice.people(processing.about)),)


def _kept(voice: Voice, processing: Processing) -> Cell:
    return (line(voice.keep(processing.keep)),)


def _refused(voice: Voice, processing: Processing) -> Cell:
    return (line(voice.of(processing.if_refused)),)


def _purpose(voice: Voice, processing: Processing) -> Cell:
    """What for, and what else is promised of it."""
    told = []
    if processing.marketing:
        how = voice.listed(words.MESSAGES[each] for each in processing.marketing.channels)
        told.append(voice.say(f"광고성 정보를 보냅니다: {how}", f"Advertising is sent: {how}"))
        if processing.marketing.night:
            told.append(voice.say("밤에는 따로 동의를 받습니다", "At night on a consent of its own"))
    if processing.consent == "each":
        told.append(voice.say("건마다 따로 동의를 받습니다", "Consent is asked each time"))
    if processing.form != "identified":
        told.append(voice.head(words.FORMS[processing.form]))
    if processing.shown_to:
        who = voice.people(processing.shown_to)
        told.append(voice.say(f"볼 수 있는 사람: {who}", f"Seen by: {who}"))
    if processing.permission:
        asked = voice.listed(words.PERMISSIONS[each] for each in processing.permission)
        told.append(voice.say(f"기기의 접근권한: {asked}", f"Permission of the device: {asked}"))
    if processing.nothing_else:
        told.append(voice.say("다른 목적으로 쓰지 않습니다", "Used for nothing else"))
    notes = tuple(line(Run(each, soft=True)) for each in told)
    return (line(voice.of(processing.purpose)), *voice.as_said(processing), *notes)


def _basis(voice: Voice, processing: Processing) -> Cell:
    name = line(voice.head(BASES[processing.basis]))
    article = voice.cited(processing.under or "") or (
        processing.basis and voice.article(f"kr.bases.{processing.basis.value}")
    )
    basis = (name, line(Run(article, soft=True))) if article else (name,)
    cited = voice.joined(map(voice.cited, processing.cites))
    return (*basis, line(Run(cited, soft=True))) if cited else basis


def _taken(voice: Voice, processing: Processing) -> Cell:
    """Which items, by how they are taken, and from whom if not the person."""
    taken = processing.items
    lines = [
        line(Run(f"{voice.head(TAKEN[how])}: ", strong=True), names)
        for how in get_args(Taken)
        if (names := voice.names(getattr(taken, how)))
    ]
    if taken.open:
        lines.append(line(voice.of(taken.open)))
    if not lines:
        lines.append(line(voice.head(words.NOT_STATED)))
    elsewhere = [each for each in processing.origin if each not in {"self", "automatic", "generated"}]
    if elsewhere:
        sources = capital(voice.listed(words.SOURCES[each] for each in elsewhere))
        lines.append(line(Run(sources, soft=True)))
    return tuple(lines)


def _notes(voice: Voice) -> Iterator[Line]:
    """What else the policy says of items: how they are collected, which pass through, what is made of what."""
    ways = voice.listed(words.WAYS[each] for each in voice.policy.collected_by)
    if ways:
        yield line(Run(voice.say("수집 방법: ", "Collected by: "), strong=True), ways)
    if held := voice.names(held_only(voice.policy)):
        yield line(
            Run(voice.say("법령에 따라 기록하는 항목: ", "Recorded because a law says so: "), strong=True),
            held,
        )
    passing = voice.names(key for key, item in voice.policy.items.items() if item.stored == "never")
    if passing:
        yield line(
            Run(voice.say("저장하지 않는 항목: ", "Not stored: "), strong=True),
            passing,
            voice.say(" (처리할 때만 쓰고 남기지 않습니다)", " (used in passing, and not kept)"),
        )
    for item in voice.policy.items.values():
        if item.derived:
            source = voice.of(voice.policy.items[item.derived.origin].label)
            before, after = voice.word(words.DERIVED[item.derived.by]).split("{}")
            yield line(Run(f"{voice.of(item.label)}: ", strong=True), before, source, after)
    abroad = voice.policy.controller.country
    if abroad != "KR":
        where = country(abroad, voice.language)
        yield line(
            voice.say(
                f"개인정보를 {where}에서 직접 수집하여 처리합니다.",
                f"Data is collected and processed directly from {where}.",
            )
        )


def held_only(policy: Policy) -> frozenset[str]:
    """Items that no purpose uses and only a law has kept."""
    used = frozenset().union(*(each.items.all for each in policy.processing.values()))
    return frozenset().union(*(each.items or () for each in policy.kept_by_law.values())) - used


def _never(voice: Voice) -> Iterator[Line]:
    for each in voice.policy.never_collect:
        if each.what != "under-14" or voice.policy.children is None:
            yield line(_not_taken(voice, each))


def _not_taken(voice: Voice, never: NeverCollected) -> str:
    kind = voice.word(words.NEVER[never.what])
    named = voice.of(never.named) if never.named else ""
    if never.unless == "consent":
        ko, en = (
            f"{voice.particle(kind, '은')} 동의 없이 수집하지 않습니다",
            f"Without consent, {kind} is not collected",
        )
    else:
        ko, en = f"{voice.particle(kind, '은')} 수집하지 않습니다", f"Not collected: {kind}"
    return voice.say(f"{ko}({named})." if named else f"{ko}.", f"{en} ({named})." if named else f"{en}.")


def children(voice: Voice) -> Iterator[Block]:
    """제22조의2."""
    rule = voice.policy.children
    if rule is None:
        return
    age = rule.under
    match rule.policy:
        case "refuse":
            first = voice.say(
                f"만 {age}세 미만 아동의 개인정보는 수집하지 않습니다.",
                f"Personal data of children under {age} is not collected.",
            )
        case "guardian-consent":
            first = voice.say(
                f"만 {age}세 미만 아동의 개인정보는 법정대리인의 동의를 받아 처리합니다.",
                f"Personal data of children under {age} is processed with the consent of a guardian.",
            )
        case _:
            first = voice.say(
                f"만 {age}세 미만 아동의 개인정보를 어떻게 하는지 밝히지 않았습니다.",
                f"It is not stated what happens with the data of children under {age}.",
            )
    yield Paragraph(line(first))
    yield from (Paragraph(each) for each in (*voice.lines(rule.check), *voice.as_said(rule)))
    if rule.if_found:
        pace = voice.word(words.PACES[rule.if_found])
        yield Paragraph(
            line(
                voice.say(
                    f"수집한 것을 알게 되면 {pace} 파기합니다.",
                    f"Where such data is found, it is destroyed {pace}.",
                )
            )
        )
