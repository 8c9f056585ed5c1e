package dev.errand.internal.dispatch;

import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.run.Run;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * Which run a log line is about. Everything that a dispatcher does for a run is done while SLF4J's
 * MDC has the keys {@value #PROJECT}, {@value #TASK}, {@value #RUN} and {@value #ATTEMPT};
 * afterwards it is as it was before.
 */
public final class RunContext {

    /** The key of the project's id. */
    public static final String PROJECT = "project";

    /** The key of the task's id. */
    public static final String TASK = "task";

    /** The key of the run's id. */
    public static final String RUN = "run";

    /** The key of the number of the execution. */
    public static final String ATTEMPT = "attempt";

    private RunContext() {}

    /** Does something for a run, on the calling thread. */
    public static void within(Run run, Runnable work) {
        within(
                Map.of(
                        PROJECT, run.project().toString(),
                        TASK, run.task().toString(),
                        RUN, run.id().toString(),
                        ATTEMPT, Integer.toString(run.dispatch().attempt())),
                work);
    }

    /** Does something for a sandbox, on the calling thread. */
    public static void within(SandboxId sandbox, Runnable work) {
        within(
                Map.of(
                        PROJECT, sandbox.project().toString(),
                        TASK, sandbox.task().toString(),
                        RUN, sandbox.run().toString(),
                        ATTEMPT, Integer.toString(sandbox.attempt())),
                work);
    }

    private static void within(Map<String, String> keys, Runnable work) {
        Map<String, String> before = new LinkedHashMap<>();
        keys.forEach(
                (key, value) -> {
                    before.put(key, MDC.get(key));
                    MDC.put(key, value);
                });
        try {
            work.run();
        } finally {
            before.forEach(
                    (key, value) -> {
                        if (value == null) {
                            MDC.remove(key);
                        } else {
                            MDC.put(key, value);
                        }
                    });
        }
    }
}
