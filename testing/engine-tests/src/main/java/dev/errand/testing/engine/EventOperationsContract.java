package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.config.EngineOptions;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.PermissionRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import dev.errand.testkit.RecordingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each committed change is delivered once and in order (docs/wire/runs.md#g7,
 * docs/wire/guarantees.md#j10; docs/invariants.md#i12).
 */
public abstract class EventOperationsContract extends EngineContract {

    private TaskId task;

    /** Creates a task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    @Test
    void changesOfARunAreDeliveredWithoutAGap() {
        RunId run = engine.notStartedRun(task);
        rosa.startRun(task, run, "{}");
        rosa.updateRun(task, run, "{\"status\":\"in_progress\",\"stage\":\"build\"}");
        rosa.setOutput(task, run, "{\"output\":{\"pr_url\":\"u\"}}");
        rosa.updateRun(task, run, "{\"status\":\"completed\"}");
        rosa.updateRun(task, run, "{\"branch\":\"agents/fix\"}");
        Run last = engine.stored(task, run);

        RecordingListener listener = engine.closeAndGetListener();

        assertChain(listener, run, last);
        assertThat(listener.versionsOf(run))
                .extracting(Run::status)
                .containsExactly(
                        RunStatus.NOT_STARTED,
                        RunStatus.QUEUED,
                        RunStatus.IN_PROGRESS,
                        RunStatus.IN_PROGRESS,
                        RunStatus.COMPLETED,
                        RunStatus.COMPLETED);
        assertThat(listener.changesOf(run)).filteredOn(RunEvent.RunChanged::isEnd).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(RunStatus.class)
    void noEventWithoutAChange(RunStatus status) {
        RunId run = engine.runIn(task, status);
        long version = engine.stored(task, run).version();

        rosa.updateRun(task, run, "{}");
        rosa.updateRun(task, run, "{\"status\":\"" + status.wire() + "\"}");
        rosa.appendLog(task, run, "{\"entries\":[{}]}");
        engine.rosas().runs().get(task, run);

        assertThat(engine.closeAndGetListener().versionsOf(run)).hasSize((int) version);
    }

    @Test
    void permissionRequestsAndTheirResolutionsAreReported() {
        RunId run = engine.queuedRun(task);
        String notification =
                "{\"notification\":{\"method\":\"_posthog/permission_%s\",\"params\":%s}}";
        String params = "{\"requestId\":\"r-1\",\"options\":[]}";

        for (String entry :
                List.of(
                        notification.formatted("request", params),
                        "{\"text\":\"posthog/permission_request\"}",
                        notification.formatted("request", "[]"),
                        notification.formatted("resolved", "{\"requestId\":\"r-1\"}"))) {
            rosa.appendLog(task, run, "{\"entries\":[" + entry + "]}");
        }

        assertThat(engine.closeAndGetListener().events())
                .filteredOn(
                        event ->
                                !(event instanceof RunEvent.RunChanged)
                                        && !(event instanceof RunEvent.TaskCreated))
                .containsExactly(
                        new RunEvent.PermissionRequested(
                                TestEngine.ACME,
                                run,
                                new PermissionRequest("r-1", JsonText.of(params))),
                        new RunEvent.PermissionResolved(TestEngine.ACME, run, "r-1"));
    }

    @Test
    void noEventForARejectedRequest() {
        RunId run = engine.runIn(task, RunStatus.FAILED);
        assertRejected(
                () -> rosa.updateRun(task, run, "{\"status\":\"completed\"}"),
                code("invalid_status_transition"),
                "status",
                "Cannot change status from failed to completed");
        assertNotFound(() -> rosa.getRun(task, RunId.of(TestEngine.UNKNOWN)));

        assertThat(engine.closeAndGetListener().versionsOf(run)).hasSize(2);
        assertThat(engine.closeAndGetListener().events()).hasSize(3);
    }

    @Test
    void eventsOfConcurrentRunsAreInOrderPerRun() {
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(engine.queuedRun(task));
        }

        ConcurrentCalls.run(
                16,
                i ->
                        () -> {
                            for (int n = 0; n < 8; n++) {
                                rosa.updateRun(
                                        task,
                                        runs.get((i + n) % 4),
                                        "{\"state\":{\"k%d\":%d}}".formatted(i, n));
                            }
                            return rosa.updateRun(
                                    task, runs.get(i % 4), "{\"status\":\"completed\"}");
                        });
        List<Run> last = runs.stream().map(run -> engine.stored(task, run)).toList();

        RecordingListener listener = engine.closeAndGetListener();
        for (int i = 0; i < 4; i++) {
            assertChain(listener, runs.get(i), last.get(i));
            assertThat(listener.changesOf(runs.get(i)))
                    .filteredOn(RunEvent.RunChanged::isEnd)
                    .hasSize(1);
        }
    }

    @Test
    void aThrowingListenerDoesNotAffectOthers() {
        RunListener broken =
                event -> {
                    IllegalStateException failure = new IllegalStateException("the listener fails");
                    failure.setStackTrace(new StackTraceElement[0]);
                    throw failure;
                };
        configure(EngineOptions.DEFAULT, broken);
        RunId run = engine.runIn(task, RunStatus.COMPLETED);
        Run last = engine.stored(task, run);

        assertChain(engine.closeAndGetListener(), run, last);
    }

    @Test
    void aBlockedListenerDoesNotDelayOperations() {
        CountDownLatch released = new CountDownLatch(1);
        RunListener hanging =
                event -> {
                    try {
                        released.await();
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                };
        configure(EngineOptions.DEFAULT, hanging);

        RunId run = engine.runIn(task, RunStatus.COMPLETED);
        Run last = engine.stored(task, run);
        assertThat(last.status()).isEqualTo(RunStatus.COMPLETED);

        released.countDown();
        assertChain(engine.closeAndGetListener(), run, last);
    }

    @Test
    void anOperationAfterCloseIsStored() {
        engine.errand().close();

        RunId run = engine.queuedRun(task);

        assertThat(engine.stored(task, run).status()).isEqualTo(RunStatus.QUEUED);
    }

    /** Asserts that every version from 1 to the last was delivered once, in order. */
    private static void assertChain(RecordingListener listener, RunId run, Run last) {
        List<RunEvent.RunChanged> changes = listener.changesOf(run);
        assertThat(changes).hasSize((int) last.version());
        Optional<Run> before = Optional.empty();
        for (int i = 0; i < changes.size(); i++) {
            assertThat(changes.get(i).run().version()).isEqualTo(i + 1);
            assertThat(changes.get(i).before()).isEqualTo(before);
            before = Optional.of(changes.get(i).run());
        }
        assertThat(before).contains(last);
    }
}
