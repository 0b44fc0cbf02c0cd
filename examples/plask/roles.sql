-- Who may do what. Running this twice changes nothing. Needs the tables of schema.sql and a superuser.
--
--   plask_owner    owns the tables; nobody signs in as it
--   plask_app      the service: sees active members only, cannot change who is one
--   plask_sweeper  reads and removes past row security; owns nothing, creates nothing
--   plask_keeper   owns kept_by_law, the archive, and nothing else

do $$
declare
    wanted record;
begin
    for wanted in
        select * from (values
            ('plask_owner', false, false),
            ('plask_app', true, false),
            ('plask_sweeper', true, true),
            ('plask_keeper', true, false)
        ) as roles (name, login, bypassrls)
    loop
        begin
            if not exists (select from pg_roles where rolname = wanted.name) then
                execute format('create role %I', wanted.name);
            end if;
        exception when duplicate_object or unique_violation then
            null;  -- another database of this cluster is being installed at the same moment
        end;
        -- Changed only when different, so that two installations at once do not trip over one catalogue row.
        if exists (
            select from pg_roles
            where rolname = wanted.name
                and (rolcanlogin, rolbypassrls, rolsuper, rolcreaterole, rolcreatedb, rolreplication)
                    is distinct from (wanted.login, wanted.bypassrls, false, false, false, false)
        ) then
            execute format(
                'alter role %I with %s %s nosuperuser nocreaterole nocreatedb noreplication',
                wanted.name,
                case when wanted.login then 'login' else 'nologin' end,
                case when wanted.bypassrls then 'bypassrls' else 'nobypassrls' end
            );
        end if;
    end loop;
end
$$;

revoke create on schema public from public;
grant usage on schema public to plask_owner, plask_app, plask_sweeper;

create schema if not exists kept_by_law;
alter schema kept_by_law owner to plask_keeper;
revoke all on schema kept_by_law from public;
grant usage on schema kept_by_law to plask_sweeper;

-- Ownership, the sweeper's rights, and row security, for each of Plask's tables alike.
do $$
declare
    name text;
begin
    foreach name in array array[
        'members', 'profiles', 'interests', 'sessions', 'projects', 'motion_files', 'products', 'orders',
        'payments', 'refunds', 'support_posts', 'support_replies', 'access_log', 'abuse_records', 'events',
        'event_entries', 'newsletter_subscriptions', 'rejoin_keys', 'consents'
    ]
    loop
        execute format('alter table %I owner to plask_owner', name);
        execute format('revoke all on %I from public, plask_app, plask_sweeper', name);
        execute format('grant select, update, delete on %I to plask_sweeper', name);
    end loop;
end
$$;

-- The service's rights: what its functions do, no more. It removes nothing but a key of an undone leaving.
grant select, insert on members to plask_app;
grant update (name, email, password_hash) on members to plask_app;
grant select, insert, update on profiles, newsletter_subscriptions to plask_app;
grant select, insert, update (withdrawn_at) on interests, event_entries, consents to plask_app;
grant select, insert, update (ended_at) on sessions to plask_app;
grant select, insert on projects, motion_files, support_replies, access_log, abuse_records to plask_app;
grant select, insert, update (completed_at) on orders to plask_app;
grant select, insert, update (settled_at) on payments to plask_app;
grant select, insert, update (refunded_at) on refunds to plask_app;
grant select, insert, update (answered_at, closed_at) on support_posts to plask_app;
grant select on products, events to plask_app;
grant select, insert, update, delete on rejoin_keys to plask_app;

-- A member who left is locked and unused until destroyed: hidden from the service, with all that is theirs.
-- The inner look-ups run as the service too, so each rule builds on the table above it. Rows of a member who
-- does not exist belong to nobody the service knows, and stay out of its sight as well.
do $$
declare
    rule record;
begin
    for rule in
        select * from (values
            ('members', $q$status = 'active'$q$),
            ('profiles', 'exists (select from members m where m.id = member_id)'),
            ('interests', 'exists (select from members m where m.id = member_id)'),
            ('sessions', 'exists (select from members m where m.id = member_id)'),
            ('projects', 'exists (select from members m where m.id = member_id)'),
            ('motion_files', 'exists (select from projects p where p.id = project_id)'),
            ('orders', 'exists (select from members m where m.id = member_id)'),
            ('payments', 'exists (select from orders o where o.id = order_id)'),
            ('refunds', 'exists (select from orders o where o.id = order_id)'),
            ('support_posts', 'member_id is null or exists (select from members m where m.id = member_id)'),
            ('support_replies', 'exists (select from support_posts p where p.id = post_id)'),
            ('access_log', 'member_id is null or exists (select from members m where m.id = member_id)'),
            ('abuse_records', 'exists (select from members m where m.id = member_id)'),
            ('event_entries', 'exists (select from members m where m.id = member_id)'),
            ('newsletter_subscriptions', 'exists (select from members m where m.id = member_id)'),
            ('consents', 'exists (select from members m where m.id = member_id)')
        ) as rules (name, visible)
    loop
        execute format('alter table %I enable row level security', rule.name);
        execute format('drop policy if exists not_left on %I', rule.name);
        execute format('create policy not_left on %I to plask_app using (%s)', rule.name, rule.visible);
    end loop;
end
$$;

-- Leaving and coming back cross the line that row security draws, so the owner does them for the service.
-- The service hands in the time: a simulated clock and the real one pass through the same door.

create or replace function leave(member bigint, at timestamptz) returns void
language sql security definer set search_path = pg_catalog, public, pg_temp
as $$
    update public.members set status = 'left', left_at = $2 where id = $1 and status = 'active'
$$;

-- How a member who left had their password hashed: the service turns a password into a proof with it.
create or replace function undo_recipe(email text) returns table (cost int, salt text)
language sql stable security definer set search_path = pg_catalog, public, pg_temp
as $$
    select split_part(m.password_hash, '$', 2)::int, split_part(m.password_hash, '$', 3)
    from public.members m
    where m.email = $1 and m.status = 'left'
        and split_part(m.password_hash, '$', 2) <> '' -- a row that waits for others has lost its password already
$$;

-- Undoes a leaving while five days have not passed (counted as the law counts: the day of leaving is left
-- out unless it began with it). proof is the member's one-way password hash, never the password.
create or replace function undo_leave(email text, proof text, at timestamptz) returns table (id bigint)
language sql security definer set search_path = pg_catalog, public, pg_temp
as $$
    update public.members m set status = 'active', left_at = null
    where m.email = $1
        and m.password_hash = $2
        and m.status = 'left'
        and $3 >= m.left_at
        and $3 < (((m.left_at at time zone 'Asia/Seoul') - interval '1 microsecond')::date + 6)::timestamp
            at time zone 'Asia/Seoul'
    returning m.id
$$;

alter function leave (bigint, timestamptz) owner to plask_owner;
alter function undo_recipe (text) owner to plask_owner;
alter function undo_leave (text, text, timestamptz) owner to plask_owner;
revoke execute on function leave (bigint, timestamptz) from public;
revoke execute on function undo_recipe (text) from public;
revoke execute on function undo_leave (text, text, timestamptz) from public;
grant execute on function leave (bigint, timestamptz) to plask_app;
grant execute on function undo_recipe (text) to plask_app;
grant execute on function undo_leave (text, text, timestamptz) to plask_app;
