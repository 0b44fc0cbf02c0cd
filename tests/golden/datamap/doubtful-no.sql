alter table products add column maker_address text;
