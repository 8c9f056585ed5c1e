package dev.errand.benchmarks.durable;

/**
 * Generates the rows of a project that has been in use for a while, in SQL, the same ones each
 * time.
 *
 * <p>Of 100 tasks 5 are internal, 1 is deleted, 12 have no repository and 2 no creator. 200 users
 * share the others unevenly, as do 500 repositories of 10 organizations. The latest run has ended
 * in 87 of 100 tasks, older runs always. One task in 100 has the word {@value #SEARCHED} in its
 * description.
 */
final class SampleRows {

    static final int RUNS_OF_A_TASK = 3;
    static final long PROJECT = 7;
    static final String SEARCHED = "checkout";

    /** A number between 0 and 1, uniformly distributed by row and purpose. */
    private static final String CHANCE =
            "((hashint8extended(i, %d) & 9223372036854775807)::float8 / 9223372036854775807)";

    private static final String WORDS =
            "'{cart,crash,empty,android,ios,login,button,slow,query,index,replay,event,funnel,chart,"
                    + "export,import,retry,worker,queue,timeout,error,pointer,session,token,refresh,page,"
                    + "header,footer,modal,toast,banner,email,invite,team,project,billing,invoice,plan,"
                    + "upgrade,webhook,payload,schema,migration,column,cache,memory,leak,thread,lock,"
                    + "deadlock,network,proxy,upload,download,image,video,player,search,filter,sort,"
                    + "paging,cursor,feature,flag}'::text[]";

    /** Ids that increase with time, as those of Errand do. */
    private static final String ID =
            "(lpad(to_hex((extract(epoch from %1$s) * 1000)::bigint), 12, '0') || '7'"
                    + " || substr(md5(%2$s), 1, 3) || '8' || substr(md5(%2$s), 4, 15))::uuid";

    private static final String CREATED = "timestamptz '2026-01-01Z' + i * interval '20 seconds'";
    private static final String RUN_CREATED =
            "(" + CREATED + ") + (k * 5 + 1) * interval '1 minute'";

    private static final String RANGE = " from generate_series(cast(? as bigint), ?) i";

    private SampleRows() {}

    /** Returns the statement that inserts the tasks in a range of numbers. */
    static String tasks(boolean open) {
        return """
        insert into errand_task (project_id, id, task_number, version, title, title_manually_set,
            description, origin_product, repository, github_integration, internal, created_by,
            created_at, updated_at, deleted_at, search_text)
        select %d, id, i, 1, title, false, description, origin, repository, 12, internal, creator,
            created_at, created_at, case when deleted then created_at + interval '1 hour' end,
            title || 'A' || description
        from (select i, %s as id, %s as created_at, %s as title, %s as description,
                %s as origin, %s as repository, %s as creator,
                %s < 0.05 as internal, %s < 0.01 as deleted
            %s) row"""
                .formatted(
                        PROJECT,
                        ID.formatted(CREATED, "i::text"),
                        CREATED,
                        words(1, 5),
                        words(2, 10)
                                + " || ' ' || "
                                + words(3, 10)
                                + " || ' ' || "
                                + words(4, 8)
                                + " || case when "
                                + chance(5)
                                + " < 0.01 then ' "
                                + SEARCHED
                                + "' else '' end",
                        one(
                                chance(6),
                                "user_created 55 error_tracking 15 slack 10 automation 8"
                                        + " support_queue 5 signal_report 4 session_summaries 2"
                                        + " eval_clusters 1"),
                        "case when "
                                + chance(7)
                                + " >= 0.12 then 'org-' || floor(10 * "
                                + chance(8)
                                + " ^ 2) || '/service-' || floor(50 * "
                                + chance(9)
                                + " ^ 2) end",
                        "case when "
                                + chance(10)
                                + " >= 0.02 then 1 + floor(200 * "
                                + chance(11)
                                + " ^ 3) end",
                        chance(12),
                        chance(13),
                        RANGE);
    }

    /** Returns the statement that inserts the runs of the same tasks. */
    static String runs(boolean open) {
        return """
        insert into errand_run (project_id, id, task_id, task_created_at, version, status,
            environment, stage, branch, state, attempt, created_at, updated_at, completed_at,
            latest)
        select %d, id, task_id, task_created_at, 3, status, environment, stage, branch,
            '{"mode":"background","pr_base_branch":"main","pr_authorship_mode":"bot",'
            || '"run_source":"manual","runtime_adapter":"claude","provider":"anthropic",'
            || '"model":"claude-opus-4-7","reasoning_effort":"high"}',
            case when status in ('queued', 'in_progress') and environment = 'cloud'
                then 1 else 0 end,
            created_at, created_at + interval '4 minutes',
            case when status in ('completed', 'failed', 'cancelled')
                then created_at + interval '4 minutes' end,
            latest
        from (select %s as id, %s as task_id, %s as task_created_at,
                case when k = %d then %s else %s end as status, %s as environment, %s as stage,
                'errand/' || i as branch, %s as created_at, k = %d as latest
            %s, generate_series(0, %d) k) row"""
                .formatted(
                        PROJECT,
                        runId(),
                        ID.formatted(CREATED, "i::text"),
                        CREATED,
                        RUNS_OF_A_TASK - 1,
                        status(open),
                        one(chance(15), "completed 60 failed 30 cancelled 10"),
                        one(chance(16), "cloud 80 local 20"),
                        "nullif("
                                + one(
                                        CHANCE.formatted(17).replace("(i,", "(i * 3 + k,"),
                                        "build 35 plan 20 research 15 test 12 review 7 deploy 1"
                                                + " none 10")
                                + ", 'none')",
                        RUN_CREATED,
                        RUNS_OF_A_TASK - 1,
                        RANGE,
                        RUNS_OF_A_TASK - 1);
    }

    /** Returns the statement that inserts the queue entries of all runs that wait for a launch. */
    static String queueEntries() {
        return """
        insert into errand_queue (project_id, run_id, task_id, phase, failures, priority,
            queued_at, due_at, lease_token)
        select project_id, id, task_id, 'waiting', 0, 0, created_at, created_at, 4294967296
        from errand_run where attempt > 0""";
    }

    private static String runId() {
        return ID.formatted(RUN_CREATED, "i || '-' || k");
    }

    private static String status(boolean open) {
        return open
                ? one(
                        chance(14),
                        "completed 68 failed 12 cancelled 7 in_progress 8 queued 3 not_started 2")
                : "'completed'";
    }

    private static String chance(int of) {
        return CHANCE.formatted(of);
    }

    /** Returns one of the values, each with the percentage that follows it. */
    private static String one(String chance, String weighted) {
        StringBuilder sql = new StringBuilder("(case");
        String[] parts = weighted.split(" ");
        int sum = 0;
        for (int at = 0; at < parts.length - 2; at += 2) {
            sum += Integer.parseInt(parts[at + 1]);
            sql.append(" when ").append(chance).append(" < ").append(sum / 100.0);
            sql.append(" then '").append(parts[at]).append("'");
        }
        return sql.append(" else '").append(parts[parts.length - 2]).append("' end)").toString();
    }

    /** Returns up to ten words, each chosen by six bits of a hash. */
    private static String words(int of, int count) {
        StringBuilder sql = new StringBuilder("(");
        for (int word = 0; word < count; word++) {
            sql.append(word == 0 ? "" : " || ' ' || ");
            sql.append(
                    "(%s)[1 + ((hashint8extended(i, %d) >> %d) & 63)]"
                            .formatted(WORDS, of + 100, word * 6));
        }
        return sql.append(")").toString();
    }
}
