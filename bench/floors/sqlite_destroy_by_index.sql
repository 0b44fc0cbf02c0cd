-- Few rows of many: found by the index of their date, some at a time. Bound: :by, the greatest time that is due.
delete from main.visits where id in (select id from visits where at <= :by limit 2000)
