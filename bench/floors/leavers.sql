-- Members who left, once nothing of theirs is there any more.
delete from members where left_at <= %(now)s
