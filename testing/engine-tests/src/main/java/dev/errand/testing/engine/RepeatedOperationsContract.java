package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.ROSA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.artifact.PreparedUpload;
import dev.errand.error.ErrorCode;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.spi.UserId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.project.User;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Retries with an idempotency key have a single effect (docs/wire/idempotency-and-limits.md#j29;
 * docs/architecture.md#w5).
 */
public abstract class RepeatedOperationsContract extends EngineContract {

    private static final Optional<String> KEY = Optional.of("9f2c-1");
    private static final int CALLERS = 16;

    /** The operations that accept an idempotency key, each with two bodies. */
    enum Repeatable {
        CREATE_TASK("{\"title\":\"Cart crash\"}", "{\"title\":\"Slow list\"}") {
            @Override
            Object by(
                    ProjectClient api, TaskId task, RunId run, String body, Optional<String> key) {
                return api.tasks().create(WireClient.body(CreateTaskRequest.class, body), key);
            }
        },
        RUN_TASK("{\"branch\":\"main\"}", "{\"branch\":\"next\"}") {
            @Override
            Object by(
                    ProjectClient api, TaskId task, RunId run, String body, Optional<String> key) {
                return api.runs().run(task, WireClient.body(RunTaskRequest.class, body), key);
            }
        },
        CREATE_RUN("{}", "{\"mode\":\"interactive\"}") {
            @Override
            Object by(
                    ProjectClient api, TaskId task, RunId run, String body, Optional<String> key) {
                return api.runs().create(task, WireClient.body(CreateRunRequest.class, body), key);
            }
        },
        START_RUN("{\"pending_user_message\":\"Hi\"}", "{\"pending_user_message\":\"Ho\"}") {
            @Override
            Object by(
                    ProjectClient api, TaskId task, RunId run, String body, Optional<String> key) {
                return api.runs()
                        .start(task, run, WireClient.body(StartRunRequest.class, body), key);
            }
        },
        APPEND_LOG("{\"entries\":[{\"n\":1},{\"n\":2}]}", "{\"entries\":[{\"n\":3}]}") {
            @Override
            Object by(
                    ProjectClient api, TaskId task, RunId run, String body, Optional<String> key) {
                return api.runs()
                        .appendLog(task, run, WireClient.body(AppendLogRequest.class, body), key);
            }
        };

        private final String body;
        private final String otherBody;

        Repeatable(String body, String otherBody) {
            this.body = body;
            this.otherBody = otherBody;
        }

        abstract Object by(
                ProjectClient api, TaskId task, RunId run, String body, Optional<String> key);
    }

    private TaskId task;
    private RunId run;

    /** Creates a task with a cloud run that is not started. */
    @BeforeEach
    public void createTaskAndRun() {
        task = engine.task();
        run = engine.notStartedRun(task);
        engine.clock().tick();
    }

    @ParameterizedTest
    @EnumSource(Repeatable.class)
    void aRetryReturnsTheFirstAnswer(Repeatable operation) {
        Object first = call(operation);
        String before = engine.snapshot();
        engine.clock().advance(Duration.ofDays(1).minusNanos(1_000));

        assertThat(call(operation)).isEqualTo(first);
        assertThat(call(operation)).isEqualTo(first);
        assertThat(engine.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(
            value = Repeatable.class,
            names = {"CREATE_TASK", "RUN_TASK", "CREATE_RUN", "START_RUN"})
    void aRetryReturnsTheFirstAnswerAfterChanges(Repeatable operation) {
        Object first = call(operation);
        for (TaskWithLatestRun each : engine.allTasks(ACME)) {
            rosa.updateTask(each.task().id(), "{\"title\":\"New\"}");
            engine.allRuns(ACME, each.task().id())
                    .forEach(
                            one ->
                                    rosa.updateRun(
                                            each.task().id(),
                                            one.id(),
                                            "{\"status\":\"in_progress\"}"));
        }
        String before = engine.snapshot();

        assertThat(call(operation)).isEqualTo(first);
        assertThat(engine.snapshot()).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Repeatable.class)
    void aKeyIsBoundToOneRequest(Repeatable operation) {
        call(operation);

        assertRejected(
                () -> operation.by(engine.rosas(), task, run, operation.otherBody, KEY),
                ErrorCode.IDEMPOTENCY_CONFLICT,
                null,
                "Idempotency-Key was already used with a different request");
    }

    @ParameterizedTest
    @EnumSource(Repeatable.class)
    void keysAreScopedToTheCaller(Repeatable operation) {
        call(operation);
        String before = engine.snapshot();

        operation.by(engine.omars(), task, run, operation.otherBody, KEY);

        assertThat(engine.snapshot()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Repeatable.class)
    void aKeyExpiresAfterADay(Repeatable operation) {
        call(operation);
        engine.clock().advance(Duration.ofDays(1));
        String before = engine.snapshot();

        operation.by(engine.rosas(), task, run, operation.otherBody, KEY);

        assertThat(engine.snapshot()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Repeatable.class)
    void callsWithoutAKeyAreIndependent(Repeatable operation) {
        operation.by(engine.rosas(), task, run, operation.body, Optional.empty());
        String before = engine.snapshot();

        operation.by(engine.rosas(), task, run, operation.body, Optional.empty());

        boolean idempotent = operation == Repeatable.START_RUN;
        assertThat(engine.snapshot().equals(before)).isEqualTo(idempotent);
    }

    @ParameterizedTest
    @EnumSource(Repeatable.class)
    void concurrentRetriesHaveOneEffect(Repeatable operation) {
        List<Object> answers = ConcurrentCalls.run(CALLERS, i -> () -> call(operation));

        assertThat(answers).hasSize(CALLERS).doesNotHaveAnyElementsOfTypes(Exception.class);
        assertThat(answers.stream().distinct()).hasSize(1);
        int tasks = engine.allTasks(ACME).size();
        int runs = engine.allRuns(ACME, task).size();
        int entries = engine.backend().log().read(ACME, run, LogFilter.ALL, 0, 100).size();
        long version = engine.stored(task, run).version();
        // spotless:off
        assertThat(List.<Number>of(tasks, runs, entries, version)).isEqualTo(switch (operation) {
            //                            tasks runs entries version
            case CREATE_TASK -> List.of  (2,    1,   0,      1L);
            case RUN_TASK, CREATE_RUN -> List.of(1, 2, 0,    1L);
            case START_RUN -> List.of    (1,    1,   0,      2L);
            case APPEND_LOG -> List.of   (1,    1,   2,      1L);
        });
        // spotless:on
    }

    @ParameterizedTest
    @EnumSource(Repeatable.class)
    void aKeyHasOneTo255Characters(Repeatable operation) {
        String longest = "k".repeat(255);

        call(operation, longest);
        for (String bad : List.of("", longest + "k")) {
            assertRejected(
                    () -> call(operation, bad),
                    ErrorCode.INVALID_INPUT,
                    null,
                    "Idempotency-Key must have 1 to 255 characters.");
        }
    }

    @Test
    void aKeyIsBoundToOperationAndObject() {
        TaskId otherTask = engine.task();
        RunId otherRun = engine.notStartedRun(otherTask);

        for (Repeatable operation : Repeatable.values()) {
            String before = engine.snapshot();
            call(operation);
            assertThat(engine.snapshot()).as(operation.name()).isNotEqualTo(before);
        }
        for (Repeatable operation : Repeatable.values()) {
            if (operation != Repeatable.CREATE_TASK) {
                String before = engine.snapshot();
                operation.by(engine.rosas(), otherTask, otherRun, operation.body, KEY);
                assertThat(engine.snapshot()).as(operation.name()).isNotEqualTo(before);
            }
        }
    }

    @Test
    void aKeyOfOneProjectIsUnknownInTheOther() {
        call(Repeatable.CREATE_TASK);
        TaskWithLatestRun inOther =
                engine.errand()
                        .project(TestEngine.OTHER, Caller.user(ROSA))
                        .tasks()
                        .create(
                                WireClient.body(
                                        CreateTaskRequest.class, Repeatable.CREATE_TASK.otherBody),
                                KEY);

        assertThat(inOther.task().details().title()).isEqualTo("Slow list");
    }

    @Test
    void aHostAUserAndAnAgentAreThreeCallers() {
        engine.directory().addUser(User.of(UserId.of(0), TestEngine.uuid(0), "No", "Body", ""));
        RunId queued = engine.queuedRun(task);
        Repeatable append = Repeatable.APPEND_LOG;
        List<Caller> callers =
                List.of(
                        Caller.host(),
                        Caller.user(UserId.of(0)),
                        Caller.user(ROSA),
                        Caller.agent(Optional.of(ROSA), new RunGrant(ACME, task, queued, 1)));

        callers.forEach(who -> append.by(engine.as(who), task, queued, append.body, KEY));
        callers.forEach(who -> append.by(engine.as(who), task, queued, append.body, KEY));

        assertThat(engine.backend().log().read(ACME, queued, LogFilter.ALL, 0, 100)).hasSize(8);
    }

    @Test
    void aRejectedRequestDoesNotUseItsKey() {
        PreparedUpload upload = engine.uploaded(task, "spec.pdf");
        String body = "{\"pending_user_artifact_ids\":[\"" + upload.id() + "\"]}";
        assertRejected(
                () -> Repeatable.RUN_TASK.by(engine.rosas(), task, run, body, KEY),
                ErrorCode.MISSING_ARTIFACTS,
                "pending_user_artifact_ids");

        engine.finalized(task, upload);
        Object first = Repeatable.RUN_TASK.by(engine.rosas(), task, run, body, KEY);

        assertThat(Repeatable.RUN_TASK.by(engine.rosas(), task, run, body, KEY)).isEqualTo(first);
    }

    @Test
    void aRetryIsAnsweredAfterItsArtifactWasConsumed() {
        Artifact staged = engine.staged(task, "spec.pdf");
        String body = "{\"pending_user_artifact_ids\":[\"" + staged.id() + "\"]}";

        List<Object> answers =
                ConcurrentCalls.run(
                        CALLERS,
                        i -> () -> Repeatable.RUN_TASK.by(engine.rosas(), task, run, body, KEY));

        assertThat(answers.stream().distinct()).hasSize(1);
        assertThat(answers.get(0)).isInstanceOf(TaskWithLatestRun.class);
        assertThat(engine.allRuns(ACME, task)).hasSize(2);
    }

    @Test
    void aRetriedRunKeepsOneToken() {
        String body = "{\"pr_authorship_mode\":\"user\",\"github_user_token\":\"ghp_secret\"}";

        ConcurrentCalls.run(
                CALLERS, i -> () -> Repeatable.RUN_TASK.by(engine.rosas(), task, run, body, KEY));

        assertThat(engine.backend().runsWithSecrets())
                .containsExactly(engine.allRuns(ACME, task).get(0).id());
        assertRejected(
                () ->
                        Repeatable.RUN_TASK.by(
                                engine.rosas(), task, run, body.replace("secret", "other"), KEY),
                ErrorCode.IDEMPOTENCY_CONFLICT,
                null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"pending_user_message\":\"Hi\"}"})
    void aStartOfAQueuedRunIsIdempotent(String body) {
        Repeatable start = Repeatable.START_RUN;
        start.by(engine.rosas(), task, run, body, Optional.empty());
        Object first = start.by(engine.rosas(), task, run, body, KEY);
        rosa.updateRun(task, run, "{\"status\":\"in_progress\"}");

        assertThat(start.by(engine.rosas(), task, run, body, KEY)).isEqualTo(first);
    }

    @Test
    void aRetryIsAnsweredEvenIfTheRequestBecameInvalid() {
        String body = "{\"signal_report\":\"" + TestEngine.ACME_REPORT + "\"}";
        Repeatable create = Repeatable.CREATE_TASK;
        Object first = create.by(engine.rosas(), task, run, body, KEY);
        engine.directory().addSignalReport(TestEngine.OTHER, TestEngine.ACME_REPORT);

        assertThat(create.by(engine.rosas(), task, run, body, KEY)).isEqualTo(first);
    }

    private Object call(Repeatable operation) {
        return operation.by(engine.rosas(), task, run, operation.body, KEY);
    }

    private Object call(Repeatable operation, String key) {
        return operation.by(engine.rosas(), task, run, operation.body, Optional.of(key));
    }
}
