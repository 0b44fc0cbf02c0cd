"""PostgreSQL and the memory model agree about rows whose owner is missing, unnamed, or two steps away and gone."""

from datetime import datetime

import pytest
from tests.keeping import KEY, plask, seoul

from jikim.backends import memory
from jikim.operations.plan_sweep import bound

ROWS = """
    alter table support_replies drop constraint support_replies_post_id_fkey;
    insert into members (email, name, password_hash, joined_at, status, left_at)
    values ('a@mail.example', '김하나', 'x', '2026-01-01+09', 'left', '2026-03-01 12:00+09');
    insert into access_log (member_id, ip, browser, path, search, at)
    values (null, null, 'Safari', '/', null, '2026-01-10 12:00+09'),
           (null, null, 'Safari', '/', null, '2026-03-10 12:00+09'),
           (99, '203.0.113.9', 'Safari', '/', null, '2026-01-10 12:00+09');
    insert into sessions (id, member_id, token_hash, ip, browser, created_at)
    values ('00000000-0000-0000-0000-000000000001', 99, 'x', '203.0.113.9', 'Safari', '2026-04-01+09');
    insert into support_posts (member_id, email, name, kind, title, body, created_at, closed_at)
    values (99, 'b@mail.example', '이두리', 'complaint', '제목', '내용', '2026-03-01+09', '2026-03-05+09'),
           (99, 'b@mail.example', '이두리', 'complaint', '제목', '내용', '2026-03-01+09', null);
    insert into support_replies (post_id, body, created_at)
    values (1, '답변', '2026-03-02+09'), (2, '답변', '2026-03-02+09'), (77, '답변', '2026-03-02+09');
    insert into abuse_records (member_id, ip, detail, recorded_at)
    values (99, '203.0.113.9', '시도', '2025-04-02 12:00+09'), (99, '203.0.113.9', '시도', '2025-04-05 12:00+09');
"""
"""A log line of nobody at all, posts and sessions of a member who does not exist, an answer to no post."""


@pytest.mark.parametrize("as_of", [seoul(2026, 4, 3), seoul(2026, 4, 11)])
def test_both_do_the_same_about_rows_that_are_nobodys(empty_database: str, as_of: datetime) -> None:
    """Census and survivors are the same, every row is in exactly one state, and an answer to no post goes."""
    with plask(empty_database) as kept:
        kept.execute(ROWS)
        model = kept.memory(as_of)
        schedules, _, findings = bound(kept.store, kept.promise, as_of=as_of)
        assert not [f for f in findings if f.severity.name == "ERROR"]
        census = kept.plan(as_of).plan.census
        assert all(counts.adds_up for counts in census.values())
        meant = memory.census(model, schedules, as_of=as_of, mask_key=KEY)
        assert {t: vars(c) for t, c in meant.items()} == {
            t: {k: v for k, v in vars(c).items() if k != "total"} for t, c in census.items()
        }
        memory.sweep(model, schedules, as_of=as_of, mask_key=KEY)
        assert kept.sweep(as_of).complete
        for table, rows in model.tables.items():
            assert sorted(map(repr, kept.rows(table))) == sorted(map(repr, rows)), table
        assert [row["post_id"] for row in kept.rows("support_replies")] == [2]
