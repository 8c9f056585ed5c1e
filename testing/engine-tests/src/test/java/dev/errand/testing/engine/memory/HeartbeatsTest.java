package dev.errand.testing.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunQueue;
import dev.errand.task.CreateTaskRequest;
import dev.errand.tck.TestClock;
import dev.errand.testkit.FakeLauncher;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lease renewal by a dispatcher that supervises many runs. */
class HeartbeatsTest {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
    private final Backend backend = InMemoryBackend.create(clock);
    private final List<Integer> renewals = new CopyOnWriteArrayList<>();
    private final CountDownLatch threeFailed = new CountDownLatch(3);
    private final CountDownLatch renewed = new CountDownLatch(1);
    private final List<Run> lost = new ArrayList<>();
    private volatile Optional<PortException> failure = Optional.empty();
    private volatile Set<RunId> failing = Set.of();
    private Errand errand;
    private Dispatcher dispatcher;
    private List<Run> runs;

    @BeforeEach
    void launchThree() {
        errand =
                Errand.builder(
                                watched(Backend.class, backend),
                                InMemoryObjectStore.create(
                                        clock, Secret.of("a key for tests only")),
                                ProjectDirectory.of(new Project(PROJECT, "Acme")))
                        .clock(clock)
                        .build();
        ProjectClient project = errand.project(PROJECT, Caller.host());
        dispatcher =
                errand.dispatcher(
                        new FakeLauncher(),
                        DispatchOptions.of("node-1")
                                .withLeaseDuration(LEASE)
                                .withPollInterval(LEASE),
                        event -> {
                            if (event instanceof DispatchEvent.LeaseLost) {
                                lost.add(event.run());
                            }
                        });
        runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(
                    project.tasks()
                            .createAndRun(
                                    CreateTaskRequest.builder().build(),
                                    RunTaskRequest.builder().build())
                            .latestRun()
                            .orElseThrow());
        }
        assertThat(dispatcher.runOnce()).isEqualTo(3);
        clock.advance(LEASE.dividedBy(2));
        renewals.clear();
    }

    @AfterEach
    void close() {
        dispatcher.close();
        errand.close();
        backend.close();
    }

    private <T> T watched(Class<T> port, T real) {
        return port.cast(
                Proxy.newProxyInstance(
                        port.getClassLoader(),
                        new Class<?>[] {port},
                        (self, method, given) -> {
                            if (method.getName().equals("renew")) {
                                List<?> leases = (List<?>) given[0];
                                renewals.add(leases.size());
                                failIfRequested(leases);
                            }
                            try {
                                Object answer = method.invoke(real, given);
                                if (method.getName().equals("renew")) {
                                    renewed.countDown();
                                }
                                return method.getName().equals("queue")
                                        ? watched(RunQueue.class, (RunQueue) answer)
                                        : answer;
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        }));
    }

    /** Makes renewals of several leases fail, and single renewals of the given runs. */
    private void failIfRequested(List<?> leases) {
        Optional<PortException> thrown =
                failure.filter(
                        any ->
                                leases.size() > 1
                                        || failing.contains(((Lease) leases.get(0)).run()));
        if (thrown.isPresent()) {
            threeFailed.countDown();
            throw thrown.get();
        }
    }

    private void failAll() {
        failing = runs.stream().map(Run::id).collect(Collectors.toSet());
        failure = Optional.of(PortException.retryable("RunQueue", "connection refused"));
    }

    private Instant leaseEnd(Run run) {
        return backend.queue().findLease(PROJECT, run.id()).map(Lease::until).orElseThrow();
    }

    private void assertThatAllAreRenewed() {
        assertThat(runs)
                .allSatisfy(
                        run -> assertThat(leaseEnd(run)).isEqualTo(clock.instant().plus(LEASE)));
    }

    @Test
    void allLeasesAreRenewedInOneStep() {
        dispatcher.runOnce();

        assertThat(renewals).containsExactly(3);
        assertThatAllAreRenewed();
    }

    @Test
    void aLostLeaseAffectsNoOtherRun() {
        Run gone = runs.get(1);
        backend.queue().release(backend.queue().findLease(PROJECT, gone.id()).orElseThrow());
        dispatcher.runOnce();

        assertThat(lost).extracting(Run::id).containsExactly(gone.id());
        assertThat(leaseEnd(runs.get(0))).isEqualTo(clock.instant().plus(LEASE));
        assertThat(leaseEnd(runs.get(2))).isEqualTo(clock.instant().plus(LEASE));
    }

    /** Otherwise a single row that cannot be read would cause all leases to expire. */
    @Test
    void leasesThatCannotBeRenewedTogetherAreRenewedOneByOne() {
        failure = Optional.of(PortException.permanent("RunQueue", "of another release"));
        dispatcher.runOnce();

        assertThat(renewals).containsExactly(3, 1, 1, 1);
        assertThatAllAreRenewed();
    }

    /** A transaction of the host may lock a row for a long time. */
    @Test
    void aLockedLeaseIsRenewedLaterAndTheOthersNow() {
        Run locked = runs.get(1);
        Instant before = leaseEnd(locked);
        failing = Set.of(locked.id());
        failure = Optional.of(PortException.retryable("RunQueue", "lock timeout"));
        dispatcher.runOnce();
        assertThat(leaseEnd(locked)).isEqualTo(before);
        assertThat(leaseEnd(runs.get(0))).isEqualTo(clock.instant().plus(LEASE));
        assertThat(leaseEnd(runs.get(2))).isEqualTo(clock.instant().plus(LEASE));

        failure = Optional.empty();
        dispatcher.runOnce();
        assertThatAllAreRenewed();
        assertThat(lost).isEmpty();
    }

    /** Each further attempt would take as long as the first. */
    @Test
    void unavailableStorageIsNotTriedForEveryLease() {
        failAll();
        assertThatThrownBy(dispatcher::runOnce).isSameAs(failure.get());
        assertThat(renewals).containsExactly(3, 1, 1);
        assertThat(lost).isEmpty();

        failure = Optional.empty();
        dispatcher.runOnce();
        assertThatAllAreRenewed();
    }

    /** The next poll may be an hour away. */
    @Test
    void runsThatCouldNotBeCheckedAreCheckedInTheNextCycle() throws InterruptedException {
        failAll();
        dispatcher.start();
        assertThat(threeFailed.await(20, TimeUnit.SECONDS)).isTrue();
        failure = Optional.empty();
        dispatcher.check(
                RunId.of(new UUID(1, 2))); // Another run, so that the next cycle only claims.

        assertThat(renewed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThatAllAreRenewed();
    }
}
