-- The tables of 나와의 대화, in a SQLite file. Running this twice changes nothing.
-- Numbers of people are never given twice (autoincrement): what is left of somebody is nobody else's.
-- Every column whose date starts a retention period, and every column that leads to an owner, is indexed.

create table if not exists members (
    id integer primary key autoincrement,
    email text not null unique,
    joined_at timestamptz not null,
    status text not null check (status in ('active', 'left', 'erased')),
    left_at timestamptz,
    erasure_confirmed_at timestamptz
);
create index if not exists members_left_at on members (left_at);
create index if not exists members_erasure_confirmed_at on members (erasure_confirmed_at);

-- Signing in is a link by mail; the token that the browser then shows is stored as a hash.
create table if not exists sessions (
    id text not null primary key,
    member_id integer not null,
    token_hash text,
    ip text,
    browser text,
    created_at timestamptz not null,
    ended_at timestamptz
);
create index if not exists sessions_member_id on sessions (member_id);
create index if not exists sessions_created_at on sessions (created_at);
create index if not exists sessions_ended_at on sessions (ended_at);

-- A talk with oneself; its writer may say for how long it is kept.
create table if not exists talks (
    id integer primary key autoincrement,
    member_id integer not null references members (id),
    title text,
    begun_at timestamptz not null,
    keep_until timestamptz,
    removed_at timestamptz
);
create index if not exists talks_member_id on talks (member_id);
create index if not exists talks_keep_until on talks (keep_until);
create index if not exists talks_removed_at on talks (removed_at);

create table if not exists messages (
    id integer primary key autoincrement,
    talk_id integer not null references talks (id),
    words text,
    written_at timestamptz not null
);
create index if not exists messages_talk_id on messages (talk_id);

-- So that people find what they once wrote.
create virtual table if not exists message_words using fts5 (words, content = 'messages', content_rowid = 'id');
create trigger if not exists message_written after insert on messages begin
    insert into message_words (rowid, words) values (new.id, new.words);
end;
create trigger if not exists message_gone after delete on messages begin
    insert into message_words (message_words, rowid, words) values ('delete', old.id, old.words);
end;

create table if not exists profiles (
    member_id integer not null primary key references members (id),
    age_band text,
    sex text,
    agreed_at timestamptz not null,
    withdrawn_at timestamptz
);
create index if not exists profiles_withdrawn_at on profiles (withdrawn_at);

create table if not exists products (
    id integer primary key,
    name text not null unique,
    price integer not null
);

create table if not exists orders (
    id integer primary key autoincrement,
    member_id integer not null references members (id),
    product_id integer not null references products (id),
    summary text,
    amount integer not null,
    ordered_at timestamptz not null,
    completed_at timestamptz
);
create index if not exists orders_member_id on orders (member_id);
create index if not exists orders_completed_at on orders (completed_at);

create table if not exists payments (
    id integer primary key autoincrement,
    order_id integer not null references orders (id),
    token text,
    approval text,
    amount integer not null,
    paid_at timestamptz not null,
    settled_at timestamptz
);
create index if not exists payments_order_id on payments (order_id);
create index if not exists payments_settled_at on payments (settled_at);

-- Who pays is checked by the payment firm: here is its answer, and nothing of what it was shown.
create table if not exists identity_checks (
    id integer primary key autoincrement,
    payment_id integer not null references payments (id),
    answer text,
    checked_at timestamptz not null
);
create index if not exists identity_checks_payment_id on identity_checks (payment_id);

-- Closed on the day the money went back, or was refused.
create table if not exists refunds (
    id integer primary key autoincrement,
    order_id integer not null references orders (id),
    reason text,
    amount integer not null,
    requested_at timestamptz not null,
    outcome text check (outcome in ('refunded', 'refused')),
    closed_at timestamptz
);
create index if not exists refunds_order_id on refunds (order_id);
create index if not exists refunds_closed_at on refunds (closed_at);

-- Letters to support, of members and others.
create table if not exists letters (
    id integer primary key autoincrement,
    member_id integer,
    email text not null,
    kind text not null check (kind in ('enquiry', 'complaint')),
    body text,
    received_at timestamptz not null,
    answered_at timestamptz,
    closed_at timestamptz
);
create index if not exists letters_member_id on letters (member_id);
create index if not exists letters_email on letters (email);
create index if not exists letters_answered_at on letters (answered_at);
create index if not exists letters_closed_at on letters (closed_at);

create table if not exists letter_answers (
    id integer primary key autoincrement,
    letter_id integer not null references letters (id),
    body text,
    sent_at timestamptz not null
);
create index if not exists letter_answers_letter_id on letter_answers (letter_id);

-- visitor_key is a random value in a cookie; whoever refuses cookies and is not signed in is nobody.
create table if not exists access_log (
    id integer primary key autoincrement,
    member_id integer,
    visitor_key text,
    ip text,
    path text,
    at timestamptz not null
);
create index if not exists access_log_member_id on access_log (member_id);
create index if not exists access_log_visitor_key on access_log (visitor_key);
create index if not exists access_log_at on access_log (at);

-- What the pages were visited for, day by day: numbers about nobody.
create table if not exists daily_counts (
    day text not null,
    page text not null,
    visits integer not null,
    primary key (day, page)
);

create table if not exists visitor_tastes (
    visitor_key text not null primary key,
    tastes text,
    agreed_at timestamptz not null,
    refused_at timestamptz
);
create index if not exists visitor_tastes_agreed_at on visitor_tastes (agreed_at);
create index if not exists visitor_tastes_refused_at on visitor_tastes (refused_at);

create table if not exists abuse_records (
    id integer primary key autoincrement,
    member_id integer not null,
    ip text,
    detail text,
    recorded_at timestamptz not null
);
create index if not exists abuse_records_member_id on abuse_records (member_id);
create index if not exists abuse_records_recorded_at on abuse_records (recorded_at);

create table if not exists newsletter_subscriptions (
    member_id integer not null primary key references members (id),
    email text,
    agreed_at timestamptz not null,
    withdrawn_at timestamptz
);
create index if not exists newsletter_subscriptions_withdrawn_at on newsletter_subscriptions (withdrawn_at);

create table if not exists events (
    id integer primary key,
    name text not null unique,
    closed_at timestamptz
);
create index if not exists events_closed_at on events (closed_at);

create table if not exists event_entries (
    id integer primary key autoincrement,
    event_id integer not null references events (id),
    member_id integer not null references members (id),
    answer text,
    agreed_at timestamptz not null,
    withdrawn_at timestamptz
);
create index if not exists event_entries_event_id on event_entries (event_id);
create index if not exists event_entries_member_id on event_entries (member_id);
create index if not exists event_entries_withdrawn_at on event_entries (withdrawn_at);

-- Mails that ask for deletion. Who sent one is known once the link that is mailed back was followed.
create table if not exists erasure_requests (
    id integer primary key autoincrement,
    email text not null,
    received_at timestamptz not null,
    confirmed_at timestamptz,
    closed_at timestamptz
);
create index if not exists erasure_requests_email on erasure_requests (email);
create index if not exists erasure_requests_closed_at on erasure_requests (closed_at);

-- What was printed about whom, until it is shredded and the shreds are burnt.
create table if not exists paper_register (
    id integer primary key autoincrement,
    member_id integer not null references members (id),
    what text,
    printed_at timestamptz not null,
    shredded integer not null default 0,
    burnt integer not null default 0,
    destroyed_at timestamptz
);
create index if not exists paper_register_member_id on paper_register (member_id);
create index if not exists paper_register_destroyed_at on paper_register (destroyed_at);

create table if not exists consents (
    id integer primary key autoincrement,
    member_id integer not null references members (id),
    processing text not null,
    version text not null,
    given_at timestamptz not null,
    withdrawn_at timestamptz
);
create index if not exists consents_member_id on consents (member_id);
