-- What one would write by hand for few rows of many: found by the index of their date, some at a time.
-- Bound: the cutoff.
delete from visits where ctid = any (array(select ctid from visits where at <= %(cutoff)s limit 2000))
