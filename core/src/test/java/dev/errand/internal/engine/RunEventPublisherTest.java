package dev.errand.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunEvent.RunChanged;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.HostTransaction;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Committed changes are reported to listeners, those of one run in commit order. */
@Timeout(30)
class RunEventPublisherTest {

    private static final Instant NOW = Instant.parse("2026-05-07T09:30:00Z");

    private final List<RunEvent> published = new CopyOnWriteArrayList<>();
    private final List<RunId> announced = new CopyOnWriteArrayList<>();
    private final ThreadLocal<HostTransaction> hostTransaction = new ThreadLocal<>();

    @Test
    void aCommittedChangeIsPublished() {
        try (RunEventPublisher events = publisher(published::add)) {
            String answer =
                    events.commitAndPublish(
                            id(1), () -> "answer", any -> Optional.of(changed(id(1), 2)));
            assertThat(answer).isEqualTo("answer");
        }
        assertThat(published).containsExactly(changed(id(1), 2));
    }

    @Test
    void aChangeThatIsNotCommittedIsNotPublished() {
        try (RunEventPublisher events = publisher(published::add)) {
            events.commitAndPublish(id(1), () -> "stale", any -> Optional.empty());
            assertThatIllegalStateException()
                    .isThrownBy(
                            () ->
                                    events.commitAndPublish(
                                            id(1),
                                            () -> {
                                                throw new IllegalStateException("store");
                                            },
                                            any -> Optional.of(changed(id(1), 2))))
                    .withMessage("store");
            events.commitAndPublish(id(1), () -> "next", any -> Optional.of(changed(id(1), 3)));
        }
        assertThat(published).containsExactly(changed(id(1), 3));
    }

    @Test
    void changesOfOneRunArePublishedInCommitOrder() throws Exception {
        int runs = 3;
        int changes = 300;
        Map<RunId, AtomicInteger> versions = new ConcurrentHashMap<>();
        for (int run = 0; run < runs; run++) {
            versions.put(id(run), new AtomicInteger());
        }
        ExecutorService committers = Executors.newFixedThreadPool(6);
        try (RunEventPublisher events = publisher(published::add)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < runs * changes; i++) {
                RunId run = id(i % runs);
                all.add(
                        committers.submit(
                                () ->
                                        events.commitAndPublish(
                                                run,
                                                versions.get(run)::incrementAndGet,
                                                version -> Optional.of(changed(run, version)))));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            committers.shutdown();
        }
        for (int run = 0; run < runs; run++) {
            RunId id = id(run);
            List<Long> order =
                    published.stream()
                            .map(event -> ((RunChanged) event).run())
                            .filter(one -> one.id().equals(id))
                            .map(Run::version)
                            .toList();
            assertThat(order).hasSize(changes).isSorted().doesNotHaveDuplicates();
        }
    }

    @Test
    void aChangeInAHostTransactionIsPublishedAfterTheCommit() {
        FakeTransaction transaction = new FakeTransaction();
        try (RunEventPublisher events = publisher(published::add)) {
            inTransaction(transaction, () -> change(events, id(1), 2));
            change(events, id(2), 7);
            transaction.complete(true);
        }
        assertThat(published).containsExactly(changed(id(2), 7), changed(id(1), 2));
    }

    @Test
    void aChangeThatTheHostRollsBackIsNotPublished() {
        FakeTransaction transaction = new FakeTransaction();
        try (RunEventPublisher events = publisher(published::add)) {
            inTransaction(
                    transaction,
                    () -> {
                        change(events, id(1), 2);
                        events.publish(changed(id(3), 5));
                    });
            transaction.complete(false);
            change(events, id(1), 2);
        }
        assertThat(published).containsExactly(changed(id(1), 2));
    }

    /** Another thread can commit the next change before the host reports its commit. */
    @Test
    void theNextChangeOfARunWaitsForTheEndOfTheHostTransaction() {
        FakeTransaction transaction = new FakeTransaction();
        FakeTransaction other = new FakeTransaction();
        try (RunEventPublisher events = publisher(published::add)) {
            inTransaction(transaction, () -> change(events, id(1), 2));
            change(events, id(1), 3);
            inTransaction(other, () -> change(events, id(1), 4));
            other.complete(true);
            transaction.complete(true);
        }
        assertThat(published)
                .containsExactly(changed(id(1), 2), changed(id(1), 3), changed(id(1), 4));
    }

    /** The other thread holds the lock of the run and waits in the database for the host. */
    @Test
    void aHostTransactionDoesNotWaitForAThreadThatCommitsAChangeOfTheSameRun() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        CountDownLatch hostEnded = new CountDownLatch(1);
        FakeTransaction transaction = new FakeTransaction();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (RunEventPublisher events = publisher(published::add)) {
            Future<?> other =
                    executor.submit(
                            () ->
                                    events.commitAndPublish(
                                            id(1),
                                            () -> {
                                                committing.countDown();
                                                await(hostEnded);
                                                return 3;
                                            },
                                            version -> Optional.of(changed(id(1), version))));
            await(committing);
            inTransaction(transaction, () -> change(events, id(1), 2));
            transaction.complete(true);
            hostEnded.countDown();
            other.get();
        } finally {
            executor.shutdown();
        }
        assertThat(published).containsExactly(changed(id(1), 2), changed(id(1), 3));
    }

    private static void change(RunEventPublisher events, RunId run, long version) {
        events.commitAndPublish(run, () -> version, any -> Optional.of(changed(run, version)));
    }

    private void inTransaction(HostTransaction transaction, Runnable work) {
        hostTransaction.set(transaction);
        work.run();
        hostTransaction.remove();
    }

    private static final class FakeTransaction implements HostTransaction {
        private final List<Runnable> onCommit = new ArrayList<>();
        private final List<Runnable> onRollback = new ArrayList<>();

        @Override
        public void afterCompletion(Runnable committed, Runnable rolledBack) {
            onCommit.add(committed);
            onRollback.add(rolledBack);
        }

        void complete(boolean isCommitted) {
            (isCommitted ? onCommit : onRollback).forEach(Runnable::run);
        }
    }

    @Test
    void aFailingListenerAffectsNeitherTheChangeNorOtherListeners() {
        RunListener failing =
                event -> {
                    throw new ListenerFailure();
                };
        try (RunEventPublisher events = publisher(failing, published::add)) {
            assertThat(
                            events.<String>commitAndPublish(
                                    id(1), () -> "one", any -> Optional.of(changed(id(1), 2))))
                    .isEqualTo("one");
            events.commitAndPublish(id(1), () -> "two", any -> Optional.of(changed(id(1), 3)));
        }
        assertThat(published).containsExactly(changed(id(1), 2), changed(id(1), 3));
    }

    @Test
    void aSlowListenerDelaysNoChange() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        RunListener slow =
                event -> {
                    entered.countDown();
                    await(released);
                    published.add(event);
                };
        try (RunEventPublisher events = publisher(slow)) {
            events.commitAndPublish(id(1), () -> "one", any -> Optional.of(changed(id(1), 2)));
            entered.await();
            for (int version = 3; version < 100; version++) {
                int next = version;
                events.commitAndPublish(
                        id(1), () -> "more", any -> Optional.of(changed(id(1), next)));
            }
            assertThat(published).isEmpty();
            released.countDown();
        }
        assertThat(published).hasSize(98);
    }

    /** A listener that hangs must not exhaust the memory of the host. */
    @Test
    void eventsAreDroppedWhenTooManyWait() {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        List<RunEvent> published = new CopyOnWriteArrayList<>();
        RunListener slow =
                event -> {
                    called.countDown();
                    await(released);
                    published.add(event);
                };
        try (RunEventPublisher events =
                new RunEventPublisher(
                        List.of(slow), Optional::empty, run -> {}, 5, Duration.ofSeconds(20))) {
            events.publish(changed(id(1), 2));
            await(called);
            for (int version = 3; version < 100; version++) {
                events.publish(changed(id(1), version));
            }
            released.countDown();
        }
        assertThat(published)
                .extracting(event -> ((RunEvent.RunChanged) event).run().version())
                .containsExactly(2L, 3L, 4L, 5L, 6L, 7L);
    }

    /** After the end of {@code close} no listener is called any more. */
    @Test
    void closingAbandonsTheEventsThatStillWait() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        RunListener hanging =
                event -> {
                    calls.incrementAndGet();
                    called.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException byClose) {
                        interrupted.countDown();
                    }
                };
        RunEventPublisher events =
                new RunEventPublisher(
                        List.of(hanging), Optional::empty, run -> {}, 100, Duration.ofMillis(1));
        for (int version = 2; version < 10; version++) {
            events.publish(changed(id(1), version));
        }
        await(called);

        events.close();

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(calls).hasValue(1);
    }

    @Test
    void listenersAreCalledInTheirOrder() {
        List<String> order = new CopyOnWriteArrayList<>();
        try (RunEventPublisher events =
                publisher(event -> order.add("first"), event -> order.add("second"))) {
            events.publish(changed(id(1), 2));
            events.publish(changed(id(1), 3));
        }
        assertThat(order).containsExactly("first", "second", "first", "second");
    }

    @Test
    void eachChangedRunIsAnnouncedEvenWithoutListeners() {
        try (RunEventPublisher events = publisher()) {
            String answer =
                    events.commitAndPublish(
                            id(1), () -> "answer", any -> Optional.of(changed(id(1), 2)));
            assertThat(answer).isEqualTo("answer");
            events.publish(changed(id(2), 2));
        }
        try (RunEventPublisher events = publisher(published::add)) {
            events.commitAndPublish(id(3), () -> "", any -> Optional.of(changed(id(3), 2)));
        }
        assertThat(announced).containsExactly(id(1), id(2), id(3));
    }

    @Test
    void theThreadEndsWhenItIsIdle() throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        CountDownLatch called = new CountDownLatch(1);
        RunListener listener =
                event -> {
                    thread.set(Thread.currentThread());
                    called.countDown();
                };
        try (RunEventPublisher events = publisher(listener)) {
            events.publish(changed(id(1), 2));
            called.await();
            assertThat(thread.get().isDaemon()).isTrue();
            thread.get().join(20_000);
            assertThat(thread.get().isAlive()).isFalse();
        }
    }

    /** Without a stack trace, to keep the log of the build short. */
    private static final class ListenerFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ListenerFailure() {
            super("on purpose", null, false, false);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("never released");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private RunEventPublisher publisher(RunListener... listeners) {
        return new RunEventPublisher(
                List.of(listeners),
                () -> Optional.ofNullable(hostTransaction.get()),
                announced::add);
    }

    private static RunId id(int number) {
        return RunId.of(new UUID(0x7000L, number));
    }

    private static RunEvent changed(RunId id, long version) {
        Run run =
                new Run(
                        ProjectId.of(7),
                        TaskId.of(new UUID(0x7000L, 0)),
                        id,
                        version,
                        RunStatus.IN_PROGRESS,
                        RunEnvironment.LOCAL,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        JsonText.EMPTY_OBJECT,
                        List.of(),
                        0,
                        Optional.empty(),
                        NOW,
                        NOW,
                        Optional.empty());
        return new RunChanged(Optional.empty(), run);
    }
}
