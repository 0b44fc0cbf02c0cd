"""Plask: visits, statistics, abuse, and rows whose owner is nowhere."""

from examples.plask import service
from tests.acceptance.stage import BROWSER, GONE, LEFT, Stage
from tests.keeping import seoul

YEAR_AFTER_LEAVING = seoul(2026, 3, 4)
VISIT = {**BROWSER, "path": "/gallery", "search": "dance"}


def test_visits_are_kept_for_three_months(plask: Stage) -> None:
    """4-24: not three years; of members and of visitors without an account alike."""
    for member in (plask.join(), None):
        service.visit(plask.app, member_id=member, at=seoul(2025, 3, 10, 12), **VISIT)
    look = plask.around(seoul(2025, 6, 11), lambda: (plask.count("access_log"), plask.archived()))
    assert look == [(2, set()), (0, set()), (0, set())]


def test_statistics_end_on_the_day_and_the_law_waits_for_a_working_day(plask: Stage) -> None:
    """4-06, 4-24: on a presidential election day browser, page and search go; time and address the day after."""
    service.visit(plask.app, member_id=None, at=LEFT, **VISIT)
    seen = plask.around(
        seoul(2025, 6, 4), lambda: (plask.count("access_log"), plask.copies("access_log", "visits"))
    )
    assert [rows for rows, _ in seen] == [1, 0, 0]
    assert [len(copies) for _, copies in seen] == [0, 1, 0]
    assert set(seen[1][1][0].content) == {"ip", "at"}
    assert seen[1][1][0].until == seoul(2025, 6, 5)


def test_abuse_is_remembered_for_a_year_after_leaving(plask: Stage) -> None:
    """4-07, 4-20: by a nameless row that dates the leaving, and both go when the year is over."""
    member = plask.join()
    service.report_abuse(plask.app, member_id=member, ip="192.0.2.7", detail="spam", at=LEFT)
    plask.leave(member)
    plask.sweep(GONE)
    stub = plask.only("members")
    assert (stub["id"], stub["name"], stub["password_hash"], stub["left_at"]) == (member, "-", "-", LEFT)
    assert "haru" not in stub["email"]
    assert plask.around(YEAR_AFTER_LEAVING, plask.filled) == [
        {"members", "abuse_records", "rejoin_keys"},
        set(),
        set(),
    ]


def test_abuse_is_remembered_while_a_member(plask: Stage) -> None:
    """4-07, 4-20: the year does not begin before the membership ends."""
    member = plask.join()
    service.report_abuse(plask.app, member_id=member, ip="192.0.2.7", detail="spam", at=LEFT)
    plask.sweep(seoul(2031, 1, 1))
    assert plask.only("abuse_records")["detail"] == "spam"


def test_no_identity_check_is_on_record(plask: Stage) -> None:
    """4-23: the article that once demanded it is deleted: neither promise, table nor archive knows of any."""
    assert set(plask.kept.promise.resolved.records) == {"contracts", "payments", "complaints", "visits"}
    words = ("identity", "identification", "verif", "realname", "real_name", "resident")
    assert not [each for each in plask.columns() if any(word in ".".join(each) for word in words)]


def test_rows_of_somebody_who_is_nowhere_go_by_their_own_date(plask: Stage) -> None:
    """4-25: a session like those of who left that day, a visit after three months, an abuse record after a year.

    A complaint goes to the archive like any other, as nobody's.
    """
    at = seoul(2025, 3, 10, 12)
    plask.office.execute(
        "insert into sessions (id, member_id, token_hash, created_at) values (gen_random_uuid(), 77, 'x', %s)",
        (at,),
    )
    plask.office.execute("insert into access_log (member_id, at) values (77, %s)", (at,))
    plask.office.execute(
        "insert into abuse_records (member_id, detail, recorded_at) values (77, 'spam', %s)", (at,)
    )
    plask.office.execute(
        "insert into support_posts (member_id, email, name, kind, created_at, closed_at)"
        " values (77, 'haru@mail.example', 'haru', 'complaint', %s, %s)",
        (at, at),
    )
    assert plask.nightly(seoul(2025, 3, 15), 2, plask.filled) == [
        {"sessions", "access_log", "abuse_records"},
        {"access_log", "abuse_records"},
    ]
    assert plask.copy("support_posts", "complaints").whose == (None, ())
    assert plask.around(seoul(2026, 3, 11), plask.filled) == [{"abuse_records"}, set(), set()]
