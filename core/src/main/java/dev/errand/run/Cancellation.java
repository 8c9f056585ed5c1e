package dev.errand.run;

import dev.errand.spi.ErrandException;
import dev.errand.spi.run.Run;
import java.util.Objects;

/**
 * The result of {@link Runs#cancel}. The request to cancel is stored first; a dispatcher then stops
 * the sandbox, and repeats that until the sandbox has ended.
 */
public sealed interface Cancellation {

    /** Returns the result in one word, for logs and command lines. */
    String word();

    /**
     * The run is cancelled. Its sandbox may still have to be stopped: as long as the run has a
     * {@linkplain RunDescription#entry() queue entry}.
     *
     * @param run the run after the cancellation
     */
    record Accepted(Run run) implements Cancellation {
        /** Requires that no component is null. */
        public Accepted {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public String word() {
            return "accepted";
        }
    }

    /**
     * The run had ended before; nothing changed.
     *
     * @param run the run
     */
    record AlreadyTerminal(Run run) implements Cancellation {
        /** Requires that no component is null. */
        public AlreadyTerminal {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public String word() {
            return "already_terminal";
        }
    }

    /** There is no such task or run. */
    record NotFound() implements Cancellation {
        @Override
        public String word() {
            return "not_found";
        }
    }

    /**
     * The cancellation may not have been stored: the storage failed, or concurrent updates
     * prevented it. It is safe to repeat.
     *
     * @param cause the failure
     */
    record Unavailable(ErrandException cause) implements Cancellation {
        /** Requires that no component is null. */
        public Unavailable {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public String word() {
            return "unavailable";
        }
    }
}
