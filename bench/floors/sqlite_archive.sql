-- Move one range of orders of members who left into an attached file: copied, and deleted once the copies are committed.
-- In one transaction it would be no faster, and could lose rows: under a write-ahead log, a commit of two files is not
-- atomic. It keeps until when a copy must go, and nothing else that an archive of jikim says. Bound: (:after, :upto],
-- :now.
insert into kept.orders
select o.*, datetime(o.completed_at, '+5 years') from orders o join members m on m.id = o.member_id
where o.id > :after and o.id <= :upto and m.left_at <= :now
    and datetime(o.completed_at, '+5 years') > :now;

delete from main.orders where id > :after and id <= :upto
    and id in (select id from kept.orders where id > :after and id <= :upto)
