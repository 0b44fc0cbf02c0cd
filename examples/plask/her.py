"""One made-up member's six years at Plask, told by the application's own functions. Effectful.

She joins, works, pays, complains, is warned once, leaves, changes her mind on day 4, and leaves for good.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import Connection

from examples.plask import service
from examples.plask.doings import SEOUL
from jikim.policy.life import Happening

EMAIL, NAME, PASSWORD = "haeon@letters.example", "한해온", "a quiet river 27"
SECRET = b"the demonstration's own secret: 32"
DAYS_THAT_MATTER = (
    (2022, 3, 16),  # she left on the 10th and undid it on the 14th: nothing may happen
    (2022, 5, 7),  # day 5 after she left for good: still there, locked
    (2022, 5, 8),  # day 6: gone, but for what a law keeps apart
    (2023, 5, 3),  # a year after she left: the warning, and with it her stub
    (
        2024,
        7,
        9,
    ),  # three years after her complaint was closed; the last day was a Saturday and moved to Monday
    (2025, 5, 21),  # five years after her order was completed
)


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    """An hour of a day in Seoul."""
    return datetime(year, month, day, hour, tzinfo=SEOUL)


@dataclass
class Her:
    """Her life so far. ``happenings`` are the application's side of it."""

    connection: Connection[Any]
    files: Path
    member_id: int = 0
    happenings: list[Happening] = field(default_factory=list)
    archived: dict[tuple[datetime, str], int] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._scenes = iter(sorted(self._life(), key=lambda scene: scene[0]))
        self._next = next(self._scenes, None)

    def until(self, as_of: datetime) -> None:
        """Let everything up to an instant happen."""
        while self._next is not None and self._next[0] <= as_of:
            when, do = self._next
            do(when)
            self._next = next(self._scenes, None)

    def _told(self, when: datetime, action: str, **rows: int) -> None:
        for table, count in rows.items():
            self.happenings.append(Happening(when, action, table, count))
        if not rows:
            self.happenings.append(Happening(when, action))

    def _life(self) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        yield at(2020, 2, 3), self._join
        yield at(2020, 3, 2), self._work
        yield at(2020, 5, 11), self._order
        yield at(2020, 5, 20), self._settle
        yield at(2021, 6, 28), self._complain
        yield at(2021, 7, 6), self._close
        yield at(2022, 1, 17), self._warned
        yield at(2022, 3, 10), self._leave
        yield at(2022, 3, 14), self._undo
        yield at(2022, 5, 2), self._leave

    def _join(self, when: datetime) -> None:
        self.member_id = service.join(
            self.connection, email=EMAIL, name=NAME, password=PASSWORD, secret=SECRET, at=when
        )
        self._told(when, "recorded", members=1)

    def _work(self, when: datetime) -> None:
        project = service.create_project(self.connection, member_id=self.member_id, title="첫 춤", at=when)
        service.upload(self.connection, project_id=project, content=b"motion", files=self.files, at=when)
        self._told(when, "recorded", projects=1, motion_files=1)

    def _order(self, when: datetime) -> None:
        self._ids["order"] = service.order(
            self.connection, member_id=self.member_id, product_id=1, summary="한 해 이용권", at=when
        )
        firm = service.SimulatedFirm()
        self._ids["payment"] = service.pay(
            self.connection, order_id=self._ids["order"], number="4000000000000002", firm=firm, at=when
        )
        self._told(when, "recorded", orders=1, payments=1)

    def _settle(self, when: datetime) -> None:
        service.settle(self.connection, payment_id=self._ids["payment"], at=when)
        service.complete(self.connection, order_id=self._ids["order"], at=when)
        self._told(when, "contract completed")

    def _complain(self, when: datetime) -> None:
        self._ids["post"] = service.post(
            self.connection,
            member_id=self.member_id,
            email=EMAIL,
            name=NAME,
            kind="complaint",
            title="내보내기 오류",
            body="파일이 열리지 않아요.",
            at=when,
        )
        self._told(when, "recorded", support_posts=1)

    def _close(self, when: datetime) -> None:
        service.answer(self.connection, post_id=self._ids["post"], at=when)
        service.close(self.connection, post_id=self._ids["post"], at=when)
        self._told(when, "complaint closed")

    def _warned(self, when: datetime) -> None:
        service.report_abuse(
            self.connection, member_id=self.member_id, ip="192.0.2.27", detail="shared an account", at=when
        )
        self._told(when, "recorded", abuse_records=1)

    def _leave(self, when: datetime) -> None:
        service.leave(self.connection, member_id=self.member_id, secret=SECRET, at=when)
        self._told(when, "membership ended")

    def _undo(self, when: datetime) -> None:
        service.undo_leave(self.connection, email=EMAIL, password=PASSWORD, secret=SECRET, at=when)
        self._told(when, "leaving undone")
