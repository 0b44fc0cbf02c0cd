-- Destroy a range of questions that were closed long ago, and what points to them by its index, in one transaction: found
-- once, they cost less than in three sweeps. Bound: the range (:after, :upto], and :by, the greatest time that is due.
insert into closed select id from questions where id > :after and id <= :upto and closed_at <= :by;
delete from main.answers where question_id in (select id from closed);
delete from main.marks where question_id in (select id from closed);
delete from main.questions where id in (select id from closed);
delete from closed
