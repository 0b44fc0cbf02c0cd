-- Writes down who changed which row of what, in the transaction that changes it. Only tests have this.
create schema noted;
create table noted.change (
    n bigint generated always as identity primary key,
    who text not null default session_user,
    verb text not null,
    place text not null,
    old jsonb,
    new jsonb
);

create function noted.note() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    insert into noted.change (verb, place, old, new)
    values (tg_op, tg_table_name, to_jsonb(old), to_jsonb(new));
    return null;
end
$$;

do $$
declare
    place record;
begin
    for place in
        select schemaname, tablename from pg_tables
        where schemaname in ('public', 'kept_by_law') and tablename <> 'jikim_provenance'
    loop
        execute format(
            'create trigger noted after insert or update or delete on %I.%I for each row execute function noted.note()',
            place.schemaname, place.tablename
        );
    end loop;
end
$$;
