package dev.errand.process;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Checks the resource usage of one sandbox against its limits. Not thread-safe. */
final class ResourceMonitor {

    /** Walking the directory takes at most one twentieth of the time. */
    private static final int PAUSE_FACTOR = 19;

    private final ResourceLimits resourceLimits;
    private final SandboxDirectory directory;
    private final ProcessTable table;
    private long nextWalkAt = System.nanoTime();

    ResourceMonitor(ResourceLimits resourceLimits, SandboxDirectory directory, ProcessTable table) {
        this.resourceLimits = resourceLimits;
        this.directory = directory;
        this.table = table;
    }

    /** Returns a description of the limit that the sandbox exceeds, or empty. */
    Optional<String> exceededLimit(Set<ProcessHandle> processes) {
        return exceededMemory(processes).or(this::exceededDisk);
    }

    private Optional<String> exceededMemory(Set<ProcessHandle> processes) {
        if (resourceLimits.memoryBytes().isEmpty()) {
            return Optional.empty();
        }
        long maxBytes = resourceLimits.memoryBytes().getAsLong();
        long bytes =
                processes.stream().mapToLong(process -> table.residentBytes(process.pid())).sum();
        return bytes <= maxBytes
                ? Optional.empty()
                : Optional.of(
                        "its memory of %d bytes exceeded %d bytes".formatted(bytes, maxBytes));
    }

    private Optional<String> exceededDisk() {
        long startedAt = System.nanoTime();
        if (startedAt - nextWalkAt < 0) {
            return Optional.empty();
        }
        boolean isExceeded;
        try {
            isExceeded = PrivateFiles.isLargerThan(directory.root(), resourceLimits.diskBytes());
        } catch (IOException unreadable) {
            isExceeded = false; // Deleted meanwhile, or unreadable.
        }
        long ended = System.nanoTime();
        nextWalkAt =
                ended + Duration.ofNanos(ended - startedAt).multipliedBy(PAUSE_FACTOR).toNanos();
        return isExceeded
                ? Optional.of("its files exceeded " + resourceLimits.diskBytes() + " bytes")
                : Optional.empty();
    }
}
