"""The destruction certificate: a page for print that names the stage reached and no more. Pure.

A deleted row is not a destroyed one. The page therefore says of each line, and of the whole, how far the
destruction had come when the evidence was signed, in the words of that stage (``evidence.stage``). The whole
stands no higher than its lowest line. What a law has kept in the archive is not gone at all: it is told apart,
with the date until which it is kept, and counts neither for the stage nor in the total. Nothing on the page is
loaded from elsewhere, and nothing in it runs.
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from jikim.errors import JikimError
from jikim.evidence.checkpoint import Checkpoint
from jikim.evidence.stage import Stage
from jikim.render.filling import environment

Words = tuple[str, str]
"""The same in Korean and in English."""

STAGES: dict[Stage, Words] = {
    Stage.UNREACHABLE: (
        "삭제가 확정되어 조회할 수 없음. 저장매체·로그·복제본·백업에 관하여는 확인하지 않음.",
        "Deleted and committed: no query returns it. Nothing is certified about disks, logs, replicas or backups.",
    ),
    Stage.VACUUMED: (
        "저장 파일 안에서 가리키는 곳이 없음. 파일에 남은 조각·로그·복제본·백업에 관하여는 확인하지 않음.",
        "Nothing in the store's files leads to it. Nothing is certified about leftover bytes, logs, replicas or "
        "backups.",
    ),
    Stage.REWRITTEN: (
        "들어 있던 파일을 새로 쓰거나 없애 저장소에서 복구할 수 없음. 로그·복제본·백업에 관하여는 확인하지 않음.",
        "The file that held it was rewritten or dropped: irrecoverable from the store. Nothing is certified about "
        "logs, replicas or backups.",
    ),
    Stage.SHREDDED: (
        "읽을 수 있는 열쇠를 없애 복구할 수 없음.",
        "The key that could read it was destroyed: irrecoverable.",
    ),
    Stage.BEYOND_BACKUPS: (
        "로그·복제본·백업의 보존 기한까지 지나 복구할 수 없음.",
        "The horizons of logs, replicas and backups have passed as well: irrecoverable.",
    ),
}

# A deleted row is not a destroyed one: how far it has come is the stage's to say.
ACTIONS: dict[str, Words] = {
    "destroy": ("파기를 위한 삭제", "deleted for destruction"),
    "archive": ("분리보관으로 옮김", "moved to the archive"),
    "mask": ("항목 가림", "items masked"),
    "stub": ("키만 남기고 가림", "masked but for its key"),
    "refresh": ("사본 갱신", "derived copy made anew"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """What was done to one table, for one reason, up to one stage.

    :param files: how many files outside the store went with the rows.
    :param kept: whether copies went into the archive; ``kept_until`` is when the last of them goes, where evidence
        says so.
    """

    store: str
    table: str
    action: Literal["archive", "mask", "stub", "destroy", "refresh"]
    rows: int
    files: int
    clauses: tuple[str, ...]
    articles: tuple[str, ...]
    stage: Stage
    kept: bool = False
    kept_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The privacy officer's confirmation of a run."""

    run: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """All that the page says.

    :param about: ``run`` and its name, or ``person`` and their tag.
    :param entries: the places in the log that say so.
    :param head: the checkpoint above them.
    :param vkey: the public key that opens it.
    :param at: when the certificate was made.
    :raises JikimError: there is nothing to certify.
    """

    about: Literal["run", "person"]
    name: str
    runs: tuple[str, ...]
    lines: tuple[Line, ...]
    as_of: datetime
    applied_first: datetime
    applied_last: datetime
    policies: tuple[str, ...]
    plans: tuple[str, ...]
    entries: tuple[int, ...]
    head: Checkpoint
    vkey: str
    confirmed: tuple[Confirmed, ...]
    at: datetime

    def __post_init__(self) -> None:
        if not self.lines:
            raise JikimError(
                f"nothing was destroyed, archived or masked under `{self.name}`: there is nothing to certify"
            )

    @property
    def stage(self) -> Stage | None:
        """How far all that is gone has come: the lowest stage of any line; None where all is kept by law."""
        stages = (line.stage for line in self.lines if not line.kept)
        return min(stages, key=lambda stage: stage.height, default=None)

    @property
    def rows(self) -> int:
        """Rows that are gone, or masked, and kept nowhere."""
        return sum(line.rows for line in self.lines if not line.kept)

    @property
    def rows_kept(self) -> int:
        """Rows that a law has kept in the archive."""
        return sum(line.rows for line in self.lines if line.kept)


def page(certificate: Certificate, *, zone: ZoneInfo) -> str:
    """The certificate as one HTML file, A4, in Korean and English.

    :param zone: in which instants are shown.
    """
    template = environment().get_template("certificate.html")
    return template.render(
        it=certificate,
        root=base64.b64encode(certificate.head.root).decode(),
        stages=STAGES,
        actions=ACTIONS,
        places=_ranges(certificate.entries),
        instant=lambda when: f"{when.astimezone(zone):%Y-%m-%d %H:%M:%S} {zone.key}",
    )


def _ranges(places: tuple[int, ...]) -> str:
    """``1, 4–6, 9``."""
    found: list[list[int]] = []
    for place in sorted(places):
        if found and place == found[-1][1] + 1:
            found[-1][1] = place
        else:
            found.append([place, place])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in found)
