-- What one would export of one person by hand: their rows of twelve tables, a statement each, by the indexes.
select * from members where id = %(id)s;
select * from orders where member_id = %(id)s;
select * from posts where member_id = %(id)s;
select * from notes where member_id = %(id)s;
select * from drafts where member_id = %(id)s;
select * from letters where member_id = %(id)s;
select * from pictures where member_id = %(id)s;
select * from likes where member_id = %(id)s;
select * from lists where member_id = %(id)s;
select * from reviews where member_id = %(id)s;
select * from replies where member_id = %(id)s;
select * from reports where member_id = %(id)s
