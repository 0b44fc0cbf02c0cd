-- A shop in a SQLite file; its times are UTC as text, which is how most software writes them.
create table members (id integer primary key, email text not null, left_at datetime);
create table visits (
    id integer primary key, member_id integer not null references members, path text not null,
    agent text not null, at datetime not null);
create index visits_of on visits (member_id);
create table orders (
    id integer primary key, member_id integer not null references members, what text not null,
    won integer not null, completed_at datetime);
create index orders_of on orders (member_id);
create table parcels (
    id integer primary key, member_id integer not null references members, what text not null,
    address text, sent_at datetime);
create index parcels_of on parcels (member_id);
