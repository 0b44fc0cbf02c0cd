-- Rows of one table (bound: how many, :rows) as of 2026-04-01, one statement each. Every fifth is due.
-- members: as many as a twentieth
with recursive n(i) as (select 1 union all select i + 1 from n where i < max(:rows / 20, 5))
insert into members select i, 'm' || i || '@mail.example', null from n;
-- leavers: every fifth of them left in February
update members set left_at = '2026-02-10 03:00:00' where id % 5 = 0;
-- visits: one after the other, as a log grows; the oldest fifth is due
with recursive n(i) as (select 1 union all select i + 1 from n where i < :rows)
insert into visits select i, 1 + i % max(:rows / 20, 5), '/goods/' || i, 'Mozilla/5.0 (X11; Linux x86_64) browser/1.0',
    datetime(case when i <= :rows / 5 then 1762000000 else 1767800000 end + i * (6000000.0 / :rows), 'unixepoch')
    from n;
-- visits in no order: every fifth is due, wherever it lies
with recursive n(i) as (select 1 union all select i + 1 from n where i < :rows)
insert into visits select i, 1 + i % max(:rows / 20, 5), '/goods/' || i, 'Mozilla/5.0 (X11; Linux x86_64) browser/1.0',
    datetime(case when i % 5 = 0 then 1762000000 else 1767800000 end + i % 50000, 'unixepoch')
    from n;
-- orders: those of members who left are due
with recursive n(i) as (select 1 union all select i + 1 from n where i < :rows)
insert into orders select i, 1 + i % max(:rows / 20, 5), 'bread ' || i, 1000 + i % 90,
    datetime(1736000000 + i % 30000000, 'unixepoch')
    from n;
-- parcels: every fifth was sent long ago
with recursive n(i) as (select 1 union all select i + 1 from n where i < :rows)
insert into parcels select i, 1 + i % max(:rows / 20, 5), 'bread ' || i, 'Seoul, 1 Example-ro, ' || i,
    datetime(case when i % 5 = 0 then 1762000000 else 1774000000 end + i % 50000, 'unixepoch')
    from n;
