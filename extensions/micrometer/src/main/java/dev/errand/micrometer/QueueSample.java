package dev.errand.micrometer;

import dev.errand.spi.dispatch.QueueDepth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last look at a queue, which is good for a while, whatever came of it: a storage that does not
 * answer is not asked by each gauge and each scrape anew. Thread-safe; who comes while another
 * looks gets what was seen before.
 */
final class QueueSample {

    private static final Logger LOG = LoggerFactory.getLogger(QueueSample.class);

    /**
     * What was seen; all of it not a number where nothing was.
     *
     * @param ageInSeconds at the time of the look
     */
    record Seen(double waiting, double unattended, double ageInSeconds) {

        private static final Seen NOTHING = new Seen(Double.NaN, Double.NaN, Double.NaN);
        private static final double MILLIS = 1_000;

        private static Seen of(QueueDepth depth, Instant now) {
            double age =
                    depth.waitingSince()
                            .map(since -> Duration.between(since, now).toMillis() / MILLIS)
                            .orElse(0.0);
            return new Seen(depth.waiting(), depth.unattended(), Math.max(0, age));
        }
    }

    private record Look(Instant at, Seen seen) {}

    private final Supplier<QueueDepth> queue;
    private final Clock clock;
    private final Duration every;
    private final ReentrantLock looking = new ReentrantLock();
    private volatile Look last = new Look(Instant.MIN, Seen.NOTHING);

    /**
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

    /** What was seen last, after a look if that is due. */
    Seen read() {
        if (isDue() && looking.tryLock()) {
            try {
                if (isDue()) {
                    last = look();
                }
            } finally {
                looking.unlock();
            }
        }
        return last.seen();
    }

    /** Also where the clock was set back, or the next look might be far away. */
    private boolean isDue() {
        Instant at = last.at();
        Instant now = clock.instant();
        return at.equals(Instant.MIN) || now.isBefore(at) || !now.isBefore(at.plus(every));
    }

    /** Good from when it is over: a storage that is away may take longer than an interval. */
    private Look look() {
        Seen seen = see();
        return new Look(clock.instant(), seen);
    }

    /** A gauge is no place to fail: what cannot be known is not a number. */
    private Seen see() {
        Instant now = clock.instant();
        try {
            return Seen.of(queue.get(), now);
        } catch (RuntimeException unknown) {
            if (!last.seen().equals(Seen.NOTHING) || last.at().equals(Instant.MIN)) {
                LOG.warn("The queue's depth is not known until storage answers", unknown);
            }
            return Seen.NOTHING;
        }
    }
}
