-- Errand, schema version 2, H2 2.x. Never edited after release.
-- The terms of a run: how urgent it is, and how long each part of its execution may take.

alter table ${prefix}run add column priority smallint default 0 not null
    check (priority between -100 and 100);

-- In milliseconds; null means: as the engine says.
alter table ${prefix}run add column queued_limit bigint
    check (queued_limit between 1 and 31536000000);
alter table ${prefix}run add column launch_limit bigint
    check (launch_limit between 1 and 31536000000);
alter table ${prefix}run add column inactivity_limit bigint
    check (inactivity_limit between 1 and 31536000000);
alter table ${prefix}run add column total_limit bigint
    check (total_limit between 1 and 31536000000);


insert into ${prefix}schema_version (version) values (2);
