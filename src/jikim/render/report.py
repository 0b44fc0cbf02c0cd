"""The report: one HTML page that says what was promised, what was done, and how that can be checked. Pure.

It is read without a network and without a program: no script, nothing loaded from elsewhere, and a content
policy that would forbid both, naming its one style sheet by digest. Every figure is drawn from what is
handed in; nothing is drawn that was not counted.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from jikim.policy.life import PersonLife, Timeline
from jikim.policy.model import Policy
from jikim.policy.retention import Clock, RetentionRule
from jikim.render.figures import bars
from jikim.render.filling import environment
from jikim.render.person import person_drawing, told
from jikim.render.svg import CLASSES, COLOURS
from jikim.render.timeline import legend_drawing, life_drawing
from jikim.render.wording import ACTIONS, BASES, Language, Words, keep, local, period, say


@dataclass(frozen=True)
class YearFigures:
    """What a year came to, in rows.

    :param in_use: at its end, with personal values in the service's tables.
    :param archived: at its end, archived copies.
    :param masked: during the year.
    :param destroyed: during the year, archived copies whose time was over among them.
    """

    year: int
    in_use: int
    archived: int
    masked: int
    destroyed: int


@dataclass(frozen=True)
class Deed:
    """What was done to one table for one reason, summed over all runs.

    :param action: ``archive``, ``mask``, ``stub``, ``destroy`` or ``expire``.
    :param clause: the place in the policy, such as ``processing.newsletter``.
    :param law: with ``article``, the law that demands it; empty where the promise alone does.
    """

    table: str
    action: str
    rows: int
    clause: str
    law: str = ""
    article: str = ""


@dataclass(frozen=True)
class Audited:
    """One question an audit asked, and how many rows or things answered it wrongly."""

    question: str
    found: int
    detail: str = ""


@dataclass(frozen=True)
class Tampering:
    """One byte of an export changed, and what verification said.

    :param line: of the file, from 1; ``entry`` is the place in the log it names.
    :param before: that line up to the byte, the byte, and what follows; ``after`` the same when changed.
    :param said: the error, in its own words; empty when nothing was noticed.
    """

    line: int
    entry: int
    before: tuple[str, str, str]
    after: tuple[str, str, str]
    said: str


@dataclass(frozen=True)
class Proof:
    """The evidence, and what its verification came to.

    :param head: the root hash of the verified checkpoint.
    :param vkey: the public key that anybody verifies it with.
    :param command: how to do that.
    """

    entries: int
    head: str
    vkey: str
    command: str
    tampering: Tampering | None = None


@dataclass(frozen=True)
class Report:
    """All that the page says.

    :param as_of: up to when the promise was kept; ``made_at``: when the page was made.
    :param store: the kind of store, such as ``PostgreSQL 18.1``.
    :param person: None where nobody's life is told.
    """

    timeline: Timeline
    as_of: datetime
    made_at: datetime
    zone: ZoneInfo
    store: str
    years: tuple[YearFigures, ...]
    deeds: tuple[Deed, ...]
    audit: tuple[Audited, ...]
    proof: Proof
    person: PersonLife | None = None

    @property
    def destroyed(self) -> int:
        """Rows destroyed in all years."""
        return sum(each.destroyed for each in self.years)

    @property
    def overdue(self) -> int:
        """What the audit found against the promise."""
        return sum(each.found for each in self.audit)


def styled() -> dict[str, str]:
    """The style sheet of a report's pages, and the digest by which their content policy names it."""
    sheet = resources.files("jikim.render").joinpath("templates/report.css").read_text("utf-8")
    style = COLOURS + CLASSES + sheet
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return {"style": Markup(style), "style_digest": digest}  # noqa: S704 - our own style sheet


def page(report: Report, *, language: Language) -> str:
    """The report as one HTML file."""
    policy = report.timeline.policy
    return (
        environment()
        .get_template("report.html")
        .render(
            it=report,
            policy=policy,
            language=language,
            t={key: say(words, language) for key, words in _WORDS.items()},
            **styled(),
            service=local(policy.service.name, language),
            controller=local(policy.controller.name, language),
            within=period(report.timeline.within, language),
            processings=tuple(_processings(policy, language)),
            records=tuple(_records(report.timeline, language)),
            figures=_figures(report.years, language),
            deeds=_deeds(report.deeds, language),
            legend=legend_drawing(language, name="legend"),
            lives=[
                life_drawing(report.timeline, life, language=language, name=f"life-{n}")
                for n, life in enumerate(report.timeline.lives, 1)
            ],
            person=report.person
            and person_drawing(report.person, language=language, zone=report.zone, name="person"),
            scenes=told(report.person, language=language, zone=report.zone) if report.person else (),
            day=lambda at: f"{at.astimezone(report.zone):%Y-%m-%d}",
            instant=lambda at: f"{at.astimezone(report.zone):%Y-%m-%d %H:%M} {report.zone.key}",
        )
    )


def _processings(policy: Policy, language: Language) -> Iterator[Mapping[str, str]]:
    """The promise's table: purpose, basis, items, how long."""
    for processing in policy.processing.values():
        listed = [item for item in policy.items.values() if item.id in processing.items.all]
        yield {
            "purpose": local(processing.purpose, language) or processing.id,
            "people": ", ".join(local(policy.people[each].label, language) for each in processing.about),
            "basis": say(BASES[processing.basis], language),
            "items": ", ".join(local(item.label, language) for item in listed),
            "keep": keep(processing.keep, language),
        }


def _records(timeline: Timeline, language: Language) -> Iterator[Mapping[str, str]]:
    """What the law has kept longer, each record once."""
    for kept in {kept.id: kept for life in timeline.lives for kept in life.kept}.values():
        clocks = tuple(Clock(kept.way.trigger, each.lasts) for each in kept.way.phases[:1] if each.lasts)
        yield {
            "record": local(kept.record, language),
            "law": f"{local(kept.law, language)} {local(kept.article, language)}",
            "items": ", ".join(local(item.label, language) for item in kept.items),
            "keep": keep(RetentionRule("first", clocks), language),
        }


def _figures(years: Sequence[YearFigures], language: Language) -> list[Markup]:
    kinds = (("in_use", "use"), ("archived", "apart"), ("masked", "masked"), ("destroyed", "gone"))
    return [
        bars(
            {each.year: getattr(each, kind) for each in years},
            title=say(_WORDS[kind], language),
            colour=colour,
            language=language,
            name=f"figure-{kind}",
        )
        for kind, colour in kinds
    ]


def _deeds(deeds: Sequence[Deed], language: Language) -> list[tuple[Deed, str]]:
    return [(deed, say(ACTIONS[deed.action], language)) for deed in deeds]


_WORDS: Final[Mapping[str, Words]] = {
    "title": ("개인정보 처리방침을 지킨 기록", "How the privacy policy was kept"),
    "contents": ("차례", "Contents"),
    "until": ("지킨 날까지", "kept up to"),
    "made": ("만든 때", "made at"),
    "at_a_glance": ("한눈에 보기", "At a glance"),
    "item_count": ("항목", "items"),
    "rows_destroyed": ("파기한 행", "rows destroyed"),
    "overdue": ("감사에서 나온 어긋남", "found against the promise"),
    "entries": ("증적", "entries of evidence"),
    "promise": ("약속", "The promise"),
    "promise_intro": (
        "{service} 처리방침 {version}판({effective} 시행)이 약속한 것입니다. 기간이 끝나면 {within} 안에 파기합니다.",
        "What version {version} of {service}’s policy promises, in effect since {effective}. Whatever has reached "
        "its end is destroyed within {within}.",
    ),
    "processings": ("처리 목적마다", "For each purpose"),
    "records": ("법령이 더 오래 두게 하는 것", "What the law has kept longer"),
    "purpose": ("목적", "purpose"),
    "people": ("누구의", "about whom"),
    "basis": ("근거", "basis"),
    "which": ("항목", "items"),
    "how_long": ("기간", "how long"),
    "record": ("기록", "record"),
    "law": ("법과 조항", "law and article"),
    "year_by_year": ("해마다", "Year by year"),
    "years_intro": ("데이터베이스에서 센 행의 수입니다.", "Rows as they were counted in the database."),
    "years_table": ("그림의 숫자", "The numbers of the figures"),
    "year": ("해", "year"),
    "in_use": ("연말에 이용하던 행", "rows in use at year’s end"),
    "archived": ("연말에 따로 보관하던 사본", "copies kept apart at year’s end"),
    "masked": ("그해 가린 행", "rows masked in the year"),
    "destroyed": ("그해 파기한 행과 사본", "rows and copies destroyed in the year"),
    "done": ("무엇을, 왜 했는가", "What was done, and why"),
    "done_intro": (
        "처리방침의 어느 조항 때문에, 법이 말하는 곳에서는 어느 조문 때문에 했는지 보입니다.",
        "Each line names the clause of the policy and, where a law speaks, its article.",
    ),
    "table": ("테이블", "table"),
    "action": ("처리", "what was done"),
    "rows": ("행", "rows"),
    "clause": ("처리방침 조항", "clause of the policy"),
    "lives": ("항목의 일생", "The life of each item"),
    "lives_intro": (
        "같은 길을 걷는 항목은 한 그림에 모았습니다.",
        "Items that lead the same life share a drawing.",
    ),
    "person": ("한 사람의 개인정보가 지나온 길", "One person’s life in the service"),
    "person_intro": (
        "번호는 그림과 목록에서 같고, 빨간 번호는 지킴이 한 일입니다.",
        "The numbers are the same in drawing and list; jikim did what is numbered in red.",
    ),
    "audit": ("감사", "Audit"),
    "audit_intro": (
        "정책과 데이터베이스를 처음부터 다시 견주었습니다. 0이 아니면 약속과 어긋난 것입니다.",
        "Policy and database, compared from scratch. Anything but zero breaks the promise.",
    ),
    "question": ("물음", "question"),
    "found": ("어긋남", "found"),
    "kept": ("지켜짐", "kept"),
    "broken": ("어긋남", "broken"),
    "evidence": ("증적", "Evidence"),
    "evidence_intro": (
        "한 일은 모두 서명된 기록에 이어 적혔습니다. 공개키만 있으면 누구나 확인할 수 있습니다.",
        "Everything done stands in a signed log. Anybody can verify it with the public key alone.",
    ),
    "head": ("서명된 뿌리", "signed root"),
    "vkey": ("공개키", "public key"),
    "command": ("확인하는 명령", "how to verify it"),
    "tampering": ("한 바이트를 바꾸면", "When one byte is changed"),
    "tampering_intro": (
        "내보낸 기록 {line}번째 줄의 한 글자를 바꾸고 다시 확인했습니다.",
        "One character in line {line} of the export was changed, and the export verified again.",
    ),
    "before": ("바꾸기 전", "before"),
    "after": ("바꾼 뒤", "after"),
    "noticed": (
        "확인 결과: {entry}번 증적부터 믿을 수 없음",
        "verification: not to be trusted from entry {entry} on",
    ),
    "unnoticed": ("확인에서 드러나지 않음", "verification noticed nothing"),
    "advice": ("이 문서는 법률 자문이 아닙니다.", "This is not legal advice."),
    "nothing": ("없음", "none"),
}
