package dev.errand.testing.engine;

import static dev.errand.testing.engine.GuardedOperationsContract.Guard.PROJECT_READ;
import static dev.errand.testing.engine.GuardedOperationsContract.Guard.PROJECT_WRITE;
import static dev.errand.testing.engine.GuardedOperationsContract.Guard.RUN_READ;
import static dev.errand.testing.engine.GuardedOperationsContract.Guard.RUN_WRITE;
import static dev.errand.testing.engine.GuardedOperationsContract.Guard.TASK_READ;
import static dev.errand.testing.engine.GuardedOperationsContract.Outcome.BEYOND;
import static dev.errand.testing.engine.GuardedOperationsContract.Outcome.MEMBER;
import static dev.errand.testing.engine.GuardedOperationsContract.Outcome.OK;
import static dev.errand.testing.engine.GuardedOperationsContract.Outcome.READ;
import static dev.errand.testing.engine.GuardedOperationsContract.Outcome.STALE;
import static dev.errand.testing.engine.GuardedOperationsContract.Outcome.WRITE;
import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.OTHER;
import static dev.errand.testing.engine.TestEngine.ROSA;
import static dev.errand.testing.engine.TestEngine.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.access.Scope;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.run.RelayMessageRequest;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.task.TaskId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Permissions: every operation for every kind of caller (docs/wire/authentication.md#c1, #c2;
 * docs/invariants.md#i5). A denial states its reason and changes nothing.
 */
public abstract class GuardedOperationsContract extends EngineContract {

    /** The outcome of a permission check, with the message of a denial. */
    enum Outcome {
        OK(""),
        READ("API key missing required scope 'task:read'"),
        WRITE("API key missing required scope 'task:write'"),
        MEMBER("You don't have access to the project."),
        BEYOND("This token is only valid for its own task run."),
        STALE("This token belongs to a superseded attempt of the run."),
        ENDED("The task run has ended; this token is only valid for late reports.");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }
    }

    /** Kinds of callers, in the order of the table's columns. */
    enum CallerKind {
        HOST,
        USER,
        WRITE_KEY,
        READ_KEY,
        SCOPELESS_KEY,
        KEY_OF_OTHER_PROJECT,
        AGENT,
        AGENT_OF_OTHER_RUN,
        AGENT_OF_OTHER_TASK,
        SUPERSEDED_AGENT
    }

    /** The permission table: the outcome of each guard for each kind of caller. */
    enum Guard {
        // spotless:off
        //            host user write read   no     other   own     other   other   superseded
        //                      key   key    scope  project agent   run's   task's  agent
        PROJECT_READ (OK,  OK,  OK,   OK,    READ,  MEMBER, BEYOND, BEYOND, BEYOND, BEYOND),
        PROJECT_WRITE(OK,  OK,  OK,   WRITE, WRITE, MEMBER, BEYOND, BEYOND, BEYOND, BEYOND),
        TASK_READ    (OK,  OK,  OK,   OK,    READ,  MEMBER, OK,     OK,     BEYOND, STALE),
        RUN_READ     (OK,  OK,  OK,   OK,    READ,  MEMBER, OK,     BEYOND, BEYOND, STALE),
        RUN_WRITE    (OK,  OK,  OK,   WRITE, WRITE, MEMBER, OK,     BEYOND, BEYOND, STALE);
        // spotless:on

        private final List<Outcome> outcomes;

        Guard(Outcome... outcomes) {
            this.outcomes = List.of(outcomes);
        }

        private Outcome outcomeFor(CallerKind caller) {
            return outcomes.get(caller.ordinal());
        }
    }

    /** The operations, applied to the task and run of the fixture. */
    enum Operation {
        // spotless:off
        LIST_TASKS     (PROJECT_READ,  (api, task, run) -> wire(api).listTasks(TaskFilter.DEFAULT, PageRequest.FIRST)),
        WALK_TASKS     (PROJECT_READ,  (api, task, run) -> api.tasks().listAfter(TaskFilter.DEFAULT, Optional.empty(), 1)),
        CREATE_TASK    (PROJECT_WRITE, (api, task, run) -> wire(api).createTask("{}")),
        GET_TASK       (TASK_READ,     (api, task, run) -> wire(api).getTask(task)),
        UPDATE_TASK    (PROJECT_WRITE, (api, task, run) -> wire(api).updateTask(task, "{\"title\":\"New\"}")),
        DELETE_TASK    (PROJECT_WRITE, (api, task, run) -> api.tasks().delete(task)),
        ERASE_TASK     (PROJECT_WRITE, (api, task, run) -> api.tasks().erase(task)),
        ERASE_TASKS    (PROJECT_WRITE, (api, task, run) -> api.tasks().eraseAll()),
        RUN_TASK       (PROJECT_WRITE, (api, task, run) -> wire(api).runTask(task, "{}")),
        PREPARE_UPLOAD (PROJECT_WRITE, (api, task, run) -> wire(api).prepareUpload(task, "{\"artifacts\":[{\"name\":\"a\",\"type\":\"plan\",\"size\":1}]}")),
        FINALIZE_UPLOAD(PROJECT_WRITE, (api, task, run) -> finalizeUnknown(api, task)),
        LIST_RUNS      (PROJECT_READ,  (api, task, run) -> wire(api).listRuns(task, PageRequest.FIRST)),
        CREATE_RUN     (PROJECT_WRITE, (api, task, run) -> wire(api).createRun(task, "{}")),
        GET_RUN        (RUN_READ,      (api, task, run) -> wire(api).getRun(task, run)),
        UPDATE_RUN     (RUN_WRITE,     (api, task, run) -> wire(api).updateRun(task, run, "{\"stage\":\"build\"}")),
        UPDATE_NOTHING (RUN_WRITE,     (api, task, run) -> wire(api).updateRun(task, run, "{}")),
        START_RUN      (PROJECT_WRITE, (api, task, run) -> wire(api).startRun(task, run, "{\"pending_user_message\":\"Hi\"}")),
        SET_OUTPUT     (RUN_WRITE,     (api, task, run) -> wire(api).setOutput(task, run, "{\"output\":1}")),
        APPEND_LOG     (RUN_WRITE,     (api, task, run) -> wire(api).appendLog(task, run, "{\"entries\":[{}]}")),
        RELAY_MESSAGE  (RUN_WRITE,     (api, task, run) -> api.runs().relayMessage(task, run, new RelayMessageRequest("Done."))),
        READ_LOG       (RUN_READ,      (api, task, run) -> api.runs().readLog(task, run, 0, 10));
        // spotless:on

        private final Guard guard;
        private final Call call;

        Operation(Guard guard, Call call) {
            this.guard = guard;
            this.call = call;
        }

        private static WireClient wire(ProjectClient api) {
            return new WireClient(api);
        }

        /** A permitted caller gets a validation error, since the key was never reserved. */
        private static void finalizeUnknown(ProjectClient api, TaskId task) {
            String body =
                    """
                    {"artifacts":[{"id":"%s","name":"a","type":"plan","storage_path":"a/b"}]}"""
                            .formatted("f".repeat(32));
            try {
                wire(api).finalizeUpload(task, body);
            } catch (InvalidRequestException rejected) {
                assertThat(rejected.first().code()).isEqualTo(ErrorCode.INVALID_STORAGE_PATH);
            }
        }
    }

    private interface Call {
        void of(ProjectClient api, TaskId task, RunId run);
    }

    private TaskId task;
    private RunId run;
    private RunId otherRun;
    private TaskId otherTask;
    private RunId otherTasksRun;

    /** Creates two tasks with queued runs whose sandboxes have tokens. */
    @BeforeEach
    public void createTasksAndRuns() {
        task = engine.task();
        otherRun = engine.queuedRun(task);
        run = engine.queuedRun(task);
        otherTask = engine.task();
        otherTasksRun = engine.queuedRun(otherTask);
    }

    private Caller caller(CallerKind kind) {
        return switch (kind) {
            case HOST -> Caller.host();
            case USER -> Caller.user(ROSA);
            case WRITE_KEY -> TestEngine.key(ACME, Scope.TASK_WRITE);
            case READ_KEY -> TestEngine.key(ACME, Scope.TASK_READ);
            case SCOPELESS_KEY -> TestEngine.key(ACME);
            case KEY_OF_OTHER_PROJECT -> TestEngine.key(OTHER, Scope.EVERYTHING);
            case AGENT -> agent(task, run, 1);
            case AGENT_OF_OTHER_RUN -> agent(task, otherRun, 1);
            case AGENT_OF_OTHER_TASK -> agent(otherTask, otherTasksRun, 1);
            case SUPERSEDED_AGENT -> agent(task, run, 0);
        };
    }

    private static Caller agent(TaskId task, RunId run, int attempt) {
        return Caller.agent(Optional.of(ROSA), new RunGrant(ACME, task, run, attempt));
    }

    static Stream<Arguments> cells() {
        return Arrays.stream(Operation.values())
                .flatMap(
                        operation ->
                                Arrays.stream(CallerKind.values())
                                        .map(kind -> Arguments.of(operation, kind)));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void everyOperationChecksEveryCaller(Operation operation, CallerKind kind) {
        Outcome outcome = operation.guard.outcomeFor(kind);
        if (outcome == OK) {
            operation.call.of(engine.as(caller(kind)), task, run);
        } else {
            assertDenied(
                    () -> operation.call.of(engine.as(caller(kind)), task, run),
                    ErrorCode.PERMISSION_DENIED,
                    outcome.text);
        }
    }

    /** docs/wire/runs.md#g3: agents report late; they do nothing else after the end. */
    @ParameterizedTest
    @EnumSource(Operation.class)
    void afterTheEndAnAgentMayOnlyReport(Operation operation) {
        new WireClient(engine.as(Caller.host())).updateRun(task, run, "{\"status\":\"cancelled\"}");
        Outcome outcome =
                switch (operation.guard) {
                    case RUN_WRITE -> OK;
                    case TASK_READ, RUN_READ -> Outcome.ENDED;
                    case PROJECT_READ, PROJECT_WRITE -> Outcome.BEYOND;
                };
        Call call = operation.call;
        ProjectClient agent = engine.as(caller(CallerKind.AGENT));
        if (outcome == OK) {
            call.of(agent, task, run);
            assertThat(engine.stored(task, run).status()).isEqualTo(RunStatus.CANCELLED);
        } else {
            assertDenied(
                    () -> call.of(agent, task, run), ErrorCode.PERMISSION_DENIED, outcome.text);
        }
    }

    /** docs/wire/starting-runs.md: an agent that resumes a run needs its log and its files. */
    @Test
    void anAgentReadsTheRunsThatItsRunResumes() {
        String body = "{\"resume_from_run_id\":\"" + run + "\"}";
        RunId resuming =
                WireClient.latestRunId(
                        new WireClient(engine.as(Caller.host())).runTask(task, body));
        ProjectClient agent = engine.as(agent(task, resuming, 1));

        assertThat(agent.runs().get(task, run).id()).isEqualTo(run);
        assertThat(agent.runs().readLog(task, run, 0, 10)).isEmpty();
        assertThat(agent.runs().resumeChain(task, resuming)).containsExactly(run, resuming);
        assertDenied(
                () -> agent.runs().get(task, otherRun), ErrorCode.PERMISSION_DENIED, BEYOND.text);
        assertDenied(
                () -> engine.as(agent(task, run, 1)).runs().get(task, resuming),
                ErrorCode.PERMISSION_DENIED,
                BEYOND.text);
    }

    /** The latest run of the task may be one that the agent must not read. */
    @Test
    void anAgentSeesItsOwnRunAsTheLatestOfItsTask() {
        ProjectClient agent = engine.as(agent(task, otherRun, 1));

        assertThat(agent.tasks().get(task).latestRun().orElseThrow().id()).isEqualTo(otherRun);
    }

    @ParameterizedTest
    @EnumSource(CallerKind.class)
    void anUnknownProjectIsNotFoundForAnyCaller(CallerKind kind) {
        ProjectId unknown = ProjectId.of(999);

        assertNotFound(() -> engine.errand().project(unknown, caller(kind)));
    }

    @Test
    void anAgentHasNoAccessToAnotherProject() {
        assertDenied(
                () -> engine.errand().project(OTHER, caller(CallerKind.AGENT)),
                ErrorCode.PERMISSION_DENIED,
                MEMBER.text);
    }

    @Test
    void scopesAreCheckedBeforeExistence() {
        WireClient scopeless = new WireClient(engine.as(caller(CallerKind.SCOPELESS_KEY)));
        WireClient reader = new WireClient(engine.as(caller(CallerKind.READ_KEY)));
        TaskId missing = TaskId.of(UNKNOWN);

        assertDenied(() -> scopeless.getTask(missing), ErrorCode.PERMISSION_DENIED, READ.text);
        assertDenied(() -> reader.runTask(missing, "{}"), ErrorCode.PERMISSION_DENIED, WRITE.text);
        assertNotFound(() -> reader.getTask(missing));
    }

    @Test
    void scopesCanBeCheckedBeforeTheBody() {
        ProjectClient reader = engine.as(caller(CallerKind.READ_KEY));

        reader.require(Scope.TASK_READ);
        assertDenied(
                () -> reader.require(Scope.TASK_WRITE), ErrorCode.PERMISSION_DENIED, WRITE.text);
    }

    @Test
    void anAgentOfARunThatWasNeverQueuedIsSuperseded() {
        RunId local = engine.notStartedRun(task, RunEnvironment.LOCAL);

        assertDenied(
                () ->
                        new WireClient(engine.as(agent(task, local, 1)))
                                .updateRun(task, local, "{\"stage\":\"build\"}"),
                ErrorCode.PERMISSION_DENIED,
                STALE.text);
    }

    @Test
    void projectsAreIsolated() {
        for (Operation operation : Operation.values()) {
            String before = engine.snapshot(ACME);
            try {
                operation.call.of(engine.others(), task, run);
            } catch (RequestException denied) {
                assertThat(denied.code()).as(operation.name()).isEqualTo(ErrorCode.NOT_FOUND);
            }
            assertThat(engine.snapshot(ACME)).as(operation.name()).isEqualTo(before);
        }
    }
}
