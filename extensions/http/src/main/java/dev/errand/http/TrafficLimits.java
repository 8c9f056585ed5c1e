package dev.errand.http;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits that keep one client from taking the server away from others
 * (docs/wire/idempotency-and-limits.md#j21). Immutable.
 *
 * @param bodyDeadline the time within which a body must arrive completely
 * @param minBodyRate the minimum average rate of a body in bytes per second; a body that is slower
 *     after its first ten seconds is rejected
 * @param bodyMemory the heap in bytes that bodies may need at the same time while they are read and
 *     processed
 * @param requestsPerCaller the number of requests of one caller that are processed at the same time
 * @param bodies the maximum number of incomplete bodies at the same time. An authenticated caller
 *     may have a tenth of them; if it sends more, its oldest incomplete body is rejected
 * @param uploads the number of files that are received through upload forms at the same time
 * @param streams the number of logs and files that are sent at the same time; one caller may use a
 *     quarter of them
 * @param eventStreams the number of open event streams; one caller may have a quarter of them
 */
public record TrafficLimits(
        Duration bodyDeadline,
        int minBodyRate,
        long bodyMemory,
        int requestsPerCaller,
        int bodies,
        int uploads,
        int streams,
        int eventStreams) {

    /**
     * The defaults: five minutes, 1 KiB per second, three quarters of the maximum heap, 100
     * requests of a caller, 1000 bodies, 64 uploads, 64 streams, 4000 event streams.
     */
    public static final TrafficLimits DEFAULT =
            new TrafficLimits(
                    Duration.ofMinutes(5),
                    1024,
                    Runtime.getRuntime().maxMemory() / 4 * 3,
                    100,
                    1000,
                    64,
                    64,
                    4000);

    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if a value is not positive
     */
    public TrafficLimits {
        Objects.requireNonNull(bodyDeadline, "bodyDeadline");
        requirePositive("body deadline", bodyDeadline.toMillis());
        requirePositive("minimum body rate", minBodyRate);
        requirePositive("body memory", bodyMemory);
        requirePositive("requests per caller", requestsPerCaller);
        requirePositive("bodies", bodies);
        requirePositive("uploads", uploads);
        requirePositive("streams", streams);
        requirePositive("event streams", eventStreams);
    }

    /** Returns a copy with the given deadline of bodies. */
    public TrafficLimits withBodyDeadline(Duration changed) {
        return new TrafficLimits(
                changed,
                minBodyRate,
                bodyMemory,
                requestsPerCaller,
                bodies,
                uploads,
                streams,
                eventStreams);
    }

    /** Returns a copy with the given minimum rate of bodies. */
    public TrafficLimits withMinBodyRate(int changed) {
        return new TrafficLimits(
                bodyDeadline,
                changed,
                bodyMemory,
                requestsPerCaller,
                bodies,
                uploads,
                streams,
                eventStreams);
    }

    /** Returns a copy with the given heap for bodies. */
    public TrafficLimits withBodyMemory(long changed) {
        return new TrafficLimits(
                bodyDeadline,
                minBodyRate,
                changed,
                requestsPerCaller,
                bodies,
                uploads,
                streams,
                eventStreams);
    }

    /** Returns a copy with the given number of requests of one caller. */
    public TrafficLimits withRequestsPerCaller(int changed) {
        return new TrafficLimits(
                bodyDeadline,
                minBodyRate,
                bodyMemory,
                changed,
                bodies,
                uploads,
                streams,
                eventStreams);
    }

    /** Returns a copy with the given number of bodies. */
    public TrafficLimits withBodies(int changed) {
        return new TrafficLimits(
                bodyDeadline,
                minBodyRate,
                bodyMemory,
                requestsPerCaller,
                changed,
                uploads,
                streams,
                eventStreams);
    }

    /** Returns a copy with the given number of uploads. */
    public TrafficLimits withUploads(int changed) {
        return new TrafficLimits(
                bodyDeadline,
                minBodyRate,
                bodyMemory,
                requestsPerCaller,
                bodies,
                changed,
                streams,
                eventStreams);
    }

    /** Returns a copy with the given number of streams. */
    public TrafficLimits withStreams(int changed) {
        return new TrafficLimits(
                bodyDeadline,
                minBodyRate,
                bodyMemory,
                requestsPerCaller,
                bodies,
                uploads,
                changed,
                eventStreams);
    }

    /** Returns a copy with the given number of event streams. */
    public TrafficLimits withEventStreams(int changed) {
        return new TrafficLimits(
                bodyDeadline,
                minBodyRate,
                bodyMemory,
                requestsPerCaller,
                bodies,
                uploads,
                streams,
                changed);
    }

    private static void requirePositive(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
