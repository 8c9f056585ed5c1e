package dev.errand.server.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How much chaos.
 *
 * @param runs how many runs are queued
 * @param servers how many servers work on them
 * @param lease how long a run is a server's without a sign of life
 * @param pause for how long a server is paused, longer than the lease
 * @param outage for how long the database is away
 * @param every how often something happens
 * @param mischiefs how often in all
 * @param workMillis the longest that an agent works
 * @param atMost when it is given up
 * @param seed decides what happens
 */
record Plan(
        int runs,
        int servers,
        Duration lease,
        Duration pause,
        Duration outage,
        Duration every,
        int mischiefs,
        int workMillis,
        Duration atMost,
        long seed) {

    /** What a command line says: {@code --name value}, times in milliseconds. */
    static Plan parse(String... arguments) {
        Map<String, Long> given = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            given.put(arguments[i].replaceFirst("^--", ""), Long.valueOf(arguments[i + 1]));
        }
        return new Plan(
                given.getOrDefault("runs", 2_000L).intValue(),
                given.getOrDefault("servers", 3L).intValue(),
                millis(given, "lease-ms", 5_000),
                millis(given, "pause-ms", 20_000),
                millis(given, "outage-ms", 3_000),
                millis(given, "every-ms", 1_000),
                given.getOrDefault("mischiefs", (long) Integer.MAX_VALUE).intValue(),
                given.getOrDefault("work-ms", 1_000L).intValue(),
                millis(given, "at-most-ms", 1_200_000),
                given.getOrDefault("seed", 1L));
    }

    private static Duration millis(Map<String, Long> given, String name, long otherwise) {
        return Duration.ofMillis(given.getOrDefault(name, otherwise));
    }
}
