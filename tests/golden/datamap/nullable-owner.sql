alter table orders alter column guest_email drop not null;
alter table reviews alter column member_id drop not null;
