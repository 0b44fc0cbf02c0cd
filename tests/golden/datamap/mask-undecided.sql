alter table members add constraint long_names check (length(name) > 1);
