-- Everything of one person, statement after statement, sent together in one transaction; what went of which table, noted
-- in one more; then a look for what is left.
begin;
select from members where id = %(member)s for update;
delete from posts where member_id = %(member)s;
delete from notes where member_id = %(member)s;
delete from drafts where member_id = %(member)s;
delete from letters where member_id = %(member)s;
delete from pictures where member_id = %(member)s;
delete from likes where member_id = %(member)s;
delete from lists where member_id = %(member)s;
delete from reviews where member_id = %(member)s;
delete from replies where member_id = %(member)s;
delete from reports where member_id = %(member)s;
with gone as (
    delete from orders where member_id = %(member)s and completed_at > %(now)s - interval '5 years'
    returning id, member_id, what, amount, completed_at)
insert into kept select *, completed_at + interval '5 years' from gone;
delete from members where id = %(member)s;
insert into done (member_id, of_table, rows, at)
select %(member)s, of_table, rows, now() from unnest(%(tables)s::text[], %(rows)s::bigint[]) gone (of_table, rows)
where rows > 0;
commit;
select (select count(*) from posts where member_id = %(member)s)
    + (select count(*) from notes where member_id = %(member)s)
    + (select count(*) from drafts where member_id = %(member)s)
    + (select count(*) from letters where member_id = %(member)s)
    + (select count(*) from pictures where member_id = %(member)s)
    + (select count(*) from likes where member_id = %(member)s)
    + (select count(*) from lists where member_id = %(member)s)
    + (select count(*) from reviews where member_id = %(member)s)
    + (select count(*) from replies where member_id = %(member)s)
    + (select count(*) from reports where member_id = %(member)s)
    + (select count(*) from orders where member_id = %(member)s)
    + (select count(*) from members where id = %(member)s);
