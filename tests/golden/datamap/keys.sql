alter table order_lines drop constraint order_lines_pkey;
alter table reviews drop constraint reviews_member_id_fkey,
    add constraint reviews_of foreign key (member_id) references members on delete cascade;
alter table products add column seller_id bigint references members;
create function keep() returns trigger language plpgsql as 'begin return null; end';
create trigger "Keep it" before delete on reviews for each row execute function keep();
create function copy() returns trigger language plpgsql as 'begin return null; end';
create trigger "Copy it" after update or delete on reviews for each row execute function copy();
create trigger only_new after insert on reviews for each row execute function copy();
create rule "Also" as on delete to reviews do also notify reviews;
alter table members enable row level security;
create table visits (id bigint, at timestamptz, ip inet, primary key (id, at)) partition by range (at);
