package dev.errand.testing.engine;

import static dev.errand.testing.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.error.RequestException;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunDescription;
import dev.errand.run.RunDescription.Why;
import dev.errand.spi.JsonText;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
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
 * What an operator is told of a run, wherever it waits and however it failed (design 4, W3); and in
 * which order who listens to a dispatcher is told what it does (I12).
 */
public abstract class DescriptionContract extends DispatchScene {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");

    private final List<String> told = new CopyOnWriteArrayList<>();
    private Class<? extends DispatchEvent> awaited;
    private Runnable meanwhile;

    /** For the subclasses, one a backend. */
    protected DescriptionContract() {}

    private RunDescription describe(Run run) {
        return project.runs().describe(run.task(), run.id());
    }

    private void assertDescribed(Run run, Why why, String sentence, String next, Instant nextAt) {
        RunDescription described = describe(run);
        assertThat(described.why()).isEqualTo(why);
        assertThat(described.sentence()).isEqualTo(sentence);
        assertThat(described.next()).isEqualTo(next);
        assertThat(described.nextAt().orElse(null)).isEqualTo(nextAt);
        assertThat(described.run()).isEqualTo(read(run));
    }

    private void assertEnded(Run run, String sentence) {
        assertDescribed(run, Why.ENDED, sentence, "Nothing more happens to it.", null);
    }

    @Test
    void notStarted() {
        TaskId task = project.tasks().create(CreateTaskRequest.builder().build()).task().id();
        Run run = project.runs().create(task, CreateRunRequest.builder().build());

        assertDescribed(
                run,
                Why.NOT_STARTED,
                "The run is recorded and was not started.",
                "It stays so until somebody starts it or reports on it.",
                null);
        report(run, RunStatus.IN_PROGRESS);
        assertDescribed(
                run,
                Why.ELSEWHERE,
                "Somebody executes the run whom no dispatcher looks after.",
                "Whoever executes it reports its end.",
                null);
    }

    @Test
    void queued() {
        Run run = queue();

        assertDescribed(
                run,
                Why.QUEUED,
                "The run is queued since 2026-05-07T09:30:00Z, and no launch was tried yet.",
                "A dispatcher with room launches it; if none has room in time, it fails.",
                START.plus(Duration.ofDays(1)));
        assertThat(describe(run).attempt()).isEqualTo(1);
        assertThat(describe(run).lastFailure()).isEmpty();
        assertThat(describe(run).lease()).as("nobody looks after it").isEmpty();
    }

    @Test
    void backingOff() {
        launcher.failNextLaunch("no room");
        Run run = launched();

        assertDescribed(
                run,
                Why.BACKING_OFF,
                "1 of its launches failed, the last one because: SandboxLauncher: no room.",
                "Attempt 2 is launched.",
                run.dispatch().dueAt().orElseThrow());
        assertThat(describe(run).attempt()).isEqualTo(2);
        assertThat(describe(run).lastFailure()).contains("SandboxLauncher: no room");
        for (int i = 0; i < 2; i++) {
            clock.advance(Duration.ofMinutes(1));
            launcher.failNextLaunch("no room");
            dispatcher.runOnce();
        }
        clock.advance(Duration.ofMinutes(15));
        assertThat(describe(run).next()).isEqualTo("It fails.");
    }

    @Test
    void reportedEarly() {
        Run run = queue();
        report(run, RunStatus.IN_PROGRESS);

        assertDescribed(
                run,
                Why.REPORTED_EARLY,
                "An agent reported before a launch was recorded.",
                "A dispatcher looks whether it is its own, and leaves it alone if not.",
                START);
    }

    @Test
    void running() {
        Run run = launched();
        assertThat(describe(run).lease())
                .isEqualTo(backend.queue().findLease(run.project(), run.id()))
                .isPresent();
        clock.advance(Duration.ofMinutes(10));
        launcher.print(SandboxId.of(run), "still at it");

        assertDescribed(
                run,
                Why.RUNNING,
                "Its sandbox fake:"
                        + SandboxId.of(run)
                        + " runs since 2026-05-07T09:30:00Z and was heard last at"
                        + " 2026-05-07T09:40:00Z.",
                "Unless it is heard again before, it is stopped for its silence.",
                START.plus(Duration.ofMinutes(40)));
        clock.advance(Duration.ofMinutes(29));
        launcher.print(SandboxId.of(run), "still at it");
        assertThat(describe(run).next())
                .isEqualTo("Unless it ends before, it is stopped at its time limit.");
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
                Why.WAITING_FOR_PERSON,
                "Its agent waits for a person to allow something.",
                "It goes on when somebody answers; at its time limit it is stopped.",
                START.plus(Duration.ofHours(1)));
    }

    @Test
    void stopping() {
        launcher.ignoreStops();
        Run run = launched();
        clock.advance(Duration.ofHours(1).plusSeconds(1));
        dispatcher.runOnce();

        assertDescribed(
                run,
                Why.STOPPING,
                "Its sandbox is to stop since 2026-05-07T10:30:01Z: it took longer than it may.",
                "The sandbox is asked until it has stopped, and then the run ends.",
                START.plus(Duration.ofMinutes(70)).plusSeconds(1));
        report(run, RunStatus.CANCELLED);
        assertThat(describe(run).next()).isEqualTo("The sandbox is asked until it has stopped.");
    }

    @Test
    void finishing() {
        Run run = launched();
        report(run, RunStatus.COMPLETED);

        assertDescribed(
                run,
                Why.FINISHING,
                "The run is completed, and its sandbox may send what is left.",
                "The sandbox is stopped.",
                read(run).completedAt().orElseThrow().plusSeconds(30));
    }

    @Test
    void everyFailure() {
        Run exited = launched();
        launcher.exit(SandboxId.of(exited), 3);
        dispatcher.runOnce();
        assertEnded(
                exited,
                "The run is failed: its sandbox ended."
                        + " Agent exited with code 3. Last output:\nlast words");

        Run lost = launched();
        launcher.lose(SandboxId.of(lost));
        dispatcher.runOnce();
        assertEnded(
                lost,
                "The run is failed: its sandbox vanished."
                        + " The sandbox was lost before the agent came to an end.");

        Run old = queue();
        clock.advance(Duration.ofDays(2));
        dispatcher.runOnce();
        assertEnded(
                old,
                "The run is failed: no dispatcher had room for it in time."
                        + " Failed to start task workflow: it waited in the queue for more than"
                        + " 24 hours");

        Run silent = launched();
        clock.advance(Duration.ofMinutes(30).plusSeconds(1));
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertEnded(
                silent,
                "The run is failed: it was silent for longer than it may be. Agent was stopped"
                        + " because nothing was heard of it for 30 minutes. Last output:\n"
                        + "last words");

        Run cancelled = queue();
        project.runs().cancel(cancelled.task(), cancelled.id());
        dispatcher.runOnce();
        assertEnded(cancelled, "The run is cancelled: somebody cancelled it.");
    }

    @Test
    void whatIsNotThereIsNotDescribed() {
        Run run = queue();
        project.tasks().delete(run.task());

        assertThatThrownBy(() -> describe(run)).isInstanceOf(RequestException.class);
    }

    private void listenTo(SandboxLauncher real) {
        dispatcher.close();
        dispatcher = errand.dispatcher(real, options("node-2"), this::hear);
    }

    /** Does something while the next event of a kind is told. */
    private void during(Class<? extends DispatchEvent> kind, Runnable action) {
        awaited = kind;
        meanwhile = action;
    }

    private void hear(DispatchEvent event) {
        if (event.getClass() == awaited) {
            awaited = null;
            meanwhile.run();
        }
        told.add(event.getClass().getSimpleName());
    }

    @Test
    void nobodyBeginsARunBeforeItIsToldThatItWasTakenUp() {
        listenTo(between(launcher));
        during(DispatchEvent.Claimed.class, dispatcher::runOnce); // As a slot that comes free does.
        queue();

        dispatcher.runOnce();

        assertThat(told).containsExactly("Claimed", "Launched");
    }

    /** Or its end would be taken for the end of what was begun anew. */
    @Test
    void nobodyTakesARunUpAnewBeforeItIsToldThatItWasLetGo() throws Exception {
        listenTo(between(launcher));
        FutureTask<Integer> turn = new FutureTask<>(dispatcher::runOnce);
        Thread another = new Thread(turn);
        during(
                DispatchEvent.Released.class,
                () -> {
                    clock.advance(Duration.ofSeconds(2)); // Its next launch is due.
                    another.start();
                    until(
                            "the other has to wait, or does not",
                            () ->
                                    another.getState() == Thread.State.BLOCKED
                                            || Collections.frequency(told, "Claimed") == 2);
                });
        launcher.failNextLaunch("no room");
        queue();

        dispatcher.runOnce();
        turn.get(20, TimeUnit.SECONDS);

        assertThat(told)
                .containsExactly("Claimed", "LaunchFailed", "Released", "Claimed", "Launched");
    }

    @Test
    void whoComesBackFromALookAfterItWasLetGoTellsNothingMore() {
        launched();
        HookedLauncher hooked = new HookedLauncher(between(launcher));
        listenTo(hooked);
        hooked.onInspected(
                state -> {
                    hooked.behave();
                    clock.advance(Duration.ofMinutes(15).plusSeconds(1));
                    dispatcher.runOnce(); // What its loop does while a look does not come back.
                    return state;
                });

        dispatcher.runOnce();

        assertThat(told).containsExactly("Claimed", "Released", "Claimed", "Adopted");
    }
}
