-- Errand, schema version 1, PostgreSQL 14 and later. Never edited after release.
-- ${prefix} is the table prefix, "errand_" unless the host chose another one.

create table ${prefix}schema_version (
    version integer not null primary key
);

-- The next task number of each project.
create table ${prefix}project (
    project_id       bigint not null primary key,
    next_task_number bigint not null check (next_task_number >= 0)
);

create table ${prefix}task (
    project_id              bigint      not null,
    id                      uuid        not null,
    task_number             bigint      not null check (task_number >= 0),
    version                 bigint      not null check (version >= 1),
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
    ci_prompt               text,
    created_by              bigint,
    created_at              timestamptz not null,
    updated_at              timestamptz not null check (updated_at >= created_at),
    deleted_at              timestamptz,
    -- Title, 'A', description, both in lower case: no lower-case text reaches across the 'A'.
    search_text             text        not null,
    -- What stands before and behind the first slash of the repository.
    repo_organization       text generated always as (
        case when position('/' in repository) > 0
             then substr(repository, 1, position('/' in repository) - 1) end) stored,
    repo_name               text generated always as (
        case when position('/' in repository) > 0
             then substr(repository, position('/' in repository) + 1) end) stored,
    -- Kept by the statements that insert a run or change its status.
    latest_run_id           uuid,
    latest_run_status       text,
    latest_run_created_at   timestamptz,
    primary key (project_id, id),
    unique (project_id, task_number),
    check ((latest_run_id is null) = (latest_run_status is null)),
    check ((latest_run_id is null) = (latest_run_created_at is null))
);

-- One index for each selective filter, in the order of the list.
create index ${prefix}task_newest on ${prefix}task (project_id, created_at desc, id desc)
    where not internal and deleted_at is null;
create index ${prefix}task_internal on ${prefix}task (project_id, created_at desc, id desc)
    where internal and deleted_at is null;
create index ${prefix}task_creator on ${prefix}task (project_id, created_by, created_at desc, id desc)
    where not internal and deleted_at is null;
create index ${prefix}task_origin on ${prefix}task (project_id, origin_product, created_at desc, id desc)
    where not internal and deleted_at is null;
create index ${prefix}task_organization on ${prefix}task (project_id, repo_organization, created_at desc, id desc)
    where not internal and deleted_at is null;
create index ${prefix}task_repository on ${prefix}task (project_id, repo_name, created_at desc, id desc)
    where not internal and deleted_at is null;
create index ${prefix}task_status on ${prefix}task (project_id, latest_run_status, created_at desc, id desc)
    where not internal and deleted_at is null;

create table ${prefix}run (
    project_id    bigint      not null,
    id            uuid        not null,
    task_id       uuid        not null,
    version       bigint      not null check (version >= 1),
    status        text        not null check (status in
        ('not_started', 'queued', 'in_progress', 'completed', 'failed', 'cancelled')),
    environment   text        not null check (environment in ('local', 'cloud')),
    stage         text,
    branch        text,
    error_message text,
    output        text,
    state         text        not null,
    artifacts     bytea,
    -- What the executor owes: the intent to launch stands in the run's own row.
    phase         text        not null check (phase in ('none', 'waiting', 'launched', 'done')),
    attempt       integer     not null check (attempt >= 0),
    failures      integer     not null check (failures >= 0),
    queued_at     timestamptz,
    due_at        timestamptz,
    handle        text,
    last_failure  text,
    stop_cause    text,
    end_reason    text,
    created_at    timestamptz not null,
    updated_at    timestamptz not null check (updated_at >= created_at),
    completed_at  timestamptz,
    -- The latest lease; its owner and end are null once it was given back or nothing is owed.
    lease_owner   text,
    lease_token   bigint      not null default 0 check (lease_token >= 0),
    lease_until   timestamptz,
    primary key (project_id, id),
    foreign key (project_id, task_id) references ${prefix}task (project_id, id),
    check ((status in ('completed', 'failed', 'cancelled')) = (completed_at is not null)),
    check (end_reason is null or completed_at is not null),
    check ((phase in ('waiting', 'launched')) = (due_at is not null)),
    check ((phase = 'none') = (attempt = 0)),
    check ((lease_owner is null) = (lease_until is null)),
    check (lease_until is null or due_at is not null)
);

create index ${prefix}run_of_task on ${prefix}run (project_id, task_id, created_at desc, id desc);
create index ${prefix}run_stage on ${prefix}run (project_id, stage, task_id) where stage is not null;
create index ${prefix}run_waiting on ${prefix}run (project_id, due_at, id)
    where due_at is not null and lease_until is null;
create index ${prefix}run_leased on ${prefix}run (lease_until, project_id) where lease_until is not null;

-- Reservations, and the staged artifacts that they become.
create table ${prefix}staging (
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
    primary key (project_id, id),
    check (consumed_by is null or uploaded_at is not null)
);
create index ${prefix}staging_expiry on ${prefix}staging (project_id, expires_at, id);

-- First answers to requests with an idempotency key.
create table ${prefix}answer (
    project_id   bigint      not null,
    key_hash     bytea       not null,
    kind         text        not null,
    request_hash text        not null,
    answer       bytea,
    kept_until   timestamptz not null,
    primary key (project_id, key_hash)
);
create index ${prefix}answer_expiry on ${prefix}answer (kept_until);

-- The head of each log; an append locks it. event_numbers has the event ids of the form
-- <source>-<number>: for each source ranges that contain its numbers; null if there are too many
-- sources.
create table ${prefix}log (
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
create table ${prefix}log_segment (
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

create table ${prefix}secret (
    project_id bigint      not null,
    run_id     uuid        not null,
    name       text        not null,
    key_id     text        not null,
    sealed     bytea       not null,
    expires_at timestamptz not null,
    primary key (project_id, run_id, name)
);
create index ${prefix}secret_expiry on ${prefix}secret (expires_at);

insert into ${prefix}schema_version (version) values (1);
