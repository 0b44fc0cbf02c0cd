alter table members add column best_review_id bigint references reviews;
create index on members (best_review_id);
