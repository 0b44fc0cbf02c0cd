-- One table for each kind of work that is measured, and twelve in which one person has seventy rows.

create table members (id bigint primary key, email text not null, left_at timestamptz);

-- Rows that go by their own date.
create table visits (
    id bigint primary key, member_id bigint not null references members, page text, at timestamptz not null);

-- Rows that go with others that point to them.
create table questions (
    id bigint primary key, member_id bigint not null references members, text text, closed_at timestamptz);
create table answers (
    id bigint primary key, question_id bigint not null references questions, text text);
create table marks (
    id bigint primary key, question_id bigint not null references questions, text text);

-- Rows that a law keeps when their owner has left.
create table orders (
    id bigint primary key, member_id bigint not null references members, what text, amount numeric(12, 0),
    completed_at timestamptz);

-- Rows that stay and lose a part.
create table logins (
    id bigint primary key, member_id bigint not null references members, ip inet, page text,
    at timestamptz not null);

-- A table in parts, by month.
create table clicks (
    id bigint not null, member_id bigint not null, page text, at timestamptz not null, primary key (id, at)
) partition by range (at);

-- What one person writes, beside members.
create table posts (id bigint primary key, member_id bigint not null references members, text text);
create table notes (id bigint primary key, member_id bigint not null references members, text text);
create table drafts (id bigint primary key, member_id bigint not null references members, text text);
create table letters (id bigint primary key, member_id bigint not null references members, text text);
create table pictures (id bigint primary key, member_id bigint not null references members, text text);
create table likes (id bigint primary key, member_id bigint not null references members, text text);
create table lists (id bigint primary key, member_id bigint not null references members, text text);
create table reviews (id bigint primary key, member_id bigint not null references members, text text);
create table replies (id bigint primary key, member_id bigint not null references members, text text);
create table reports (id bigint primary key, member_id bigint not null references members, text text);
