-- Who may do what in a service's database. Running this twice changes nothing. Needs its tables and a superuser.
--
--   {service}_owner    owns the tables; nobody signs in as it
--   {service}_app      the service
--   {service}_sweeper  reads and removes past row security; owns nothing, creates nothing
--   {service}_keeper   owns kept_by_law, the archive, and nothing else

do $$
declare
    wanted record;
    made record;
begin
    for wanted in
        select * from (values
            ('{service}_owner', 'nologin nobypassrls'),
            ('{service}_app', 'login nobypassrls'),
            ('{service}_sweeper', 'login bypassrls'),
            ('{service}_keeper', 'login nobypassrls')
        ) as roles (name, may)
    loop
        begin
            if not exists (select from pg_roles where rolname = wanted.name) then
                execute format('create role %I %s', wanted.name, wanted.may);
            end if;
        exception when duplicate_object or unique_violation then
            null;  -- another database of this cluster is being installed at the same moment
        end;
    end loop;
    for made in
        select format('%I.%I', n.nspname, c.relname) as name
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p')
    loop
        execute format('alter table %s owner to {service}_owner', made.name);
        execute format('grant select, insert, update, delete on %s to {service}_app', made.name);
        execute format('grant select, update, delete on %s to {service}_sweeper', made.name);
    end loop;
end
$$;

revoke create on schema public from public;
grant usage on schema public to {service}_owner, {service}_app, {service}_sweeper;
grant usage on all sequences in schema public to {service}_app;

create schema if not exists kept_by_law;
alter schema kept_by_law owner to {service}_keeper;
revoke all on schema kept_by_law from public;
grant usage on schema kept_by_law to {service}_sweeper;
