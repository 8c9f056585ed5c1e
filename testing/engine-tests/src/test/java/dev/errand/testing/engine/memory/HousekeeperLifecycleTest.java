package dev.errand.testing.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.Errand;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.retention.Housekeeper;
import dev.errand.retention.HousekeepingListener;
import dev.errand.retention.RetentionPolicy;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.store.Backend;
import dev.errand.testing.engine.Eventually;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Starting and closing a housekeeper. */
class HousekeeperLifecycleTest {

    private static final String THREAD = "errand-housekeeper";
    private static final Duration SHORT = Duration.ofMillis(5);

    private final Backend backend = InMemoryBackend.create(Clock.systemUTC());
    private final Errand errand =
            Errand.builder(
                            backend,
                            InMemoryObjectStore.create(
                                    Clock.systemUTC(), Secret.of("a key for tests only")),
                            ProjectDirectory.of(new Project(ProjectId.of(1), "Acme")))
                    .build();

    @AfterEach
    void close() {
        errand.close();
        backend.close();
    }

    private Housekeeper housekeeper(HousekeepingListener... listeners) {
        return errand.housekeeper(RetentionPolicy.DEFAULT, listeners);
    }

    @Test
    void aStartedHousekeeperRunsAgainAndAgainUntilItIsClosed() {
        AtomicInteger runs = new AtomicInteger();
        Housekeeper housekeeper = housekeeper(result -> runs.incrementAndGet());
        housekeeper.start(SHORT);
        housekeeper.start(SHORT); // It has one thread only.
        Eventually.until("it ran three times", () -> runs.get() >= 3);
        assertThat(threads()).isEqualTo(1);

        housekeeper.close();

        int last = runs.get();
        Eventually.until("its thread ended", () -> threads() == 0);
        assertThat(runs).hasValue(last);
    }

    @Test
    void aStoppedHousekeeperCanBeStartedAgain() {
        AtomicInteger runs = new AtomicInteger();
        try (Housekeeper housekeeper = housekeeper(result -> runs.incrementAndGet())) {
            housekeeper.stop(); // Nothing to stop.
            housekeeper.start(SHORT);
            housekeeper.stop();
            Eventually.until("its thread ended", () -> threads() == 0);

            int before = runs.get();
            housekeeper.start(SHORT);
            Eventually.until("it ran again", () -> runs.get() > before);
        }
    }

    /** An error of a listener or of the storage does not end the schedule. */
    @Test
    void aFailedRunIsRepeated() {
        AtomicInteger runs = new AtomicInteger();
        try (Housekeeper housekeeper =
                housekeeper(
                        result -> {
                            runs.incrementAndGet();
                            throw new AssertionError("on purpose");
                        })) {
            housekeeper.start(SHORT);
            Eventually.until("it ran again", () -> runs.get() >= 2);
        }
    }

    /** Closing interrupts a run and waits for its end. */
    @Test
    void closingWaitsForTheCurrentRun() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Housekeeper housekeeper =
                housekeeper(
                        result -> {
                            running.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException byClose) {
                                interrupted.countDown();
                            }
                        });
        housekeeper.start(SHORT);
        running.await();

        housekeeper.close();

        assertThat(interrupted.getCount()).isZero();
        Eventually.until("its thread ended", () -> threads() == 0);
    }

    @Test
    void aClosedHousekeeperDoesNotStart() {
        Housekeeper housekeeper = housekeeper();
        housekeeper.close();
        housekeeper.close();

        assertThatThrownBy(() -> housekeeper.start(SHORT))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> housekeeper().start(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        Eventually.until("its thread ended", () -> threads() == 0);
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(THREAD))
                .count();
    }
}
