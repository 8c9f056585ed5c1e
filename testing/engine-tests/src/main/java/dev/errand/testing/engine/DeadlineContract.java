package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.PermissionPolicy;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.PortException;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.ConcurrencyLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Timeouts of runs: each ends a run with its own end reason, and not before its time. Waiting for a
 * person is not inactivity.
 */
public abstract class DeadlineContract extends DispatchScene {

    private static final Duration INACTIVITY = Duration.ofMinutes(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** For subclasses, one for each backend. */
    protected DeadlineContract() {}

    private void pass(Duration time) {
        clock.advance(time);
        dispatcher.runOnce();
    }

    private void assertFailed(Run run, EndReason reason, String message) {
        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(reason);
        assertThat(read(run).errorMessage()).contains(message);
    }

    private void assertAlive(Run run) {
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(launcher.stopOf(SandboxId.of(run))).isEmpty();
    }

    // --- in the queue

    @Test
    void aQueuedRunFailsAfterItsTimeInTheQueue() {
        Run run = queue();
        clock.advance(Duration.ofDays(1).plus(SECOND));

        dispatcher.runOnce();

        assertFailed(
                run,
                EndReason.QUEUE_EXPIRED,
                "Failed to start task workflow: it waited in the queue for more than 24 hours");
        assertThat(launcher.launches()).isEmpty();
    }

    @Test
    void aRunMaySetItsOwnTimeInTheQueue() {
        Run run = withScheduling(queue(), RunTimeouts.NONE.withQueued(Duration.ofMinutes(5)));
        clock.advance(Duration.ofMinutes(5).plus(SECOND));

        dispatcher.runOnce();

        assertFailed(
                run,
                EndReason.QUEUE_EXPIRED,
                "Failed to start task workflow: it waited in the queue for more than 5 minutes");
    }

    /**
     * The launch retry window limits failing launches. A run that waits for a slot is launched
     * whatever its age.
     */
    @Test
    void aRunThatWaitedForASlotIsLaunchedAfterTheRetryWindowToo() {
        dispatchWith(
                launcher,
                options("node-1").withConcurrencyLimits(ConcurrencyLimits.NONE.withTotal(1)));
        Run first = launched();
        Run second = queue();
        pass(Duration.ofMinutes(20));
        assertThat(read(second).status()).isEqualTo(RunStatus.QUEUED);
        launcher.exit(SandboxId.of(first), 0);
        launcher.failNextLaunch("no room");
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(getEntry(second).failures()).isEqualTo(1);

        pass(Duration.ofSeconds(2));

        assertThat(read(second).status()).isEqualTo(RunStatus.IN_PROGRESS);
    }

    // --- time limit

    @Test
    void aSandboxIsStoppedAtItsTimeLimit() {
        Run run = launched();
        for (int i = 0; i < 4; i++) {
            pass(Duration.ofMinutes(15));
            launcher.print(SandboxId.of(run), "still running");
        }
        assertAlive(run);

        pass(SECOND);
        dispatcher.runOnce();

        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.TIME_LIMIT);
        assertFailed(
                run,
                EndReason.TIME_LIMIT,
                "Agent was stopped at its time limit. Last output:\nlast words");
    }

    @Test
    void aRunMaySetItsOwnTimeLimit() {
        Run run = queue();
        withScheduling(run, RunTimeouts.NONE.withTotal(Duration.ofMinutes(2)));
        dispatcher.runOnce();
        assertThat(launcher.launches().get(0).timeLimit()).isEqualTo(Duration.ofMinutes(2));

        pass(Duration.ofMinutes(2).plus(SECOND));
        dispatcher.runOnce();

        assertFailed(
                run,
                EndReason.TIME_LIMIT,
                "Agent was stopped at its time limit. Last output:\nlast words");
    }

    // --- inactivity

    @Test
    void anInactiveSandboxIsStopped() {
        Run run = launched();
        pass(INACTIVITY);
        assertAlive(run);

        pass(SECOND);
        dispatcher.runOnce();

        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.INACTIVITY);
        assertFailed(
                run,
                EndReason.INACTIVITY,
                "Agent was stopped because it was inactive for 30 minutes."
                        + " Last output:\nlast words");
    }

    @Test
    void aRunMaySetItsOwnInactivityTimeout() {
        Run run = queue();
        withScheduling(run, RunTimeouts.NONE.withInactivity(Duration.ofSeconds(90)));
        dispatcher.runOnce();

        pass(Duration.ofSeconds(91));
        dispatcher.runOnce();

        assertFailed(
                run,
                EndReason.INACTIVITY,
                "Agent was stopped because it was inactive for 90 seconds."
                        + " Last output:\nlast words");
    }

    @Test
    void logEntriesAndUpdatesAreActivity() {
        Run run = queue();
        withScheduling(run, RunTimeouts.NONE.withTotal(Duration.ofDays(1)));
        dispatcher.runOnce();
        clock.advance(INACTIVITY.minus(SECOND));
        launcher.print(SandboxId.of(run), "still running");
        pass(Duration.ofMinutes(20));
        assertAlive(run);
        project.runs()
                .update(run.task(), run.id(), UpdateRunRequest.builder().stage("build").build());

        pass(INACTIVITY);
        assertAlive(run);
        pass(SECOND);
        dispatcher.runOnce();

        assertThat(read(run).endReason()).contains(EndReason.INACTIVITY);
    }

    /** The dispatcher may have read the run before the update. */
    @Test
    void anUpdateThatTheDispatcherHasNotReadIsActivityToo() {
        dispatchWith(
                launcher,
                options("node-1")
                        .withLeaseDuration(Duration.ofDays(1))
                        .withPollInterval(Duration.ofSeconds(1)));
        Run run = launched();
        clock.advance(INACTIVITY.plus(SECOND));
        project.runs()
                .update(run.task(), run.id(), UpdateRunRequest.builder().stage("build").build());

        dispatcher.runOnce();

        assertAlive(run);
        assertThat(getEntry(run).stopReason()).isEmpty();
    }

    @Test
    void waitingForAPersonIsNotInactivity() {
        Run run = launched();
        permission(run, "permission_request", "r-1");
        permission(run, "permission_request", "r-2");
        permission(run, "permission_resolved", "r-1");
        pass(INACTIVITY.plus(SECOND));
        assertAlive(run);
        pass(Duration.ofMinutes(20));
        assertAlive(run);

        permission(run, "permission_resolved", "r-2");
        pass(Duration.ofMinutes(9));
        assertAlive(run);
        pass(Duration.ofMinutes(1));
        dispatcher.runOnce();

        assertThat(read(run).endReason())
                .as("the time limit still applies")
                .contains(EndReason.TIME_LIMIT);
    }

    @Test
    void afterTheAnswerInactivityCountsAgain() {
        Run run = queue();
        withScheduling(run, RunTimeouts.NONE.withTotal(Duration.ofDays(1)));
        dispatcher.runOnce();
        permission(run, "permission_request", "r-1");
        pass(Duration.ofHours(3));
        assertAlive(read(run));
        permission(run, "permission_resolved", "r-1");

        pass(INACTIVITY);
        assertAlive(read(run));
        pass(SECOND);
        dispatcher.runOnce();

        assertThat(read(run).endReason()).contains(EndReason.INACTIVITY);
    }

    private void dispatchWith(PermissionPolicy policy) {
        dispatchWith(between(launcher), options("node-1").withPermissionPolicy(policy));
    }

    @Test
    void aRunIsCancelledIfNobodyAnswersInTime() {
        dispatchWith(new PermissionPolicy.CancelAfter(Duration.ofMinutes(10)));
        Run answered = launched();
        Run run = launched();
        permission(answered, "permission_request", "r-1");
        permission(run, "permission_request", "r-1");
        pass(Duration.ofMinutes(10));
        assertAlive(run);
        assertThat(project.runs().describe(run.task(), run.id()).next())
                .isEqualTo(
                        "The agent continues after the answer; without one, the run will be"
                                + " cancelled.");
        permission(answered, "permission_resolved", "r-1");

        pass(SECOND);
        dispatcher.runOnce();

        assertAlive(answered);
        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(read(run).errorMessage())
                .contains("Nobody answered a permission request within 10 minutes");
        assertThat(read(run).state().text()).contains("\"cancel_source\":\"permission_policy\"");
    }

    /** A denial that did not reach the agent is repeated. */
    @Test
    void requestsAreDeniedIfNobodyAnswersInTime() {
        List<String> denied = new ArrayList<>();
        dispatchWith(
                new PermissionPolicy.DenyAfter(
                        Duration.ofMinutes(10),
                        (run, request) -> {
                            denied.add(request.id() + " of " + run.id());
                            if (denied.size() == 1) {
                                throw PortException.retryable("agent", "cannot be reached");
                            }
                        }));
        Run run = launched();
        permission(run, "permission_request", "r-1");
        pass(Duration.ofMinutes(10));
        assertThat(denied).isEmpty();

        pass(SECOND);
        pass(Duration.ofSeconds(29));
        assertThat(denied).containsExactly("r-1 of " + run.id());
        pass(SECOND);
        assertThat(denied).hasSize(2);
        permission(run, "permission_resolved", "r-1");
        pass(Duration.ofMinutes(11));

        assertThat(denied).hasSize(2);
        assertAlive(run);
    }

    /** A restarted agent does not wait for answers to earlier requests. */
    @Test
    void permissionRequestsOfAnEarlierSessionDoNotCount() {
        Run run = launched();
        permission(run, "permission_request", "r-1");
        permission(run, "run_started", "r-0");

        pass(INACTIVITY.plus(SECOND));

        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.INACTIVITY);
    }

    /** The next owner uses the same stored data as the previous one. */
    @Test
    void afterATakeoverInactivityIsCountedFromTheLastLogEntry() {
        Run run = launched();
        clock.advance(Duration.ofMinutes(20));
        launcher.print(SandboxId.of(run), "still running");
        clock.advance(Duration.ofMinutes(15));
        Dispatcher other = errand.dispatcher(launcher, options("node-2"));
        other.runOnce();
        assertAlive(run);

        clock.advance(Duration.ofMinutes(15));
        other.runOnce();
        assertAlive(run);
        clock.advance(SECOND);
        other.runOnce();
        other.runOnce();

        assertThat(read(run).endReason()).contains(EndReason.INACTIVITY);
        other.close();
    }

    private void permission(Run run, String event, String request) {
        String entry =
                """
                {"type":"notification","notification":{"jsonrpc":"2.0",
                 "method":"_posthog/%s","params":{"requestId":"%s"}}}"""
                        .formatted(event, request)
                        .replace("\n", "");
        project.runs()
                .appendLog(run.task(), run.id(), new AppendLogRequest(List.of(JsonText.of(entry))));
    }

    private Run withScheduling(Run run, RunTimeouts own) {
        change(run, edit -> edit, entry -> QueueEntry.queued(entry.queuedAt(), 0, own));
        return run;
    }
}
