"""A hold keeps what it names, however the person is named, and nothing else."""

from examples.plask import service
from psycopg import connect
from tests.keeping import as_role, plask, seoul
from tests.telling import held, released

from jikim.plan.schedule import Hold


def test_a_hold_on_someone_known_only_by_address_keeps_their_rows(empty_database: str) -> None:
    """A visitor's address is written as people write it, without the mask of the column's type."""
    with plask(empty_database) as kept:
        with connect(as_role(empty_database, "plask_app"), autocommit=True) as app:
            for ip in ("192.0.2.7", "192.0.2.8"):
                service.visit(
                    app, member_id=None, ip=ip, browser="b", path="/", search=None, at=seoul(2025, 1, 15, 9)
                )
        held(kept.store, Hold("h1", "case 27", "visitor", ("192.0.2.7",)), at=seoul(2025, 2, 1))
        kept.sweep(seoul(2025, 6, 2))
        assert [str(row["ip"]) for row in kept.rows("access_log")] == ["192.0.2.7"]
        released(kept.store, "h1", at=seoul(2025, 6, 3))
        kept.sweep(seoul(2025, 6, 4))
        assert kept.rows("access_log") == []
