-- The best one would write by hand for rows that go by their own date: some blocks at a time, from one end of the
-- table to the other, a transaction each. Bound: the first block and the one after the last; the cutoff.
delete from visits where ctid >= %(first)s::tid and ctid < %(after)s::tid and at <= %(cutoff)s
