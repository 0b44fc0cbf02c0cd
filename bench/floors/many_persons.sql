-- Everything of everybody who left, table by table, with a note of how many rows of which table went of whom; then a
-- look for what is left.
begin;
create temp table leaving on commit drop as select id from members where left_at <= %(now)s for update;
analyze leaving;
with gone as (delete from posts using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'posts', count(*), now() from gone group by member_id;
with gone as (delete from notes using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'notes', count(*), now() from gone group by member_id;
with gone as (delete from drafts using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'drafts', count(*), now() from gone group by member_id;
with gone as (delete from letters using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'letters', count(*), now() from gone group by member_id;
with gone as (delete from pictures using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'pictures', count(*), now() from gone group by member_id;
with gone as (delete from likes using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'likes', count(*), now() from gone group by member_id;
with gone as (delete from lists using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'lists', count(*), now() from gone group by member_id;
with gone as (delete from reviews using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'reviews', count(*), now() from gone group by member_id;
with gone as (delete from replies using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'replies', count(*), now() from gone group by member_id;
with gone as (delete from reports using leaving l where member_id = l.id returning member_id)
insert into done select member_id, 'reports', count(*), now() from gone group by member_id;
with gone as (
    delete from orders o using leaving l where o.member_id = l.id and o.completed_at > %(now)s - interval '5 years'
    returning o.id, o.member_id, o.what, o.amount, o.completed_at),
copied as (insert into kept select *, completed_at + interval '5 years' from gone)
insert into done select member_id, 'orders', count(*), now() from gone group by member_id;
with gone as (delete from members m using leaving l where m.id = l.id returning m.id)
insert into done select id, 'members', 1, now() from gone;
select
    (select count(*) from posts join leaving l on member_id = l.id)
    + (select count(*) from notes join leaving l on member_id = l.id)
    + (select count(*) from drafts join leaving l on member_id = l.id)
    + (select count(*) from letters join leaving l on member_id = l.id)
    + (select count(*) from pictures join leaving l on member_id = l.id)
    + (select count(*) from likes join leaving l on member_id = l.id)
    + (select count(*) from lists join leaving l on member_id = l.id)
    + (select count(*) from reviews join leaving l on member_id = l.id)
    + (select count(*) from replies join leaving l on member_id = l.id)
    + (select count(*) from reports join leaving l on member_id = l.id)
    + (select count(*) from orders join leaving l on member_id = l.id)
    + (select count(*) from members m join leaving l on m.id = l.id);
commit;
