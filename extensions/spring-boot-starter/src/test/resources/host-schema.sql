create table tables_before_host as
select count(*) as tables from information_schema.tables where table_name = 'ERRAND_TASK';
