-- Optional: makes the "search" filter fast in a project with many tasks. Needs the right to create the
-- extensions, unless they exist. Without it, a search reads every task of the
-- project that matches the other filters.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create index if not exists errand_task_search on errand_task
    using gin (project_id, search_text gin_trgm_ops)
    where deleted_at is null;
