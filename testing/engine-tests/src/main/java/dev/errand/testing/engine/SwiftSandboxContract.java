package dev.errand.testing.engine;

import static dev.errand.testing.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.spi.PortException;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Sandboxes that end during their launch, under a started dispatcher: many runs are settled in one
 * step, and each has its own history and outcome (docs/invariants.md#i3, #i11).
 */
public abstract class SwiftSandboxContract extends DispatchScene {

    private static final int RUNS = 30;

    private final Queue<RunEvent.RunChanged> events = new ConcurrentLinkedQueue<>();

    /** For subclasses, one for each backend. */
    protected SwiftSandboxContract() {}

    /** Start and end are written in one step and reported as two changes. */
    @Test
    void startAndEndOfEachRunAreReportedInOrder() {
        endAtOnce();
        List<Run> runs = queued(RUNS);

        start(slots(2));

        awaitCompletion(runs);
        assertThat(launcher.launches())
                .extracting(request -> request.run().id())
                .containsExactlyInAnyOrderElementsOf(runs.stream().map(Run::id).toList());
        until("all events are delivered", () -> events.size() == 2 * RUNS);
        for (Run run : runs) {
            assertThat(history(run.id()))
                    .containsExactly("1 queued -> 2 in_progress", "2 in_progress -> 3 completed");
            assertThat(read(run).version()).isEqualTo(3);
        }
        until("all are discarded", () -> launcher.discarded().size() == RUNS);
        until("none is supervised", () -> dispatcher.supervisedRuns() == 0);
    }

    /** One run that cannot be written must not prevent the others. */
    @Test
    void runsThatCannotBeSettledTogetherAreSettledOneByOne() {
        endAtOnce();
        List<Run> runs = queued(RUNS);
        AtomicInteger failures = new AtomicInteger();
        for (String together : List.of("settle", "settleAndClaim")) {
            storage.beforeNext(
                    together,
                    () -> {
                        failures.incrementAndGet();
                        throw PortException.permanent("RunQueue", "one cannot be written");
                    });
        }

        start(slots(4));

        awaitCompletion(runs);
        assertThat(failures).hasPositiveValue();
        until("all events are delivered", () -> events.size() == 2 * RUNS);
        assertThat(launcher.launches()).hasSize(RUNS);
    }

    @Test
    void unavailableStorageLosesNoEnd() {
        AtomicBoolean failed = new AtomicBoolean();
        List<Run> runs = queued(RUNS);
        launcher.duringLaunch(
                () -> {
                    launcher.exit(launcher.lastSandbox(), 0);
                    if (launcher.launches().size() == RUNS / 2
                            && failed.compareAndSet(false, true)) {
                        storage.fail();
                    }
                });

        start(slots(4));
        until("the storage is unavailable", failed::get);
        storage.restore();

        awaitCompletion(runs);
        assertThat(launcher.launches()).hasSize(RUNS);
        for (Run run : runs) {
            assertThat(read(run).version()).isEqualTo(3);
        }
    }

    /** An agent may report before its launch is recorded. */
    @Test
    void aConcurrentlyChangedRunIsDecidedAgain() {
        List<Run> runs = queued(RUNS);
        Run reported = runs.get(3);
        launcher.duringLaunch(
                () -> {
                    SandboxId sandbox = launcher.lastSandbox();
                    if (sandbox.run().equals(reported.id())) {
                        report(reported, RunStatus.IN_PROGRESS);
                    }
                    launcher.exit(sandbox, 0);
                });

        start(slots(4));

        awaitCompletion(runs);
        assertThat(read(reported).version()).as("reported, launched, ended").isEqualTo(4);
        assertThat(launcher.launches()).hasSize(RUNS);
    }

    /** Runs are claimed ahead only while slots become free at once. */
    @Test
    void runsClaimedAheadAreReleasedIfNoSlotBecomesFree() {
        AtomicInteger launches = new AtomicInteger();
        launcher.duringLaunch(
                () -> {
                    if (launches.incrementAndGet() <= RUNS / 2) {
                        launcher.exit(launcher.lastSandbox(), 0);
                    }
                });
        queued(RUNS);
        start(slots(2));
        until("the slots are occupied", () -> launcher.running() == 2);
        assertThat(launcher.launches()).hasSize(RUNS / 2 + 2);

        try (Dispatcher other = errand.dispatcher(launcher, options("node-2").withSlots(RUNS))) {
            until(
                    "another dispatcher has the rest",
                    () -> {
                        clock.advance(Duration.ofSeconds(1)); // Longer than a poll interval.
                        return other.runOnce() == RUNS / 2 - 2;
                    });
        }
        assertThat(launcher.launches())
                .extracting(LaunchRequest::sandbox)
                .as("each in one sandbox")
                .doesNotHaveDuplicates()
                .hasSize(RUNS);
    }

    @Test
    void closingReleasesRunsThatWaitForASlot() {
        AtomicInteger launches = new AtomicInteger();
        launcher.duringLaunch(
                () -> {
                    if (launches.incrementAndGet() <= RUNS / 2) {
                        launcher.exit(launcher.lastSandbox(), 0);
                    }
                });
        List<Run> runs = queued(RUNS);
        start(slots(2));
        until("the slots are occupied", () -> launcher.running() == 2);

        dispatcher.close();

        try (Dispatcher other = errand.dispatcher(launcher, options("node-2").withSlots(RUNS))) {
            assertThat(other.runOnce()).isEqualTo(RUNS / 2);
        }
        assertThat(launcher.launches()).hasSize(RUNS);
        assertThat(runs.stream().filter(run -> read(run).status() == RunStatus.COMPLETED))
                .hasSize(RUNS / 2);
    }

    private void endAtOnce() {
        launcher.duringLaunch(() -> launcher.exit(launcher.lastSandbox(), 0));
    }

    private static DispatchOptions slots(int count) {
        return options("node-1")
                .withLeaseDuration(Duration.ofHours(2))
                .withPollInterval(Duration.ofMillis(20))
                .withSlots(count);
    }

    private List<Run> queued(int count) {
        return Stream.generate(this::queue).limit(count).toList();
    }

    /** Starts a dispatcher of an engine that records changes. */
    private void start(DispatchOptions options) {
        Errand watched =
                Errand.builder(
                                storage.before(backend),
                                objects,
                                ProjectDirectory.of(new Project(PROJECT, "Acme Mobile App")))
                        .clock(clock)
                        .listener(this::onEvent)
                        .build();
        dispatcher.close();
        dispatcher = watched.dispatcher(between(launcher), options);
        dispatcher.start();
    }

    private void onEvent(RunEvent event) {
        if (event instanceof RunEvent.RunChanged changed) {
            events.add(changed);
        }
    }

    private List<String> history(RunId run) {
        List<String> steps = new ArrayList<>();
        for (RunEvent.RunChanged event : events) {
            if (event.run().id().equals(run)) {
                steps.add(text(event.before().orElseThrow()) + " -> " + text(event.run()));
            }
        }
        return steps;
    }

    private static String text(Run run) {
        return run.version() + " " + run.status().wire();
    }

    private void awaitCompletion(List<Run> runs) {
        for (Run run : runs) {
            until("the run is done", () -> stored(run).status() == RunStatus.COMPLETED);
        }
    }
}
