package dev.errand.run;

import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.RunTimeouts;
import java.util.Objects;

/**
 * The scheduling of a run: its priority and its timeouts. Immutable.
 *
 * @param priority the priority among the waiting runs of the project, {@value
 *     QueueEntry#LOWEST_PRIORITY} to {@value QueueEntry#HIGHEST_PRIORITY}; runs with a higher
 *     priority are executed first
 * @param timeouts the timeouts that replace those of {@link dev.errand.dispatch.DispatchOptions}
 */
public record RunScheduling(int priority, RunTimeouts timeouts) {

    /** Priority 0 and the timeouts of the dispatcher's options. */
    public static final RunScheduling DEFAULT = new RunScheduling(0, RunTimeouts.NONE);

    /**
     * Checks the priority.
     *
     * @throws IllegalArgumentException if {@code priority} is outside its range
     */
    public RunScheduling {
        Objects.requireNonNull(timeouts, "timeouts");
        if (priority < QueueEntry.LOWEST_PRIORITY || priority > QueueEntry.HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority must be %d to %d, not %d"
                            .formatted(
                                    QueueEntry.LOWEST_PRIORITY,
                                    QueueEntry.HIGHEST_PRIORITY,
                                    priority));
        }
    }

    /** Returns a copy with the given priority. */
    public RunScheduling withPriority(int changed) {
        return new RunScheduling(changed, timeouts);
    }

    /** Returns a copy with the given timeouts. */
    public RunScheduling withTimeouts(RunTimeouts changed) {
        return new RunScheduling(priority, changed);
    }
}
