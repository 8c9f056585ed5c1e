-- Optional: makes the "search" filter fast where many tasks stand. Needs the right to create the
-- extensions, or that somebody created them before. Without it a search reads every task of the
-- project that the other filters let through.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create index if not exists ${prefix}task_search on ${prefix}task
    using gin (project_id, search_text gin_trgm_ops)
    where deleted_at is null;
