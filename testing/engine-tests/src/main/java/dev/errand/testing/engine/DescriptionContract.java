package dev.errand.testing.engine;

import static dev.errand.testing.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.error.RequestException;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunDescription;
import dev.errand.run.RunDescription.StateReason;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.PermissionRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Descriptions of runs in every state and for every failure, and the order of the events of a
 * dispatcher (docs/invariants.md#i12).
 */
public abstract class DescriptionContract extends DispatchScene {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");

    private final List<String> events = new CopyOnWriteArrayList<>();
    private Class<? extends DispatchEvent> awaited;
    private Runnable nextAction;

    /** For subclasses, one for each backend. */
    protected DescriptionContract() {}

    private RunDescription describe(Run run) {
        return project.runs().describe(run.task(), run.id());
    }

    private void assertDescribed(
            Run run, StateReason reason, String sentence, String next, Instant nextAt) {
        RunDescription described = describe(run);
        assertThat(described.reason()).isEqualTo(reason);
        assertThat(described.sentence()).isEqualTo(sentence);
        assertThat(described.next()).isEqualTo(next);
        assertThat(described.nextAt().orElse(null)).isEqualTo(nextAt);
        assertThat(described.run()).isEqualTo(read(run));
    }

    private void assertEnded(Run run, String sentence) {
        assertDescribed(run, StateReason.ENDED, sentence, "Nothing more happens.", null);
    }

    @Test
    void notStarted() {
        TaskId task = project.tasks().create(CreateTaskRequest.builder().build()).task().id();
        Run run = project.runs().create(task, CreateRunRequest.builder().build());

        assertDescribed(
                run,
                StateReason.NOT_STARTED,
                "The run was created and not started.",
                "It waits until it is started or an agent updates it.",
                null);
        report(run, RunStatus.IN_PROGRESS);
        assertDescribed(
                run,
                StateReason.EXTERNAL,
                "The run is executed by an external agent.",
                "Its agent will report the end.",
                null);
    }

    @Test
    void queued() {
        Run run = queue();

        assertDescribed(
                run,
                StateReason.QUEUED,
                "The run has been queued since 2026-05-07T09:30:00Z; no launch was attempted.",
                "The next dispatcher with a free slot launches it; if none has one by then, it fails.",
                START.plus(Duration.ofDays(1)));
        assertThat(describe(run).attempt()).isEqualTo(1);
        assertThat(describe(run).lastFailure()).isEmpty();
        assertThat(describe(run).lease()).as("no dispatcher supervises it").isEmpty();
    }

    @Test
    void backingOff() {
        launcher.failNextLaunch("no room");
        Run run = launched();

        assertDescribed(
                run,
                StateReason.BACKING_OFF,
                "Failed launches: 1; cause of the last one: SandboxLauncher: no room.",
                "Attempt 2 will be launched.",
                getEntry(run).dueAt());
        assertThat(describe(run).attempt()).isEqualTo(2);
        assertThat(describe(run).lastFailure()).contains("SandboxLauncher: no room");
        for (int i = 0; i < 2; i++) {
            clock.advance(Duration.ofMinutes(1));
            launcher.failNextLaunch("no room");
            dispatcher.runOnce();
        }
        clock.advance(Duration.ofMinutes(15));
        assertThat(describe(run).next()).isEqualTo("The run will fail.");
    }

    @Test
    void reportedEarly() {
        Run run = queue();
        report(run, RunStatus.IN_PROGRESS);

        assertDescribed(
                run,
                StateReason.REPORTED_EARLY,
                "An agent updated the run before a launch was recorded.",
                "A dispatcher looks for its sandbox; if there is none, it leaves the run to that agent.",
                START);
    }

    @Test
    void running() {
        Run run = launched();
        assertThat(describe(run).lease())
                .isEqualTo(backend.queue().findLease(run.project(), run.id()))
                .isPresent();
        clock.advance(Duration.ofMinutes(10));
        launcher.print(SandboxId.of(run), "still running");

        assertDescribed(
                run,
                StateReason.RUNNING,
                "Sandbox fake:"
                        + SandboxId.of(run)
                        + " has been running since 2026-05-07T09:30:00Z; its last activity was at"
                        + " 2026-05-07T09:40:00Z.",
                "Without further activity, the sandbox will be stopped as inactive.",
                START.plus(Duration.ofMinutes(40)));
        clock.advance(Duration.ofMinutes(29));
        launcher.print(SandboxId.of(run), "still running");
        assertThat(describe(run).next())
                .isEqualTo(
                        "If it has not ended by then, the sandbox will be stopped at its time limit.");
        assertThat(describe(run).nextAt()).contains(START.plus(Duration.ofHours(1)));
    }

    @Test
    void waitingForAPerson() {
        Run run = launched();
        String entry =
                "{\"notification\":{\"method\":\"_posthog/permission_request\","
                        + "\"params\":{\"requestId\":\"r-1\"}}}";
        project.runs()
                .appendLog(run.task(), run.id(), new AppendLogRequest(List.of(JsonText.of(entry))));

        assertDescribed(
                run,
                StateReason.WAITING_FOR_PERSON,
                "The agent waits for a person to answer a permission request.",
                "The agent continues after the answer; the sandbox will be stopped at its time limit.",
                START.plus(Duration.ofHours(1)));
        assertThat(describe(run).permissions())
                .containsExactly(
                        new PermissionRequest("r-1", JsonText.of("{\"requestId\":\"r-1\"}")));
    }

    @Test
    void stopping() {
        launcher.ignoreStops();
        Run run = launched();
        clock.advance(Duration.ofHours(1).plusSeconds(1));
        dispatcher.runOnce();

        assertDescribed(
                run,
                StateReason.STOPPING,
                "The stop of the sandbox was requested at 2026-05-07T10:30:01Z: the time limit was exceeded.",
                "The run ends when the sandbox has stopped.",
                START.plus(Duration.ofMinutes(65)).plusSeconds(1));
        report(run, RunStatus.CANCELLED);
        assertThat(describe(run).next())
                .isEqualTo("The stop is repeated until the sandbox has stopped.");
    }

    @Test
    void finishing() {
        Run run = launched();
        report(run, RunStatus.COMPLETED);

        assertDescribed(
                run,
                StateReason.FINISHING,
                "Status completed; the sandbox may still send its last output.",
                "The sandbox will be stopped.",
                read(run).completedAt().orElseThrow().plusSeconds(30));
    }

    @Test
    void everyFailure() {
        Run exited = launched();
        launcher.exit(SandboxId.of(exited), 3);
        dispatcher.runOnce();
        assertEnded(
                exited,
                "Status failed: the sandbox exited."
                        + " Agent exited with code 3. Last output:\nlast words");

        Run lost = launched();
        launcher.lose(SandboxId.of(lost));
        dispatcher.runOnce();
        assertEnded(
                lost,
                "Status failed: the sandbox was lost."
                        + " The sandbox was lost before the agent came to an end.");

        Run old = queue();
        clock.advance(Duration.ofDays(2));
        dispatcher.runOnce();
        assertEnded(
                old,
                "Status failed: no dispatcher had a free slot in time."
                        + " Failed to start task workflow: it waited in the queue for more than"
                        + " 24 hours");

        Run silent = launched();
        clock.advance(Duration.ofMinutes(30).plusSeconds(1));
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertEnded(
                silent,
                "Status failed: the sandbox was inactive for too long. Agent was stopped"
                        + " because it was inactive for 30 minutes. Last output:\n"
                        + "last words");

        Run cancelled = queue();
        project.runs().cancel(cancelled.task(), cancelled.id());
        dispatcher.runOnce();
        assertEnded(cancelled, "Status cancelled: the run was cancelled. Stopped by user");
    }

    @Test
    void runsOfDeletedTasksAreNotFound() {
        Run run = queue();
        project.tasks().delete(run.task());

        assertThatThrownBy(() -> describe(run)).isInstanceOf(RequestException.class);
    }

    private void useLauncher(SandboxLauncher real) {
        dispatcher.close();
        dispatcher = errand.dispatcher(real, options("node-2"), this::onEvent);
    }

    /** Runs an action during the next event of a type. */
    private void during(Class<? extends DispatchEvent> kind, Runnable action) {
        awaited = kind;
        nextAction = action;
    }

    private void onEvent(DispatchEvent event) {
        if (event.getClass() == awaited) {
            awaited = null;
            nextAction.run();
        }
        events.add(event.getClass().getSimpleName());
    }

    @Test
    void claimedIsReportedBeforeLaunched() {
        useLauncher(between(launcher));
        during(
                DispatchEvent.Claimed.class,
                dispatcher::runOnce); // As a thread that frees a slot does.
        queue();

        dispatcher.runOnce();

        assertThat(events).containsExactly("Claimed", "Launched");
    }

    @Test
    void theEndOfSupervisionIsReportedBeforeTheNextClaimOfTheRun() throws Exception {
        useLauncher(between(launcher));
        FutureTask<Integer> cycle = new FutureTask<>(dispatcher::runOnce);
        Thread another = new Thread(cycle);
        during(
                DispatchEvent.SupervisionEnded.class,
                () -> {
                    clock.advance(Duration.ofSeconds(2)); // Its next launch is due.
                    another.start();
                    until(
                            "the other thread waits, or has claimed the run",
                            () ->
                                    another.getState() == Thread.State.WAITING
                                            || Collections.frequency(events, "Claimed") == 2);
                });
        launcher.failNextLaunch("no room");
        queue();

        dispatcher.runOnce();
        cycle.get(20, TimeUnit.SECONDS);

        assertThat(events)
                .containsExactly(
                        "Claimed", "LaunchFailed", "SupervisionEnded", "Claimed", "Launched");
    }

    @Test
    void anAbandonedInspectionReportsNoAdoption() {
        launched();
        HookedLauncher hooked = new HookedLauncher(between(launcher));
        useLauncher(hooked);
        hooked.onInspected(
                state -> {
                    hooked.reset();
                    clock.advance(Duration.ofMinutes(15).plusSeconds(1));
                    dispatcher.runOnce(); // As the loop does while an inspection hangs.
                    return state;
                });

        dispatcher.runOnce();

        assertThat(events).containsExactly("Claimed", "SupervisionEnded", "Claimed", "Adopted");
    }
}
