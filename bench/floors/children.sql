-- Rows that go because the row they point to is due: the same blocks, and a look at that row for each.
delete from {table} c using questions q
where c.ctid >= %(first)s::tid and c.ctid < %(after)s::tid and q.id = c.question_id and q.closed_at <= %(cutoff)s
