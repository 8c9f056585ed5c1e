package dev.errand.server;

import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.run.RunStatus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line options that say when data is erased. */
final class RetentionArguments {

    @Option(
            names = "--keep-deleted",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Time for which deleted tasks are kept. Default: 720h.")
    private @Nullable Duration deleted;

    @Option(
            names = "--keep-completed",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "Time for which a task is kept after its latest run completed. Default: for ever.")
    private @Nullable Duration completed;

    @Option(
            names = "--keep-failed",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "Time for which a task is kept after its latest run failed or was cancelled. "
                            + "Default: for ever.")
    private @Nullable Duration failed;

    @Option(
            names = "--keep-logs",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Time for which a log is kept after its run ended. Default: for ever.")
    private @Nullable Duration logs;

    /**
     * Returns the policy.
     *
     * @throws IllegalArgumentException if an option is invalid; the message begins with its name
     */
    RetentionPolicy policy() {
        RetentionPolicy policy = RetentionPolicy.DEFAULT;
        policy = given("--keep-deleted", deleted).map(policy::withDeletedTasks).orElse(policy);
        policy = withEnded(policy, "--keep-completed", completed, RunStatus.COMPLETED);
        policy = withEnded(policy, "--keep-failed", failed, RunStatus.FAILED);
        policy = withEnded(policy, "--keep-failed", failed, RunStatus.CANCELLED);
        return given("--keep-logs", logs).map(policy::withLogs).orElse(policy);
    }

    private static RetentionPolicy withEnded(
            RetentionPolicy policy, String option, @Nullable Duration kept, RunStatus status) {
        return given(option, kept).map(time -> policy.withEndedTasks(status, time)).orElse(policy);
    }

    private static Optional<Duration> given(String option, @Nullable Duration time) {
        if (time != null && time.isNegative()) {
            throw new IllegalArgumentException(option + " must not be negative, but is " + time);
        }
        return Optional.ofNullable(time);
    }
}
