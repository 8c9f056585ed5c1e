package dev.errand.dispatch;

import java.time.Duration;

/**
 * How long a dispatcher waits for a sandbox to end, and for its launcher to confirm it. All values
 * are positive.
 *
 * @param stop time between the request to stop a sandbox and its forced end; default 10 seconds
 * @param finish time that a sandbox may continue after its run ended, to send its last output;
 *     default 30 seconds
 * @param confirm maximum wait for the launcher to confirm a stop; then the run ends, and the
 *     dispatcher keeps asking; default 5 minutes (docs/wire/runs.md#l2)
 */
public record GracePeriods(Duration stop, Duration finish, Duration confirm) {

    /** 10 seconds to stop, 30 seconds to finish, 5 minutes to confirm. */
    public static final GracePeriods DEFAULT =
            new GracePeriods(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(5));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a value is not positive
     */
    public GracePeriods {
        Positive.require("stop", stop);
        Positive.require("finish", finish);
        Positive.require("confirm", confirm);
    }

    /** Returns a copy with the given time to stop. */
    public GracePeriods withStop(Duration value) {
        return new GracePeriods(value, finish, confirm);
    }

    /** Returns a copy with the given time to finish. */
    public GracePeriods withFinish(Duration value) {
        return new GracePeriods(stop, value, confirm);
    }

    /** Returns a copy with the given time to confirm. */
    public GracePeriods withConfirm(Duration value) {
        return new GracePeriods(stop, finish, value);
    }
}
