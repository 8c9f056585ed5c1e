package dev.errand.dispatch;

import dev.errand.spi.run.Run;
import java.time.Instant;
import java.util.Optional;

/** The execution of one run by a {@link WorkHandler}. Thread-safe. */
public interface WorkContext {

    /** Returns the run as it was claimed. */
    Run run();

    /**
     * Returns whether the handler must stop: the run was cancelled or otherwise stopped, its task
     * was deleted, its deadline has passed, its lease is lost, or the pool stops and its grace
     * period is over. Once true, it remains true.
     */
    boolean isCancelled();

    /**
     * Returns the time at which the handler is cancelled and the run fails; empty if there is no
     * limit.
     */
    Optional<Instant> deadline();
}
