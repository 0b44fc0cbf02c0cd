"""A draft as ``policy.yaml``: only what a database shows is promised, all else is ``unstated``. Pure."""

from collections.abc import Iterator

from jikim.draft.guess import MARK
from jikim.draft.kinds import ITEMS, Item
from jikim.draft.layout import Line, flow, listed, scalar, written
from jikim.draft.proposal import Draft, Taking
from jikim.draft.topics import MEMBERSHIP, PEOPLE, TOPICS
from jikim.policy.words import DataCategory as C

_LAWS = {
    "purchase": ("contracts", "kr.ecommerce.contract", "contract completed"),
    "settlement": ("payments", "kr.ecommerce.payment", "payment settled"),
    "support": ("complaints", "kr.ecommerce.complaint", "complaint closed"),
    "statistics": ("visits", "kr.telecom.log", "recorded"),
}
"""What a law may have kept of these parts of a service, if it binds the service at all."""
_VISITOR = ("방문자", "Visitor")
_KNOWN = {*PEOPLE, "visitor"}
_CAUTION = {
    C.RESIDENT_NUMBER: "may be held only where a law says so (개인정보 보호법 제24조의2)",
    C.UNIQUE_IDENTIFIER: "needs a law or a consent of its own (개인정보 보호법 제24조)",
    C.SENSITIVE: "needs a law or a consent of its own (개인정보 보호법 제23조)",
}


def policy_text(draft: Draft) -> str:
    """The file: people, items and processings that the tables show; purpose, basis and all words are left open."""
    lines = [
        *_head(draft),
        *_people(draft),
        *_items(draft),
        *_processing(draft),
        *_law(draft),
        *_destruction(),
    ]
    return written(lines)


def _head(draft: Draft) -> Iterator[Line]:
    yield Line(
        0,
        "",
        "The promise, as far as a database shows it. Drafted by `jikim new`; nothing here is promised yet.",
    )
    yield Line(
        0,
        "",
        f"What is `unstated` only you can say, and `jikim check` names each; `# {MARK}` marks what was guessed.",
    )
    yield Line(0, "jikim: 1")
    yield Line(0, f"service: {{id: {scalar(draft.service)}, name: unstated}}", f"{MARK} as people know it")
    yield Line(0, "controller: {name: unstated}", f"{MARK} the company that answers for it")
    yield Line(
        0,
        "contacts: {officer: {title: unstated}}",
        f"{MARK} 개인정보 보호책임자: title, phone, email (제30조)",
    )
    yield Line(0, "languages: [ko, en]", f"{MARK} those you publish in, the original first")
    yield Line(0, "law: [kr]")
    yield Line(0, "version: unstated")
    yield Line(0, "announced: unstated")
    yield Line(0, "effective: unstated")
    yield Line(0, "")


def _people(draft: Draft) -> Iterator[Line]:
    yield Line(0, "people:" if draft.people else "people: {}")
    accounts = {
        s.kind
        for s in draft.subjects
        for t in draft.tables
        if t.name == s.table and t.items & {"password", "login-id"}
    }
    for kind in draft.people:
        ko, en = _called(kind)
        label = flow({"ko": scalar(ko), "en": scalar(en)})
        account = ", account: true" if kind in accounts else ""
        yield Line(
            1, f"{kind}: {{label: {label}{account}}}", "" if kind in _KNOWN else f"{MARK} who are they?"
        )
    yield Line(0, "")


def _called(kind: str) -> tuple[str, str]:
    known = PEOPLE.get(kind)
    if known:
        return known.ko, known.en
    return _VISITOR if kind == "visitor" else (kind, kind)


def _items(draft: Draft) -> Iterator[Line]:
    yield Line(0, "items:" if draft.items else "items: {}")
    for id in draft.items:
        item = ITEMS[id]
        label = flow({"ko": scalar(item.ko), "en": scalar(item.en)})
        yield Line(1, f"{id}: {{label: {label}, category: {item.category}}}", _said_of(item))
    yield Line(0, "")


def _said_of(item: Item) -> str:
    said = [_CAUTION[item.category]] if item.category in _CAUTION else []
    if item.protect:
        said.append(
            f"add `protect: {item.protect}` once it is stored so (개인정보의 안전성 확보조치 기준 제7조)"
        )
    return f"{MARK} {'; '.join(said)}" if said else ""


def _processing(draft: Draft) -> Iterator[Line]:
    yield Line(0, "processing:" if draft.takings else "processing: {}")
    for taking in draft.takings:
        topic = TOPICS.get(taking.id, MEMBERSHIP)
        yield Line(1, f"{taking.id}:")
        yield Line(2, f"about: {listed(taking.about)}")
        yield Line(2, "purpose: unstated", f"{MARK} such as {topic.purpose[0]} ({topic.purpose[1]})")
        yield Line(2, "basis: unstated", f"{MARK} contract, consent, legitimate-interest, law …")
        yield Line(2, f"items: {_taken(taking)}")
        if taking.automatic and not (taking.required or taking.optional):
            yield Line(2, "from: automatic")
        yield Line(2, f"keep: {taking.keep}", taking.why.comment)
    yield Line(0, "")


def _taken(taking: Taking) -> str:
    ways = {"required": taking.required, "optional": taking.optional, "automatic": taking.automatic}
    return flow({way: f"[{', '.join(items)}]" for way, items in ways.items() if items})


def _law(draft: Draft) -> Iterator[Line]:
    """Suggestions only, as comments: whether such a law binds the service, no database tells."""
    fitting = [(taking, _LAWS[taking.id]) for taking in draft.takings if taking.id in _LAWS]
    if fitting:
        yield Line(
            0, "", f"{MARK} kept_by_law: a law may hold such records longer, if it binds this service:"
        )
    for taking, (id, law, after) in fitting:
        items = ", ".join((*taking.required, *taking.optional, *taking.automatic))
        yield Line(0, "", f"  {id}: {{law: {law}, after: {after}, items: [{items}]}}")
    if fitting:
        yield Line(0, "")


def _destruction() -> Iterator[Line]:
    yield Line(0, "destruction:")
    yield Line(1, "within: 5 days", "the most there is (표준 개인정보 보호지침 제10조)")
    yield Line(1, "electronic: unstated", f"{MARK} irrecoverable: what jikim does with rows")
    yield Line(1, "paper: unstated", f"{MARK} shred or burn")
