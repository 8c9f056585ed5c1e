package dev.errand.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.WorkerPool;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.retention.RetentionPolicy;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.task.CreateTaskRequest;
import dev.errand.tck.TestClock;
import dev.errand.testkit.FakeLauncher;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** Meters of dispatchers and runs, and the MDC of a launch. */
class ErrandMetersTest {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ErrandMeters meters = new ErrandMeters(registry);
    private final FakeLauncher launcher = new FakeLauncher();
    private Backend backend;
    private Errand errand;
    private ProjectClient project;
    private Dispatcher dispatcher;

    @BeforeEach
    void open() {
        backend = InMemoryBackend.create(clock);
        errand =
                Errand.builder(
                                backend,
                                InMemoryObjectStore.create(
                                        clock, Secret.of("a key for tests only")),
                                ProjectDirectory.of(new Project(PROJECT, "Acme")))
                        .clock(clock)
                        .listener(meters)
                        .build();
        project = errand.project(PROJECT, Caller.host());
        dispatcher = dispatcher("node-1");
        meters.watchQueue(backend, ProjectScope.everyProject(), clock);
        meters.watchDispatcher("node-1", dispatcher::supervisedRuns);
    }

    @AfterEach
    void close() {
        dispatcher.close();
        errand.close();
        backend.close();
    }

    private Dispatcher dispatcher(String node) {
        DispatchOptions options =
                DispatchOptions.of(node)
                        .withLeaseDuration(LEASE)
                        .withPollInterval(Duration.ofSeconds(1));
        return errand.dispatcher(launcher, options, meters);
    }

    private Run queue() {
        return project.tasks()
                .createAndRun(CreateTaskRequest.builder().build(), RunTaskRequest.builder().build())
                .latestRun()
                .orElseThrow();
    }

    private double count(String counter) {
        return registry.get(counter).counter().count();
    }

    @Test
    void countersStartAtZero() {
        assertThat(count(ErrandMeters.LAUNCHES)).isZero();
        assertThat(count(ErrandMeters.LAUNCH_FAILURES)).isZero();
        assertThat(count(ErrandMeters.ADOPTIONS)).isZero();
        assertThat(count(ErrandMeters.LEASE_LOSSES)).isZero();
    }

    @Test
    void launchesAndTheirWaitingTimeAreMeasured() {
        queue();
        clock.advance(Duration.ofSeconds(3));
        dispatcher.runOnce();

        assertThat(count(ErrandMeters.LAUNCHES)).isEqualTo(1);
        Timer toLaunch = registry.get(ErrandMeters.TIME_TO_LAUNCH).timer();
        assertThat(toLaunch.count()).isEqualTo(1);
        assertThat(toLaunch.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(registry.get(ErrandMeters.SUPERVISED).tag("node", "node-1").gauge().value())
                .isEqualTo(1);
    }

    @Test
    void failedLaunchesAreCounted() {
        launcher.failNextLaunch("no room");
        queue();
        dispatcher.runOnce();

        assertThat(count(ErrandMeters.LAUNCH_FAILURES)).isEqualTo(1);
        assertThat(count(ErrandMeters.LAUNCHES)).isZero();
    }

    @Test
    void adoptionsAndLostLeasesAreCounted() {
        queue();
        dispatcher.runOnce();
        clock.advance(LEASE.plusSeconds(1));
        Dispatcher other = dispatcher("node-2");
        other.runOnce();
        dispatcher.runOnce();

        assertThat(count(ErrandMeters.ADOPTIONS)).isEqualTo(1);
        assertThat(count(ErrandMeters.LEASE_LOSSES)).isEqualTo(1);
        assertThat(count(ErrandMeters.LAUNCHES)).isEqualTo(1);
        other.close();
    }

    @Test
    void handlersAndTheirWaitingTimeAreMeasured() {
        queue();
        clock.advance(Duration.ofSeconds(3));
        try (WorkerPool pool =
                errand.workerPool(
                                context -> {
                                    clock.advance(Duration.ofSeconds(2));
                                    throw new IllegalStateException("no room");
                                })
                        .listener(meters)
                        .build()) {
            pool.runOnce();
        }

        Timer waited = registry.get(ErrandMeters.HANDLER_WAIT).timer();
        assertThat(waited.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
        Timer failed =
                registry.get(ErrandMeters.HANDLER_TIME).tag(ErrandMeters.OUTCOME, "failed").timer();
        assertThat(failed.totalTime(TimeUnit.SECONDS)).isEqualTo(2);
    }

    @Test
    void runsAreTimedByOutcome() {
        Run good = queue();
        Run bad = queue();
        dispatcher.runOnce();
        clock.advance(Duration.ofMinutes(2));
        launcher.exit(SandboxId.of(good), 0);
        launcher.lose(SandboxId.of(bad));
        dispatcher.runOnce();
        errand.close(); // Delivers all events.

        assertThat(runTime("completed", "sandbox_exited").count()).isEqualTo(1);
        assertThat(runTime("completed", "sandbox_exited").totalTime(TimeUnit.MINUTES)).isEqualTo(2);
        assertThat(runTime("failed", "sandbox_lost").count()).isEqualTo(1);
    }

    private Timer runTime(String status, String reason) {
        return registry.get(ErrandMeters.RUN_TIME)
                .tag(ErrandMeters.STATUS, status)
                .tag(ErrandMeters.REASON, reason)
                .timer();
    }

    @Test
    void theDepthOfTheQueueAndItsAgeAreMeasured() {
        assertThat(queue(ErrandMeters.QUEUE_DEPTH)).isZero();
        assertThat(queueAge()).isZero();
        queue();
        queue();
        clock.advance(Duration.ofSeconds(90));

        assertThat(queue(ErrandMeters.QUEUE_DEPTH)).isEqualTo(2);
        assertThat(queueAge()).isEqualTo(90);
        assertThat(queue(ErrandMeters.QUEUE_UNATTENDED)).isZero();
        dispatcher.runOnce();
        clock.advance(LEASE);
        assertThat(queue(ErrandMeters.QUEUE_DEPTH)).isZero();
        assertThat(queueAge()).isZero();
        assertThat(queue(ErrandMeters.QUEUE_UNATTENDED)).isEqualTo(2);
    }

    private double queue(String gauge) {
        return registry.get(gauge).gauge().value();
    }

    private double queueAge() {
        return registry.get(ErrandMeters.QUEUE_AGE).timeGauge().value(TimeUnit.SECONDS);
    }

    @Test
    void deletedItemsAndTheLagOfHousekeepingAreMeasured() {
        assertThat(deleted("task")).isZero();
        project.tasks().delete(queue().task());
        clock.advance(Duration.ofDays(30).plusHours(2));
        dispatcher.runOnce();

        errand.housekeeper(RetentionPolicy.DEFAULT, meters).runOnce();

        assertThat(deleted("task")).isEqualTo(1);
        assertThat(deleted("run")).isEqualTo(1);
        assertThat(deleted("object")).isZero();
        assertThat(housekeepingLag()).isBetween(7_199.0, 7_200.0);

        errand.housekeeper(RetentionPolicy.DEFAULT, meters).runOnce();
        assertThat(deleted("task")).isEqualTo(1);
        assertThat(housekeepingLag()).isZero();
    }

    private double deleted(String kind) {
        return registry.get(ErrandMeters.ERASED).tag(ErrandMeters.KIND, kind).counter().count();
    }

    private double housekeepingLag() {
        return registry.get(ErrandMeters.HOUSEKEEPING_LAG).timeGauge().value(TimeUnit.SECONDS);
    }

    @Test
    void theMdcNamesTheRunDuringALaunchAndIsRestored() {
        Map<String, String> during = new HashMap<>();
        launcher.duringLaunch(() -> during.putAll(MDC.getCopyOfContextMap()));
        MDC.put("run", "the host's own");
        MDC.remove("task");
        Run run = queue();
        dispatcher.runOnce();

        assertThat(during)
                .containsEntry("project", "1")
                .containsEntry("task", run.task().toString())
                .containsEntry("run", run.id().toString())
                .containsEntry("attempt", "1");
        assertThat(MDC.get("run")).isEqualTo("the host's own");
        assertThat(MDC.get("task")).isNull();
        MDC.clear();
    }
}
