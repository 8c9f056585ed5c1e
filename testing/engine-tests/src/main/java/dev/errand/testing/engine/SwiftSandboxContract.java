package dev.errand.testing.engine;

import static dev.errand.testing.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.spi.BackendException;
import dev.errand.spi.dispatch.LaunchRequest;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
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
 * Sandboxes that end as soon as they are launched, under a started dispatcher: many ends are
 * written in one step, and each run has its own history and its own outcome all the same (design 5,
 * I3, I11).
 */
public abstract class SwiftSandboxContract extends DispatchScene {

    private static final int RUNS = 30;

    private final Queue<RunEvent.RunChanged> events = new ConcurrentLinkedQueue<>();

    /** For the subclasses, one a backend. */
    protected SwiftSandboxContract() {}

    /** Design 4: what is written in one step is two rows of the table to whoever listens. */
    @Test
    void theStartAndTheEndOfEachAreToldInOrder() {
        endAtOnce();
        List<Run> runs = queued(RUNS);

        start(slots(2));

        awaitCompletion(runs);
        assertThat(launcher.launches())
                .extracting(request -> request.run().id())
                .containsExactlyInAnyOrderElementsOf(runs.stream().map(Run::id).toList());
        until("all are told", () -> events.size() == 2 * RUNS);
        for (Run run : runs) {
            assertThat(history(run.id()))
                    .containsExactly("1 queued -> 2 in_progress", "2 in_progress -> 3 completed");
            assertThat(read(run).version()).isEqualTo(3);
        }
        until("all are put away", () -> launcher.discarded().size() == RUNS);
        until("nobody looks after them", () -> dispatcher.supervisedRuns() == 0);
    }

    /** One that cannot be written must not keep the others from it. */
    @Test
    void whereTheyCannotBeWrittenTogetherEachIsWrittenAlone() {
        endAtOnce();
        List<Run> runs = queued(RUNS);
        AtomicInteger failures = new AtomicInteger();
        for (String together : List.of("settle", "settleAndClaim")) {
            storage.beforeNext(
                    together,
                    () -> {
                        failures.incrementAndGet();
                        throw BackendException.permanent("RunQueue", "one is poison", null);
                    });
        }

        start(slots(4));

        awaitCompletion(runs);
        assertThat(failures).hasPositiveValue();
        until("all are told", () -> events.size() == 2 * RUNS);
        assertThat(launcher.launches()).hasSize(RUNS);
    }

    /** Nothing lives in memory only. */
    @Test
    void aStorageThatIsAwayForAWhileLosesNoEnd() {
        AtomicBoolean met = new AtomicBoolean();
        List<Run> runs = queued(RUNS);
        launcher.duringLaunch(
                () -> {
                    launcher.exit(launcher.lastSandbox(), 0);
                    if (launcher.launches().size() == RUNS / 2 && met.compareAndSet(false, true)) {
                        storage.fail();
                    }
                });

        start(slots(4));
        until("it is away", met::get);
        storage.mend();

        awaitCompletion(runs);
        assertThat(launcher.launches()).hasSize(RUNS);
        for (Run run : runs) {
            assertThat(read(run).version()).isEqualTo(3);
        }
    }

    /** The agent of one may be quicker than who launched it. */
    @Test
    void oneThatSomebodyChangedMeanwhileIsDecidedAnew() {
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

    /** More runs are claimed than there are slots only while slots come free at once. */
    @Test
    void whatWasClaimedForSlotsThatStayTakenGoesBack() {
        AtomicInteger launches = new AtomicInteger();
        launcher.duringLaunch(
                () -> {
                    if (launches.incrementAndGet() <= RUNS / 2) {
                        launcher.exit(launcher.lastSandbox(), 0);
                    }
                });
        queued(RUNS);
        start(slots(2));
        until("the slots are taken", () -> launcher.running() == 2);
        assertThat(launcher.launches()).hasSize(RUNS / 2 + 2);

        try (Dispatcher other = errand.dispatcher(launcher, options("node-2").withSlots(RUNS))) {
            until(
                    "another has the rest",
                    () -> {
                        clock.advance(Duration.ofSeconds(1)); // Much more than a poll.
                        return other.runOnce() == RUNS / 2 - 2;
                    });
        }
        assertThat(launcher.launches())
                .extracting(LaunchRequest::sandbox)
                .as("each in one sandbox")
                .doesNotHaveDuplicates()
                .hasSize(RUNS);
    }

    /** Nobody has to wait for the leases of a dispatcher that was closed. */
    @Test
    void closingGivesBackWhatWaitsForASlot() {
        AtomicInteger launches = new AtomicInteger();
        launcher.duringLaunch(
                () -> {
                    if (launches.incrementAndGet() <= RUNS / 2) {
                        launcher.exit(launcher.lastSandbox(), 0);
                    }
                });
        List<Run> runs = queued(RUNS);
        start(slots(2));
        until("the slots are taken", () -> launcher.running() == 2);

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
                .withLease(Duration.ofHours(2), Duration.ofMillis(20))
                .withSlots(count);
    }

    private List<Run> queued(int count) {
        return Stream.generate(this::queue).limit(count).toList();
    }

    /** Starts a dispatcher of an engine that tells what changed. */
    private void start(DispatchOptions options) {
        Errand watched =
                Errand.builder(
                                storage.before(backend),
                                objects,
                                ProjectDirectory.of(new Project(PROJECT, "Acme Mobile App")))
                        .clock(clock)
                        .listener(this::told)
                        .build();
        dispatcher.close();
        dispatcher = watched.dispatcher(between(launcher), options);
        dispatcher.start();
    }

    private void told(RunEvent event) {
        if (event instanceof RunEvent.RunChanged changed) {
            events.add(changed);
        }
    }

    private List<String> history(RunId run) {
        List<String> steps = new ArrayList<>();
        for (RunEvent.RunChanged event : events) {
            if (event.run().id().equals(run)) {
                steps.add(said(event.before().orElseThrow()) + " -> " + said(event.run()));
            }
        }
        return steps;
    }

    private static String said(Run run) {
        return run.version() + " " + run.status().wire();
    }

    private void awaitCompletion(List<Run> runs) {
        for (Run run : runs) {
            until("the run is done", () -> stored(run).status() == RunStatus.COMPLETED);
        }
    }
}
