package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.artifact.PreparedUpload;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Concurrent operations: no change is lost and no operation takes effect twice
 * (docs/invariants.md#i1 to #i4).
 */
public abstract class ConcurrentOperationsContract extends EngineContract {

    private TaskId task;

    /** Creates a task of Rosa's with the number 0. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    @Test
    void concurrentCreationsGetContiguousNumbers() {
        CreateTaskRequest request = CreateTaskRequest.builder().title("Cart crash").build();

        List<TaskWithLatestRun> created =
                ConcurrentCalls.of(
                        TaskWithLatestRun.class,
                        ConcurrentCalls.run(64, i -> () -> engine.rosas().tasks().create(request)));

        assertThat(created)
                .extracting(it -> it.task().number())
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, 64).boxed().toList());
        assertThat(engine.allTasks(ACME)).hasSize(65).containsAll(created);
    }

    @Test
    void oneOfConcurrentRunsConsumesAnArtifact() {
        Artifact staged = engine.staged(task, "spec.pdf");
        RunTaskRequest request =
                RunTaskRequest.builder()
                        .pendingUserArtifactIds(List.of(staged.id().value()))
                        .build();

        List<Object> outcomes =
                ConcurrentCalls.run(32, i -> () -> engine.rosas().runs().run(task, request));

        List<TaskWithLatestRun> winners = ConcurrentCalls.of(TaskWithLatestRun.class, outcomes);
        assertThat(winners).hasSize(1);
        assertThat(winners.get(0).latestRun().orElseThrow().artifacts()).containsExactly(staged);
        assertThat(ConcurrentCalls.of(InvalidRequestException.class, outcomes))
                .hasSize(31)
                .allSatisfy(
                        rejected -> {
                            assertThat(rejected.first().code())
                                    .isEqualTo(ErrorCode.MISSING_ARTIFACTS);
                            assertThat(rejected.first().missingArtifactIds())
                                    .containsExactly(staged.id().value());
                        });
        assertThat(engine.allRuns(ACME, task))
                .containsExactly(winners.get(0).latestRun().orElseThrow());
        assertThat(engine.claimAll()).hasSize(1);
    }

    @Test
    void noRunConsumesOnlySomeOfItsArtifacts() {
        List<String> ids =
                List.of(
                        engine.staged(task, "a.txt").id().value(),
                        engine.staged(task, "b.txt").id().value());
        List<String> reversed = List.of(ids.get(1), ids.get(0));

        List<Object> outcomes =
                ConcurrentCalls.run(
                        16,
                        i ->
                                () ->
                                        engine.rosas()
                                                .runs()
                                                .run(
                                                        task,
                                                        RunTaskRequest.builder()
                                                                .pendingUserArtifactIds(
                                                                        i % 2 == 0 ? ids : reversed)
                                                                .build()));

        assertThat(ConcurrentCalls.of(TaskWithLatestRun.class, outcomes))
                .singleElement()
                .satisfies(won -> assertThat(won.latestRun().orElseThrow().artifacts()).hasSize(2));
        assertThat(ConcurrentCalls.of(InvalidRequestException.class, outcomes)).hasSize(15);
        assertThat(engine.allRuns(ACME, task)).hasSize(1);
    }

    @Test
    void finalizingAgainDoesNotReviveConsumedArtifacts() {
        PreparedUpload upload = engine.uploaded(task, "spec.pdf");
        Artifact staged = engine.finalized(task, upload);
        RunTaskRequest request =
                RunTaskRequest.builder()
                        .pendingUserArtifactIds(List.of(staged.id().value()))
                        .build();

        List<Object> outcomes =
                ConcurrentCalls.run(
                        16,
                        i ->
                                () ->
                                        i % 2 == 0
                                                ? engine.finalized(task, upload)
                                                : engine.rosas().runs().run(task, request));

        assertThat(ConcurrentCalls.of(TaskWithLatestRun.class, outcomes)).hasSize(1);
        assertThat(engine.backend().staging().find(ACME, task, List.of(upload.id()))).isEmpty();
    }

    @Test
    void concurrentTaskUpdatesAreNotLost() {
        List<String> members =
                List.of(
                        "\"title\":\"New\"",
                        "\"description\":\"It crashes\"",
                        "\"origin_product\":\"slack\"",
                        "\"repository\":\"acme/mobile\"",
                        "\"github_integration\":null",
                        "\"signal_report\":\"" + TestEngine.ACME_REPORT + "\"",
                        "\"internal\":true",
                        "\"ci_prompt\":\"Fix it\"");

        List<Object> outcomes =
                ConcurrentCalls.run(
                        32,
                        i ->
                                () ->
                                        rosa.updateTask(
                                                task, "{" + members.get(i % members.size()) + "}"));

        assertThat(outcomes).doesNotHaveAnyElementsOfTypes(Exception.class);
        assertMembers(rosa.getTask(task), "{" + String.join(",", members) + "}");
    }

    @Test
    void concurrentRunUpdatesAreNotLost() {
        RunId run = engine.queuedRun(task);

        List<Object> outcomes =
                ConcurrentCalls.run(
                        32,
                        i ->
                                () ->
                                        rosa.updateRun(
                                                task,
                                                run,
                                                "{\"state\":{\"s%d\":%d},\"output\":{\"o%d\":%d}}"
                                                        .formatted(i, i, i, i)));

        ObjectNode state = WireJson.object().put("mode", "background");
        ObjectNode output = WireJson.object();
        for (int i = 0; i < 32; i++) {
            state.put("s" + i, i);
            output.put("o" + i, i);
        }
        JsonNode after = rosa.getRun(task, run);
        assertThat(after.get("state")).isEqualTo(state);
        assertThat(after.get("output")).isEqualTo(output);
        assertThat(engine.stored(task, run).version()).isEqualTo(33);
        assertThat(ConcurrentCalls.of(JsonNode.class, outcomes))
                .extracting(answer -> answer.get("updated_at").textValue())
                .hasSize(32)
                .doesNotHaveDuplicates();
    }

    @Test
    void oneOfConcurrentEndsIsStored() {
        RunId run = engine.queuedRun(task);
        List<String> ends = List.of("completed", "failed", "cancelled");

        List<Object> outcomes =
                ConcurrentCalls.run(
                        24,
                        i ->
                                () ->
                                        rosa.updateRun(
                                                task,
                                                run,
                                                "{\"status\":\"" + ends.get(i % 3) + "\"}"));

        RunStatus end = engine.stored(task, run).status();
        assertThat(ConcurrentCalls.of(JsonNode.class, outcomes))
                .extracting(answer -> answer.get("status").textValue())
                .hasSize(8)
                .containsOnly(end.wire());
        assertThat(ConcurrentCalls.of(InvalidRequestException.class, outcomes)).hasSize(16);
        assertThat(engine.stored(task, run).version()).isEqualTo(2);
        assertThat(engine.closeAndGetListener().changesOf(run))
                .filteredOn(RunEvent.RunChanged::isEnd)
                .hasSize(1);
    }

    @Test
    void aRunStartedConcurrentlyIsQueuedOnce() {
        RunId run = engine.notStartedRun(task);

        List<Object> outcomes = ConcurrentCalls.run(16, i -> () -> rosa.startRun(task, run, "{}"));

        assertThat(outcomes).doesNotHaveAnyElementsOfTypes(Exception.class);
        assertThat(engine.stored(task, run).attempt()).isEqualTo(1);
        assertThat(engine.stored(task, run).version()).isEqualTo(2);
        assertThat(engine.claimAll()).hasSize(1);
    }

    @Test
    void noRunSurvivesTheDeletionOfItsTask() {
        List<Object> outcomes =
                ConcurrentCalls.run(
                        16,
                        i ->
                                () -> {
                                    if (i % 8 == 0) {
                                        engine.rosas().tasks().delete(task);
                                        return "deleted";
                                    }
                                    return engine.queuedRun(task);
                                });

        assertThat(ConcurrentCalls.of(String.class, outcomes)).hasSize(1);
        List<RunId> made = ConcurrentCalls.of(RunId.class, outcomes);
        assertThat(made)
                .allSatisfy(
                        run ->
                                assertThat(engine.stored(task, run).status())
                                        .isEqualTo(RunStatus.CANCELLED));
        assertThat(ConcurrentCalls.of(RequestException.class, outcomes)).hasSize(15 - made.size());
        assertThat(engine.allRuns(ACME, task)).extracting(Run::id).containsAll(made);
    }

    @Test
    void entriesOfOneAppendAreContiguous() {
        RunId run = engine.queuedRun(task);

        ConcurrentCalls.run(
                16,
                i ->
                        () ->
                                rosa.appendLog(
                                        task,
                                        run,
                                        "{\"entries\":[{\"by\":%d,\"n\":0},{\"by\":%d,\"n\":1},{\"by\":%d,\"n\":2}]}"
                                                .formatted(i, i, i)));

        List<StoredLogEntry> log = engine.rosas().runs().readLog(task, run, 0, 100);
        assertThat(log).hasSize(48);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            JsonNode entry = json(log.get(i).json());
            assertThat(entry.get("n").intValue()).isEqualTo(i % 3);
            order.add(entry.get("by").intValue());
        }
        assertThat(IntStream.range(0, 16).map(i -> order.get(3 * i)))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 16).boxed().toList());
    }
}
