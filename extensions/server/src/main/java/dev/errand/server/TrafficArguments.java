package dev.errand.server;

import dev.errand.http.TrafficLimits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line options that limit what one client can use. */
final class TrafficArguments {

    private static final long MIB = 1024L * 1024;

    @Option(
            names = "--body-deadline",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Time in which the body of a request must arrive. Default: 5m.")
    private @Nullable Duration bodyDeadline;

    @Option(
            names = "--min-body-rate",
            paramLabel = "BYTES",
            description =
                    "Bytes per second that a body must have on average after ten seconds. "
                            + "Default: 1024.")
    private @Nullable Integer minBodyRate;

    @Option(
            names = "--body-memory-mb",
            paramLabel = "N",
            description =
                    "Heap in MiB that request bodies may need at the same time. Default: three "
                            + "quarters of the maximum heap.")
    private @Nullable Long bodyMemory;

    @Option(
            names = "--max-requests-per-caller",
            paramLabel = "N",
            description =
                    "Requests that one user or agent may send at the same time. Default: 100.")
    private @Nullable Integer requestsPerCaller;

    @Option(
            names = "--max-uploads",
            paramLabel = "N",
            description = "Files that are uploaded at the same time. Default: 64.")
    private @Nullable Integer uploads;

    @Option(
            names = "--max-streams",
            paramLabel = "N",
            description =
                    "Logs and files that are downloaded at the same time; a caller may use a "
                            + "quarter. Default: 64.")
    private @Nullable Integer streams;

    @Option(
            names = "--max-event-streams",
            paramLabel = "N",
            description =
                    "Runs that are watched at the same time; a caller may watch a quarter. "
                            + "Default: 4000.")
    private @Nullable Integer eventStreams;

    /**
     * Returns the limits.
     *
     * @throws IllegalArgumentException if an option is invalid
     */
    TrafficLimits limits() {
        TrafficLimits limits = TrafficLimits.DEFAULT;
        limits = bodyDeadline == null ? limits : limits.withBodyDeadline(bodyDeadline);
        limits = minBodyRate == null ? limits : limits.withMinBodyRate(minBodyRate);
        limits = bodyMemory == null ? limits : limits.withBodyMemory(bodyMemory * MIB);
        limits =
                requestsPerCaller == null
                        ? limits
                        : limits.withRequestsPerCaller(requestsPerCaller);
        limits = uploads == null ? limits : limits.withUploads(uploads);
        limits = streams == null ? limits : limits.withStreams(streams);
        return eventStreams == null ? limits : limits.withEventStreams(eventStreams);
    }
}
