-- Errand, schema version 3, H2 2.x. Never edited after release.
-- When a run's task was created, as on PostgreSQL, which has an index on it.

alter table ${prefix}run add column task_created_at timestamp(6) with time zone;
update ${prefix}run r set task_created_at = (
    select t.created_at from ${prefix}task t where t.project_id = r.project_id and t.id = r.task_id);
alter table ${prefix}run alter column task_created_at set not null;

insert into ${prefix}schema_version (version) values (3);
