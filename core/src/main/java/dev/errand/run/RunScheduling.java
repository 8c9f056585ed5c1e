package dev.errand.run;

import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.RunTimeouts;
import java.util.Objects;

/**
 * On which terms a run is queued.
 *
 * @param priority how urgent it is among the waiting runs of its project: the higher one is
 *     executed first; {@value DispatchState#LOWEST_PRIORITY} to {@value
 *     DispatchState#HIGHEST_PRIORITY}
 * @param timeouts how long it may take, where that is not what the dispatcher's options say
 */
public record RunScheduling(int priority, RunTimeouts timeouts) {

    /** Priority 0, and timeouts as the dispatcher's options say. */
    public static final RunScheduling DEFAULT = new RunScheduling(0, RunTimeouts.NONE);

    /**
     * Checks the priority.
     *
     * @throws IllegalArgumentException if {@code priority} is outside its range
     */
    public RunScheduling {
        Objects.requireNonNull(timeouts, "timeouts");
        if (priority < DispatchState.LOWEST_PRIORITY || priority > DispatchState.HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority must be %d to %d, not %d"
                            .formatted(
                                    DispatchState.LOWEST_PRIORITY,
                                    DispatchState.HIGHEST_PRIORITY,
                                    priority));
        }
    }

    /** These terms with another priority. */
    public RunScheduling withPriority(int changed) {
        return new RunScheduling(changed, timeouts);
    }

    /** These terms with other timeouts. */
    public RunScheduling withTimeouts(RunTimeouts changed) {
        return new RunScheduling(priority, changed);
    }

    /** What is owed, on these terms. */
    public DispatchState of(DispatchState owed) {
        return equals(new RunScheduling(owed.priority(), owed.timeouts()))
                ? owed
                : owed.withScheduling(priority, timeouts);
    }
}
