"""The chapter of destruction, and the figures of each item's life. Pure."""

from collections.abc import Iterator, Sequence

from jikim.policy.duties import Grace
from jikim.policy.life import ItemLife, Kept, Phase, Use
from jikim.render.document import words
from jikim.render.document.parts import Block, Bullets, Figure, Line, Paragraph, Run, Step, Strand, line
from jikim.render.document.voice import Voice
from jikim.render.wording import BASES


def destruction(voice: Voice) -> Iterator[Block]:
    """제30조①3의2, 제21조."""
    rule = voice.policy.destruction
    if rule.when:
        causes = voice.either(voice.trigger(each) for each in rule.when)
        yield Paragraph(
            line(
                voice.say(
                    f"다음 사유가 생기면 개인정보를 파기합니다: {causes}.",
                    f"Personal data is destroyed when {causes}.",
                )
            )
        )
    yield from (Paragraph(each) for each in (*voice.lines(rule.procedure), *voice.as_said(rule)))
    yield Bullets(tuple(_ways(voice)))
    for trigger, grace in rule.grace.items():
        yield Paragraph(_grace(voice, trigger, grace))


def _ways(voice: Voice) -> Iterator[Line]:
    rule = voice.policy.destruction
    pace = voice.word(words.PACES[rule.pace]) if rule.pace else ""
    latest = voice.within(rule.within) if rule.within else ""
    when = voice.say(", 늦어도 ", ", at the latest ").join(each for each in (pace, latest) if each)
    if when:
        yield line(Run(voice.say("기한: ", "By when: "), strong=True), when)
    electronic = words.ELECTRONIC[rule.electronic] if rule.electronic else words.NOT_STATED
    paper = words.PAPER[rule.paper] if rule.paper else words.NOT_STATED
    yield line(Run(voice.say("전자 파일: ", "Files and databases: "), strong=True), voice.word(electronic))
    yield line(Run(voice.say("종이 문서: ", "Paper: "), strong=True), voice.word(paper))
    if voice.policy.kept_by_law and rule.archive == "held-only":
        yield line(
            Run(voice.say("법령에 따라 보관하는 것: ", "What a law has kept: "), strong=True),
            voice.say("그 항목만 따로 분리하여 보관합니다", "those items only, apart from everything else"),
        )


def _grace(voice: Voice, trigger: str, grace: Grace) -> Line:
    since, length = voice.trigger(trigger), voice.period(grace.period)
    said = voice.say(
        f"{since} 후 {length} 동안은 바로 파기하지 않고 기다립니다.",
        f"For {length} after {since}, nothing is destroyed yet.",
    )
    if grace.use == "none":
        said += voice.say(" 그동안 이용하지 않습니다.", " Meanwhile nothing is used.")
    if grace.undo:
        said += voice.say(" 이 기간에는 되돌릴 수 있습니다.", " It can be undone in that time.")
    reason = voice.of(grace.because) if grace.because else ""
    return sum(voice.as_said(grace), line(said, f" {reason}" if reason else ""))


# -- figures ----------------------------------------------------------------------------------------------


def lives(voice: Voice) -> Iterator[Block]:
    """What happens to each item, from its collection to its destruction."""
    if voice.timeline is None:
        return
    yield Paragraph(
        line(
            voice.say(
                "항목마다 왜 처리하고, 무엇이 그것을 끝내며, 그 뒤 어떻게 되는지를 차례로 보입니다.",
                "For each item: why it is processed, what ends that, and what follows.",
            )
        )
    )
    for life in voice.timeline.lives:
        if life.items[0].stored != "never" and (life.uses or life.kept):
            yield _figure(voice, life)


def _figure(voice: Voice, life: ItemLife) -> Figure:
    uses = (_use(voice, use) for use in life.uses)
    kept = (_kept(voice, each) for each in life.kept)
    return Figure(", ".join(voice.of(item.label) for item in life.items), (*uses, *kept))


def _use(voice: Voice, use: Use) -> Strand:
    title = voice.head(BASES[use.processing.basis])
    why = voice.of(use.processing.purpose)
    alike: dict[tuple[Phase, ...], list[str]] = {}
    for way in use.ways:
        alike.setdefault(way.phases, []).append(way.trigger)
    joined = voice.either if use.combine == "first" else voice.joined
    ways = tuple(
        _steps(voice, joined(map(voice.trigger, triggers)), phases) for phases, triggers in alike.items()
    )
    if not ways:
        return Strand(why, title, voice.say("기간을 밝히지 않음", "no period is stated"), ())
    if len(ways) == 1 and (use.combine == "first" or len(use.ways) == 1):
        return Strand(why, title, "", ways)
    which = ("먼저", "first") if use.combine == "first" else ("나중에", "last")
    note = voice.say(f"{which[0]} 오는 것으로 끝납니다", f"whichever comes {which[1]} ends it")
    return Strand(why, title, note, ways)


def _kept(voice: Voice, kept: Kept) -> Strand:
    law = f"{voice.of(kept.law)} {voice.of(kept.article)}"
    way = _steps(voice, voice.trigger(kept.way.trigger), kept.way.phases)
    return Strand(voice.of(kept.record), law, "", (way,))


def _steps(voice: Voice, ended_by: str, phases: Sequence[Phase]) -> tuple[Step, ...]:
    """The phases around what ends the use; what is only recorded has no such moment."""
    fact = Step("fact", ended_by)
    steps: list[Step] = []
    if phases[0].kind == "in use" and phases[0].lasts is None:
        steps.append(Step("use", voice.say("이용", "in use")))
        phases = phases[1:]
    steps.append(fact)
    locked = any(phase.kind == "locked" for phase in phases)
    for phase in phases:
        length = voice.period(phase.lasts) if phase.lasts else ""
        match phase.kind:
            case "in use" if steps[0].kind == "use":
                steps.append(Step("use", voice.say(f"{length} 더 이용", f"used for {length} more")))
            case "in use":
                steps.append(Step("use", voice.say(f"{length} 이용", f"used for {length}")))
            case "locked":
                steps.append(Step("locked", voice.say(f"{length} 잠금", f"locked for {length}")))
            case "apart":
                steps.append(Step("apart", voice.say(f"{length} 보존", f"kept for {length}")))
            case _ if locked:
                said = voice.say(
                    f"파기(잠금을 포함해 {length} 안)", f"destroyed (within {length}, the lock included)"
                )
                steps.append(Step("gone", said))
            case _:
                steps.append(Step("gone", voice.say(f"{length} 안에 파기", f"destroyed within {length}")))
    return tuple(steps)
