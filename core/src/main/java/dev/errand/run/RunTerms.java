package dev.errand.run;

import dev.errand.spi.dispatch.Deadlines;
import dev.errand.spi.dispatch.Dispatch;
import java.util.Objects;

/**
 * On which terms a run is queued.
 *
 * @param priority how urgent it is among the waiting runs of its project: the higher one is
 *     executed first; {@value Dispatch#LOWEST_PRIORITY} to {@value Dispatch#HIGHEST_PRIORITY}
 * @param deadlines how long it may take, where that is not what the dispatcher's options say
 */
public record RunTerms(int priority, Deadlines deadlines) {

    /** Priority 0, and deadlines as the dispatcher's options say. */
    public static final RunTerms DEFAULT = new RunTerms(0, Deadlines.NONE);

    /**
     * Checks the priority.
     *
     * @throws IllegalArgumentException if {@code priority} is outside its range
     */
    public RunTerms {
        Objects.requireNonNull(deadlines, "deadlines");
        if (priority < Dispatch.LOWEST_PRIORITY || priority > Dispatch.HIGHEST_PRIORITY) {
            throw new IllegalArgumentException(
                    "priority must be %d to %d, not %d"
                            .formatted(
                                    Dispatch.LOWEST_PRIORITY, Dispatch.HIGHEST_PRIORITY, priority));
        }
    }

    /** These terms with another priority. */
    public RunTerms withPriority(int changed) {
        return new RunTerms(changed, deadlines);
    }

    /** These terms with other deadlines. */
    public RunTerms withDeadlines(Deadlines changed) {
        return new RunTerms(priority, changed);
    }

    /** What is owed, on these terms. */
    Dispatch of(Dispatch owed) {
        return equals(new RunTerms(owed.priority(), owed.deadlines()))
                ? owed
                : owed.onTerms(priority, deadlines);
    }
}
