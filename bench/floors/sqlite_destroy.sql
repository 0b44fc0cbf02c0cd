-- Destroy due visits of one range of keys: one pass over the table, each statement a transaction of its own.
-- Where due rows lie everywhere it beats `id in (select id … limit 10000)`, which reads again what stays, by some
-- tenths, and where they lie together the two are equal. Bound: the range (:after, :upto], and :by, the greatest
-- time that is due.
delete from main.visits where id > :after and id <= :upto and at <= :by
