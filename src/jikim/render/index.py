"""One page that leads to the reports of several services. Pure.

Made as a report is: no script, nothing loaded from elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jikim.render.filling import environment
from jikim.render.report import Report, styled
from jikim.render.wording import Language, Words, local, say


@dataclass(frozen=True)
class Entry:
    """A service, as the page says it; ``id`` is its report's name without what says the language.

    :param name: the service's, by language; ``archived`` what its archive holds now, the others in all years.
    """

    id: str
    name: Mapping[Language, str]
    store: str
    items: int
    records: int
    masked: int
    destroyed: int
    archived: int
    found: int
    entries: int

    @classmethod
    def of(cls, id: str, report: Report) -> "Entry":
        """What a report says in short."""
        policy = report.timeline.policy
        return cls(
            id=id,
            name={"ko": local(policy.service.name, "ko"), "en": local(policy.service.name, "en")},
            store=report.store,
            items=len(policy.items),
            records=len(policy.kept_by_law),
            masked=sum(year.masked for year in report.years),
            destroyed=report.destroyed,
            archived=report.years[-1].archived if report.years else 0,
            found=report.overdue,
            entries=report.proof.entries,
        )


def index(entries: Sequence[Entry], *, language: Language) -> str:
    """The page as one HTML file; reports lie beside it, ``plask.html`` or ``plask.ko.html``."""
    return (
        environment()
        .get_template("index.html")
        .render(
            language=language,
            t={key: say(words, language) for key, words in _WORDS.items()},
            **styled(),
            rows=[(entry, entry.id if language == "en" else f"{entry.id}.{language}") for entry in entries],
        )
    )


_WORDS: Final[dict[str, Words]] = {
    "title": ("개인정보 처리방침을 지킨 기록", "How privacy policies were kept"),
    "intro": (
        "서비스마다 한 장이 있습니다. 무엇을 약속했고, 무엇을 했으며, 어떻게 확인하는지 보여 줍니다.",
        "A page for each service: what it promised, what was done, and how that can be checked.",
    ),
    "service": ("서비스", "service"),
    "store": ("저장소", "store"),
    "items": ("항목", "items"),
    "records": ("법정 보존", "records by law"),
    "masked": ("가린 행", "rows masked"),
    "destroyed": ("파기한 행과 사본", "rows and copies destroyed"),
    "archived": ("따로 보관하는 사본", "copies kept apart"),
    "found": ("감사에서 나온 어긋남", "found against the promise"),
    "entries": ("증적", "entries of evidence"),
    "advice": ("이 문서는 법률 자문이 아닙니다.", "This is not legal advice."),
}
