-- Errand, schema version 2, PostgreSQL 13 and later. Never edited after release.
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

-- Runs that are to begin, in the order in which a project's are claimed.
drop index ${prefix}run_waiting;
create index ${prefix}run_waiting on ${prefix}run (project_id desc, priority desc, due_at, id)
    where phase = 'waiting' and stop_cause is null and lease_until is null;

-- Runs that were begun or are to be stopped, and that nobody attends to.
create index ${prefix}run_unattended on ${prefix}run (due_at, project_id)
    where lease_until is null and due_at is not null
        and (phase = 'launched' or stop_cause is not null);


insert into ${prefix}schema_version (version) values (2);
