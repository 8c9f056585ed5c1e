package dev.errand.server.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The size of a chaos run.
 *
 * @param runs the number of runs
 * @param servers the number of servers
 * @param lease the lease duration
 * @param pause how long a server is paused; longer than the lease
 * @param outage how long the database is unavailable
 * @param interval the time between two faults
 * @param maxFaults the maximum number of faults
 * @param workMillis the maximum time for which an agent works
 * @param timeout when the scenario is aborted
 * @param seed the random seed
 */
record ChaosSettings(
        int runs,
        int servers,
        Duration lease,
        Duration pause,
        Duration outage,
        Duration interval,
        int maxFaults,
        int workMillis,
        Duration timeout,
        long seed) {

    /** Parses a command line of the form {@code --name value}, with times in milliseconds. */
    static ChaosSettings parse(String... arguments) {
        Map<String, Long> values = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            values.put(arguments[i].replaceFirst("^--", ""), Long.valueOf(arguments[i + 1]));
        }
        return new ChaosSettings(
                values.getOrDefault("runs", 2_000L).intValue(),
                values.getOrDefault("servers", 3L).intValue(),
                millis(values, "lease-ms", 5_000),
                millis(values, "pause-ms", 20_000),
                millis(values, "outage-ms", 3_000),
                millis(values, "interval-ms", 1_000),
                values.getOrDefault("faults", (long) Integer.MAX_VALUE).intValue(),
                values.getOrDefault("work-ms", 1_000L).intValue(),
                millis(values, "timeout-ms", 1_200_000),
                values.getOrDefault("seed", 1L));
    }

    private static Duration millis(Map<String, Long> values, String name, long defaultMillis) {
        return Duration.ofMillis(values.getOrDefault(name, defaultMillis));
    }
}
