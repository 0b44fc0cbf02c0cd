alter table reviews add photo uuid;
