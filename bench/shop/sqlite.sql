-- The same tables in a SQLite file, whose times are UTC as text, as most software writes them. Nothing is in parts here.

create table members (id integer primary key, email text not null, left_at datetime);

create table visits (
    id integer primary key, member_id integer not null references members, page text, at datetime not null);

create table questions (
    id integer primary key, member_id integer not null references members, text text, closed_at datetime);
create table answers (
    id integer primary key, question_id integer not null references questions, text text);
create table marks (
    id integer primary key, question_id integer not null references questions, text text);

create table orders (
    id integer primary key, member_id integer not null references members, what text, amount integer,
    completed_at datetime);

create table logins (
    id integer primary key, member_id integer not null references members, ip text, page text,
    at datetime not null);

create table posts (id integer primary key, member_id integer not null references members, text text);
create table notes (id integer primary key, member_id integer not null references members, text text);
create table drafts (id integer primary key, member_id integer not null references members, text text);
create table letters (id integer primary key, member_id integer not null references members, text text);
create table pictures (id integer primary key, member_id integer not null references members, text text);
create table likes (id integer primary key, member_id integer not null references members, text text);
create table lists (id integer primary key, member_id integer not null references members, text text);
create table reviews (id integer primary key, member_id integer not null references members, text text);
create table replies (id integer primary key, member_id integer not null references members, text text);
create table reports (id integer primary key, member_id integer not null references members, text text);

create index answers_of on answers (question_id);
create index drafts_of on drafts (member_id);
create index letters_of on letters (member_id);
create index likes_of on likes (member_id);
create index lists_of on lists (member_id);
create index logins_of on logins (member_id);
create index members_left on members (left_at);
create index marks_of on marks (question_id);
create index notes_of on notes (member_id);
create index orders_of on orders (member_id);
create index pictures_of on pictures (member_id);
create index posts_of on posts (member_id);
create index questions_of on questions (member_id);
create index replies_of on replies (member_id);
create index reports_of on reports (member_id);
create index reviews_of on reviews (member_id);
create index visits_of on visits (member_id);
