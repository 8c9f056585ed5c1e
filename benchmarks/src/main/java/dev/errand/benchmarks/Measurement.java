package dev.errand.benchmarks;

import dev.errand.benchmarks.memory.InMemoryLifecycle;
import dev.errand.benchmarks.request.CreateTaskRequestBenchmark;
import dev.errand.benchmarks.request.RunTaskRequestBenchmark;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The measurements of the report, in the order of one round, each baseline next to the measurement
 * that is compared with it.
 */
enum Measurement {
    CREATE_BY_HAND(CreateTaskRequestBenchmark.class, "handChecks", 1),
    CREATE_ERRAND(CreateTaskRequestBenchmark.class, "errand", 1),
    CREATE_VALIDATOR(CreateTaskRequestBenchmark.class, "hibernateValidator", 1),
    RUN_BY_HAND(RunTaskRequestBenchmark.class, "handChecks", 1),
    RUN_ERRAND(RunTaskRequestBenchmark.class, "errand", 1),
    RUN_VALIDATOR(RunTaskRequestBenchmark.class, "hibernateValidator", 1),
    UNITS_BY_HAND(InMemoryLifecycle.class, "byHand", 1),
    UNITS_ENGINE(InMemoryLifecycle.class, "engine", 1),
    UNITS_PORTS(InMemoryLifecycle.class, "ports", 1),
    UNITS_BY_HAND_2(InMemoryLifecycle.class, "byHand", 2),
    UNITS_ENGINE_2(InMemoryLifecycle.class, "engine", 2),
    UNITS_PORTS_2(InMemoryLifecycle.class, "ports", 2);

    private final Class<?> benchmark;
    private final String method;
    private final int threads;

    Measurement(Class<?> benchmark, String method, int threads) {
        this.benchmark = benchmark;
        this.method = method;
        this.threads = threads;
    }

    /** Returns the pattern with which JMH selects the benchmark. */
    String pattern() {
        return Pattern.quote(benchmark.getName() + "." + method) + "$";
    }

    int threads() {
        return threads;
    }

    /** Returns whether less is better. */
    boolean isTime() {
        return benchmark != InMemoryLifecycle.class;
    }

    String unit() {
        return isTime() ? "µs" : "k/s";
    }

    String label() {
        String times = threads == 1 ? "" : ", " + threads + " threads";
        return benchmark.getSimpleName() + " " + method + times;
    }

    /**
     * Returns all measurements, in reverse order if {@code backwards}, so that none is always
     * measured after the same one.
     */
    static Stream<Measurement> inOrder(boolean backwards) {
        Measurement[] all = values();
        return Arrays.stream(all).map(m -> backwards ? all[all.length - 1 - m.ordinal()] : m);
    }
}
