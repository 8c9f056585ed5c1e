package dev.errand.testkit;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.TaskFilter;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each fault is injected into the planned call and into no other one. */
class FaultInjectionTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final Instant START = Instant.parse("2026-05-06T09:00:00Z");

    private final TestClock clock = TestClock.at(START);
    private final FaultPlan plan = FaultPlan.on(clock);
    private final Backend real = InMemoryBackend.create(clock);
    private final Backend backend = FaultInjection.backend(real, plan);

    @ParameterizedTest
    @CsvSource({"THROW, 0, true", "THROW_PERMANENT, 0, false", "LOSE_REPLY, 1, true"})
    void onlyThePlannedCallFails(Fault fault, int insertedByIt, boolean retryable) {
        plan.at("insert", 2, fault);
        insert();

        assertThatExceptionOfType(PortException.class)
                .isThrownBy(this::insert)
                .satisfies(failure -> assertThat(failure.isRetryable()).isEqualTo(retryable))
                .withMessageContaining("insert");
        assertThat(stored()).isEqualTo(1 + insertedByIt);
        insert();
        assertThat(plan.injected()).containsExactly("insert 2 " + fault);
    }

    @ParameterizedTest
    @CsvSource({"CRASH_BEFORE, 0", "CRASH_AFTER, 1"})
    void aCrashHappensBeforeOrAfterTheOperation(Fault fault, int insertedByIt) {
        plan.at("insert", 1, fault);

        assertThatThrownBy(this::insert).isInstanceOf(NodeCrashError.class);
        assertThat(stored()).isEqualTo(insertedByIt);
    }

    @Test
    void aRepeatedCallIsExecutedTwice() {
        plan.at("list", 1, Fault.REPEAT).at("findStoredResult", 1, Fault.REPEAT);

        assertThat(backend.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).total())
                .isZero();
        assertThat(plan.injected()).containsExactly("list 1 REPEAT");
    }

    @Test
    void aDelayAdvancesTheClock() {
        plan.at("insert", 1, Fault.DELAY).withDelay(Duration.ofMinutes(2));
        insert();

        assertThat(clock.instant()).isEqualTo(START.plus(Duration.ofMinutes(2)));
        assertThat(stored()).isOne();
    }

    @Test
    void aHangingCallContinuesWhenReleased() throws Exception {
        plan.at("insert", 1, Fault.HANG);
        CompletableFuture<Void> hanging = CompletableFuture.runAsync(this::insert);
        assertThat(stored()).isZero();

        plan.releaseHanging();
        hanging.get(10, TimeUnit.SECONDS);
        assertThat(stored()).isOne();
    }

    @Test
    void theSeedDeterminesRandomFaults() {
        assertThat(randomFaults(3)).isNotEmpty().isEqualTo(randomFaults(3));
        assertThat(randomFaults(3)).isNotEqualTo(randomFaults(4));
    }

    private static List<String> randomFaults(long seed) {
        TestClock clock = TestClock.at(START);
        FaultPlan plan =
                FaultPlan.on(clock)
                        .withRandomFaults(RandomSeed.of(seed), 0.3, Fault.DELAY, Fault.REPEAT);
        Backend backend = FaultInjection.backend(InMemoryBackend.create(clock), plan);
        for (int i = 0; i < 50; i++) {
            backend.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST);
        }
        return plan.injected();
    }

    private void insert() {
        TestTasks.insertTask(backend.tasks(), PROJECT, aTask().build(), Optional.empty());
    }

    private long stored() {
        return real.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).total();
    }
}
