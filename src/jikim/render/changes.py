"""What changed from one policy to another, in sentences of either language. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from jikim.notices.change import Demand
from jikim.policy.diff import Change, How, Kind
from jikim.policy.model import Policy
from jikim.policy.parts import LocalText
from jikim.policy.period import Period
from jikim.policy.recipients import Recipient
from jikim.policy.retention import RetentionRule
from jikim.policy.words import LegalBasis
from jikim.render.document import parts
from jikim.render.particles import with_particle
from jikim.render.wording import BASES, TAKEN, Language, Words, keep, local, period, say
from jikim.source import Path

KINDS: Final[Mapping[Kind, Words]] = {
    "item": ("개인정보 항목", "items"),
    "purpose": ("처리 목적", "purposes"),
    "basis": ("처리 근거", "legal bases"),
    "period": ("보유기간", "periods"),
    "recipient": ("제3자 제공", "third parties"),
    "processor": ("처리위탁", "processors"),
    "country": ("국외 이전", "countries"),
    "right": ("정보주체의 권리", "rights"),
    "contact": ("연락처", "contacts"),
    "people": ("정보주체", "people"),
    "destruction": ("파기", "destruction"),
    "safeguard": ("안전성 확보조치", "safeguards"),
    "cookie": ("쿠키", "cookies"),
    "notice": ("변경의 고지", "notice of changes"),
    "children": ("아동", "children"),
    "controller": ("개인정보처리자", "controller"),
    "identity": ("버전과 날짜", "version and dates"),
    "wording": ("표현", "wording"),
}
HOWS: Final[Mapping[How, Words]] = {
    "added": ("추가", "added"),
    "removed": ("삭제", "removed"),
    "changed": ("변경", "changed"),
}
_MAIN: Final = ("label", "purpose", "text", "tasks")
"""What a part is called by, where it has one of these."""
_PARTS: Final[Mapping[str, Words]] = {
    "service": ("서비스", "service"),
    "controller": ("개인정보처리자", "controller"),
    "contacts": ("연락처", "contacts"),
    "officer": ("개인정보 보호책임자", "privacy officer"),
    "handler": ("고충처리 부서", "complaints desk"),
    "access_desk": ("열람청구 부서", "access desk"),
    "people": ("정보주체", "people"),
    "items": ("항목", "items"),
    "never_collect": ("수집하지 않는 정보", "what is not collected"),
    "collected_by": ("수집 방법", "ways of collection"),
    "processing": ("처리", "processing"),
    "kept_by_law": ("법령에 따른 보존", "kept by law"),
    "provision_rule": ("제3자 제공의 원칙", "rule on third parties"),
    "provisions": ("제3자 제공", "provision"),
    "entrustments": ("처리위탁", "entrustment"),
    "transfers": ("국외 이전", "transfer abroad"),
    "business_transfer": ("영업양도", "transfer of the business"),
    "destruction": ("파기", "destruction"),
    "rights": ("권리", "rights"),
    "access": ("열람", "access"),
    "correction": ("정정", "correction"),
    "deletion": ("삭제", "deletion"),
    "suspension": ("처리정지", "suspension"),
    "withdrawal": ("동의 철회", "withdrawal of consent"),
    "leaving": ("회원 탈퇴", "leaving"),
    "transmission": ("전송 요구", "transmission"),
    "automated-decision": ("자동화된 결정", "automated decisions"),
    "children": ("아동", "children"),
    "cookies": ("쿠키", "cookies"),
    "safeguards": ("안전성 확보조치", "safeguards"),
    "agencies": ("권익침해 구제기관", "agencies"),
    "notice": ("변경의 고지", "notice of changes"),
    "statements": ("그 밖의 안내", "other statements"),
    "label": ("이름", "name"),
    "purpose": ("목적", "purpose"),
    "basis": ("근거", "legal basis"),
    "keep": ("보유기간", "period"),
    "about": ("대상", "people"),
    "marketing": ("광고성 정보", "advertising"),
    "processor": ("수탁자", "processor"),
    "recipient": ("받는 자", "recipient"),
    "tasks": ("위탁업무", "work"),
    "sub": ("재수탁자", "sub-processors"),
    "country": ("국가", "country"),
    "law": ("보존 근거", "law"),
    "after": ("기산점", "start"),
    "answer": ("답변 기한", "answer"),
    "channels": ("신청 방법", "channels"),
    "ordinary": ("일반 변경", "ordinary changes"),
    "significant": ("중요한 변경", "significant changes"),
    "within": ("기한", "limit"),
    "grace": ("유예", "grace"),
    "phone": ("전화번호", "telephone"),
    "email": ("전자우편", "e-mail"),
    "post": ("주소", "post"),
    "department": ("부서", "department"),
    "title": ("직책", "title"),
    "version": ("버전", "version"),
    "announced": ("공고일", "announced"),
    "effective": ("시행일", "effective"),
}


@dataclass(frozen=True)
class Told:
    """A change in words: where, and what stood there before and stands there now; empty for nothing."""

    kind: str
    how: str
    where: str
    before: str
    after: str

    @property
    def line(self) -> str:
        """The same on one line; of what is new or gone only that it is."""
        if self.before and self.after:
            return f"{self.where}: {self.before} → {self.after}"
        what = self.after or self.before
        return f"{self.where}: {self.how}" if what in self.where else f"{self.where}: {what} ({self.how})"


def told(change: Change, before: Policy, after: Policy, *, language: Language) -> Told:
    """One change, for people."""
    newest = before if change.how == "removed" else after
    return Told(
        say(KINDS[change.kind], language),
        say(HOWS[change.how], language),
        _where(change.path, newest, language),
        _said(change, before, change.before, language),
        _said(change, after, change.after, language),
    )


def announcement(
    demanded: tuple[Demand, ...], before: Policy, after: Policy, *, language: Language, because: str = ""
) -> str:
    """What is announced of a change, in Markdown: when it takes effect, what changes, beside what was before.

    :param because: the reason, where one is told.
    """
    name = local(after.service.name, language)
    title, from_to, reason, heads, asked = _ANNOUNCED[language]
    lines = [f"# {title.format(name=name)}", ""]
    new = with_particle(str(after.version), "으로") if language == "ko" else after.version
    lines += [from_to.format(old=before.version, new=new, day=after.effective or "–"), ""]
    lines += [f"{reason}: {because}", ""] if because else []
    rows = [told(d.change, before, after, language=language) for d in demanded if d.weight != "none"]
    lines += [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(map(_cell, (r.kind, r.where, r.before, r.after)))} |" for r in rows]
    needed = _found(dict.fromkeys(consent.to for d in demanded for consent in d.consent), after)
    if needed:
        lines += ["", f"{asked}: {', '.join(_name(place, after, language) for place in needed)}"]
    return "\n".join(lines) + "\n"


_ANNOUNCED: Final[Mapping[Language, tuple[str, str, str, tuple[str, ...], str]]] = {
    "ko": (
        "{name} 개인정보 처리방침 변경 안내",
        "버전 {old}에서 {new} 바뀌며 {day}부터 시행합니다.",
        "변경 이유",
        ("구분", "내용", "변경 전", "변경 후"),
        "다시 동의를 구하는 처리",
    ),
    "en": (
        "Change of the privacy policy of {name}",
        "Version {old} becomes {new}, in effect from {day}.",
        "Reason",
        ("kind", "what", "before", "after"),
        "Consent is asked again for",
    ),
}


def _cell(text: str) -> str:
    return (text or "–").replace("|", "\\|").replace("\n", " ")


def _found(names: Mapping[str, None], policy: Policy) -> list[tuple[str, str]]:
    """In which part of a policy each name stands."""
    rests = ("processing", "provisions", "transfers")
    return [(part, name) for name in names for part in rests if name in getattr(policy, part)]


def lines(
    demanded: Iterable[Demand], before: Policy, after: Policy, *, language: Language
) -> tuple[parts.Change, ...]:
    """The same as lines of a document, each with the chapter that it changes; what only reads otherwise is left out."""
    return tuple(
        parts.Change(
            parts.line(told(each.change, before, after, language=language).line), _chapter(each.change)
        )
        for each in demanded
        if each.weight != "none" and each.change.kind != "wording"
    )


def named(name: str, policy: Policy, *, language: Language) -> str:
    """What people call the processing or recipient of that name."""
    return next((_name(place, policy, language) for place in _found({name: None}, policy)), name)


_CHAPTERS: Final[Mapping[str, str]] = {
    "items": "items",
    "never_collect": "items",
    "collected_by": "items",
    "processing": "purposes",
    "kept_by_law": "periods",
    "provision_rule": "third-parties",
    "provisions": "third-parties",
    "entrustments": "processors",
    "transfers": "abroad",
    "business_transfer": "business-transfer",
    "destruction": "destruction",
    "rights": "rights",
    "children": "children",
    "safeguards": "safeguards",
    "cookies": "cookies",
    "contacts": "officer",
    "agencies": "remedies",
    "notice": "changes",
}


def _chapter(change: Change) -> str:
    """The anchor of the chapter that tells of it; empty where none does."""
    of_kind = (
        {"period": "periods", "item": "items"}.get(change.kind) if change.path[0] == "processing" else None
    )
    return of_kind or _CHAPTERS.get(str(change.path[0]), "")


# -- where it stands --------------------------------------------------------------------------------------------


def _where(path: Path, policy: Policy, language: Language) -> str:
    """``“회원 식별” 보유기간``: the named part it belongs to, and what of it."""
    head, *rest = (str(part) for part in path)
    if rest and (name := _name((head, rest[0]), policy, language)):
        facets = [_part(facet, policy, language) for facet in rest[1:]]
        return " ".join([f"“{name}”", *(f for f in facets if f)])
    return " ".join(_part(facet, policy, language) for facet in (head, *rest))


def _part(name: str, policy: Policy, language: Language) -> str:
    if name in _PARTS:
        return say(_PARTS[name], language)
    return local(policy.items[name].label, language) if name in policy.items else name


def _name(place: tuple[str, str], policy: Policy, language: Language) -> str:
    """What people call a part that stands under a name; empty for one that has none."""
    head, name = place
    named = getattr(policy, head, None)
    part = named.get(name) if isinstance(named, Mapping) else None
    for attribute in _MAIN:
        if isinstance(found := getattr(part, attribute, None), LocalText):
            return local(found, language)
    other = getattr(part, "processor", None) or getattr(part, "recipient", None)
    return local(other.name, language) if isinstance(other, Recipient) else ""


# -- what is said there -----------------------------------------------------------------------------------------


def _said(change: Change, policy: Policy, value: Any, language: Language) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and (taken := {str(way): words for way, words in TAKEN.items()}.get(value)):
        return say(taken, language)
    return _shown(_at(policy, change.path, value), policy, language)


def _at(policy: Policy, path: Path, value: Any) -> Any:
    """The model's own value at a path; the JSON one where the path ends in a word of a list."""
    found: Any = policy
    for part in path:
        if isinstance(found, BaseModel):
            fields = {field.alias or name: name for name, field in type(found).model_fields.items()}
            found = getattr(found, fields[str(part)], None) if part in fields else None
        elif isinstance(found, Mapping):
            found = found.get(part)
        else:
            return value
        if found is None:
            return value
    return found


def _shown(value: Any, policy: Policy, language: Language) -> str:
    for kind, shown in _SHOWN:
        if isinstance(value, kind):
            return shown(value, policy, language)
    return str(value)


def _listed(values: Iterable[Any], policy: Policy, language: Language) -> str:
    said = (_shown(part, policy, language) for part in values if part not in (None, (), {}, False))
    return ", ".join(part for part in said if part)


def _whole(part: BaseModel, policy: Policy, language: Language) -> str:
    """A part as a whole: what it is called, or else all that it says."""
    main = (getattr(part, name, None) for name in _MAIN)
    called = next((each for each in main if isinstance(each, LocalText)), None)
    return local(called, language) if called else _listed((value for _, value in part), policy, language)


def _called(word: str, policy: Policy, language: Language) -> str:
    """A word of the file as people call it, where it names something."""
    named = policy.items.get(word) or policy.people.get(word)
    return local(named.label, language) if named else word


_SHOWN: Final[tuple[tuple[type, Callable[[Any, Policy, Language], str]], ...]] = (
    (RetentionRule, lambda value, _, language: keep(value, language)),
    (Period, lambda value, _, language: period(value, language)),
    (LocalText, lambda value, _, language: local(value, language)),
    (LegalBasis, lambda value, _, language: say(BASES[value], language)),
    (Recipient, lambda value, _, language: f"{local(value.name, language)} ({value.country})"),
    (bool, lambda value, _, language: say(("예", "yes") if value else ("아니오", "no"), language)),
    (str, _called),
    (BaseModel, _whole),
    (Mapping, lambda value, policy, language: _listed(value.values(), policy, language)),
    (tuple, _listed),
    (list, _listed),
)
"""How a value of a kind is shown; the first kind that it is."""
