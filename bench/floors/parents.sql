-- Rows to which none points any more; the foreign keys look for children by their indexes.
delete from questions where ctid >= %(first)s::tid and ctid < %(after)s::tid and closed_at <= %(cutoff)s
