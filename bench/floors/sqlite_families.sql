-- Destroy a range of questions that were closed long ago, and what points to them by its index, in one transaction.
-- Found once and together with its children a row costs less than in three sweeps. Bound: the range (:after, :upto],
-- :by, the greatest time that is due.
delete from answers where question_id in
    (select id from questions where id > :after and id <= :upto and closed_at <= :by);
delete from marks where question_id in
    (select id from questions where id > :after and id <= :upto and closed_at <= :by);
delete from questions where id > :after and id <= :upto and closed_at <= :by
