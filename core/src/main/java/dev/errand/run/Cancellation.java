package dev.errand.run;

import dev.errand.spi.ErrandException;
import dev.errand.spi.run.Run;
import java.util.Objects;

/**
 * What became of calling a run off (design 5). The intent is stored before anything else happens: a
 * dispatcher stops the sandbox afterwards, and looks again until it is over.
 */
public sealed interface Cancellation {

    /** The outcome in one word, for people, logs and command lines. */
    String word();

    /**
     * The run is cancelled. Its sandbox, if there is one, is owed a stop as long as {@link
     * dev.errand.spi.dispatch.DispatchState.Phase#isActive()}.
     *
     * @param run the run as it stands now
     */
    record Accepted(Run run) implements Cancellation {
        /** Refuses null. */
        public Accepted {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public String word() {
            return "accepted";
        }
    }

    /**
     * The run had come to an end before, and keeps it; nothing changed.
     *
     * @param run the run as it stands
     */
    record AlreadyTerminal(Run run) implements Cancellation {
        /** Refuses null. */
        public AlreadyTerminal {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public String word() {
            return "already_terminal";
        }
    }

    /** There is no such run under the task, or no such task any more. */
    record NotFound() implements Cancellation {
        @Override
        public String word() {
            return "not_found";
        }
    }

    /**
     * Whether the intent was stored is not known: the storage cannot be reached, or other changes
     * came first every time. Asking again is safe.
     *
     * @param cause what failed
     */
    record Unavailable(ErrandException cause) implements Cancellation {
        /** Refuses null. */
        public Unavailable {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public String word() {
            return "unavailable";
        }
    }
}
