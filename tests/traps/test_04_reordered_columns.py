"""Trap 4: SELECT * into an archive whose columns stand in another order."""

from tests.keeping import Kept
from tests.traps.people import AS_OF, archived, complaint, member

COLUMNS = """
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_attribute a where a.attrelid = %s::regclass and a.attnum > 0 order by a.attnum desc"""
ARCHIVE = "kept_by_law.support_posts__complaints"


def test_select_star_puts_values_into_the_wrong_column(kept: Kept) -> None:
    """Naive: the types fit, so nobody notices."""
    complaint(kept, 1, of=member(kept, 10), title="title", body="body")
    kept.execute("create table copied (like support_posts)")
    kept.execute(
        "alter table copied drop title, drop body, drop created_at, drop answered_at, drop closed_at"
    )
    kept.execute(
        "alter table copied add body text, add title text, add created_at timestamptz,"
        " add answered_at timestamptz, add closed_at timestamptz"
    )
    kept.execute("insert into copied select * from support_posts")
    [copy] = kept.rows("copied")
    assert (copy["title"], copy["body"]) == ("body", "title")


def test_every_column_is_named_on_both_sides(kept: Kept) -> None:
    """Ours: the archive's columns stand in the opposite order, and each value is where it belongs."""
    complaint(kept, 1, of=member(kept, 10), title="title", body="body")
    columns = ", ".join(f"{c['name']} {c['type']}" for c in kept.execute(COLUMNS, ARCHIVE))
    kept.execute(f"drop table {ARCHIVE}")
    kept.execute(f"create table {ARCHIVE} ({columns})")
    kept.execute(f"alter table {ARCHIVE} owner to plask_keeper")
    kept.execute(f"grant insert on {ARCHIVE} to plask_sweeper")
    kept.execute("alter table support_posts add body_again text")
    kept.execute("update support_posts set body_again = body")
    kept.execute("alter table support_posts drop body")
    kept.execute("alter table support_posts rename body_again to body")
    assert kept.sweep(AS_OF).complete
    copy = archived(kept, "support_posts__complaints")["1"]
    assert (copy["title"], copy["body"], copy["name"]) == ("title", "body", "Ahra")
    assert copy["jikim_subject"] == "member"
