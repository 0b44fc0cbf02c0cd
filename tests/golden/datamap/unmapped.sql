create table gifts (id bigint primary key, member_id bigint not null references members, 받는사람 text);
create index on gifts (member_id);
alter table reviews add column "mobileNo" text, add column stars int;
