"""What changed from one policy to another, in sentences of either language. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from pydantic import BaseModel

from jikim.law.pack import pack
from jikim.notices.change import Demand, Weight
from jikim.policy.diff import Change, How, Kind
from jikim.policy.model import Derived, Policy, Processing, StatutoryRetention
from jikim.policy.parts import LocalText
from jikim.policy.period import Period
from jikim.policy.recipients import Recipient
from jikim.policy.retention import RetentionRule
from jikim.render.columns import printable
from jikim.render.document import parts
from jikim.render.document.countries import country
from jikim.render.document.keeping import keep
from jikim.render.keys import LANGUAGES, LISTS, NAMES, TRIGGERS, called
from jikim.render.markdown import escaped
from jikim.render.particles import with_particle
from jikim.render.wording import TAKEN, Language, Words, capital, local, period, say, trigger
from jikim.source import Path

KINDS: Final[Mapping[Kind, Words]] = {
    "item": ("개인정보 항목", "items"),
    "purpose": ("처리 목적", "purposes"),
    "reworded": ("목적의 표현만", "wording of purposes only"),
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

WEIGHTS: Final[Mapping[Weight, Words]] = {
    "significant": ("중요", "significant"),
    "ordinary": ("일반", "ordinary"),
    "none": ("없음", "none"),
}


@dataclass(frozen=True)
class Told:
    """A change in words: where, and what stood there before and stands there now; empty for nothing.

    :param whole: whether a part with keys of its own is new or gone, and not one of them.
    :param elsewhere: whether it reads as before in this language, and what differs is a text of another.
    """

    kind: str
    how: str
    where: str
    before: str
    after: str
    whole: bool
    elsewhere: bool

    @property
    def line(self) -> str:
        """The same on one line; of a part that is new or gone only that it is."""
        if self.before and self.after:
            return f"{self.where}: {self.before} → {self.after}"
        what = self.after or self.before
        return f"{self.where}: {self.how}" if self.whole or not what else f"{self.where}: {what} ({self.how})"


def told(change: Change, before: Policy, after: Policy, *, language: Language) -> Told:
    """One change, for people."""
    newest = before if change.how == "removed" else after
    steps = _steps(change.path, newest)
    was, now = _both_said(change, before, after, language)
    elsewhere = was == now and change.kind == "wording"
    if was == now:  # a translation
        was, now = _both_said(change, before, after, "en" if language == "ko" else "ko")
    return Told(
        say(KINDS[change.kind], language),
        say(HOWS[change.how], language),
        _where(steps, newest, language),
        was,
        now,
        change.how != "changed" and _is_part(steps[-1].value),
        elsewhere,
    )


def announcement(
    demanded: tuple[Demand, ...], before: Policy, after: Policy, *, language: Language, because: str = ""
) -> str:
    """What is announced of a change, in Markdown: when it takes effect, what changes, beside what was before.

    :param because: the reason, where one is told.
    """
    name = local(after.service.name, language)
    title, from_to, reason, heads, asked = _ANNOUNCED[language]
    lines = [f"# {_cell(title.format(name=name))}", ""]
    new = with_particle(str(after.version), "으로") if language == "ko" else after.version
    lines += [_cell(from_to.format(old=before.version or "–", new=new, day=after.effective or "–")), ""]
    lines += [f"{reason}: {_cell(because)}", ""] if because else []
    rows = [told(d.change, before, after, language=language) for d in demanded if d.weight != "none"]
    rows = [row for row in rows if not row.elsewhere] or rows
    lines += [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    lines += [f"| {' | '.join(map(_cell, (r.kind, r.where, r.before, r.after)))} |" for r in rows]
    needed = _found(dict.fromkeys(consent.to for d in demanded for consent in d.consent), after)
    if needed:
        lines += ["", f"{asked}: {', '.join(_cell(_entry(place, after, language)) for place in needed)}"]
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
    return escaped(printable(text or "–"))


def _found(names: Mapping[str, None], policy: Policy) -> list[tuple[str, str]]:
    """In which part of a policy each name stands."""
    rests = ("processing", "provisions", "transfers")
    return [(part, name) for name in names for part in rests if name in getattr(policy, part)]


def lines(
    demanded: Iterable[Demand], before: Policy, after: Policy, *, language: Language
) -> tuple[parts.Change, ...]:
    """The same as lines of a document, each with the chapter that it changes; what only reads otherwise is left out."""
    shown = [each.change for each in demanded if each.weight != "none" and each.change.kind != "wording"]
    return tuple(parts.Change(_line(change, before, after, language), _chapter(change)) for change in shown)


def _line(change: Change, before: Policy, after: Policy, language: Language) -> parts.Line:
    """A change on one line, where first; of a purpose that is only said otherwise, it says so."""
    said = told(change, before, after, language=language)
    what = said.line.removeprefix(said.where)
    return parts.line(said.where, f"{what} ({said.kind})" if change.kind == "reworded" else what)


def named(name: str, policy: Policy, *, language: Language) -> str:
    """What people call the processing or recipient of that name."""
    return next((_entry(place, policy, language) for place in _found({name: None}, policy)), name)


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


@dataclass(frozen=True)
class _Step:
    """One step on the way from a policy to what a path names.

    :param part: the kind of part whose key this is; empty for a name, a place or a word of a list.
    :param value: what stands there; None where the model holds nothing.
    """

    key: str
    part: str
    value: Any

    @property
    def field(self) -> str:
        return f"{self.part}.{self.key}"


def _steps(path: Path, policy: Policy) -> list[_Step]:
    steps: list[_Step] = []
    found: Any = policy
    for each in path:
        part, value = "", None
        if isinstance(found, BaseModel):
            fields = {field.alias or name: name for name, field in type(found).model_fields.items()}
            if each in fields:
                part, value = type(found).__name__, getattr(found, fields[str(each)])
        elif isinstance(found, Mapping):
            value = found.get(each)
        elif isinstance(found, (list, tuple)) and isinstance(each, int):
            value = found[each]
        steps.append(_Step(str(each), part, value))
        found = value
    return steps


def _where(steps: list[_Step], policy: Policy, language: Language) -> str:
    """``“회원 식별” 보유기간``: the named part it belongs to, and what of it."""
    said: list[str] = []
    for place, step in enumerate(steps):
        last = place == len(steps) - 1
        if step.part:
            said.append(say(called(step.part, step.key), language))
        elif steps[place - 1].field == "Destruction.grace":
            said.append(f"“{trigger(step.key, language)}”")
        elif _is_part(step.value):
            name = _name(step.value, policy, language) or step.key
            said = [*(said if last else []), f"“{name}”"]
        elif steps[place - 1].field == "Processing.items" and step.key in policy.items:
            said.append(local(policy.items[step.key].label, language))
    return " ".join(said) if language == "ko" else capital(", ".join(said).replace(", “", " “"))


def _is_part(value: Any) -> TypeGuard[BaseModel]:
    """Whether it has keys of its own to tell of; who receives data is told by name."""
    return isinstance(value, BaseModel) and not isinstance(value, (LocalText, Recipient))


def _entry(place: tuple[str, str], policy: Policy, language: Language) -> str:
    """What people call the part that stands under a name in one of the policy's registers."""
    head, name = place
    return _name(getattr(policy, head)[name], policy, language) or name


def _name(part: BaseModel, policy: Policy, language: Language) -> str:
    """What people call a part; empty for one that has no name."""
    kind = type(part).__name__
    said = [(key, getattr(part, key, None)) for key in (*_CLASSED, *_CALLED)]
    found = [_shown(value, f"{kind}.{key}", policy, language) for key, value in said if value is not None]
    other = getattr(part, "processor", None) or getattr(part, "recipient", None)
    if isinstance(other, Recipient):
        return " · ".join([local(other.name, language), *found[:1]])
    return found[0] if found else _by_content(part, policy, language)


def _by_content(part: BaseModel, policy: Policy, language: Language) -> str:
    """What tells a part from others where a published text does not say what it is for."""
    if isinstance(part, Processing):
        return ", ".join(_of_name(item, policy, language) for item in part.items.listed)
    if isinstance(part, StatutoryRetention):
        return _cited(part.law, language) if part.law else part.cites or ""
    return ""


_CLASSED: Final = ("kind", "ground", "what", "browser")
_CALLED: Final = ("label", "name", "purpose", "tasks", "version")
"""What a part is called by: its kind, or else the first of the texts that it has."""


# -- what is said there -----------------------------------------------------------------------------------------


def _both_said(change: Change, before: Policy, after: Policy, language: Language) -> tuple[str, str]:
    return _said(change, before, change.before, language), _said(change, after, change.after, language)


def _said(change: Change, policy: Policy, value: Any, language: Language) -> str:
    if value is None:
        return ""
    steps = _steps(change.path, policy)
    last = steps[-1]
    if last.value is not None:
        field = next((step.field for step in reversed(steps) if step.part), "")
        return _shown(last.value, field, policy, language)
    before = steps[-2]
    if before.field == "Processing.items":
        return say(TAKEN[value], language)
    return _shown(value, before.field, policy, language)


def _shown(value: Any, field: str, policy: Policy, language: Language) -> str:
    """What stands at a key of a part, ``Part.key``."""
    if isinstance(value, (tuple, list)):
        return ", ".join(_member(each, field, policy, language) for each in value)
    if field in LISTS and not isinstance(value, bool):
        return say(LISTS[field][str(value)], language)
    if field in TRIGGERS and isinstance(value, str):
        return trigger(value, language)
    if field in NAMES:
        return _of_name(value, policy, language)
    if field in _OF_FIELDS:
        return _OF_FIELDS[field](value, language)
    if isinstance(value, Mapping):
        return ", ".join(_member(each, field, policy, language) for each in value.values())
    if _is_part(value):
        return _whole(value, policy, language)
    return next((shown(value, language) for kind, shown in _SHOWN if isinstance(value, kind)), str(value))


def _member(value: Any, field: str, policy: Policy, language: Language) -> str:
    """One of several: a part by its name, where it has one."""
    name = _name(value, policy, language) if _is_part(value) else ""
    return name or _shown(value, field, policy, language)


def _whole(part: BaseModel, policy: Policy, language: Language) -> str:
    """All that a part says beside what it is called by; what stands as it always does is left out."""
    if isinstance(part, Derived):
        origin = _of_name(part.origin, policy, language)
        return say(LISTS["Derived.by"][part.by], language).format(origin)
    kind, name = type(part).__name__, _name(part, policy, language)
    said: list[str] = []
    for attribute, field in type(part).model_fields.items():
        value, key = getattr(part, attribute), field.alias or attribute
        if value in (None, (), {}) or value == field.default:
            continue
        head = say(called(kind, key), language)
        shown = _shown(value, f"{kind}.{key}", policy, language)
        if shown != name:
            nested = _is_part(value)
            said.append(head if value is True else f"{head} ({shown})" if nested else f"{head}: {shown}")
    return "; ".join(said) or name


def _of_name(name: str, policy: Policy, language: Language) -> str:
    """A part of the policy, by its name, as people call it."""
    registers = (policy.items, policy.people, policy.entrustments, policy.provisions)
    named = (register[name] for register in registers if name in register)
    return next((_name(part, policy, language) for part in named), "") or name


def _cited(name: str, language: Language) -> str:
    """The law and article by which a record is kept."""
    rows = [row for row in pack(name.partition(".")[0]).rows if row.key == name]
    return rows[-1].basis.of(language) if rows else name


_OF_FIELDS: Final[Mapping[str, Callable[[str, Language], str]]] = {
    "StatutoryRetention.law": _cited,
    "Policy.languages": lambda code, language: say(LANGUAGES[code], language) if code in LANGUAGES else code,
    "Controller.country": country,
    "Recipient.country": country,
    "CrossBorderTransfer.country": country,
}
"""How the values of some keys are shown."""
_SHOWN: Final[tuple[tuple[type, Callable[[Any, Language], str]], ...]] = (
    (RetentionRule, keep),
    (Period, period),
    (LocalText, local),
    (
        Recipient,
        lambda value, language: f"{local(value.name, language)} ({country(value.country, language)})",
    ),
    (bool, lambda value, language: say(("예", "yes") if value else ("아니오", "no"), language)),
)
"""How a value of a kind is shown; the first kind that it is."""
