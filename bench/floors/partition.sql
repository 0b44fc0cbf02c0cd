-- The best one would write by hand for a partition that has expired: while nobody writes to it, its rows are counted,
-- none may be of later, and a line says how many went. Told by name: the partition and the cutoff.
begin;
lock table {part} in share row exclusive mode;
insert into by_hand.gone
    select '{part}', count(*), now() from {part} having count(*) = count(*) filter (where at <= {cutoff});
truncate only {part};
commit;
