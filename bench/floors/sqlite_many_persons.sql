-- Everything of those of some people who left, table by table, with a note of how many rows of which table went of whom.
-- What a law keeps is committed in another file before it goes here. Bound: the people (:after, :upto], and :now.
insert into leaving select id from members where left_at <= :now and id > :after and id <= :upto;
insert into gone select id from leaving;
insert into kept.orders
select o.*, datetime(o.completed_at, '+5 years') from orders o
where member_id in (select id from leaving) and datetime(o.completed_at, '+5 years') > :now;

insert into done select member_id, 'posts', count(*), :now from posts
where member_id in (select id from leaving) group by member_id;
delete from main.posts where member_id in (select id from leaving);
insert into done select member_id, 'notes', count(*), :now from notes
where member_id in (select id from leaving) group by member_id;
delete from main.notes where member_id in (select id from leaving);
insert into done select member_id, 'drafts', count(*), :now from drafts
where member_id in (select id from leaving) group by member_id;
delete from main.drafts where member_id in (select id from leaving);
insert into done select member_id, 'letters', count(*), :now from letters
where member_id in (select id from leaving) group by member_id;
delete from main.letters where member_id in (select id from leaving);
insert into done select member_id, 'pictures', count(*), :now from pictures
where member_id in (select id from leaving) group by member_id;
delete from main.pictures where member_id in (select id from leaving);
insert into done select member_id, 'likes', count(*), :now from likes
where member_id in (select id from leaving) group by member_id;
delete from main.likes where member_id in (select id from leaving);
insert into done select member_id, 'lists', count(*), :now from lists
where member_id in (select id from leaving) group by member_id;
delete from main.lists where member_id in (select id from leaving);
insert into done select member_id, 'reviews', count(*), :now from reviews
where member_id in (select id from leaving) group by member_id;
delete from main.reviews where member_id in (select id from leaving);
insert into done select member_id, 'replies', count(*), :now from replies
where member_id in (select id from leaving) group by member_id;
delete from main.replies where member_id in (select id from leaving);
insert into done select member_id, 'reports', count(*), :now from reports
where member_id in (select id from leaving) group by member_id;
delete from main.reports where member_id in (select id from leaving);
insert into done select member_id, 'orders', count(*), :now from orders
where member_id in (select id from leaving) and +id in (select id from kept.orders) group by member_id;
delete from main.orders
where member_id in (select id from leaving) and id in (select id from kept.orders);
insert into done select id, 'members', 1, :now from leaving;
delete from main.members where id in (select id from leaving);
delete from leaving
