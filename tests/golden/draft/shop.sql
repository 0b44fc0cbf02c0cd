-- A small shop whose people are made up: what `jikim new` makes of it stands beside this file.
create table members (
    id bigint primary key, email text not null unique, name text not null, phone text, resident_no text,
    password_hash text not null, joined_at timestamptz not null, status text not null check (status in ('active', 'left')),
    left_at timestamptz);
create table countries (code text primary key, name text not null);
create table products (id bigint primary key, product_name text not null, price numeric(10), created_by bigint references members);
create table orders (
    id bigint primary key, member_id bigint not null references members, total numeric(10) not null, delivery_memo text,
    receiver jsonb, completed_at timestamptz);
create table order_items (
    order_id bigint references orders, product_id bigint references products, quantity integer not null,
    primary key (order_id, product_id));
-- No foreign key: the application writes the number itself.
create table reviews (
    id bigint primary key, "memberId" bigint not null, body text not null, commentable_type text, commentable_id bigint,
    created_at timestamp not null);
create table sessions (token text primary key, user_id bigint not null, ip_address inet, ua text, expires_at timestamptz);
create table "문의" ("번호" bigint primary key, "이메일" text not null, "내용" text not null, "답변일시" timestamptz);
create table access_log (id bigint primary key, ip text not null, path text, at timestamptz not null);

insert into members
select n, 'person' || n || '@mail.example', (array['김하나', '이두리', '박세찬', '최네오'])[1 + n % 4], '010-0000-' || 1000 + n,
    case when n < 4 then '900101-1234568' end, 'pbkdf2_sha256$600000$abcdefgh$' || repeat('A', 43) || '=',
    timestamptz '2024-01-01 00:00+09', 'active', null
from generate_series(1, 40) n;
insert into countries values ('KR', 'Korea');
insert into products select n, 'lamp ' || n, 1000, 1 from generate_series(1, 5) n;
insert into orders
select n, n, 5000, 'call 010-0000-1234 before you come, please',
    json_build_object('name', '김하나', 'phone', '010-0000-1234', 'floor', n), null
from generate_series(1, 40) n;
insert into order_items select n, 1 + n % 5, 1 from generate_series(1, 40) n;
insert into reviews select n, n, 'a very good lamp that shines all night', 'Product', 1 + n % 5, timestamp '2025-01-01 00:00'
from generate_series(1, 40) n;
insert into sessions
select md5(n::text) || md5(n::text), n, '192.0.2.1', 'Mozilla/5.0 (X11) AppleWebKit/1', null from generate_series(1, 40) n;
insert into "문의" select n, 'person' || n || '@mail.example', '배송은 언제쯤 오는지 알고 싶습니다', null from generate_series(1, 20) n;
insert into access_log select n, '192.0.2.' || n, '/lamps', timestamptz '2025-01-01 00:00+09' from generate_series(1, 40) n;
