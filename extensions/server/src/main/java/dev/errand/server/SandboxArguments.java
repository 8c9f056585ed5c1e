package dev.errand.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line options for sandboxes. */
final class SandboxArguments {

    private static final String STOP = "stop";
    private static final String LEAVE = "leave";
    private static final long MIB = 1024L * 1024;

    @Option(
            names = "--on-shutdown",
            paramLabel = "leave|stop",
            description =
                    "leave: agents continue to run when the server stops, and the "
                            + "next server with the same --work-dir takes them over. stop: "
                            + "agents are stopped. Default: leave with --work-dir, "
                            + "otherwise stop.")
    private @Nullable String onShutdown;

    @Option(
            names = "--keep-for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "Time for which the directories of failed agents are kept. " + "Default: 168h.")
    private @Nullable Duration keepFor;

    @Option(
            names = "--max-disk-mb",
            paramLabel = "N",
            description = "Maximum size of all files of an agent in MiB. Default: " + "10240.")
    private @Nullable Long maxDisk;

    @Option(
            names = "--max-memory-mb",
            paramLabel = "N",
            description =
                    "Maximum memory of all processes of an agent in MiB. Default: " + "unlimited.")
    private @Nullable Long maxMemory;

    @Option(
            names = "--sandbox-user",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Operating system user as which agents run: one for all agents, or at least "
                            + "as many as --slots, so that agents cannot reach each other; can "
                            + "be repeated or a comma-separated list. Requires a server that runs "
                            + "as root. Default: the user of the server, whose files agents can "
                            + "read then.")
    private @Nullable List<String> users;

    /** Returns the names of the specified options. */
    List<String> specified() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("--on-shutdown", onShutdown);
        values.put("--keep-for", keepFor);
        values.put("--max-disk-mb", maxDisk);
        values.put("--max-memory-mb", maxMemory);
        values.put("--sandbox-user", users);
        values.values().removeIf(Objects::isNull);
        return List.copyOf(values.keySet());
    }

    /**
     * Returns the options.
     *
     * @throws IllegalArgumentException if an option is invalid; the message begins with its name
     */
    SandboxOptions options(boolean hasWorkDirectory) {
        if (onShutdown != null && !onShutdown.equals(STOP) && !onShutdown.equals(LEAVE)) {
            throw new IllegalArgumentException(
                    "--on-shutdown must be leave or stop, not " + onShutdown);
        }
        if (LEAVE.equals(onShutdown) && !hasWorkDirectory) {
            throw new IllegalArgumentException("--on-shutdown leave requires --work-dir");
        }
        if (keepFor != null && (keepFor.isZero() || keepFor.isNegative())) {
            throw new IllegalArgumentException("--keep-for must be positive, not " + keepFor);
        }
        requirePositive("--max-disk-mb", maxDisk);
        requirePositive("--max-memory-mb", maxMemory);
        SandboxOptions defaults = SandboxOptions.DEFAULT;
        return new SandboxOptions(
                Optional.ofNullable(onShutdown).map(STOP::equals),
                keepFor == null ? defaults.keepFor() : keepFor,
                maxDisk == null ? defaults.maxDiskBytes() : maxDisk * MIB,
                maxMemory == null ? defaults.maxMemoryBytes() : OptionalLong.of(maxMemory * MIB),
                users == null ? defaults.users() : users);
    }

    private static void requirePositive(String option, @Nullable Long megabytes) {
        if (megabytes != null && (megabytes < 1 || megabytes > Long.MAX_VALUE / MIB)) {
            throw new IllegalArgumentException(option + " must be 1 or more, not " + megabytes);
        }
    }
}
