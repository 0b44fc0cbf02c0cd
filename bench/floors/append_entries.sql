-- Rows of the log from one place to another, copied into a table like it, under the same indexes: neither taken out of
-- a queue nor hashed nor signed, and nothing of them ever leaves the server.
insert into by_hand.entry select * from jikim.entry where seq >= %(start)s and seq < %(end)s
