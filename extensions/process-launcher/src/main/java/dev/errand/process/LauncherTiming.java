package dev.errand.process;

import java.time.Duration;

/**
 * Intervals and timeouts of the launcher.
 *
 * @param pollInterval how often the output files are read
 * @param lineTimeout after what time an unfinished line is forwarded
 * @param watchInterval how often the processes of a running sandbox are inspected
 * @param initialRetryDelay the delay before a listener that threw is called again; doubled on each
 *     further failure
 * @param maxRetryDelay the maximum of that delay
 * @param listenerTimeout how long a failing listener may delay the report that a sandbox has exited
 * @param killTimeout how long to wait for processes that do not end after SIGKILL
 */
record LauncherTiming(
        Duration pollInterval,
        Duration lineTimeout,
        Duration watchInterval,
        Duration initialRetryDelay,
        Duration maxRetryDelay,
        Duration listenerTimeout,
        Duration killTimeout) {

    static final LauncherTiming DEFAULT =
            new LauncherTiming(
                    Duration.ofMillis(100),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(2),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(10));
}
