create type kind as enum ('Member', 'Order', 'Gift', 'Guest');
create table files (id bigint primary key, kind kind not null, "of" text not null, note text);
create table stamps (id bigint primary key, kind text not null, at date not null, note text not null);
create table measures (id double precision primary key, level real not null, note text);
create materialized view mailing as select email from members;
create materialized view counts as select count(*) from orders;
