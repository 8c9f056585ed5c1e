package dev.errand.server;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a server keeps house for the sandboxes of its agents.
 *
 * @param endsWithServer whether agents are ended when the server is; empty for yes where the work
 *     directory goes with the server, no where it stays
 * @param keepFor how long the directories of failed sandboxes are kept, and what nobody asked for
 * @param maxDiskBytes the most that the files of a sandbox may take
 * @param maxMemoryBytes the most that the processes of a sandbox may have in memory; empty for no
 *     limit
 */
public record SandboxOptions(
        Optional<Boolean> endsWithServer,
        Duration keepFor,
        long maxDiskBytes,
        OptionalLong maxMemoryBytes) {

    private static final long GIB = 1024L * 1024 * 1024;

    /** Agents outlive the server where they can; 7 days, 10 GiB on disk, memory as there is. */
    public static final SandboxOptions DEFAULT =
            new SandboxOptions(
                    Optional.empty(), Duration.ofDays(7), 10 * GIB, OptionalLong.empty());

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code keepFor} or a limit is not positive
     */
    public SandboxOptions {
        if (keepFor.isZero() || keepFor.isNegative()) {
            throw new IllegalArgumentException("keepFor must be positive, not " + keepFor);
        }
        requirePositive("maxDiskBytes", maxDiskBytes);
        maxMemoryBytes.ifPresent(bytes -> requirePositive("maxMemoryBytes", bytes));
    }

    /** These options with another answer to whether agents end with the server. */
    public SandboxOptions withEndsWithServer(boolean changed) {
        return new SandboxOptions(Optional.of(changed), keepFor, maxDiskBytes, maxMemoryBytes);
    }

    private static void requirePositive(String name, long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, not " + bytes);
        }
    }
}
