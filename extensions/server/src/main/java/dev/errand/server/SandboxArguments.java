package dev.errand.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** How the sandboxes of agents are kept. */
final class SandboxArguments {

    private static final String END = "end";
    private static final String LEAVE = "leave";
    private static final long MIB = 1024L * 1024;

    @Option(
            names = "--at-stop",
            paramLabel = "leave|end",
            description =
                    "whether agents live on when the server is stopped, for the next one with this"
                            + " --work-dir, or are ended; leave, end without --work-dir")
    private String atStop;

    @Option(
            names = "--keep-for",
            paramLabel = "TIME",
            converter = PlainDuration.class,
            description = "how long directories of failed agents are kept; 7 days, 168h")
    private Duration keepFor;

    @Option(
            names = "--max-disk-mb",
            paramLabel = "N",
            description = "the most that the files of an agent may take, in MiB; 10240")
    private Long maxDisk;

    @Option(
            names = "--max-memory-mb",
            paramLabel = "N",
            description =
                    "the most that the processes of an agent may have in memory, in MiB; no limit")
    private Long maxMemory;

    /** The options that are given. */
    List<String> given() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("--at-stop", atStop);
        values.put("--keep-for", keepFor);
        values.put("--max-disk-mb", maxDisk);
        values.put("--max-memory-mb", maxMemory);
        values.values().removeIf(Objects::isNull);
        return List.copyOf(values.keySet());
    }

    /**
     * What they say together.
     *
     * @throws IllegalArgumentException if one cannot be, with its name
     */
    SandboxOptions options(boolean hasWorkDirectory) {
        if (atStop != null && !atStop.equals(END) && !atStop.equals(LEAVE)) {
            throw new IllegalArgumentException("--at-stop must be leave or end, not " + atStop);
        }
        if (LEAVE.equals(atStop) && !hasWorkDirectory) {
            throw new IllegalArgumentException("--at-stop leave needs --work-dir");
        }
        if (keepFor != null && (keepFor.isZero() || keepFor.isNegative())) {
            throw new IllegalArgumentException("--keep-for must be positive, not " + keepFor);
        }
        requirePositive("--max-disk-mb", maxDisk);
        requirePositive("--max-memory-mb", maxMemory);
        SandboxOptions defaults = SandboxOptions.DEFAULT;
        return new SandboxOptions(
                Optional.ofNullable(atStop).map(END::equals),
                keepFor == null ? defaults.keepFor() : keepFor,
                maxDisk == null ? defaults.maxDiskBytes() : maxDisk * MIB,
                maxMemory == null ? defaults.maxMemoryBytes() : OptionalLong.of(maxMemory * MIB));
    }

    private static void requirePositive(String option, Long megabytes) {
        if (megabytes != null && (megabytes < 1 || megabytes > Long.MAX_VALUE / MIB)) {
            throw new IllegalArgumentException(option + " must be 1 or more, not " + megabytes);
        }
    }
}
