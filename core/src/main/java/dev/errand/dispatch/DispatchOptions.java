package dev.errand.dispatch;

import dev.errand.spi.dispatch.ConcurrencyLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a dispatcher works (design 5, contract G6). Immutable; begin with {@link #of} and change what
 * differs.
 *
 * @param node a name of this process that no other one has
 * @param slots how many runs it looks after at a time
 * @param leaseFor how long a claim holds without a heartbeat; heartbeats come at a third of it
 * @param pollEvery how long it sleeps at most before it looks for work that nobody told it of
 * @param retries how often a launch is tried
 * @param timeouts how long each part of an execution may take
 * @param gracePeriods how long what comes to an end may take
 * @param limits how many runs may be executed at a time, by all nodes; over them a run waits
 * @param apiUrl where sandboxes reach the Tasks API, if they do
 */
public record DispatchOptions(
        String node,
        int slots,
        Duration leaseFor,
        Duration pollEvery,
        LaunchRetryPolicy retries,
        DispatchTimeouts timeouts,
        GracePeriods gracePeriods,
        ConcurrencyLimits limits,
        Optional<URI> apiUrl) {

    private static final int SLOTS = 4;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code node} is blank, {@code slots} is below 1, or a
     *     duration is not positive
     */
    public DispatchOptions {
        Objects.requireNonNull(retries, "retries");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(gracePeriods, "gracePeriods");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(apiUrl, "apiUrl");
        if (node.isBlank()) {
            throw new IllegalArgumentException("node must not be blank");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be 1 or more, not " + slots);
        }
        Positive.require("leaseFor", leaseFor);
        Positive.require("pollEvery", pollEvery);
    }

    /**
     * The defaults: 4 slots, leases of 30 s, a poll a second, and those of {@link
     * LaunchRetryPolicy#DEFAULT}, {@link DispatchTimeouts#DEFAULT} and {@link
     * GracePeriods#DEFAULT}; no limits.
     */
    public static DispatchOptions of(String node) {
        return new DispatchOptions(
                node,
                SLOTS,
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                LaunchRetryPolicy.DEFAULT,
                DispatchTimeouts.DEFAULT,
                GracePeriods.DEFAULT,
                ConcurrencyLimits.NONE,
                Optional.empty());
    }

    /** These options with another number of slots. */
    public DispatchOptions withSlots(int changed) {
        return new DispatchOptions(
                node,
                changed,
                leaseFor,
                pollEvery,
                retries,
                timeouts,
                gracePeriods,
                limits,
                apiUrl);
    }

    /** These options with other leases and another pause between two looks. */
    public DispatchOptions withLease(Duration lease, Duration poll) {
        return new DispatchOptions(
                node, slots, lease, poll, retries, timeouts, gracePeriods, limits, apiUrl);
    }

    /** These options with other tries of a launch. */
    public DispatchOptions withRetries(LaunchRetryPolicy changed) {
        return new DispatchOptions(
                node, slots, leaseFor, pollEvery, changed, timeouts, gracePeriods, limits, apiUrl);
    }

    /** These options with another window and other pauses between launches. */
    public DispatchOptions withLaunching(Duration window, Duration first, Duration longest) {
        return withRetries(new LaunchRetryPolicy(window, first, longest, retries.maxAttempts()));
    }

    /** These options with other timeouts. */
    public DispatchOptions withTimeouts(DispatchTimeouts changed) {
        return new DispatchOptions(
                node, slots, leaseFor, pollEvery, retries, changed, gracePeriods, limits, apiUrl);
    }

    /** These options with another time limit of sandboxes. */
    public DispatchOptions withTimeLimit(Duration changed) {
        return withTimeouts(timeouts.withTotal(changed));
    }

    /** These options with other gracePeriods. */
    public DispatchOptions withGracePeriods(GracePeriods changed) {
        return new DispatchOptions(
                node, slots, leaseFor, pollEvery, retries, timeouts, changed, limits, apiUrl);
    }

    /** These options with other gracePeriods of a sandbox. */
    public DispatchOptions withGrace(Duration stop, Duration end) {
        return withGracePeriods(new GracePeriods(stop, end, gracePeriods.confirm()));
    }

    /** These options with other limits on what is executed at a time. */
    public DispatchOptions withLimits(ConcurrencyLimits changed) {
        return new DispatchOptions(
                node, slots, leaseFor, pollEvery, retries, timeouts, gracePeriods, changed, apiUrl);
    }

    /** These options with the address at which sandboxes reach the API. */
    public DispatchOptions withApiUrl(URI changed) {
        return new DispatchOptions(
                node,
                slots,
                leaseFor,
                pollEvery,
                retries,
                timeouts,
                gracePeriods,
                limits,
                Optional.of(changed));
    }
}
