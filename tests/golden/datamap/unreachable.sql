alter table reviews add column line_id bigint;
alter table order_lines add column review_id bigint;
create index on reviews (line_id);
create index on order_lines (review_id);
