-- The same rows, once their copies are committed elsewhere.
delete from orders o using members m
where o.ctid >= %(first)s::tid and o.ctid < %(after)s::tid and m.id = o.member_id and m.left_at <= %(now)s
    and o.completed_at > %(now)s - interval '5 years'
