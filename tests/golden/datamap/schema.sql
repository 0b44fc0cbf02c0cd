create table members (
    id bigint primary key,
    email text not null unique,
    name text not null,
    phone text,
    status text not null check (status in ('active', 'left')),
    left_at timestamptz
);
create index on members (left_at);
create table orders (
    id bigint primary key,
    member_id bigint references members,
    guest_email text not null,
    receipt text,
    summary text not null,
    completed_at timestamptz
);
create index on orders (member_id);
create index on orders (completed_at);
create table order_lines (
    id bigint primary key,
    order_id bigint not null references orders,
    wish text,
    price numeric(12, 0) not null
);
create index on order_lines (order_id);
create table reviews (
    id bigint primary key,
    member_id bigint not null references members,
    body text
);
create index on reviews (member_id);
create table products (id bigint primary key, title text not null);
