"""What jikim asks of a store of SQL beyond what it asks of any. A protocol only."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from jikim.backends.base import Behind, Driven, Key, Reached, Run, Store
from jikim.backends.sql.person import OfPerson
from jikim.backends.sql.spelled import Spelled
from jikim.evidence.stage import Stage
from jikim.plan.plan import Step
from jikim.plan.schedule import Mention, Schedules, TableSchedule


class SqlStore(Store, Protocol):
    """The service's database by its sweeper, with its archive."""

    name: str

    def rows_of(
        self,
        tables: Sequence[TableSchedule],
        schedules: Schedules,
        *,
        subject: str,
        key: Key,
        as_of: datetime,
    ) -> OfPerson:
        """What the store was told, and keys and trigger dates of one person's rows in some tables."""

    def any_of(
        self,
        tables: Sequence[TableSchedule],
        schedules: Schedules,
        *,
        subject: str,
        key: Key,
        as_of: datetime,
    ) -> bool:
        """Whether some tables hold any row of a person at all; asked of the rows that ``rows_of`` would give."""

    def named_in(
        self, mentions: Sequence[tuple[TableSchedule, Mention]], *, key: tuple[str, ...]
    ) -> list[list[Key]]:
        """Keys of the rows that name a person beside their owners, mention by mention."""

    def at_once(self, run: Run, *, subject: str, key: Key, number: int = 0) -> dict[str, int]:
        """Carry out every step of a plan on the rows of one person, in one transaction; how many rows each changed.

        :raises StoreError: this store cannot, or the plan cannot be carried out so; nothing was done.
        """

    def held(self, names: Sequence[tuple[str, str, int]]) -> set[tuple[str, str, int]]:
        """Those of these (run, step, batch) for which store or archive hold a receipt."""

    def sql(self, step: Step, *, run: Run) -> list[Spelled]:
        """The statements of a step's batches, as an operator reads them."""

    def administration(self, app_role: str | None) -> list[str]:
        """What an administrator runs once in the store, as SQL; nothing where none is needed."""

    def prepare(self, admin: str | None, *, app_role: str | None) -> None:
        """Make jikim's own tables and the archive's. Safe to run again.

        :param admin: the URL of a role that may; None where an administrator has run :meth:`administration`.
        """

    def behind(self, stage: Stage) -> list[Behind]:
        """What was removed and has not come to a stage, by table, of store and archive."""

    def drive(self, stage: Stage, tables: Collection[str], *, admin: str | None) -> Iterator[Driven]:
        """Take what was removed from these tables to a stage.

        :param admin: the URL of a role that owns the service's tables; the sweeper where there is none.
        """

    def reached(self) -> list[Reached]:
        """Runs of which everything removed from a table has come further than the ledger was told."""

    def told(self, reached: Sequence[Reached]) -> None:
        """The ledger was told of these."""
