alter table members add column best_review_id bigint not null references reviews;
create index on members (best_review_id);
