alter table orders add column amount numeric not null default 0, add column paid_on date not null default '2026-01-01',
    add column short varchar(12) not null default '';
