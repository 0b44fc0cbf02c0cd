alter table reviews add column seen timestamptz;
