package dev.errand.dispatch;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a dispatcher works (design 5, contract G6). Immutable.
 *
 * @param node a name of this process that no other one has
 * @param slots how many runs it looks after at a time
 * @param leaseFor how long a claim holds without a heartbeat; heartbeats come at a third of it
 * @param pollEvery how long it sleeps at most before it looks for work that nobody told it of
 * @param window how long after it was queued a run may still be launched
 * @param firstRetryAfter the pause after the first launch that failed; it doubles with each further
 *     one
 * @param longestRetryAfter the longest pause
 * @param timeLimit how long a sandbox may run
 * @param stopGrace how long a sandbox may take to stop when asked, before it is made to
 * @param endGrace how long a sandbox may go on after its run has ended, to send what is left
 * @param apiUrl where sandboxes reach the Tasks API, if they do
 */
public record DispatchOptions(
        String node,
        int slots,
        Duration leaseFor,
        Duration pollEvery,
        Duration window,
        Duration firstRetryAfter,
        Duration longestRetryAfter,
        Duration timeLimit,
        Duration stopGrace,
        Duration endGrace,
        Optional<URI> apiUrl) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code node} is blank, {@code slots} is below 1, or a
     *     duration is not positive
     */
    public DispatchOptions {
        Objects.requireNonNull(apiUrl, "apiUrl");
        if (node.isBlank()) {
            throw new IllegalArgumentException("node must not be blank");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be 1 or more, not " + slots);
        }
        requirePositive("leaseFor", leaseFor);
        requirePositive("pollEvery", pollEvery);
        requirePositive("window", window);
        requirePositive("firstRetryAfter", firstRetryAfter);
        requirePositive("longestRetryAfter", longestRetryAfter);
        requirePositive("timeLimit", timeLimit);
        requirePositive("stopGrace", stopGrace);
        requirePositive("endGrace", endGrace);
    }

    /**
     * The defaults: 4 slots, leases of 30 s, a poll a second, a window of 15 minutes, an hour a
     * run.
     */
    public static DispatchOptions of(String node) {
        return new DispatchOptions(
                node,
                4,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofMinutes(15),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Optional.empty());
    }

    /** These options with another number of slots. */
    public DispatchOptions withSlots(int changed) {
        return new DispatchOptions(
                node,
                changed,
                leaseFor,
                pollEvery,
                window,
                firstRetryAfter,
                longestRetryAfter,
                timeLimit,
                stopGrace,
                endGrace,
                apiUrl);
    }

    /** These options with other leases and another pause between two looks. */
    public DispatchOptions withLease(Duration changedLease, Duration changedPoll) {
        return new DispatchOptions(
                node,
                slots,
                changedLease,
                changedPoll,
                window,
                firstRetryAfter,
                longestRetryAfter,
                timeLimit,
                stopGrace,
                endGrace,
                apiUrl);
    }

    /** These options with another window and other pauses between launches. */
    public DispatchOptions withLaunching(Duration changedWindow, Duration first, Duration longest) {
        return new DispatchOptions(
                node,
                slots,
                leaseFor,
                pollEvery,
                changedWindow,
                first,
                longest,
                timeLimit,
                stopGrace,
                endGrace,
                apiUrl);
    }

    /** These options with another time limit of sandboxes. */
    public DispatchOptions withTimeLimit(Duration changed) {
        return new DispatchOptions(
                node,
                slots,
                leaseFor,
                pollEvery,
                window,
                firstRetryAfter,
                longestRetryAfter,
                changed,
                stopGrace,
                endGrace,
                apiUrl);
    }

    /** These options with other graces. */
    public DispatchOptions withGrace(Duration stop, Duration end) {
        return new DispatchOptions(
                node,
                slots,
                leaseFor,
                pollEvery,
                window,
                firstRetryAfter,
                longestRetryAfter,
                timeLimit,
                stop,
                end,
                apiUrl);
    }

    /** These options with the address at which sandboxes reach the API. */
    public DispatchOptions withApiUrl(URI changed) {
        return new DispatchOptions(
                node,
                slots,
                leaseFor,
                pollEvery,
                window,
                firstRetryAfter,
                longestRetryAfter,
                timeLimit,
                stopGrace,
                endGrace,
                Optional.of(changed));
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
