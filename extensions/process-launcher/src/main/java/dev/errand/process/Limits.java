package dev.errand.process;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much of the machine a sandbox may take.
 *
 * @param diskBytes the most that all files in its directory may take together, and each of those
 *     that it writes anywhere
 * @param memoryBytes the most that its processes may have in memory together
 * @param processorTime how long each of its processes may compute
 * @param niceness how far behind others its processes stand in the queue for a processor, 0 to 19
 */
record Limits(
        long diskBytes, OptionalLong memoryBytes, Optional<Duration> processorTime, int niceness) {

    private static final long GIB = 1024L * 1024 * 1024;

    /** What POSIX counts files in. */
    private static final int BLOCK = 512;

    /** At the hard limit there is no signal to tell what happened. */
    private static final int SECONDS_TO_HARD_LIMIT = 5;

    private static final int EXIT_CODE_OF_SIGXCPU = 128 + 24;
    private static final int EXIT_CODE_OF_SIGXFSZ = 128 + 25;

    static final Limits DEFAULT = new Limits(10 * GIB, OptionalLong.empty(), Optional.empty(), 0);

    Limits {
        require(diskBytes >= 1, "maxDiskBytes must be 1 or more, not " + diskBytes);
        require(memoryBytes.orElse(1) >= 1, "maxMemoryBytes must be 1 or more, not " + memoryBytes);
        require(
                processorTime.map(time -> time.compareTo(Duration.ofSeconds(1)) >= 0).orElse(true),
                "maxProcessorTime must be a second or more, not " + processorTime);
        require(niceness >= 0 && niceness <= 19, "niceness must be in 0..19, not " + niceness);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    Limits withDiskBytes(long changed) {
        return new Limits(changed, memoryBytes, processorTime, niceness);
    }

    Limits withMemoryBytes(long changed) {
        return new Limits(diskBytes, OptionalLong.of(changed), processorTime, niceness);
    }

    Limits withProcessorTime(Duration changed) {
        return new Limits(diskBytes, memoryBytes, Optional.of(changed), niceness);
    }

    Limits withNiceness(int changed) {
        return new Limits(diskBytes, memoryBytes, processorTime, changed);
    }

    /** What a shell is to do before it becomes the agent. Numbers only. */
    String shell() {
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

    /** Which limit the system itself ended a process at, where its exit code says so. */
    Optional<String> excess(int exitCode) {
        return Optional.ofNullable(
                Map.of(
                                EXIT_CODE_OF_SIGXCPU,
                                "a process computed for longer than "
                                        + processorTime.map(Duration::toSeconds).orElse(0L)
                                        + " s",
                                EXIT_CODE_OF_SIGXFSZ,
                                "a file became larger than " + diskBytes + " bytes")
                        .get(exitCode));
    }
}
