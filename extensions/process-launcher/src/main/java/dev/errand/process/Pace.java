package dev.errand.process;

import java.time.Duration;

/**
 * How often things are looked at and tried again.
 *
 * @param poll how often the output files are looked at
 * @param observe how often the processes of a running sandbox are looked at
 * @param firstPause how long a listener that threw is left alone at first; doubled each time
 * @param longestPause how long it is left alone at most
 * @param patience how long after the end of a sandbox a listener that keeps throwing holds up the
 *     answer that it ended
 * @param force how long processes that do not die of SIGKILL are waited for
 */
record Pace(
        Duration poll,
        Duration observe,
        Duration firstPause,
        Duration longestPause,
        Duration patience,
        Duration force) {

    static final Pace DEFAULT =
            new Pace(
                    Duration.ofMillis(100),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(10));
}
