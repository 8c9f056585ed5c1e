package dev.errand.dispatch;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a dispatcher does when nobody answers a permission request of an agent. While a request is
 * pending, the run does not count as inactive; its total time limit applies.
 */
public sealed interface PermissionPolicy {

    /** Waits for an answer until the total time limit of the run. The default. */
    PermissionPolicy WAIT = new Wait();

    /**
     * Returns how long an answer is awaited, counted from the last log entry or update of the run;
     * empty if there is no limit.
     */
    Optional<Duration> limit();

    /** See {@link PermissionPolicy#WAIT}. */
    record Wait() implements PermissionPolicy {
        @Override
        public Optional<Duration> limit() {
            return Optional.empty();
        }
    }

    /**
     * Denies the pending requests, so that the agent continues without the permission.
     *
     * @param after how long an answer is awaited; positive
     * @param responder sends the denials
     */
    record DenyAfter(Duration after, PermissionResponder responder) implements PermissionPolicy {
        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if {@code after} is not positive
         */
        public DenyAfter {
            Positive.require("after", after);
            Objects.requireNonNull(responder, "responder");
        }

        @Override
        public Optional<Duration> limit() {
            return Optional.of(after);
        }
    }

    /**
     * Cancels the run (docs/wire/runs.md#l2).
     *
     * @param after how long an answer is awaited; positive
     */
    record CancelAfter(Duration after) implements PermissionPolicy {
        /**
         * Checks the value.
         *
         * @throws IllegalArgumentException if {@code after} is not positive
         */
        public CancelAfter {
            Positive.require("after", after);
        }

        @Override
        public Optional<Duration> limit() {
            return Optional.of(after);
        }
    }
}
