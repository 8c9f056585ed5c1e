package dev.errand.process;

import dev.errand.process.FileWork.Task;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the resource usage of one sandbox against its limits. Its files are measured in the
 * background, since the agent decides how long that takes. Not thread-safe.
 */
final class ResourceMonitor {

    /** Walking the directory takes at most one twentieth of the time. */
    private static final int PAUSE_FACTOR = 19;

    private static final Duration MAX_MEASURING = Duration.ofMinutes(2);

    /** Waiting is pointless if even the deadline between two entries is not noticed. */
    private static final Duration MAX_WAITING = MAX_MEASURING.plusSeconds(30);

    private final ResourceLimits resourceLimits;
    private final SandboxDirectory directory;
    private final ProcessTable table;
    private final FileWork fileWork;
    private final Runnable wake;
    private Optional<Task<Measurement>> running = Optional.empty();
    private long nextWalkAt = System.nanoTime();

    /**
     * Creates a monitor that has measured nothing yet.
     *
     * @param wake called when a measurement found a reason to stop the sandbox
     */
    ResourceMonitor(
            ResourceLimits resourceLimits,
            SandboxDirectory directory,
            ProcessTable table,
            FileWork fileWork,
            Runnable wake) {
        this.resourceLimits = resourceLimits;
        this.directory = directory;
        this.table = table;
        this.fileWork = fileWork;
        this.wake = wake;
    }

    private record Measurement(DirectoryTree.Size size, Duration took) {
        boolean isWithin() {
            return size instanceof DirectoryTree.Size.Within;
        }
    }

    /**
     * Returns a description of the limit that the sandbox exceeds, or of what prevents its
     * measurement, or empty.
     */
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
        if (running.isEmpty()) {
            if (System.nanoTime() - nextWalkAt >= 0) {
                running = Optional.of(measure());
            }
            return Optional.empty();
        }
        Task<Measurement> task = running.get();
        if (!task.isDone()) {
            return task.isOverdue(MAX_WAITING)
                    ? Optional.of(
                            "its files could not be measured: the file system does not answer")
                    : Optional.empty();
        }
        running = Optional.empty();
        // A task without result could not be started; the next one may.
        Duration took = task.result().map(Measurement::took).orElse(Duration.ZERO);
        nextWalkAt = System.nanoTime() + took.multipliedBy(PAUSE_FACTOR).toNanos();
        return task.result().flatMap(measured -> problem(measured.size()));
    }

    private Task<Measurement> measure() {
        Task<Measurement> task =
                fileWork.start(
                        () -> {
                            long startedAt = System.nanoTime();
                            DirectoryTree.Size size =
                                    DirectoryTree.measure(
                                            directory.root(),
                                            resourceLimits.diskBytes(),
                                            MAX_MEASURING);
                            return new Measurement(
                                    size, Duration.ofNanos(System.nanoTime() - startedAt));
                        });
        task.onEnd(
                () -> {
                    if (!task.result().map(Measurement::isWithin).orElse(true)) {
                        wake.run();
                    }
                });
        return task;
    }

    private Optional<String> problem(DirectoryTree.Size size) {
        if (size instanceof DirectoryTree.Size.Exceeded) {
            return Optional.of("its files exceeded " + resourceLimits.diskBytes() + " bytes");
        }
        if (size instanceof DirectoryTree.Size.Unknown unknown) {
            return Optional.of("its files could not be measured: " + unknown.reason());
        }
        return Optional.empty();
    }
}
