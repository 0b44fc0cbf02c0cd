-- Rows that a law keeps in another database: what is due in some blocks, read to be written there.
copy (
    select o.id, o.member_id, o.what, o.amount, o.completed_at, o.completed_at + interval '5 years'
    from orders o join members m on m.id = o.member_id
    where o.ctid >= %(first)s::tid and o.ctid < %(after)s::tid and m.left_at <= %(now)s
        and o.completed_at > %(now)s - interval '5 years'
    for update of o
) to stdout
