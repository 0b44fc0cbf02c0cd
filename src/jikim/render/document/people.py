"""Chapters of whom to turn to, and of how the policy itself changes. Pure."""

from collections.abc import Iterator

from jikim.policy.duties import Agency, Contact, Notice
from jikim.render.document import words
from jikim.render.document.parts import Block, Bullets, Cell, Line, Paragraph, Run, Table, line, link
from jikim.render.document.voice import Voice
from jikim.render.particles import with_particle


def officer(voice: Voice) -> Iterator[Block]:
    """제30조①6."""
    contacts = voice.policy.contacts
    each = (
        (voice.say("개인정보 보호책임자", "Privacy officer"), contacts.officer),
        (voice.say("고충처리 부서", "Complaints"), contacts.handler),
    )
    rows = tuple(_row(voice, role, contact) for role, contact in each if contact)
    if rows:
        yield Table(voice.say("연락할 곳", "Whom to contact"), _columns(voice), rows)


def access_desk(voice: Voice) -> Iterator[Block]:
    """표준 개인정보 보호지침 제19조."""
    desk = voice.policy.contacts.access_desk
    if desk:
        role = voice.say("열람청구 접수·처리", "Requests for access")
        yield Table(
            voice.say("열람을 청구하는 곳", "Where to ask for access"),
            _columns(voice),
            (_row(voice, role, desk),),
        )


def _columns(voice: Voice) -> tuple[str, ...]:
    return (
        voice.say("구분", "Role"),
        voice.say("부서", "Department"),
        voice.say("연락처", "Contact"),
    )


def _row(voice: Voice, role: str, contact: Contact) -> tuple[Cell, ...]:
    title = voice.of(contact.title) if contact.title else role
    department = voice.of(contact.department)
    return ((line(title),), (line(department),), _reached(voice, contact))


def _reached(voice: Voice, contact: Contact) -> Cell:
    reached = [line(link(each)) for each in (contact.phone, contact.email, contact.web) if each]
    reached += voice.lines(contact.post)
    return tuple(reached) or (line(voice.head(words.NOT_STATED)),)


def domestic_agent(voice: Voice) -> Iterator[Block]:
    """제31조의2④."""
    agent = voice.policy.controller.domestic_agent
    if agent:
        columns = (
            voice.say("성명(법인 명칭)", "Name"),
            voice.say("주소", "Address"),
            voice.say("연락처", "Contact"),
        )
        reached = (line(link(agent.phone)), line(link(agent.email)))
        row = ((line(voice.of(agent.name)),), (line(voice.of(agent.address)),), reached)
        yield Table(voice.say("국내대리인", "Domestic agent"), columns, (row,))


def remedies(voice: Voice) -> Iterator[Block]:
    """표준 개인정보 보호지침 제19조."""
    agencies = voice.policy.agencies
    if agencies:
        yield Paragraph(
            line(
                voice.say(
                    "개인정보가 침해되어 상담이나 구제가 필요하면 다음 기관에 물어볼 수 있습니다.",
                    "Whoever needs advice or redress may turn to these bodies.",
                )
            )
        )
        columns = (voice.say("기관", "Body"), voice.say("연락처", "Contact"))
        yield Table(
            voice.say("도움을 받을 수 있는 기관", "Bodies that help"),
            columns,
            tuple(_agency(voice, each) for each in agencies),
        )


def _agency(voice: Voice, agency: Agency) -> tuple[Cell, ...]:
    name = line(voice.of(agency.name))
    if agency.run_by:
        name = line(voice.of(agency.name), Run(f" ({voice.of(agency.run_by)})", soft=True))
    reached = tuple(line(link(each)) for each in (agency.phone, agency.url) if each)
    return ((name,), reached or (line(voice.head(words.NOT_STATED)),))


# -- changes ----------------------------------------------------------------------------------------------


def changes(voice: Voice) -> Iterator[Block]:
    """표준 개인정보 보호지침 제19조, 제21조."""
    policy = voice.policy
    if policy.notice:
        yield Paragraph(line(_announced(voice, policy.notice)))
        yield from (Paragraph(each) for each in voice.as_said(policy.notice))
        if promises := tuple(_promises(voice, policy.notice)):
            yield Bullets(promises)
    if policy.effective or policy.version:
        yield Paragraph(line(in_force(voice)))
    if policy.editions:
        yield Paragraph(
            line(voice.say("이전 처리방침은 다음에서 볼 수 있습니다.", "Earlier versions can be read here."))
        )
        yield Bullets(
            tuple(
                line(
                    link(
                        voice.edition(each.version),
                        each.url or "",
                    ),
                    voice.say(
                        f" ({voice.date(each.effective)} 시행)",
                        f" (in effect since {voice.date(each.effective)})",
                    ),
                )
                for each in policy.editions
            )
        )


def in_force(voice: Voice) -> str:
    """Since when this version holds."""
    version, day = voice.policy.version, voice.date(voice.policy.effective)
    if voice.policy.effective is None:
        return voice.say("시행일을 밝히지 않았습니다.", "The day it takes effect is not stated.")
    if version is None:
        return voice.say(f"이 처리방침은 {day}부터 시행합니다.", f"This policy is in effect from {day}.")
    return voice.say(
        f"이 처리방침({voice.edition(version)})은 {day}부터 시행합니다.",
        f"This policy ({voice.edition(version)}) is in effect from {day}.",
    )


def _announced(voice: Voice, notice: Notice) -> str:
    ordinary = voice.period(notice.ordinary)
    places = [voice.word(words.PLACES[each]) for each in notice.where]
    both = voice.language == "ko" and len(places) == 2
    where = f"{with_particle(places[0], '과')} {places[1]}" if both else voice.joined(places)
    ko = f"처리방침을 바꾸면 시행하기 {ordinary} 전까지"
    en = f"A change of this policy is announced at least {ordinary} before it takes effect"
    if notice.significant and notice.significant != notice.ordinary:
        much = voice.period(notice.significant)
        ko += f", 권리에 중요한 영향을 주는 변경은 {much} 전까지"
        en += f", and one that matters to people’s rights at least {much} before"
    return voice.say(
        f"{ko} {with_particle(where, '으로')} 알립니다." if where else f"{ko} 알립니다.",
        f"{en}, {where}." if where else f"{en}.",
    )


def _promises(voice: Voice, notice: Notice) -> Iterator[Line]:
    if notice.with_reasons:
        yield line(voice.say("바꾸는 이유를 함께 알립니다.", "The reason is told with it."))
    if notice.with_comparison:
        yield line(voice.say("바뀌기 전과 후를 나란히 보입니다.", "Before and after are shown side by side."))
    if notice.consent == "required":
        yield line(
            voice.say(
                "동의를 받아 처리하는 것이 바뀌면 다시 동의를 받습니다.",
                "Where consent was the basis of what changes, consent is asked anew.",
            )
        )
    if notice.consent == "optional":
        yield line(voice.say("필요하면 다시 동의를 받을 수 있습니다.", "Consent may be asked anew."))
    if notice.left_to_reader:
        yield line(
            voice.say("방문할 때마다 확인하도록 안내합니다.", "Readers are told to look again at each visit.")
        )
