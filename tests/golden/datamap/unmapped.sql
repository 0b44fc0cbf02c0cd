create table gifts (id bigint primary key, member_id bigint not null references members, 받는사람 text);
create index on gifts (member_id);
create table payments (no text primary key, "cardName" text, card_last4 text, e_mail text, price int);
alter table reviews add column "mobileNo" text, add column stars int;
