package dev.errand.process;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The limits on the machine's resources that a sandbox may use.
 *
 * @param diskBytes the maximum total size of the files in the sandbox's directory, and the maximum
 *     size of each file that it writes anywhere
 * @param memoryBytes the maximum resident memory of its processes together
 * @param processorTime the maximum processor time of each of its processes
 * @param niceness the scheduling niceness of its processes, 0 to 19
 */
record ResourceLimits(
        long diskBytes, OptionalLong memoryBytes, Optional<Duration> processorTime, int niceness) {

    private static final long GIB = 1024L * 1024 * 1024;

    /** The unit of {@code ulimit -f}. */
    private static final int BLOCK = 512;

    /** Exceeding the hard limit kills with SIGKILL, which hides the reason. */
    private static final int SECONDS_TO_HARD_LIMIT = 5;

    private static final int EXIT_CODE_OF_SIGXCPU = 128 + 24;
    private static final int EXIT_CODE_OF_SIGXFSZ = 128 + 25;

    static final ResourceLimits DEFAULT =
            new ResourceLimits(10 * GIB, OptionalLong.empty(), Optional.empty(), 0);

    ResourceLimits {
        require(diskBytes >= 1, "maxDiskBytes must be 1 or more, not " + diskBytes);
        require(memoryBytes.orElse(1) >= 1, "maxMemoryBytes must be 1 or more, not " + memoryBytes);
        require(
                processorTime.map(time -> time.compareTo(Duration.ofSeconds(1)) >= 0).orElse(true),
                "maxProcessorTime must be 1 second or more, not " + processorTime);
        require(niceness >= 0 && niceness <= 19, "niceness must be in 0..19, not " + niceness);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    ResourceLimits withDiskBytes(long changed) {
        return new ResourceLimits(changed, memoryBytes, processorTime, niceness);
    }

    ResourceLimits withMemoryBytes(long changed) {
        return new ResourceLimits(diskBytes, OptionalLong.of(changed), processorTime, niceness);
    }

    ResourceLimits withProcessorTime(Duration changed) {
        return new ResourceLimits(diskBytes, memoryBytes, Optional.of(changed), niceness);
    }

    ResourceLimits withNiceness(int changed) {
        return new ResourceLimits(diskBytes, memoryBytes, processorTime, changed);
    }

    /**
     * Returns the shell commands that set the limits before the agent starts. They contain only
     * numbers.
     */
    String shellCommands() {
        StringBuilder lines = new StringBuilder();
        lines.append("ulimit -f ").append(blocks()).append(" || exit 126\n");
        processorTime
                .map(Duration::toSeconds)
                .ifPresent(
                        seconds -> {
                            long hard = seconds + SECONDS_TO_HARD_LIMIT;
                            lines.append("ulimit -S -t ").append(seconds).append(" || exit 126\n");
                            lines.append("ulimit -H -t ").append(hard).append(" || exit 126\n");
                        });
        return lines.toString();
    }

    private long blocks() {
        return Math.max(1, (diskBytes + BLOCK - 1) / BLOCK);
    }

    /**
     * Returns the limit at which the operating system ended a process, if the exit code shows it.
     */
    Optional<String> exceededLimit(int exitCode) {
        return Optional.ofNullable(
                Map.of(
                                EXIT_CODE_OF_SIGXCPU,
                                "a process used more than "
                                        + processorTime.map(Duration::toSeconds).orElse(0L)
                                        + " s of processor time",
                                EXIT_CODE_OF_SIGXFSZ,
                                "a file became larger than " + diskBytes + " bytes")
                        .get(exitCode));
    }
}
