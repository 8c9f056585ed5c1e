package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.UNKNOWN;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Listing, reading and updating runs (docs/wire/runs.md#d9, #i1, #i2, #f,
 * docs/wire/guarantees.md#j11; docs/invariants.md#i4, #i9).
 */
public abstract class RunOperationsContract extends EngineContract {

    private TaskId task;

    /** Creates a task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    // --- list

    @Test
    void listReturnsTheDocumentedPage() {
        RunId older = engine.queuedRun(task);
        RunId newer = engine.recordedRun(task);
        engine.queuedRun(engine.task());

        assertThat(rosa.listRuns(task, PageRequest.FIRST))
                .hasToString(
                        "{\"count\":2,\"next\":null,\"previous\":null,\"results\":["
                                + rosa.getRun(task, newer)
                                + ","
                                + rosa.getRun(task, older)
                                + "]}");
    }

    @Test
    void pagesOfAnySizeReturnEachRunOnce() {
        List<RunId> oldestFirst =
                new ArrayList<>(
                        IntStream.range(0, 4)
                                .mapToObj(i -> WireClient.runId(rosa.createRun(task, "{}")))
                                .sorted()
                                .toList());
        oldestFirst.add(engine.queuedRun(task));
        Collections.reverse(oldestFirst);

        for (int limit = 1; limit <= 6; limit++) {
            List<RunId> walked = new ArrayList<>();
            for (int offset = 0; offset < 5; offset += limit) {
                Page<Run> page = engine.rosas().runs().list(task, PageRequest.of(limit, offset));
                assertThat(page.total()).isEqualTo(5);
                page.items().forEach(run -> walked.add(run.id()));
            }
            assertThat(walked).isEqualTo(oldestFirst);
        }
        assertThat(engine.rosas().runs().list(task, PageRequest.of(1, 9)))
                .isEqualTo(new Page<>(List.of(), 5));
    }

    @Test
    void aTaskWithoutRunsHasAnEmptyList() {
        assertMembers(rosa.listRuns(task, PageRequest.FIRST), "{\"count\":0,\"results\":[]}");
    }

    @Test
    void listAgreesWithGet() {
        for (RunStatus status : RunStatus.values()) {
            engine.runIn(task, status);
        }

        for (Run listed : engine.rosas().runs().list(task, PageRequest.FIRST).items()) {
            assertThat(engine.rosas().runs().get(task, listed.id())).isEqualTo(listed);
        }
    }

    // --- not found

    @Test
    void aRunIsFoundOnlyUnderItsOwnTask() {
        RunId run = engine.queuedRun(task);
        TaskId otherTask = engine.task();

        assertNotFound(() -> rosa.getRun(otherTask, run));
        assertNotFound(() -> rosa.updateRun(otherTask, run, "{\"stage\":\"build\"}"));
        assertNotFound(() -> rosa.startRun(otherTask, run, "{}"));
        assertNotFound(() -> rosa.setOutput(otherTask, run, "{\"output\":1}"));
        assertNotFound(() -> rosa.appendLog(otherTask, run, "{\"entries\":[{}]}"));
        assertNotFound(() -> engine.rosas().runs().readLog(otherTask, run, 0, 1));
        assertNotFound(() -> rosa.getRun(task, RunId.of(UNKNOWN)));
    }

    @Test
    void unknownTasksAndRunsAreDistinguished() {
        RunId run = engine.queuedRun(task);
        TaskId missing = TaskId.of(UNKNOWN);

        assertTaskNotFound(() -> rosa.listRuns(missing, PageRequest.FIRST));
        assertTaskNotFound(() -> rosa.getRun(missing, run));
        assertTaskNotFound(() -> rosa.updateRun(missing, run, "{\"status\":\"failed\"}"));
        assertTaskNotFound(() -> rosa.startRun(missing, run, "{}"));
        assertTaskNotFound(() -> rosa.setOutput(missing, run, "{\"output\":1}"));
        assertTaskNotFound(() -> rosa.appendLog(missing, run, "{\"entries\":[{}]}"));
    }

    // --- update

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"branch": " agents/fix "}           | {"branch": "agents/fix"}
                    {"branch": null}                     | {"branch": null}
                    {"stage": "plan"}                    | {"stage": "plan"}
                    {"stage": null}                      | {"stage": null}
                    {"error_message": " Broken "}        | {"error_message": "Broken"}
                    {"error_message": null}              | {"error_message": null}
                    {"environment": "local"}             | {"environment": "local"}
                    {"status": "in_progress"}            | {"status": "in_progress"}
                    {"output": {"head_branch": "b"}}     | {"output": {"pr_url": "u", "nested": {"a": 1}, "head_branch": "b"}}
                    {"output": null}                     | {"output": null}
                    {"output": 0.10}                     | {"output": 0.10}
                    {"state_remove_keys": ["turns", "nothing"], "state": {"turns": 5}} | {"state": {"mode": "background", "notes": {"a": 1}, "turns": 5}}
                    """)
    void anUpdateChangesOnlyTheGivenMembers(String body, String changed) {
        RunId run = engine.queuedRun(task);
        rosa.updateRun(
                task,
                run,
                """
                {"branch":"main","stage":"build","error_message":"Hm",
                 "output":{"pr_url":"u","nested":{"a":1}},"state":{"turns":1,"notes":{"a":1}}}""");
        ObjectNode expected = (ObjectNode) rosa.getRun(task, run);
        engine.clock().set(Instant.parse("2026-05-07T09:44:31.5Z"));

        JsonNode answer = rosa.updateRun(task, run, body);

        expected.setAll((ObjectNode) json(changed));
        expected.put("updated_at", "2026-05-07T09:44:31.500000Z");
        assertThat(answer).isEqualTo(expected);
        assertThat(rosa.getRun(task, run)).isEqualTo(answer);
        assertThat(rosa.getTask(task).get("latest_run")).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\":\"x\",\"task\":7,\"model\":\"m\",\"artifacts\":[],\"created_at\":null,"
                        + "\"updated_at\":1,\"completed_at\":\"x\",\"log_url\":[],\"pinned\":true}",
                "{\"status\":\"queued\",\"branch\":null,\"state\":{}}",
                "{\"state\":{\"mode\":\"interactive\"},\"state_remove_keys\":[\"mode\"]}"
            })
    void anUpdateWithoutChangesHasNoEffect(String body) {
        RunId run = engine.queuedRun(task);
        Run before = engine.stored(task, run);
        engine.clock().tick();

        rosa.updateRun(task, run, body);

        assertThat(engine.stored(task, run)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"status": "done"}                 | invalid_choice | status        | "done" is not a valid choice.
                    {"status": "not_started", "stage": "plan", "output": 1} | invalid_status_transition | status | Cannot change status from queued to not_started
                    """)
    void anInvalidUpdateHasNoEffect(String body, String code, String attr, String detail) {
        RunId run = engine.queuedRun(task);

        assertRejected(() -> rosa.updateRun(task, run, body), code(code), attr, detail);
    }

    @Test
    void updateTimesIncreaseEvenIfTheClockDoesNot() {
        RunId run = engine.queuedRun(task);
        List<String> times = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            if (i == 3) {
                engine.clock().advance(Duration.ofHours(-1));
            }
            times.add(
                    rosa.updateRun(task, run, "{\"stage\":\"" + i + "\"}")
                            .get("updated_at")
                            .textValue());
        }

        assertThat(times).isSorted().doesNotHaveDuplicates();
    }

    // --- state document

    @Test
    void theSandboxConnectTokenIsNeverReturned() {
        RunId run = engine.queuedRun(task);
        engine.changeState(
                task,
                run,
                """
                {"sandbox_url":"https://s.example","sandbox_connect_token":"steer-it",
                 "note":"sandbox_connect_token"}""");

        assertMembers(
                rosa.getRun(task, run),
                """
                {"state":{"sandbox_url":"https://s.example","note":"sandbox_connect_token"}}""");
        rosa.updateRun(task, run, "{\"state\":{\"own\":1}}");
        assertThat(rosa.getTask(task).toString()).doesNotContain("steer-it");
        assertThat(rosa.listRuns(task, PageRequest.FIRST).toString()).doesNotContain("steer-it");
        assertThat(json(engine.stored(task, run).state()).get("sandbox_connect_token").textValue())
                .isEqualTo("steer-it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"runtime_adapter\":7,\"provider\":{},\"model\":[],\"reasoning_effort\":null}",
                "{\"runtime_adapter\":\"Claude\",\"provider\":\"x\",\"model\":1.5,"
                        + "\"reasoning_effort\":\"\"}"
            })
    void malformedStoredStateCanBeRead(String state) {
        RunId run = engine.queuedRun(task);
        engine.changeState(task, run, state);

        JsonNode answer = rosa.getRun(task, run);

        assertMembers(
                answer,
                """
                {"runtime_adapter":null,"provider":null,"model":null,
                 "reasoning_effort":null}""");
        assertThat(answer.get("state")).isEqualTo(json(state));
        assertThat(rosa.getTask(task).get("latest_run")).isEqualTo(answer);
        assertThat(rosa.listRuns(task, PageRequest.FIRST).get("results").get(0)).isEqualTo(answer);
        rosa.updateRun(task, run, "{\"state\":{\"own\":1}}");
    }

    @Test
    void anUpdateDoesNotAffectOtherRuns() {
        RunId run = engine.queuedRun(task);
        RunId sibling = engine.queuedRun(task);
        Run before = engine.stored(task, sibling);

        rosa.updateRun(task, run, "{\"status\":\"failed\",\"state\":{\"own\":1}}");

        assertThat(engine.stored(task, sibling)).isEqualTo(before);
        assertThat(engine.allRuns(ACME, task)).hasSize(2);
    }
}
