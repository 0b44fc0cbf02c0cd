-- Empty one column of a range of logins that are old enough, each statement a transaction of its own.
-- Bound: the range (:after, :upto] and :by, the greatest time that is due.
update main.logins set ip = null where id > :after and id <= :upto and at <= :by and ip is not null
