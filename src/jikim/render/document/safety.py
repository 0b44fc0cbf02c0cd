"""Chapters of how data is kept safe, of cookies, and of what is done with data beyond its purpose. Pure."""

from collections.abc import Callable, Iterator

from jikim.policy.duties import Cookie, Cookies
from jikim.policy.words import Saying
from jikim.render.document import words
from jikim.render.document.parts import Block, Bullets, Cell, Line, Paragraph, Run, Table, line
from jikim.render.document.voice import Voice


def safeguards(voice: Voice) -> Iterator[Block]:
    """시행령 제31조①3, 법 제29조."""
    taken = sorted(voice.policy.safeguards.values(), key=lambda each: list(words.SAFETY).index(each.kind))
    if not taken:
        return
    yield Paragraph(
        line(
            voice.say(
                "개인정보의 안전성을 확보하기 위하여 다음과 같이 합니다.", "These measures keep data safe."
            )
        )
    )
    yield Bullets(
        tuple(
            line(
                Run(f"{voice.word(words.SAFETY[each.kind])}: ", strong=True),
                voice.of(each.text),
                *(run for said in voice.as_said(each) for run in (Run(" "), *said)),
            )
            for each in taken
        )
    )


# -- cookies ----------------------------------------------------------------------------------------------


def cookies(voice: Voice) -> Iterator[Block]:
    """제30조①7."""
    rule = voice.policy.cookies
    if rule is None:
        return
    if not rule.used:
        yield Paragraph(line(voice.say("쿠키를 쓰지 않습니다.", "No cookies are used.")))
        return
    explained = voice.lines(rule.explanation)
    yield from (
        Paragraph(each) for each in explained or (line(voice.say("쿠키를 씁니다.", "Cookies are used.")),)
    )
    if promises := tuple(_promises(voice, rule)):
        yield Bullets(promises)
    if rule.each:
        yield _register(voice, rule)
    if rule.refuse:
        columns = (voice.say("브라우저", "Browser"), voice.say("설정하는 곳", "Where"))
        rows = tuple(
            ((line(voice.word(words.BROWSERS[each.browser])),), voice.lines(each.steps))
            for each in rule.refuse
        )
        yield Table(voice.say("쿠키를 거부하는 방법", "How to refuse cookies"), columns, rows)
    yield from (Paragraph(each) for each in (*voice.lines(rule.effect), *voice.as_said(rule)))


def _promises(voice: Voice, rule: Cookies) -> Iterator[Line]:
    if rule.purposes and not rule.each:
        yield line(
            Run(voice.say("쓰는 목적: ", "Used: "), strong=True),
            voice.joined(voice.of(each) for each in rule.purposes),
        )
    if rule.identifying is not None:
        yield line(
            voice.say("쿠키로 누구인지 알 수 있습니다.", "Cookies identify a person.")
            if rule.identifying
            else voice.say("쿠키로는 누구인지 알 수 없습니다.", "Cookies do not identify a person.")
        )
    if rule.tracking:
        yield line(
            voice.say(
                "관심에 맞춘 광고를 위하여 이용 행태를 살핍니다.",
                "What people do is followed, for advertising that fits them.",
            )
        )
    if rule.choices:
        which = voice.either(voice.word(words.CHOICES[each]) for each in rule.choices)
        yield line(Run(voice.say("고를 수 있는 것: ", "A person may choose to "), strong=True), which)


def _register(voice: Voice, rule: Cookies) -> Table:
    columns = [
        voice.say("쓰는 목적", "Purpose"),
        voice.say("보관 기간", "How long"),
        voice.say("꼭 필요한지", "Needed"),
    ]
    others = any(each.third_party for each in rule.each.values())
    if others:
        columns.append(voice.say("다른 사업자", "Other parties"))
    rows = tuple(_cookie(voice, each, others=others) for each in rule.each.values())
    return Table(voice.say("쓰는 쿠키", "Cookies used"), tuple(columns), rows)


def _cookie(voice: Voice, each: Cookie, *, others: bool) -> tuple[Cell, ...]:
    needed = voice.say("필수", "Yes") if each.needed else voice.say("선택", "No")
    party: Cell = (line(voice.of(each.third_party) if each.third_party else voice.say("없음", "None")),)
    cells: tuple[Cell, ...] = (
        (line(voice.of(each.purpose)), *voice.as_said(each)),
        (line(voice.keep(each.keep)),),
        (line(needed),),
    )
    return (*cells, party) if others else cells


# -- what a statement alone tells -------------------------------------------------------------------------


def told(*kinds: Saying) -> Callable[[Voice], Iterator[Block]]:
    """A chapter of the policy's statements of these kinds; those of one kind stand together."""

    def chapter(voice: Voice) -> Iterator[Block]:
        for kind in kinds:
            for statement in voice.policy.statements:
                if statement.kind == kind:
                    yield from (Paragraph(each) for each in voice.lines(statement.text))
                    yield from (Paragraph(each) for each in voice.as_said(statement))

    return chapter
