"""Her life as the demonstration tells it: the application's side, and jikim's by evidence of her tag. Effectful."""

from collections import Counter
from datetime import datetime

import psycopg
import sqlalchemy as sa

from examples.demo.stage import Stage
from examples.demo.years import Watcher
from examples.plask.doings import SEOUL
from examples.plask.her import DAYS_THAT_MATTER, Her
from jikim.operations.explain_rows import explain_person
from jikim.operations.list_evidence import list_evidence
from jikim.plan.person import person_life
from jikim.policy.life import Happening, PersonLife

DAYS = [datetime(*day, tzinfo=SEOUL) for day in DAYS_THAT_MATTER]
"""Days on which a sweep says something about her."""


class Story(Watcher):
    """One member who joined, left, undid it, and left for good."""

    def __init__(self, stage: Stage) -> None:
        self._project = stage.project
        app = sa.make_url(stage.app).set(username=stage.service.role("app"))
        self._session = psycopg.connect(app.render_as_string(hide_password=False), autocommit=True)
        self._her = Her(self._session, stage.project.folders["motions"])
        self._archived = Counter[str]()

    def close(self) -> None:
        """End the application's session."""
        self._session.close()

    def before(self, as_of: datetime) -> None:
        """Let her do what she did."""
        self._her.until(as_of)
        self._archived = self._copies()

    def after(self, as_of: datetime) -> None:
        """What came into her archive and what went: evidence names nobody where time alone decides."""
        now = self._copies()
        for table, count in (now - self._archived).items():
            self._her.archived[as_of, table] = count
        for table, count in (self._archived - now).items():
            self._her.happenings.append(Happening(as_of, "expire", table, count))

    def _copies(self) -> Counter[str]:
        """Her archived copies by table, as the keeper counts them."""
        if not self._her.member_id:
            return Counter()
        found = self._project.store.archived("member", (str(self._her.member_id),))
        return Counter(str(copy["archive"]).partition("__")[0] for copy in found)

    def life(self, as_of: datetime) -> PersonLife:
        """All that happened to her data.

        :raises RuntimeError: something of her is left, and nothing entitles anybody to it.
        """
        project, key = self._project, (str(self._her.member_id),)
        happenings, archived = list(self._her.happenings), dict(self._her.archived)
        for tag in project.tags("member", key):
            for entry in list_evidence(project.ledger, tag=tag, most=500).entries:
                for deed in entry.body.model_dump()["deeds"]:
                    table, action = deed["table"], deed["action"]
                    copies = archived.pop((entry.as_of, table), 0) if action == "archive" else 0
                    because = (*deed["because"]["clauses"], *deed["because"]["articles"])[:2]
                    happenings.append(Happening(entry.as_of, action, table, deed["rows"], copies, because))
        happenings += [Happening(at, "archive", table, n, n) for (at, table), n in archived.items()]
        schedules = project.schedules(project.store, as_of)
        if explain_person(project.store, schedules, subject="member", key=key, as_of=as_of):
            raise RuntimeError("something of her is left")
        return person_life(happenings, as_of=as_of)
