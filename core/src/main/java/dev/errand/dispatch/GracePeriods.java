package dev.errand.dispatch;

import java.time.Duration;

/**
 * How long what comes to an end may take.
 *
 * @param stop how long a sandbox may take to stop when asked, before it is made to
 * @param end how long a sandbox may go on after its run has ended, to send what is left
 * @param confirm how long a stop may stay unconfirmed before the run ends without; the sandbox is
 *     asked further
 */
public record GracePeriods(Duration stop, Duration end, Duration confirm) {

    /** 10 seconds to stop, 30 to finish, 10 minutes to confirm. */
    public static final GracePeriods DEFAULT =
            new GracePeriods(
                    Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(10));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public GracePeriods {
        Positive.require("stop", stop);
        Positive.require("end", end);
        Positive.require("confirm", confirm);
    }
}
