package dev.errand.benchmarks.durable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The options of the report.
 *
 * @param quick whether to measure fewer repetitions and lists of fewer tasks
 * @param lists whether to measure lists
 * @param lifecycle whether to measure the lifecycle
 * @param dispatch whether to measure dispatch
 * @param cost whether to measure what PostgreSQL writes for a unit
 * @param rounds the number of rounds of the lifecycle, of dispatch, and of cold lists
 * @param tasks the number of tasks in the largest list
 * @param url an existing server, where databases named {@code errand_bench_...} are created and
 *     kept
 */
record ReportOptions(
        boolean quick,
        boolean lists,
        boolean lifecycle,
        boolean dispatch,
        boolean cost,
        int rounds,
        long tasks,
        Optional<String> url) {

    static final String USAGE =
            "usage: DurableReport [--quick] [--rounds 3] [--only lifecycle|cost|lists|dispatch]"
                    + " [--tasks 1000000] [--url jdbc:postgresql://host/postgres?user=...]";

    /** Parses the arguments of the command. */
    static ReportOptions of(String... arguments) {
        Deque<String> left = new ArrayDeque<>(List.of(arguments));
        boolean quick = false;
        boolean lists = true;
        boolean lifecycle = true;
        boolean dispatch = true;
        boolean cost = true;
        Optional<Long> rounds = Optional.empty();
        Optional<Long> tasks = Optional.empty();
        Optional<String> url = Optional.empty();
        while (!left.isEmpty()) {
            String option = left.pop();
            switch (option) {
                case "--quick" -> quick = true;
                case "--only" -> {
                    String only = value(left);
                    lists = only.equals("lists");
                    lifecycle = only.equals("lifecycle");
                    dispatch = only.equals("dispatch");
                    cost = only.equals("cost");
                    if (!lists && !lifecycle && !dispatch && !cost) {
                        throw new IllegalArgumentException(USAGE);
                    }
                }
                case "--rounds" -> rounds = Optional.of(number(value(left)));
                case "--tasks" -> tasks = Optional.of(number(value(left)));
                case "--url" -> url = Optional.of(value(left));
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        return new ReportOptions(
                quick,
                lists,
                lifecycle,
                dispatch,
                cost,
                Math.toIntExact(rounds.orElse(quick ? 1L : 3L)),
                tasks.orElse(quick ? 100_000L : 1_000_000L),
                url);
    }

    private static String value(Deque<String> left) {
        if (left.isEmpty()) {
            throw new IllegalArgumentException(USAGE);
        }
        return left.pop();
    }

    private static long number(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(USAGE);
        }
        return Long.parseLong(text);
    }
}
