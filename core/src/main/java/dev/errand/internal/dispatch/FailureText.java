package dev.errand.internal.dispatch;

import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import java.time.Duration;

/** Texts of failures: the cause that is stored on a run, and the error message of a failed run. */
final class FailureText {

    // Upstream's text, part of the wire contract (docs/wire/runs.md#g6).
    private static final String PREFIX = "Failed to start task workflow: ";
    private static final String TIMED_OUT = "the launcher did not answer within ";

    private FailureText() {}

    /** Returns the cause for an exception of the launcher or of a handler. */
    static String causeOf(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank()
                ? failure.getClass().getSimpleName()
                : ExternalText.clean(text);
    }

    /** Returns the cause for a launch that exceeded its time limit. */
    static String timedOut(Duration limit) {
        return TIMED_OUT + DurationText.of(limit);
    }

    /** Returns the cause for a launch that returned no handle. */
    static String noHandle() {
        return "the launcher returned no handle for the sandbox";
    }

    /** Returns the error message of a run whose last launch failed for this cause. */
    static String message(String cause) {
        return PREFIX + cause;
    }

    /** Returns the error message of a run that exceeded its time in the queue. */
    static String expired(Duration limit) {
        return message("it waited in the queue for more than " + DurationText.of(limit));
    }

    /** Returns the end reason that belongs to the last failure. */
    static EndReason reason(QueueEntry entry) {
        boolean timedOut = entry.lastFailure().filter(it -> it.startsWith(TIMED_OUT)).isPresent();
        return timedOut ? EndReason.LAUNCH_TIMEOUT : EndReason.LAUNCH_FAILED;
    }
}
