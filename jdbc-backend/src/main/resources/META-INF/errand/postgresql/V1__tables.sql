-- Errand, schema version 1, PostgreSQL 14 and later. Never edited after release.
-- Values are checked by domains: PostgreSQL prepares each table constraint anew for each statement
-- that writes the table, which costs a tenth of the throughput and more.

create domain errand_run_status as text check (value in
    ('not_started', 'queued', 'in_progress', 'completed', 'failed', 'cancelled'));
create domain errand_run_environment as text check (value in ('local', 'cloud'));
create domain errand_queue_phase as text check (value in ('waiting', 'launched'));
create domain errand_priority as smallint check (value between -100 and 100);
create domain errand_milliseconds as bigint check (value between 1 and 31536000000);

create table errand_schema_version (
    version integer not null primary key
);

-- The next task number of each project.
create table errand_project (
    project_id       bigint not null primary key,
    next_task_number bigint not null
);

-- No change of a run writes its task.
create table errand_task (
    project_id              bigint      not null,
    id                      uuid        not null,
    task_number             bigint      not null,
    version                 bigint      not null,
    title                   text        not null,
    title_manually_set      boolean     not null,
    description             text        not null,
    origin_product          text        not null,
    repository              text,
    github_integration      bigint,
    github_user_integration uuid,
    signal_report           uuid,
    report_relationship     text,
    json_schema             text,
    internal                boolean     not null,
    archived_at             timestamptz,
    -- The repositories after the first one, as a JSON array.
    further_repositories    text,
    runtime                 text        not null,
    ci_prompt               text,
    created_by              bigint,
    created_at              timestamptz not null,
    updated_at              timestamptz not null,
    deleted_at              timestamptz,
    -- Title, 'A' and description, both in lower case. No search text in lower case matches across
    -- the 'A'.
    search_text             text        not null,
    -- The parts of the repository before and after its first slash.
    repo_organization       text generated always as (
        case when position('/' in repository) > 0
             then substr(repository, 1, position('/' in repository) - 1) end) stored,
    repo_name               text generated always as (
        case when position('/' in repository) > 0
             then substr(repository, position('/' in repository) + 1) end) stored,
    primary key (project_id, id),
    -- The number comes first: while the table is empty, an index that begins with the project looks
    -- as good as the primary key, and plans of that time are kept until the table is analysed.
    unique (task_number, project_id)
);

-- One index for each selective filter, in the order of the list.
-- For lists with archived tasks, and for those of both internal and other tasks. It comes first, so
-- that lists of other tasks use their own index, which looks equally good.
create index errand_task_all on errand_task (project_id, created_at desc, id desc)
    where deleted_at is null;
create index errand_task_newest on errand_task (project_id, created_at desc, id desc)
    where not internal and deleted_at is null and archived_at is null;
create index errand_task_internal on errand_task (project_id, created_at desc, id desc)
    where internal and deleted_at is null;
create index errand_task_creator on errand_task (project_id, created_by, created_at desc, id desc)
    where not internal and deleted_at is null and archived_at is null;
create index errand_task_origin on errand_task (project_id, origin_product, created_at desc, id desc)
    where not internal and deleted_at is null and archived_at is null;
create index errand_task_organization
    on errand_task (project_id, repo_organization, created_at desc, id desc)
    where not internal and deleted_at is null and archived_at is null;
create index errand_task_repository on errand_task (project_id, repo_name, created_at desc, id desc)
    where not internal and deleted_at is null and archived_at is null;
create index errand_task_deleted on errand_task (deleted_at) where deleted_at is not null;

create table errand_run (
    project_id      bigint                 not null,
    id              uuid                   not null,
    task_id         uuid                   not null,
    version         bigint                 not null,
    status          errand_run_status      not null,
    environment     errand_run_environment not null,
    stage           text,
    branch          text,
    error_message   text,
    -- Text, because the API returns these documents exactly as they were sent.
    output          text,
    state           text                   not null,
    artifacts       jsonb,
    -- The number of the latest attempt; 0 if the run was never queued.
    attempt         integer                not null,
    end_reason      text,
    -- The creation time of the task, so that indexes of runs can be in the order of the task list.
    task_created_at timestamptz            not null,
    created_at      timestamptz            not null,
    updated_at      timestamptz            not null,
    completed_at    timestamptz,
    -- Whether no run of the task is newer.
    latest          boolean                not null,
    foreign key (project_id, task_id) references errand_task (project_id, id)
) with (fillfactor = 80);

create index errand_run_of_task on errand_run (project_id, task_id, created_at desc, id desc);
create index errand_run_status on errand_run (project_id, status, task_created_at desc, task_id desc)
    where latest;
create index errand_run_stage on errand_run (project_id, stage, task_created_at desc, task_id desc)
    where stage is not null;
-- The primary key is created after the other indexes. Of indexes that look equally good, as those of
-- an empty table do, PostgreSQL uses the latest, and keeps that plan until the table is analysed.
alter table errand_run add primary key (project_id, id);

-- One row for each run that needs dispatcher action. A claim or a renewal changes no indexed column,
-- so that PostgreSQL can place the new row version on the same page without index entries (HOT).
create table errand_queue (
    project_id       bigint             not null,
    run_id           uuid               not null,
    task_id          uuid               not null,
    phase            errand_queue_phase not null,
    failures         integer            not null,
    priority         errand_priority    not null,
    queued_at        timestamptz        not null,
    due_at           timestamptz        not null,
    handle           text,
    last_failure     text,
    stop_reason      text,
    -- Time limits of this run; null if the engine's apply.
    queued_limit     errand_milliseconds,
    launch_limit     errand_milliseconds,
    inactivity_limit errand_milliseconds,
    total_limit      errand_milliseconds,
    -- The latest lease. Owner and end are null if it was released. The token of a new row is the
    -- attempt times 2^32 and each claim adds 1, so that it increases over all claims of a run.
    lease_owner      text,
    lease_token      bigint             not null,
    lease_until      timestamptz
) with (fillfactor = 40, vacuum_truncate = off);

create index errand_queue_order on errand_queue (project_id desc, priority desc, due_at, run_id);
alter table errand_queue add primary key (project_id, run_id);

-- The queue is often empty and then grows fast. PostgreSQL plans a statement for the current number
-- of pages and keeps the plan until the table is analysed, so that a plan of an empty table would
-- read the whole queue. The pages of these rows remain, and make the indexes look better from the
-- beginning.
insert into errand_queue (project_id, run_id, task_id, phase, failures, priority, queued_at, due_at,
    lease_token)
select 0, gen_random_uuid(), gen_random_uuid(), 'waiting', 0, 0, now(), now(), 0
from generate_series(1, 2000);
delete from errand_queue;

-- Reservations, and the staged artifacts that they become.
create table errand_staging (
    project_id    bigint      not null,
    id            uuid        not null,
    task_id       uuid        not null,
    storage_path  text        not null,
    expires_at    timestamptz not null,
    consumed_by   uuid,
    -- Null until the upload is finalised.
    name          text,
    type          text,
    source        text,
    size_in_bytes bigint,
    content_type  text,
    uploaded_at   timestamptz,
    metadata      text,
    primary key (project_id, id)
);
create index errand_staging_task on errand_staging (project_id, task_id);
create index errand_staging_expiry on errand_staging (expires_at);

-- The first answers to requests with an idempotency key.
create table errand_idempotency (
    project_id   bigint      not null,
    key_hash     bytea       not null,
    request_hash text        not null,
    -- The task of the answer; null if there is none.
    task_id      uuid,
    -- The task with its latest run, by the names of their columns.
    answer       jsonb,
    kept_until   timestamptz not null,
    primary key (project_id, key_hash)
);
create index errand_idempotency_expiry on errand_idempotency (kept_until);
create index errand_idempotency_task on errand_idempotency (project_id, task_id)
    where task_id is not null;

-- The head of each log; an append locks it. event_numbers has the event ids of the form
-- <source>-<number>: for each source ranges that contain its numbers; null if there are too many
-- sources.
create table errand_log (
    project_id    bigint not null,
    run_id        uuid   not null,
    last_position bigint not null,
    appended_at   timestamptz,
    latest_time   timestamptz,
    event_numbers jsonb,
    primary key (project_id, run_id)
) with (fillfactor = 50);

-- Consecutive entries, one a line, written once; and for each entry its type, its time in ISO 8601,
-- and the digest of its event id. No entry up to this segment has a later time than latest_time.
create table errand_log_segment (
    project_id     bigint not null,
    run_id         uuid   not null,
    last_position  bigint not null,
    first_position bigint not null,
    latest_time    timestamptz,
    entries        text   not null,
    types          text[] not null,
    times          text[] not null,
    events         uuid[],
    primary key (project_id, run_id, last_position)
);

create table errand_secret (
    project_id bigint      not null,
    run_id     uuid        not null,
    name       text        not null,
    key_id     text        not null,
    sealed     bytea       not null,
    expires_at timestamptz not null,
    primary key (project_id, run_id, name)
);
create index errand_secret_expiry on errand_secret (expires_at);

-- The conversation of a run with its agent program; the last columns are null while it has no
-- content.
create table errand_conversation (
    project_id    bigint not null,
    run_id        uuid   not null,
    id            uuid   not null,
    sha256        text,
    size_in_bytes bigint,
    storage_path  text,
    primary key (project_id, run_id)
);

-- The objects of erased tasks and expired uploads, and replaced objects, until the object store has deleted them.
create table errand_object_deletion (
    project_id   bigint not null,
    storage_path text not null,
    requested_at timestamptz not null,
    primary key (project_id, storage_path)
);

insert into errand_schema_version (version) values (1);
