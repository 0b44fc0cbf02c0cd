-- One column emptied, where the rows stay: some blocks at a time, a transaction each.
update logins set ip = null
where ctid >= %(first)s::tid and ctid < %(after)s::tid and at <= %(now)s - interval '3 months'
    and at > %(now)s - interval '1 year' and ip is not null
