package dev.errand.micrometer;

import dev.errand.spi.store.QueueDepth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest sample of a queue. It is kept for an interval even if reading failed, so that
 * unavailable storage is not read for each gauge and each scrape. Thread-safe: while one thread
 * reads the queue, others get the previous sample.
 */
final class QueueSample {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSample.class);

    /**
     * Values of a sample; all NaN if the queue could not be read.
     *
     * @param waiting number of due runs
     * @param unattended number of launched or stopping runs without a live lease
     * @param ageInSeconds age of the longest due run at the time of the sample
     */
    record Values(double waiting, double unattended, double ageInSeconds) {

        private static final Values UNKNOWN = new Values(Double.NaN, Double.NaN, Double.NaN);
        private static final double MILLIS = 1_000;

        private static Values of(QueueDepth depth, Instant now) {
            double age =
                    depth.waitingSince()
                            .map(since -> Duration.between(since, now).toMillis() / MILLIS)
                            .orElse(0.0);
            return new Values(depth.waiting(), depth.unattended(), Math.max(0, age));
        }
    }

    private record Sample(Instant at, Values values) {}

    private final Supplier<QueueDepth> queue;
    private final Clock clock;
    private final Duration every;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Sample last = new Sample(Instant.MIN, Values.UNKNOWN);

    /**
     * Creates a sample that is read when it is used first.
     *
     * @throws IllegalArgumentException if {@code every} is not positive
     */
    QueueSample(Supplier<QueueDepth> queue, Clock clock, Duration every) {
        if (every.isZero() || every.isNegative()) {
            throw new IllegalArgumentException("sampleEvery must be positive, not " + every);
        }
        this.queue = queue;
        this.clock = clock;
        this.every = every;
    }

    /** Returns the latest values, after reading the queue if that is due. */
    Values read() {
        if (isDue() && reading.tryLock()) {
            try {
                if (isDue()) {
                    last = sample();
                }
            } finally {
                reading.unlock();
            }
        }
        return last.values();
    }

    /** Also due after the clock was set back; the next sample could be far away otherwise. */
    private boolean isDue() {
        Instant at = last.at();
        Instant now = clock.instant();
        return at.equals(Instant.MIN) || now.isBefore(at) || !now.isBefore(at.plus(every));
    }

    /** The interval begins after reading, which may take longer than the interval. */
    private Sample sample() {
        Values values = readQueue();
        return new Sample(clock.instant(), values);
    }

    /** A gauge must not throw. */
    private Values readQueue() {
        Instant now = clock.instant();
        try {
            return Values.of(queue.get(), now);
        } catch (RuntimeException unknown) {
            if (!last.values().equals(Values.UNKNOWN) || last.at().equals(Instant.MIN)) {
                LOG.warn("the depth of the queue is unknown until storage is available", unknown);
            }
            return Values.UNKNOWN;
        }
    }
}
