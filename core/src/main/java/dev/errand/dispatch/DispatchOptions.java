package dev.errand.dispatch;

import dev.errand.spi.store.ConcurrencyLimits;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Settings of one {@link Dispatcher}. Immutable: start from {@link #of} and change what differs
 * with the {@code with…} methods.
 *
 * @param node name of this process in leases and logs; unique among all processes on one storage
 * @param slots maximum number of runs that are supervised at the same time, at least 1
 * @param leaseDuration time after which a lease expires unless it is renewed. The dispatcher renews
 *     a lease at its first check after a third of this time, so {@code pollInterval} should be much
 *     shorter than a third of the lease duration
 * @param pollInterval maximum pause between two checks of all supervised runs and of the queue
 * @param launchRetry the policy for retrying failed launches
 * @param providerLimits the policy for limits of the providers of agents
 * @param timeouts limits on queue time, launch duration, inactivity and total run time
 * @param gracePeriods how long the dispatcher waits for a sandbox to end, and for its launcher to
 *     confirm it
 * @param permissionPolicy what happens when nobody answers a permission request of an agent
 * @param concurrencyLimits maximum number of runs that all nodes together execute at the same time;
 *     other runs wait in the queue
 * @param apiUrl address at which sandboxes reach the Tasks API, or empty if they do not use it
 */
public record DispatchOptions(
        String node,
        int slots,
        Duration leaseDuration,
        Duration pollInterval,
        LaunchRetryPolicy launchRetry,
        ProviderLimitPolicy providerLimits,
        DispatchTimeouts timeouts,
        GracePeriods gracePeriods,
        PermissionPolicy permissionPolicy,
        ConcurrencyLimits concurrencyLimits,
        Optional<URI> apiUrl) {

    private static final int DEFAULT_SLOTS = 4;
    private static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);
    private static final Duration DEFAULT_POLL = Duration.ofSeconds(1);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code node} is blank, {@code slots} is below 1, a
     *     duration is not positive, or {@code pollInterval} is longer than {@code leaseDuration}
     */
    public DispatchOptions {
        Objects.requireNonNull(launchRetry, "launchRetry");
        Objects.requireNonNull(providerLimits, "providerLimits");
        Objects.requireNonNull(timeouts, "timeouts");
        Objects.requireNonNull(gracePeriods, "gracePeriods");
        Objects.requireNonNull(permissionPolicy, "permissionPolicy");
        Objects.requireNonNull(concurrencyLimits, "concurrencyLimits");
        Objects.requireNonNull(apiUrl, "apiUrl");
        if (node.isBlank()) {
            throw new IllegalArgumentException("node must not be blank");
        }
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be 1 or more, not " + slots);
        }
        Positive.require("leaseDuration", leaseDuration);
        Positive.require("pollInterval", pollInterval);
        if (pollInterval.compareTo(leaseDuration) > 0) {
            throw new IllegalArgumentException(
                    "pollInterval must not be longer than leaseDuration, which is "
                            + leaseDuration
                            + ", not "
                            + pollInterval);
        }
    }

    /**
     * Returns the defaults: 4 slots, a lease of 30 seconds, a poll interval of 1 second, {@link
     * LaunchRetryPolicy#DEFAULT}, {@link ProviderLimitPolicy#DEFAULT}, {@link
     * DispatchTimeouts#DEFAULT}, {@link GracePeriods#DEFAULT}, {@link PermissionPolicy#WAIT}, no
     * concurrency limits and no API address.
     *
     * @throws IllegalArgumentException if {@code node} is blank
     */
    public static DispatchOptions of(String node) {
        return new DispatchOptions(
                node,
                DEFAULT_SLOTS,
                DEFAULT_LEASE,
                DEFAULT_POLL,
                LaunchRetryPolicy.DEFAULT,
                ProviderLimitPolicy.DEFAULT,
                DispatchTimeouts.DEFAULT,
                GracePeriods.DEFAULT,
                PermissionPolicy.WAIT,
                ConcurrencyLimits.NONE,
                Optional.empty());
    }

    /** Returns a copy with the given number of slots. */
    public DispatchOptions withSlots(int value) {
        return new DispatchOptions(
                node,
                value,
                leaseDuration,
                pollInterval,
                launchRetry,
                providerLimits,
                timeouts,
                gracePeriods,
                permissionPolicy,
                concurrencyLimits,
                apiUrl);
    }

    /** Returns a copy with the given lease duration. */
    public DispatchOptions withLeaseDuration(Duration value) {
        return new DispatchOptions(
                node,
                slots,
                value,
                pollInterval,
                launchRetry,
                providerLimits,
                timeouts,
                gracePeriods,
                permissionPolicy,
                concurrencyLimits,
                apiUrl);
    }

    /** Returns a copy with the given poll interval. */
    public DispatchOptions withPollInterval(Duration value) {
        return new DispatchOptions(
                node,
                slots,
                leaseDuration,
                value,
                launchRetry,
                providerLimits,
                timeouts,
                gracePeriods,
                permissionPolicy,
                concurrencyLimits,
                apiUrl);
    }

    /** Returns a copy with the given retry policy for launches. */
    public DispatchOptions withLaunchRetry(LaunchRetryPolicy value) {
        return new DispatchOptions(
                node,
                slots,
                leaseDuration,
                pollInterval,
                value,
                providerLimits,
                timeouts,
                gracePeriods,
                permissionPolicy,
                concurrencyLimits,
                apiUrl);
    }

    /** Returns a copy with the given policy for limits of providers. */
    public DispatchOptions withProviderLimits(ProviderLimitPolicy value) {
        return new DispatchOptions(
                node,
                slots,
                leaseDuration,
                pollInterval,
                launchRetry,
                value,
                timeouts,
                gracePeriods,
                permissionPolicy,
                concurrencyLimits,
                apiUrl);
    }

    /** Returns a copy with the given timeouts. */
    public DispatchOptions withTimeouts(DispatchTimeouts value) {
        return new DispatchOptions(
                node,
                slots,
                leaseDuration,
                pollInterval,
                launchRetry,
                providerLimits,
                value,
                gracePeriods,
                permissionPolicy,
                concurrencyLimits,
                apiUrl);
    }

    /** Returns a copy with the given grace periods. */
    public DispatchOptions withGracePeriods(GracePeriods value) {
        return new DispatchOptions(
                node,
                slots,
                leaseDuration,
                pollInterval,
                launchRetry,
                providerLimits,
                timeouts,
                value,
                permissionPolicy,
                concurrencyLimits,
                apiUrl);
    }

    /** Returns a copy with the given policy for permission requests. */
    public DispatchOptions withPermissionPolicy(PermissionPolicy value) {
        return new DispatchOptions(
                node,
                slots,
                leaseDuration,
                pollInterval,
                launchRetry,
                providerLimits,
                timeouts,
                gracePeriods,
                value,
                concurrencyLimits,
                apiUrl);
    }

    /** Returns a copy with the given concurrency limits. */
    public DispatchOptions withConcurrencyLimits(ConcurrencyLimits value) {
        return new DispatchOptions(
                node,
                slots,
                leaseDuration,
                pollInterval,
                launchRetry,
                providerLimits,
                timeouts,
                gracePeriods,
                permissionPolicy,
                value,
                apiUrl);
    }

    /** Returns a copy with the given address at which sandboxes reach the Tasks API. */
    public DispatchOptions withApiUrl(URI value) {
        return new DispatchOptions(
                node,
                slots,
                leaseDuration,
                pollInterval,
                launchRetry,
                providerLimits,
                timeouts,
                gracePeriods,
                permissionPolicy,
                concurrencyLimits,
                Optional.of(value));
    }
}
