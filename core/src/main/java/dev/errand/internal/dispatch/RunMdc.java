package dev.errand.internal.dispatch;

import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.SandboxId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.MDC;

/**
 * Puts a run into SLF4J's MDC, with the keys {@value #PROJECT}, {@value #TASK}, {@value #RUN} and
 * {@value #ATTEMPT}, while a dispatcher works on it. The previous values are restored afterwards.
 */
final class RunMdc {

    private static final String PROJECT = "project";
    private static final String TASK = "task";
    private static final String RUN = "run";
    private static final String ATTEMPT = "attempt";

    private RunMdc() {}

    /** Does some work for a run. */
    static void within(Run run, Runnable work) {
        within(
                Map.of(
                        PROJECT, run.project().toString(),
                        TASK, run.task().toString(),
                        RUN, run.id().toString(),
                        ATTEMPT, Integer.toString(run.attempt())),
                work);
    }

    /** Does some work for a sandbox. */
    static void within(SandboxId sandbox, Runnable work) {
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
