"""The chapter of rights: what a person may ask for, where, and by when it is done. Pure."""

from collections.abc import Iterator

from jikim.policy.duties import RightRule, Rights
from jikim.policy.words import Right
from jikim.render.document import words
from jikim.render.document.parts import Block, Bullets, Cell, Line, Paragraph, Run, Table, line
from jikim.render.document.voice import Voice
from jikim.render.wording import capital


def rights(voice: Voice) -> Iterator[Block]:
    """제30조①5, 제35조–제38조."""
    given = voice.policy.rights
    if given.rules:
        yield Paragraph(line(_lead(voice, given)))
        columns = (
            voice.say("권리", "Right"),
            voice.say("요구하는 방법", "How to ask"),
            voice.say("처리와 답변", "What follows"),
            voice.say("거절할 수 있는 경우", "Refused if"),
        )
        rows = tuple(_right(voice, right, rule) for right, rule in given.rules.items())
        yield Table(voice.say("권리와 행사 방법", "Rights and how to use them"), columns, rows)
    if how := tuple(_conditions(voice, given)):
        yield Bullets(how)
    for statement in voice.policy.statements:
        if statement.kind == "automated-decisions":
            yield from (Paragraph(each) for each in voice.lines(statement.text))


def _lead(voice: Voice, given: Rights) -> str:
    if all(rule.granted for rule in given.rules.values()):
        return voice.say(
            "정보주체는 다음 권리를 행사할 수 있습니다.", "You have these rights over your data."
        )
    return voice.say(
        "정보주체의 권리는 다음과 같습니다.", "This is what is said of your rights over your data."
    )


def _right(voice: Voice, right: Right, rule: RightRule) -> tuple[Cell, ...]:
    return (
        (line(voice.head(right.called)), *voice.as_said(rule)),
        _asked(voice, rule),
        tuple(line(each) for each in _follows(voice, rule)) or (line(voice.head(words.NOT_STATED)),),
        _refused(voice, rule),
    )


def _asked(voice: Voice, rule: RightRule) -> Cell:
    if not rule.granted:
        return (line(voice.say("이 권리를 밝히지 않음", "This right is not stated")),)
    lines = []
    if rule.menu:
        lines.append(line(Run(voice.of(rule.menu), strong=True)))
    others = [each for each in rule.channels if not (each == "menu" and rule.menu)]
    if others:
        channels = voice.either(voice.word(words.CHANNELS[each]) for each in others)
        lines.append(line(capital(channels)))
    lines += voice.lines(rule.steps)
    return tuple(lines) or (line(voice.head(words.NOT_STATED)),)


def _follows(voice: Voice, rule: RightRule) -> Iterator[str]:
    if rule.scope:
        scope = voice.listed(words.SCOPE[each] for each in rule.scope)
        yield voice.say(f"볼 수 있는 것: {scope}", f"Covers {scope}")
    if rule.registered:
        pace = voice.word(words.PACES[rule.registered])
        yield voice.say(f"요구를 {pace} 등록합니다", f"The request is registered {pace}")
    if rule.act:
        pace = voice.word(words.PACES[rule.act])
        yield voice.say(f"{pace} 처리합니다", f"Acted on {pace}")
    if rule.answer:
        within = voice.within(rule.answer)
        yield voice.say(f"{within} 결과를 알립니다", f"Answered {within}")
    if rule.confirm:
        yield voice.say("처리한 것을 알립니다", "The person is told that it was done")
    if rule.freeze:
        yield voice.say(
            "끝날 때까지 이용하거나 제공하지 않습니다",
            "Until it is done the data is neither used nor given to others",
        )
    if rule.tell:
        soon = rule.tell == "recipients without delay"
        yield voice.say(
            f"제공받은 자에게도 {'지체 없이 ' if soon else ''}결과를 알립니다",
            f"Recipients are told the result, too{', without delay' if soon else ''}",
        )


def _refused(voice: Voice, rule: RightRule) -> Cell:
    if rule.refuse_as:
        return voice.lines(rule.refuse_as)
    grounds = tuple(line(voice.head(words.GROUNDS[each])) for each in rule.refuse)
    return grounds or (line(voice.say("정한 경우 없음", "None named")),)


def _conditions(voice: Voice, given: Rights) -> Iterator[Line]:
    if given.identity:
        how = voice.either(voice.word(words.IDENTITY[each]) for each in given.identity)
        yield line(Run(voice.say("본인 확인: ", "Identity: "), strong=True), how)
    if given.identity_limit:
        yield line(
            voice.say(
                "본인 확인에 수집할 때보다 많은 것을 요구하지 않습니다.",
                "To prove identity, no more is asked for than when the data was collected.",
            )
        )
    if given.agent:
        yield line(
            voice.say(
                "위임장을 받은 대리인이 대신 요구할 수 있습니다.",
                "Someone with a written mandate may ask for the person.",
            )
        )
    if given.guardian:
        which = voice.listed(each.called for each in given.guardian)
        yield line(
            voice.say(
                f"법정대리인은 아동을 대신하여 다음을 요구할 수 있습니다: {which}.",
                f"A guardian may use these rights for a child: {which}.",
            )
        )
    if refusal := given.refusal:
        by = voice.within(refusal.within) + " " if refusal.within else ""
        form = voice.word(words.REFUSED[refusal.form])
        yield line(
            Run(voice.say("거절하면: ", "A refusal: "), strong=True),
            voice.say(f"{by}그 이유를 {form} 알립니다.", f"the reasons are told {by}{form}."),
        )
        yield from voice.as_said(refusal)
        for each in voice.lines(refusal.objection):
            yield line(Run(voice.say("이의 제기: ", "Objection: "), strong=True), *each)
