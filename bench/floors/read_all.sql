-- Every row of the tables that hold most, each with its owner: read through a cursor and thrown away.
select t.*, m.id, m.left_at from visits t left join members m on m.id = t.member_id;
select t.*, m.id, m.left_at from logins t left join members m on m.id = t.member_id;
select t.*, m.id, m.left_at from orders t left join members m on m.id = t.member_id;
select t.*, m.id, m.left_at from posts t left join members m on m.id = t.member_id
