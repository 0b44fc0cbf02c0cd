-- Rows that a law keeps, moved within the database by one statement: some blocks at a time, a transaction each.
with gone as (
    delete from orders o using members m
    where o.ctid >= %(first)s::tid and o.ctid < %(after)s::tid and m.id = o.member_id and m.left_at <= %(now)s
        and o.completed_at > %(now)s - interval '5 years'
    returning o.id, o.member_id, o.what, o.amount, o.completed_at)
insert into kept select *, completed_at + interval '5 years' from gone
