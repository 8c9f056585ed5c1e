-- Errand, schema version 3, PostgreSQL 13 and later. Never edited after release.
-- When a run's task was created, so that the tasks with a stage stand in an index in list order;
-- and the key of task numbers the other way round.

-- The table is written anew, with its indexes: an update of each row would take twice as
-- long and leave as many dead ones.
create function pg_temp.created_at_of(project bigint, task uuid) returns timestamptz
    language sql stable
    as 'select t.created_at from ${prefix}task t where t.project_id = $1 and t.id = $2';
drop index ${prefix}run_stage;
alter table ${prefix}run add column task_created_at timestamptz;
alter table ${prefix}run alter column task_created_at type timestamptz
    using pg_temp.created_at_of(project_id, task_id);
alter table ${prefix}run alter column task_created_at set not null;
drop function pg_temp.created_at_of(bigint, uuid);

create index ${prefix}run_stage on ${prefix}run (project_id, stage, task_created_at desc, task_id desc)
    where stage is not null;

-- The number comes first, for an index that begins with the project looks as good as the primary
-- key while the table is empty, and a plan of that time, a foreign key's check's too, is kept until
-- the table is analysed: the first inserts read all tasks.
alter table ${prefix}task drop constraint ${prefix}task_project_id_task_number_key;
alter table ${prefix}task add unique (task_number, project_id);

insert into ${prefix}schema_version (version) values (3);
