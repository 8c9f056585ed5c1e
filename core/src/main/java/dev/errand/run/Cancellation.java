package dev.errand.run;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.spi.ErrandException;
import dev.errand.spi.run.Run;
import java.util.Objects;

/**
 * The result of {@link Runs#cancel} (docs/wire/runs.md#l2). The request to cancel is stored first;
 * a dispatcher then stops the sandbox, and repeats that until the sandbox has ended.
 */
public sealed interface Cancellation {

    /** Returns the result in one word, for logs and command lines. */
    String word();

    /**
     * Returns the run after the request.
     *
     * @throws InvalidRequestException if the result is {@link NotCancellable}
     * @throws NotFoundException if the result is {@link NotFound}
     * @throws UnavailableException if the result is {@link Unavailable}
     */
    Run orElseThrow();

    /**
     * The request is stored, or was before. A run without a sandbox is cancelled at once. Otherwise
     * the run keeps its status until its sandbox has stopped; as long as the run has a {@linkplain
     * RunDescription#entry() queue entry}, its sandbox may still have to be stopped.
     *
     * @param run the run after the request
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

        @Override
        public Run orElseThrow() {
            return run;
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

        @Override
        public Run orElseThrow() {
            return run;
        }
    }

    /**
     * The run was to be cancelled only if its agent waits for a first message, which it does not;
     * nothing changed.
     *
     * @param run the run
     */
    record NotAwaitingMessage(Run run) implements Cancellation {
        /** Requires that no component is null. */
        public NotAwaitingMessage {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public String word() {
            return "not_awaiting_message";
        }

        @Override
        public Run orElseThrow() {
            return run;
        }
    }

    /**
     * The run is local, so the client that executes it must end it; nothing changed.
     *
     * @param run the run
     */
    record NotCancellable(Run run) implements Cancellation {
        /** Requires that no component is null. */
        public NotCancellable {
            Objects.requireNonNull(run, "run");
        }

        @Override
        public String word() {
            return "not_cancellable";
        }

        @Override
        public Run orElseThrow() {
            throw InvalidRequestException.of(
                    Violation.ofRequest(
                            ErrorCode.NOT_CANCELLABLE, ErrorCode.NOT_CANCELLABLE.detail()));
        }
    }

    /**
     * There is no such task or run.
     *
     * @param cause says which of the two does not exist
     */
    record NotFound(NotFoundException cause) implements Cancellation {
        /** Requires that no component is null. */
        public NotFound {
            Objects.requireNonNull(cause, "cause");
        }

        @Override
        public String word() {
            return "not_found";
        }

        @Override
        public Run orElseThrow() {
            throw cause;
        }
    }

    /**
     * The request may not have been stored: the storage failed, or concurrent updates prevented it.
     * It is safe to repeat.
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

        @Override
        public Run orElseThrow() {
            throw UnavailableException.cancellation(cause);
        }
    }
}
