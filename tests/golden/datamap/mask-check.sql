alter table members add constraint phones check (phone in ('none', '02-0000-0000'));
