package dev.errand.server;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a server keeps and limits the sandboxes of its agents.
 *
 * @param stopOnShutdown whether agents are stopped when the server stops; empty to stop them only
 *     if the work directory is temporary
 * @param keepFor how long the directories of failed sandboxes, and of ended sandboxes that were
 *     never discarded, are kept
 * @param maxDiskBytes the maximum size of a sandbox's files together
 * @param maxMemoryBytes the maximum memory of a sandbox's processes together; empty for no limit
 * @param users the operating-system users of agents: one for all, or at least one per slot; empty
 *     for the user of the server
 */
public record SandboxOptions(
        Optional<Boolean> stopOnShutdown,
        Duration keepFor,
        long maxDiskBytes,
        OptionalLong maxMemoryBytes,
        List<String> users) {

    private static final long GIB = 1024L * 1024 * 1024;

    /** The defaults: 7 days, 10 GiB of disk space, unlimited memory. */
    public static final SandboxOptions DEFAULT =
            new SandboxOptions(
                    Optional.empty(),
                    Duration.ofDays(7),
                    10 * GIB,
                    OptionalLong.empty(),
                    List.of());

    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if {@code keepFor} or a limit is not positive
     */
    public SandboxOptions {
        users = List.copyOf(users);
        if (keepFor.isZero() || keepFor.isNegative()) {
            throw new IllegalArgumentException("keepFor must be positive, not " + keepFor);
        }
        requirePositive("maxDiskBytes", maxDiskBytes);
        maxMemoryBytes.ifPresent(bytes -> requirePositive("maxMemoryBytes", bytes));
    }

    /** Returns a copy that stops agents on shutdown or lets them run. */
    public SandboxOptions withStopOnShutdown(boolean changed) {
        return new SandboxOptions(
                Optional.of(changed), keepFor, maxDiskBytes, maxMemoryBytes, users);
    }

    /** Returns a copy with the given operating-system users of agents. */
    public SandboxOptions withUsers(List<String> changed) {
        return new SandboxOptions(stopOnShutdown, keepFor, maxDiskBytes, maxMemoryBytes, changed);
    }

    private static void requirePositive(String name, long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, not " + bytes);
        }
    }
}
