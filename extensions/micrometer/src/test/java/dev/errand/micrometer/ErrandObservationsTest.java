package dev.errand.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.Secret;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.task.CreateTaskRequest;
import dev.errand.tck.TestClock;
import dev.errand.testkit.FakeLauncher;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.SenderContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host that traces sees of launches and runs. */
class ErrandObservationsTest {

    private static final ProjectId PROJECT = ProjectId.of(1);
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-07T09:30:00Z"));
    private final FakeLauncher launcher = new FakeLauncher();
    private final Observed observed = new Observed();
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
                        .build();
        project = errand.project(PROJECT, Caller.host());
        dispatcher = dispatcher("node-1", new ErrandObservations(observed.registry()));
    }

    @AfterEach
    void close() {
        dispatcher.close();
        errand.close();
        backend.close();
    }

    private Dispatcher dispatcher(String node, ErrandObservations observations) {
        DispatchOptions options =
                DispatchOptions.of(node)
                        .withLeaseDuration(LEASE)
                        .withPollInterval(Duration.ofSeconds(1));
        return errand.dispatcher(observations.observing(launcher), options, observations);
    }

    private Run queue(RunTaskRequest request) {
        return project.tasks()
                .createAndRun(CreateTaskRequest.builder().build(), request)
                .latestRun()
                .orElseThrow();
    }

    private Run queue() {
        return queue(RunTaskRequest.builder().build());
    }

    private Observed.One launch() {
        assertThat(observed.stopped(ErrandObservations.LAUNCH)).hasSize(1);
        return observed.stopped(ErrandObservations.LAUNCH).get(0);
    }

    private Observed.One supervision() {
        assertThat(observed.stopped(ErrandObservations.SUPERVISION)).hasSize(1);
        return observed.stopped(ErrandObservations.SUPERVISION).get(0);
    }

    @Test
    void aLaunchIsObservedDuringTheLauncherCall() {
        AtomicReference<Observation> during = new AtomicReference<>();
        launcher.duringLaunch(() -> during.set(observed.registry().getCurrentObservation()));
        Run run =
                queue(
                        RunTaskRequest.builder()
                                .runtimeAdapter(RuntimeAdapter.CODEX)
                                .model("gpt-5")
                                .build());
        dispatcher.runOnce();

        assertThat(during.get().getContext().getName()).isEqualTo(ErrandObservations.LAUNCH);
        assertThat(observed.registry().getCurrentObservation()).isNull();
        assertThat(launch().low())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("outcome", "launched", "runtime", "codex"));
        assertThat(launch().high())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "project",
                                "1",
                                "task",
                                run.task().toString(),
                                "run",
                                run.id().toString(),
                                "attempt",
                                "1"));
    }

    /** As a tracer does when the observation starts. */
    @Test
    void theLaunchCarriesTheTraceToTheSandbox() {
        observed.registry()
                .observationConfig()
                .observationHandler(
                        new ObservationHandler<SenderContext<Map<String, String>>>() {
                            @Override
                            public void onStart(SenderContext<Map<String, String>> context) {
                                context.getSetter()
                                        .set(context.getCarrier(), "traceparent", "00-1-2-01");
                            }

                            @Override
                            public boolean supportsContext(Observation.Context context) {
                                return context instanceof SenderContext;
                            }
                        });
        queue();
        dispatcher.runOnce();

        assertThat(launcher.launches().get(0).traceContext())
                .isEqualTo(Map.of("traceparent", "00-1-2-01"));
    }

    @Test
    void aFailedLaunchHasAnErrorAndReleasesTheRun() {
        launcher.failNextLaunch("no room");
        queue();
        dispatcher.runOnce();

        assertThat(launch().low())
                .containsEntry("outcome", "failed")
                .containsEntry("runtime", "none");
        assertThat(launch().error()).hasMessageContaining("no room");
        assertThat(supervision().low()).containsEntry("outcome", "released");
        assertThat(observed.open()).isZero();
    }

    @Test
    void aHandlerThatThrowsDoesNotFailTheLaunch() {
        observed.registry().observationConfig().observationHandler(new Failing());
        Run run = queue();
        dispatcher.runOnce();

        assertThat(launcher.discarded()).isEmpty();
        assertThat(project.runs().get(run.task(), run.id()).status())
                .isEqualTo(RunStatus.IN_PROGRESS);
    }

    private static final class Failing implements ObservationHandler<Observation.Context> {
        @Override
        public void onStart(Observation.Context context) {
            throw new IllegalStateException("no start");
        }

        @Override
        public void onStop(Observation.Context context) {
            throw new IllegalStateException("no stop");
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    @Test
    void aRunIsObservedFromClaimToEnd() {
        Run run = queue();
        dispatcher.runOnce();
        assertThat(observed.open()).isEqualTo(1);
        launcher.exit(SandboxId.of(run), 3);
        dispatcher.runOnce();

        assertThat(supervision().low()).containsEntry("outcome", "failed");
        assertThat(supervision().high()).containsEntry("run", run.id().toString());
        assertThat(observed.open()).isZero();
    }

    @Test
    void aRunThatAnotherDispatcherClaimedIsLost() {
        queue();
        dispatcher.runOnce();
        clock.advance(LEASE.plusSeconds(1));
        Observed others = new Observed();
        Dispatcher other = dispatcher("node-2", new ErrandObservations(others.registry()));
        other.runOnce();
        dispatcher.runOnce();

        assertThat(supervision().low()).containsEntry("outcome", "lost");
        assertThat(observed.open()).isZero();
        assertThat(others.open()).isEqualTo(1);
        other.close();
        assertThat(others.open()).isZero();
    }

    /** Otherwise the earlier observation would never end. */
    @Test
    void aRunThatIsClaimedAgainHasANewObservation() {
        queue();
        dispatcher.runOnce();
        clock.advance(LEASE.plusSeconds(1));
        backend.queue().claim(ProjectScope.everyProject(), new ClaimRequest("node-3", 1, LEASE));
        dispatcher.runOnce();
        clock.advance(LEASE.plusSeconds(1));
        dispatcher.runOnce();

        assertThat(supervision().low()).containsEntry("outcome", "lost");
        assertThat(observed.open()).isEqualTo(1);
    }

    @Test
    void closingADispatcherReleasesItsRuns() {
        queue();
        dispatcher.runOnce();
        dispatcher.close();

        assertThat(supervision().low()).containsEntry("outcome", "released");
        assertThat(observed.open()).isZero();
    }

    @Test
    void metersOfObservationsHaveNoIdsAsTags() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        observed.registry()
                .observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(meters));
        Run run = queue();
        dispatcher.runOnce();
        launcher.exit(SandboxId.of(run), 0);
        dispatcher.runOnce();

        assertThat(meters.get(ErrandObservations.SUPERVISION).timer().count()).isEqualTo(1);
        assertThat(meters.getMeters())
                .isNotEmpty()
                .allSatisfy(
                        meter ->
                                assertThat(meter.getId().getTags())
                                        .extracting(tag -> tag.getKey())
                                        .isSubsetOf("outcome", "runtime", "error"));
    }
}
