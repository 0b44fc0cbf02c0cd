drop index reviews_member_id_idx, order_lines_order_id_idx, orders_completed_at_idx;
insert into members values (1, 'a@mail.example', 'A', null, 'active', null);
insert into reviews select n, 1, null from generate_series(1, 10001) n;
analyze reviews;
