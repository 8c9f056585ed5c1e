package dev.errand.spi.task;

import dev.errand.spi.ProjectId;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * The estimated costs of tasks, from the host's prices (docs/wire/tasks.md#l9). Errand knows no
 * prices. Thread-safe.
 */
@FunctionalInterface
public interface UsageCosts {

    /** Knows no costs. */
    UsageCosts NONE = (project, task) -> Optional.empty();

    /**
     * Finds the cost of all runs of a task.
     *
     * <p><b>Precondition</b>: the task exists.
     *
     * <p><b>Result</b>: the cost up to now, or empty if the host does not know the costs of its
     * tasks.
     *
     * @throws dev.errand.spi.PortException if the cost cannot be determined now
     */
    Optional<UsageCost> find(ProjectId project, TaskId task);

    /**
     * A cost in US dollars.
     *
     * @param tokens the cost of the models; not negative
     * @param compute the cost of the sandboxes; not negative
     */
    record UsageCost(BigDecimal tokens, BigDecimal compute) {

        /** Rejects negative amounts. */
        public UsageCost {
            if (tokens.signum() < 0 || compute.signum() < 0) {
                throw new IllegalArgumentException(
                        "a cost must not be negative: " + tokens + ", " + compute);
            }
        }

        /** Returns the sum. */
        public BigDecimal total() {
            return tokens.add(compute);
        }
    }
}
