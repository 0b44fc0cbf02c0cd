alter table orders drop constraint orders_member_id_fkey;
alter table orders alter column member_id type text;
