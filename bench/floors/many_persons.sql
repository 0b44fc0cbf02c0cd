-- Everything of everybody who left, table by table.
begin;
create temp table leaving on commit drop as select id from members where left_at <= %(now)s for update;
analyze leaving;
delete from posts using leaving l where member_id = l.id;
delete from notes using leaving l where member_id = l.id;
delete from drafts using leaving l where member_id = l.id;
delete from letters using leaving l where member_id = l.id;
delete from pictures using leaving l where member_id = l.id;
delete from likes using leaving l where member_id = l.id;
delete from lists using leaving l where member_id = l.id;
delete from reviews using leaving l where member_id = l.id;
delete from replies using leaving l where member_id = l.id;
delete from reports using leaving l where member_id = l.id;
with gone as (
    delete from orders o using leaving l where o.member_id = l.id and o.completed_at > %(now)s - interval '5 years'
    returning o.id, o.member_id, o.what, o.amount, o.completed_at)
insert into kept select *, completed_at + interval '5 years' from gone;
delete from members m using leaving l where m.id = l.id;
insert into done (member_id, at) select id, now() from leaving;
commit;
