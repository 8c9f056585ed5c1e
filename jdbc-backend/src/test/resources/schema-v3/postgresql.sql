set time zone 'UTC';
-- Errand, schema version 1, PostgreSQL 13 and later. Never edited after release.
-- errand_ is the table prefix, "errand_" unless the host chose another one.

create table errand_schema_version (
    version integer not null primary key
);

-- The next task number of each project.
create table errand_project (
    project_id       bigint not null primary key,
    next_task_number bigint not null check (next_task_number >= 0)
);

create table errand_task (
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
create index errand_task_newest on errand_task (project_id, created_at desc, id desc)
    where not internal and deleted_at is null;
create index errand_task_internal on errand_task (project_id, created_at desc, id desc)
    where internal and deleted_at is null;
create index errand_task_creator on errand_task (project_id, created_by, created_at desc, id desc)
    where not internal and deleted_at is null;
create index errand_task_origin on errand_task (project_id, origin_product, created_at desc, id desc)
    where not internal and deleted_at is null;
create index errand_task_organization on errand_task (project_id, repo_organization, created_at desc, id desc)
    where not internal and deleted_at is null;
create index errand_task_repository on errand_task (project_id, repo_name, created_at desc, id desc)
    where not internal and deleted_at is null;
create index errand_task_status on errand_task (project_id, latest_run_status, created_at desc, id desc)
    where not internal and deleted_at is null;

create table errand_run (
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
    foreign key (project_id, task_id) references errand_task (project_id, id),
    check ((status in ('completed', 'failed', 'cancelled')) = (completed_at is not null)),
    check (end_reason is null or completed_at is not null),
    check ((phase in ('waiting', 'launched')) = (due_at is not null)),
    check ((phase = 'none') = (attempt = 0)),
    check ((lease_owner is null) = (lease_until is null)),
    check (lease_until is null or due_at is not null)
);

create index errand_run_of_task on errand_run (project_id, task_id, created_at desc, id desc);
create index errand_run_stage on errand_run (project_id, stage, task_id) where stage is not null;
create index errand_run_waiting on errand_run (project_id, due_at, id)
    where due_at is not null and lease_until is null;
create index errand_run_leased on errand_run (lease_until, project_id) where lease_until is not null;

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
    primary key (project_id, id),
    check (consumed_by is null or uploaded_at is not null)
);
create index errand_staging_expiry on errand_staging (project_id, expires_at, id);

-- First answers to requests with an idempotency key.
create table errand_answer (
    project_id   bigint      not null,
    key_hash     bytea       not null,
    kind         text        not null,
    request_hash text        not null,
    answer       bytea,
    kept_until   timestamptz not null,
    primary key (project_id, key_hash)
);
create index errand_answer_expiry on errand_answer (kept_until);

-- Where each log ends; locked by who appends.
create table errand_log (
    project_id    bigint not null,
    run_id        uuid   not null,
    last_position bigint not null check (last_position >= 0),
    primary key (project_id, run_id)
);

-- The entries: written once, one line an entry.
create table errand_log_segment (
    project_id     bigint not null,
    run_id         uuid   not null,
    last_position  bigint not null,
    first_position bigint not null check (first_position between 1 and last_position),
    entries        text   not null,
    primary key (project_id, run_id, last_position)
);

-- The event ids of a log's last entries, as digests.
create table errand_log_event (
    project_id bigint not null,
    run_id     uuid   not null,
    event      uuid   not null,
    position   bigint not null,
    primary key (project_id, run_id, event)
);
create index errand_log_event_age on errand_log_event (project_id, run_id, position);

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

insert into errand_schema_version (version) values (1);
-- Errand, schema version 2, PostgreSQL 13 and later. Never edited after release.
-- The terms of a run: how urgent it is, and how long each part of its execution may take; when a
-- log was last appended to.

alter table errand_run add column priority smallint default 0 not null
    check (priority between -100 and 100);

-- In milliseconds; null means: as the engine says.
alter table errand_run add column queued_limit bigint
    check (queued_limit between 1 and 31536000000);
alter table errand_run add column launch_limit bigint
    check (launch_limit between 1 and 31536000000);
alter table errand_run add column inactivity_limit bigint
    check (inactivity_limit between 1 and 31536000000);
alter table errand_run add column total_limit bigint
    check (total_limit between 1 and 31536000000);

-- Runs that are to begin, in the order in which a project's are claimed.
drop index errand_run_waiting;
create index errand_run_waiting on errand_run (project_id desc, priority desc, due_at, id)
    where phase = 'waiting' and stop_cause is null and lease_until is null;

-- Runs that were begun or are to be stopped, and that nobody attends to.
create index errand_run_unattended on errand_run (due_at, project_id)
    where lease_until is null and due_at is not null
        and (phase = 'launched' or stop_cause is not null);

-- When the last entry was appended; null where that was before this version.
alter table errand_log add column appended_at timestamptz;

insert into errand_schema_version (version) values (2);
-- Errand, schema version 3, PostgreSQL 13 and later. Never edited after release.
-- When a run's task was created, so that the tasks with a stage stand in an index in list order;
-- and the key of task numbers the other way round.

-- The table is written anew, with its indexes: an update of each row would take twice as
-- long and leave as many dead ones.
create function pg_temp.created_at_of(project bigint, task uuid) returns timestamptz
    language sql stable
    as 'select t.created_at from errand_task t where t.project_id = $1 and t.id = $2';
drop index errand_run_stage;
alter table errand_run add column task_created_at timestamptz;
alter table errand_run alter column task_created_at type timestamptz
    using pg_temp.created_at_of(project_id, task_id);
alter table errand_run alter column task_created_at set not null;
drop function pg_temp.created_at_of(bigint, uuid);

create index errand_run_stage on errand_run (project_id, stage, task_created_at desc, task_id desc)
    where stage is not null;

-- The number comes first, for an index that begins with the project looks as good as the primary
-- key while the table is empty, and a plan of that time, a foreign key's check's too, is kept until
-- the table is analysed: the first inserts read all tasks.
alter table errand_task drop constraint errand_task_project_id_task_number_key;
alter table errand_task add unique (task_number, project_id);

insert into errand_schema_version (version) values (3);
create table errand_migration (installed_rank integer, version character varying, description character varying, type character varying, script character varying, checksum integer, installed_by character varying, installed_on timestamp without time zone, execution_time integer, success boolean);
insert into errand_project (project_id, next_task_number) values ('7', '2');
insert into errand_project (project_id, next_task_number) values ('8', '1');
insert into errand_task (project_id, id, task_number, version, title, title_manually_set, description, origin_product, repository, github_integration, github_user_integration, signal_report, report_relationship, json_schema, internal, ci_prompt, created_by, created_at, updated_at, deleted_at, search_text, latest_run_id, latest_run_status, latest_run_created_at) values ('7', '5a3e8efc-6fdd-34aa-bdf2-41d2c9420057', '0', '2', 'Fix the empty cart, "now"', 'true', 'Opening it crashes: "NPE" – 日本語
	at Cart', 'error_tracking', 'acme/mobile', '12', '776ea3bf-11df-3829-827f-7afb43c37174', 'e98d2f00-1da5-378b-b948-2efbdf5770dc', NULL, '{"type":"object"}', 'false', 'Mind the cart.', '31', '2026-05-06 08:00:00+00', '2026-05-06 09:00:00+00', NULL, 'fix the empty cart, "now"Aopening it crashes: "npe" – 日本語
	at cart', 'cf94b040-3958-35a1-87da-492c4fe3f270', 'queued', '2026-05-06 09:00:02+00');
insert into errand_task (project_id, id, task_number, version, title, title_manually_set, description, origin_product, repository, github_integration, github_user_integration, signal_report, report_relationship, json_schema, internal, ci_prompt, created_by, created_at, updated_at, deleted_at, search_text, latest_run_id, latest_run_status, latest_run_created_at) values ('7', '8b963dc2-1fab-30d9-a02b-2534fd718400', '1', '2', '', 'false', '', 'user_created', NULL, NULL, NULL, NULL, NULL, NULL, 'false', NULL, NULL, '2026-05-06 08:59:55+00', '2026-05-06 09:00:00+00', '2026-05-06 09:00:00+00', 'A', NULL, NULL, NULL);
insert into errand_task (project_id, id, task_number, version, title, title_manually_set, description, origin_product, repository, github_integration, github_user_integration, signal_report, report_relationship, json_schema, internal, ci_prompt, created_by, created_at, updated_at, deleted_at, search_text, latest_run_id, latest_run_status, latest_run_created_at) values ('8', '6c21138c-f8f6-3789-b30a-f560210fdba8', '0', '1', '', 'false', '', 'user_created', NULL, NULL, NULL, NULL, NULL, NULL, 'true', NULL, NULL, '2026-05-06 09:00:00+00', '2026-05-06 09:00:00+00', NULL, 'A', NULL, NULL, NULL);
insert into errand_run (project_id, id, task_id, version, status, environment, stage, branch, error_message, output, state, artifacts, phase, attempt, failures, queued_at, due_at, handle, last_failure, stop_cause, end_reason, created_at, updated_at, completed_at, lease_owner, lease_token, lease_until, priority, queued_limit, launch_limit, inactivity_limit, total_limit, task_created_at) values ('7', '21f428b6-8be1-3d30-bbff-827bee758d63', '5a3e8efc-6fdd-34aa-bdf2-41d2c9420057', '1', 'queued', 'cloud', NULL, 'main', NULL, NULL, '{"mode":"background"}', NULL, 'waiting', '1', '0', '2026-05-06 09:00:00+00', '2026-05-06 09:00:00+00', NULL, NULL, NULL, NULL, '2026-05-06 09:00:01+00', '2026-05-06 09:00:01+00', NULL, NULL, '0', NULL, '0', NULL, NULL, NULL, NULL, '2026-05-06 08:00:00+00');
insert into errand_run (project_id, id, task_id, version, status, environment, stage, branch, error_message, output, state, artifacts, phase, attempt, failures, queued_at, due_at, handle, last_failure, stop_cause, end_reason, created_at, updated_at, completed_at, lease_owner, lease_token, lease_until, priority, queued_limit, launch_limit, inactivity_limit, total_limit, task_created_at) values ('7', '7e8368ae-ac16-34b1-bf23-b6c1fadbd41b', '5a3e8efc-6fdd-34aa-bdf2-41d2c9420057', '2', 'failed', 'cloud', 'building', 'errand/fix', 'it said:
	''no''', '{"pr_url": null}', '{"mode":"background","x":[1,"日本語"]}', E'\\x02024034386665383535386365313433346338613531393834343463353338656363351e31303025202273757265222e7478741e757365725f6174746163686d656e7418706f7374686f675f636f6465804014746578742f706c61696ee2017461736b732f6172746966616374732f7465616d5f372f7461736b5f35613365386566632d366664642d333461612d626466322d3431643263393432303035372f7374616765642f34386665383535386365313433346338613531393834343463353338656363352f737572652e747874a08cd89f0d00', 'none', '0', '0', NULL, NULL, NULL, NULL, NULL, 'sandbox_exited', '2026-05-06 08:50:00+00', '2026-05-06 09:00:00+00', '2026-05-06 09:00:00+00', NULL, '0', NULL, '0', NULL, NULL, NULL, NULL, '2026-05-06 08:00:00+00');
insert into errand_run (project_id, id, task_id, version, status, environment, stage, branch, error_message, output, state, artifacts, phase, attempt, failures, queued_at, due_at, handle, last_failure, stop_cause, end_reason, created_at, updated_at, completed_at, lease_owner, lease_token, lease_until, priority, queued_limit, launch_limit, inactivity_limit, total_limit, task_created_at) values ('7', 'cf94b040-3958-35a1-87da-492c4fe3f270', '5a3e8efc-6fdd-34aa-bdf2-41d2c9420057', '1', 'queued', 'cloud', NULL, NULL, NULL, NULL, '{"mode":"background"}', NULL, 'waiting', '1', '0', '2026-05-06 09:00:00+00', '2026-05-06 09:00:00+00', NULL, NULL, NULL, NULL, '2026-05-06 09:00:02+00', '2026-05-06 09:00:02+00', NULL, NULL, '0', NULL, '80', '600000', NULL, NULL, '7200000', '2026-05-06 08:00:00+00');
insert into errand_run (project_id, id, task_id, version, status, environment, stage, branch, error_message, output, state, artifacts, phase, attempt, failures, queued_at, due_at, handle, last_failure, stop_cause, end_reason, created_at, updated_at, completed_at, lease_owner, lease_token, lease_until, priority, queued_limit, launch_limit, inactivity_limit, total_limit, task_created_at) values ('7', 'edc2776b-5a51-34a5-adc5-153407661a99', '5a3e8efc-6fdd-34aa-bdf2-41d2c9420057', '1', 'queued', 'cloud', NULL, NULL, NULL, NULL, '{"mode":"background"}', NULL, 'waiting', '1', '0', '2026-05-06 08:59:00+00', '2026-05-06 08:59:00+00', NULL, NULL, NULL, NULL, '2026-05-06 09:00:00+00', '2026-05-06 09:00:00+00', NULL, 'node', '1', '2126-04-12 09:00:00+00', '0', NULL, NULL, NULL, NULL, '2026-05-06 08:00:00+00');
insert into errand_staging (project_id, id, task_id, storage_path, expires_at, consumed_by, name, type, source, size_in_bytes, content_type, uploaded_at) values ('7', '48fe8558-ce14-34c8-a519-8444c538ecc5', '5a3e8efc-6fdd-34aa-bdf2-41d2c9420057', 'tasks/artifacts/team_7/task_5a3e8efc-6fdd-34aa-bdf2-41d2c9420057/staged/48fe8558ce1434c8a5198444c538ecc5/sure.txt', '2126-04-12 09:00:00+00', '7e8368ae-ac16-34b1-bf23-b6c1fadbd41b', '100% "sure".txt', 'user_attachment', 'posthog_code', '4096', 'text/plain', '2026-05-06 09:00:00+00');
insert into errand_staging (project_id, id, task_id, storage_path, expires_at, consumed_by, name, type, source, size_in_bytes, content_type, uploaded_at) values ('7', '7f005c3f-a691-377c-92d3-297cc2699072', '5a3e8efc-6fdd-34aa-bdf2-41d2c9420057', 'tasks/artifacts/team_7/task_5a3e8efc-6fdd-34aa-bdf2-41d2c9420057/staged/7f005c3fa691377c92d3297cc2699072/sure.txt', '2126-04-12 09:00:00+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
insert into errand_staging (project_id, id, task_id, storage_path, expires_at, consumed_by, name, type, source, size_in_bytes, content_type, uploaded_at) values ('7', 'd9bd6a90-6c18-34ff-972d-37eab305c2fc', '5a3e8efc-6fdd-34aa-bdf2-41d2c9420057', 'tasks/artifacts/team_7/task_5a3e8efc-6fdd-34aa-bdf2-41d2c9420057/staged/d9bd6a906c1834ff972d37eab305c2fc/sure.txt', '2126-04-12 09:00:00+00', NULL, '100% "sure".txt', 'user_attachment', 'posthog_code', '4096', 'text/plain', '2026-05-06 09:00:00+00');
insert into errand_answer (project_id, key_hash, kind, request_hash, answer, kept_until) values ('7', E'\\x44a57379d2967ab00b1d88d9bc4a67244d2734ea9c0050fd045c35c9108de2ae', 'run', 'hash-3', E'\\x045a3e8efc6fdd34aabdf241d2c94200570004324669782074686520656d70747920636172742c20226e6f772202604f70656e696e6720697420637261736865733a20224e50452220e2809320e697a5e69cace8aa9e0a09617420436172741c6572726f725f747261636b696e67021661636d652f6d6f62696c65021802776ea3bf11df3829827f7afb43c3717402e98d2f001da5378bb9482efbdf5770dc02227b2274797065223a226f626a656374227d00021c4d696e642074686520636172742e023e80d4d79f0d00a08cd89f0d000002cf94b040395835a187da492c4fe3f270020c7175657565640a636c6f7564000000002a7b226d6f6465223a226261636b67726f756e64227d000e77616974696e67020002a08cd89f0d0002a08cd89f0d0000000000a48cd89f0d00a48cd89f0d0000a00102809f4900000280f4ee06', '2026-05-07 09:00:00+00');
insert into errand_answer (project_id, key_hash, kind, request_hash, answer, kept_until) values ('7', E'\\x661fa1a1bbf227bb23529e55f398cc405f3114ed9a979177ee742da63457aeaa', 'task', 'hash-1', E'\\x025a3e8efc6fdd34aabdf241d2c94200570002244669782074686520656d707479206361727402604f70656e696e6720697420637261736865733a20224e50452220e2809320e697a5e69cace8aa9e0a09617420436172741c6572726f725f747261636b696e67021661636d652f6d6f62696c65021802776ea3bf11df3829827f7afb43c3717402e98d2f001da5378bb9482efbdf5770dc02227b2274797065223a226f626a656374227d00021c4d696e642074686520636172742e023e80d4d79f0d0080d4d79f0d000000', '2026-05-07 09:00:00+00');
insert into errand_answer (project_id, key_hash, kind, request_hash, answer, kept_until) values ('7', E'\\xd1e752a53a4745f3d785b63bfe19ec22a05d4b5709b14fb173fbed08354efa6c', 'run', 'hash-2', E'\\x025a3e8efc6fdd34aabdf241d2c94200570004324669782074686520656d70747920636172742c20226e6f772202604f70656e696e6720697420637261736865733a20224e50452220e2809320e697a5e69cace8aa9e0a09617420436172741c6572726f725f747261636b696e67021661636d652f6d6f62696c65021802776ea3bf11df3829827f7afb43c3717402e98d2f001da5378bb9482efbdf5770dc02227b2274797065223a226f626a656374227d00021c4d696e642074686520636172742e023e80d4d79f0d00a08cd89f0d0000027e8368aeac1634b1bf23b6c1fadbd41b02166e6f745f737461727465640a636c6f756402106275696c64696e67000000527b226d6f6465223a226261636b67726f756e64222c2278223a5b312c22e697a5e69cace8aa9e225d7d024034386665383535386365313433346338613531393834343463353338656363351e31303025202273757265222e7478741e757365725f6174746163686d656e7418706f7374686f675f636f6465804014746578742f706c61696ee2017461736b732f6172746966616374732f7465616d5f372f7461736b5f35613365386566632d366664642d333461612d626466322d3431643263393432303035372f7374616765642f34386665383535386365313433346338613531393834343463353338656363352f737572652e747874a08cd89f0d00086e6f6e650000000000000000f082d89f0d00f082d89f0d0000', '2026-05-07 09:00:00+00');
insert into errand_log (project_id, run_id, last_position, appended_at) values ('7', '7e8368ae-ac16-34b1-bf23-b6c1fadbd41b', '3', '2026-05-06 09:00:00+00');
insert into errand_log_segment (project_id, run_id, last_position, first_position, entries) values ('7', '7e8368ae-ac16-34b1-bf23-b6c1fadbd41b', '2', '1', '{"text":"one"}
{"text":"two"}');
insert into errand_log_segment (project_id, run_id, last_position, first_position, entries) values ('7', '7e8368ae-ac16-34b1-bf23-b6c1fadbd41b', '3', '3', '{"text":"Übung 3"}');
insert into errand_log_event (project_id, run_id, event, position) values ('7', '7e8368ae-ac16-34b1-bf23-b6c1fadbd41b', '3fc4ccfe-7458-70e2-c0d9-9f71f30ff065', '2');
insert into errand_secret (project_id, run_id, name, key_id, sealed, expires_at) values ('7', '21f428b6-8be1-3d30-bbff-827bee758d63', 'github_user_token', 'test', E'\\x1fd3538e9b5c94b569ad5b611643df9a2c2a6f33a2769b3e0603d1b2ec94b02ef8', '2126-04-12 09:00:00+00');
insert into errand_migration (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) values ('1', '1', 'tables', 'SQL', 'V1__tables.sql', '401535255', 'postgres', '2026-11-22 21:29:06.388706', '149', 'true');
insert into errand_migration (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) values ('2', '2', 'terms', 'SQL', 'V2__terms.sql', '-1340109194', 'postgres', '2026-11-22 21:29:06.708351', '48', 'true');
insert into errand_migration (installed_rank, version, description, type, script, checksum, installed_by, installed_on, execution_time, success) values ('3', '3', 'stage', 'SQL', 'V3__stage.sql', '1807917196', 'postgres', '2026-11-22 21:29:06.796797', '28', 'true');
