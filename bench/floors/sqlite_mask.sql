-- Empty the addresses of one range of parcels that were sent long ago, each statement a transaction of its own.
-- Bound: the range (:after, :upto] and :by, the greatest time that is due.
update parcels set address = null where id > :after and id <= :upto and sent_at <= :by and address is not null
