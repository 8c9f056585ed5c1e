package dev.errand.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.PortException;
import dev.errand.spi.store.QueueDepth;
import dev.errand.tck.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class QueueSampleTest {

    private static final Duration EVERY = Duration.ofSeconds(10);

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
    private final AtomicInteger reads = new AtomicInteger();
    private QueueDepth depth = QueueDepth.EMPTY;
    private boolean isUnavailable;

    private final QueueSample sample = new QueueSample(this::read, clock, EVERY);

    private QueueDepth read() {
        reads.incrementAndGet();
        if (isUnavailable) {
            throw PortException.retryable("RunQueue", "connection refused");
        }
        return depth;
    }

    @Test
    void theQueueIsReadOnceInAnInterval() {
        depth = new QueueDepth(3, Optional.of(clock.instant().minusSeconds(7)), 2);
        for (int i = 0; i < 100; i++) {
            assertThat(sample.read()).isEqualTo(new QueueSample.Values(3, 2, 7));
        }
        clock.advance(EVERY.minusNanos(1_000));
        sample.read();
        assertThat(reads).hasValue(1);

        depth = QueueDepth.EMPTY;
        clock.tick();
        assertThat(sample.read()).isEqualTo(new QueueSample.Values(0, 0, 0));
        assertThat(reads).hasValue(2);
    }

    @Test
    void unavailableStorageIsReadOnceInAnIntervalAndYieldsNan() {
        isUnavailable = true;
        assertThat(sample.read().waiting()).isNaN();
        assertThat(sample.read().unattended()).isNaN();
        assertThat(sample.read().ageInSeconds()).isNaN();
        assertThat(reads).hasValue(1);

        isUnavailable = false;
        clock.advance(EVERY);
        assertThat(sample.read().waiting()).isZero();
    }

    /** Otherwise each scrape of unavailable storage would wait for its timeout. */
    @Test
    void theIntervalBeginsAfterReading() {
        QueueSample slow =
                new QueueSample(
                        () -> {
                            clock.advance(EVERY.multipliedBy(3));
                            return read();
                        },
                        clock,
                        EVERY);
        slow.read();
        slow.read();

        assertThat(reads).hasValue(1);
    }

    @Test
    void aClockThatWasSetBackDoesNotDelayTheNextSample() {
        sample.read();
        clock.set(clock.instant().minusSeconds(3_600));
        sample.read();

        assertThat(reads).hasValue(2);
    }

    @Test
    void theAgeIsNeverNegative() {
        depth = new QueueDepth(1, Optional.of(clock.instant().plusSeconds(2)), 0);

        assertThat(sample.read().ageInSeconds()).isZero();
    }

    /** Storage that hangs blocks one scrape, not all. */
    @Test
    void readersGetThePreviousSampleWhileTheQueueIsRead() throws InterruptedException {
        CountDownLatch isReading = new CountDownLatch(1);
        CountDownLatch mayContinue = new CountDownLatch(1);
        QueueSample slow =
                new QueueSample(
                        () -> {
                            isReading.countDown();
                            await(mayContinue);
                            return QueueDepth.EMPTY;
                        },
                        clock,
                        EVERY);
        Thread first = new Thread(slow::read);
        first.start();
        await(isReading);

        assertThat(slow.read().waiting()).isNaN();
        mayContinue.countDown();
        first.join();
        assertThat(slow.read().waiting()).isZero();
    }

    @Test
    void anIntervalThatIsNotPositiveIsRejected() {
        assertThatThrownBy(() -> new QueueSample(this::read, clock, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sampleEvery");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }
}
