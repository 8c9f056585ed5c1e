-- Errand, schema version 1, H2 2.x. Never edited after release.

-- JSON. The type json of H2 is limited to one megabyte.
create domain jsonb as text;

create domain errand_run_status as varchar check (value in
    ('not_started', 'queued', 'in_progress', 'completed', 'failed', 'cancelled'));
create domain errand_run_environment as varchar check (value in ('local', 'cloud'));
create domain errand_queue_phase as varchar check (value in ('waiting', 'launched'));
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
    project_id              bigint  not null,
    id                      uuid    not null,
    task_number             bigint  not null,
    version                 bigint  not null,
    title                   varchar not null,
    title_manually_set      boolean not null,
    description             text    not null,
    origin_product          varchar not null,
    repository              varchar,
    github_integration      bigint,
    github_user_integration uuid,
    signal_report           uuid,
    report_relationship     varchar,
    json_schema             text,
    internal                boolean not null,
    archived_at             timestamp(6) with time zone,
    -- The repositories after the first one, as a JSON array.
    further_repositories    varchar,
    runtime                 varchar        not null,
    ci_prompt               text,
    created_by              bigint,
    created_at              timestamp(6) with time zone not null,
    updated_at              timestamp(6) with time zone not null,
    deleted_at              timestamp(6) with time zone,
    -- Title, 'A' and description, both in lower case. No search text in lower case matches across
    -- the 'A'.
    search_text             text    not null,
    -- The parts of the repository before and after its first slash.
    repo_organization       varchar generated always as (
        case when position('/' in repository) > 0
             then substr(repository, 1, position('/' in repository) - 1) end),
    repo_name               varchar generated always as (
        case when position('/' in repository) > 0
             then substr(repository, position('/' in repository) + 1) end),
    primary key (project_id, id),
    unique (project_id, task_number)
);

-- One index for each selective filter, in the order of the list.
create index errand_task_newest on errand_task (project_id, internal, created_at desc, id desc);
create index errand_task_creator on errand_task (project_id, internal, created_by, created_at desc, id desc);
create index errand_task_origin on errand_task (project_id, internal, origin_product, created_at desc, id desc);
create index errand_task_organization
    on errand_task (project_id, internal, repo_organization, created_at desc, id desc);
create index errand_task_repository on errand_task (project_id, internal, repo_name, created_at desc, id desc);
create index errand_task_deleted on errand_task (deleted_at);

create table errand_run (
    project_id      bigint                 not null,
    id              uuid                   not null,
    task_id         uuid                   not null,
    version         bigint                 not null,
    status          errand_run_status      not null,
    environment     errand_run_environment not null,
    stage           varchar,
    branch          varchar,
    error_message   text,
    output          text,
    state           text                   not null,
    artifacts       jsonb,
    -- The number of the latest attempt; 0 if the run was never queued.
    attempt         integer                not null,
    end_reason      varchar,
    -- The creation time of the task, so that indexes of runs can be in the order of the task list.
    task_created_at timestamp(6) with time zone not null,
    created_at      timestamp(6) with time zone not null,
    updated_at      timestamp(6) with time zone not null,
    completed_at    timestamp(6) with time zone,
    -- Whether no run of the task is newer.
    latest          boolean                not null,
    primary key (project_id, id),
    foreign key (project_id, task_id) references errand_task (project_id, id)
);

create index errand_run_of_task on errand_run (project_id, task_id, created_at desc, id desc);
create index errand_run_status on errand_run (project_id, latest, status, task_created_at desc, task_id desc);
create index errand_run_stage on errand_run (project_id, stage, task_created_at desc, task_id desc);

-- One row for each run that needs dispatcher action.
create table errand_queue (
    project_id       bigint             not null,
    run_id           uuid               not null,
    task_id          uuid               not null,
    phase            errand_queue_phase not null,
    failures         integer            not null,
    priority         errand_priority    not null,
    queued_at        timestamp(6) with time zone not null,
    due_at           timestamp(6) with time zone not null,
    handle           varchar,
    last_failure     text,
    stop_reason      varchar,
    -- Time limits of this run; null if the engine's apply.
    queued_limit     errand_milliseconds,
    launch_limit     errand_milliseconds,
    inactivity_limit errand_milliseconds,
    total_limit      errand_milliseconds,
    -- The latest lease. Owner and end are null if it was released. The token of a new row is the
    -- attempt times 2^32 and each claim adds 1, so that it increases over all claims of a run.
    lease_owner      varchar,
    lease_token      bigint             not null,
    lease_until      timestamp(6) with time zone,
    primary key (project_id, run_id)
);

create index errand_queue_order on errand_queue (project_id desc, priority desc, due_at, run_id);

-- Reservations, and the staged artifacts that they become.
create table errand_staging (
    project_id    bigint  not null,
    id            uuid    not null,
    task_id       uuid    not null,
    storage_path  varchar not null,
    expires_at    timestamp(6) with time zone not null,
    consumed_by   uuid,
    -- Null until the upload is finalised.
    name          varchar,
    type          varchar,
    source        varchar,
    size_in_bytes bigint,
    content_type  varchar,
    uploaded_at   timestamp(6) with time zone,
    metadata      varchar,
    primary key (project_id, id)
);
create index errand_staging_task on errand_staging (project_id, task_id);
create index errand_staging_expiry on errand_staging (expires_at);

-- The first answers to requests with an idempotency key.
create table errand_idempotency (
    project_id   bigint        not null,
    key_hash     varbinary(32) not null,
    request_hash varchar       not null,
    -- The task of the answer; null if there is none.
    task_id      uuid,
    -- The task with its latest run, by the names of their columns.
    answer       jsonb,
    kept_until   timestamp(6) with time zone not null,
    primary key (project_id, key_hash)
);
create index errand_idempotency_expiry on errand_idempotency (kept_until);
create index errand_idempotency_task on errand_idempotency (project_id, task_id);

-- The head of each log; an append locks it. event_numbers has the event ids of the form
-- <source>-<number>: for each source ranges that contain its numbers; null if there are too many
-- sources.
create table errand_log (
    project_id    bigint not null,
    run_id        uuid   not null,
    last_position bigint not null,
    appended_at   timestamp(6) with time zone,
    latest_time   timestamp(6) with time zone,
    event_numbers varchar array,
    primary key (project_id, run_id)
);

-- Consecutive entries, one a line, written once; and for each entry its type, its time in ISO 8601,
-- and the digest of its event id. No entry up to this segment has a later time than latest_time.
create table errand_log_segment (
    project_id     bigint not null,
    run_id         uuid   not null,
    last_position  bigint not null,
    first_position bigint not null,
    latest_time    timestamp(6) with time zone,
    entries        text   not null,
    types          varchar array not null,
    times          varchar array not null,
    events         uuid array,
    primary key (project_id, run_id, last_position)
);

create table errand_secret (
    project_id bigint             not null,
    run_id     uuid               not null,
    name       varchar            not null,
    key_id     varchar            not null,
    sealed     varbinary(1000000) not null,
    expires_at timestamp(6) with time zone not null,
    primary key (project_id, run_id, name)
);
create index errand_secret_expiry on errand_secret (expires_at);

-- The conversation of a run with its agent program; the last columns are null while it has no
-- content.
create table errand_conversation (
    project_id    bigint not null,
    run_id        uuid   not null,
    id            uuid   not null,
    sha256        varchar,
    size_in_bytes bigint,
    storage_path  varchar,
    primary key (project_id, run_id)
);

-- The objects of erased tasks and expired uploads, and replaced objects, until the object store has deleted them.
create table errand_object_deletion (
    project_id   bigint not null,
    storage_path varchar not null,
    requested_at timestamp(6) with time zone not null,
    primary key (project_id, storage_path)
);

insert into errand_schema_version (version) values (1);
