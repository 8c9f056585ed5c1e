package dev.errand.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.BackendException;
import dev.errand.spi.dispatch.QueueDepth;
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
    private final AtomicInteger looks = new AtomicInteger();
    private QueueDepth depth = QueueDepth.NONE;
    private boolean isAway;

    private final QueueSample sample = new QueueSample(this::look, clock, EVERY);

    private QueueDepth look() {
        looks.incrementAndGet();
        if (isAway) {
            throw BackendException.retryable("RunQueue", "connection refused", null);
        }
        return depth;
    }

    @Test
    void manyReadersOfOneIntervalMakeOneLook() {
        depth = new QueueDepth(3, Optional.of(clock.instant().minusSeconds(7)), 2);
        for (int i = 0; i < 100; i++) {
            assertThat(sample.read()).isEqualTo(new QueueSample.Seen(3, 2, 7));
        }
        clock.advance(EVERY.minusNanos(1_000));
        sample.read();
        assertThat(looks).hasValue(1);

        depth = QueueDepth.NONE;
        clock.tick();
        assertThat(sample.read()).isEqualTo(new QueueSample.Seen(0, 0, 0));
        assertThat(looks).hasValue(2);
    }

    @Test
    void aStorageThatIsAwayIsNoNumberAndAskedOnceInAnInterval() {
        isAway = true;
        assertThat(sample.read().waiting()).isNaN();
        assertThat(sample.read().unattended()).isNaN();
        assertThat(sample.read().ageInSeconds()).isNaN();
        assertThat(looks).hasValue(1);

        isAway = false;
        clock.advance(EVERY);
        assertThat(sample.read().waiting()).isZero();
    }

    /** Or each scrape would wait as long as the one before it, until storage is back. */
    @Test
    void aLookThatTookLongIsGoodFromItsEnd() {
        QueueSample slow =
                new QueueSample(
                        () -> {
                            clock.advance(EVERY.multipliedBy(3));
                            return look();
                        },
                        clock,
                        EVERY);
        slow.read();
        slow.read();

        assertThat(looks).hasValue(1);
    }

    @Test
    void aClockThatWasSetBackDoesNotHoldUpTheNextLook() {
        sample.read();
        clock.set(clock.instant().minusSeconds(3_600));
        sample.read();

        assertThat(looks).hasValue(2);
    }

    @Test
    void whatIsDueByAClockAheadOfOursHasNoNegativeAge() {
        depth = new QueueDepth(1, Optional.of(clock.instant().plusSeconds(2)), 0);

        assertThat(sample.read().ageInSeconds()).isZero();
    }

    /** A storage that hangs holds up one scrape, not all. */
    @Test
    void whoComesWhileAnotherLooksGetsWhatWasSeenBefore() throws InterruptedException {
        CountDownLatch isLooking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        QueueSample slow =
                new QueueSample(
                        () -> {
                            isLooking.countDown();
                            await(goOn);
                            return QueueDepth.NONE;
                        },
                        clock,
                        EVERY);
        Thread first = new Thread(slow::read);
        first.start();
        await(isLooking);

        assertThat(slow.read().waiting()).isNaN();
        goOn.countDown();
        first.join();
        assertThat(slow.read().waiting()).isZero();
    }

    @Test
    void anIntervalThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new QueueSample(this::look, clock, Duration.ZERO))
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
