alter table members add column search text generated always as (lower(name)) stored;
