package dev.errand.process;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** How much one sandbox takes, held against its limits. Not thread-safe. */
final class Usage {

    /** A directory is walked for a twentieth of the time at most. */
    private static final int PAUSE_FACTOR = 19;

    private final Limits limits;
    private final SandboxDirectory directory;
    private final ProcessTable table;
    private long nextWalkAt = System.nanoTime();

    Usage(Limits limits, SandboxDirectory directory, ProcessTable table) {
        this.limits = limits;
        this.directory = directory;
        this.table = table;
    }

    /** What it has too much of; empty if it keeps to its limits. */
    Optional<String> excess(Set<ProcessHandle> processes) {
        return excessMemory(processes).or(this::excessFiles);
    }

    private Optional<String> excessMemory(Set<ProcessHandle> processes) {
        if (limits.memoryBytes().isEmpty()) {
            return Optional.empty();
        }
        long most = limits.memoryBytes().getAsLong();
        long bytes =
                processes.stream().mapToLong(process -> table.residentBytes(process.pid())).sum();
        return bytes <= most
                ? Optional.empty()
                : Optional.of("it had %d bytes in memory, more than %d".formatted(bytes, most));
    }

    private Optional<String> excessFiles() {
        long begun = System.nanoTime();
        if (begun - nextWalkAt < 0) {
            return Optional.empty();
        }
        boolean isTooMuch;
        try {
            isTooMuch = PrivateFiles.isLargerThan(directory.root(), limits.diskBytes());
        } catch (IOException unreadable) {
            isTooMuch = false; // Cleared away meanwhile, or nobody's to read.
        }
        long ended = System.nanoTime();
        nextWalkAt = ended + Duration.ofNanos(ended - begun).multipliedBy(PAUSE_FACTOR).toNanos();
        return isTooMuch
                ? Optional.of("its files took more than " + limits.diskBytes() + " bytes")
                : Optional.empty();
    }
}
