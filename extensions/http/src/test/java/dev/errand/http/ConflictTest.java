package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.error.ErrorCode;
import dev.errand.error.RequestException;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.task.TaskId;
import dev.errand.task.UpdateTaskRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses to updates that lose every race against other changes (docs/wire/errors.md#c5). */
class ConflictTest {

    private static final String DETAIL = "The object changed too often meanwhile; try again.";

    @RegisterExtension
    static final Host host = Host.with().backend(ConflictTest::losingEveryRace).start();

    private static final Client rosa = host.rosa();
    private static String task;
    private static String run;

    @BeforeAll
    static void start() {
        task = Paths.newTask(rosa);
        run = Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"update task", "update run", "start run", "set output", "upload artifacts"})
    void aLostUpdateRaceIsAnsweredWithConflict(String name) {
        ApiOperation operation =
                ApiOperation.all(task, run).stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .orElseThrow();

        operation
                .send(rosa, operation.body(), "application/json")
                .isError(409, "invalid_request", "conflict", DETAIL, null);
    }

    @Test
    void aJavaCallerReceivesTheSameConflict() {
        ProjectClient api =
                host.errand().project(AcmeDirectory.ACME, Caller.user(AcmeDirectory.ROSA));
        TaskId taskId = TaskId.parse(task).orElseThrow();
        RunId runId = RunId.parse(run).orElseThrow();

        conflict(() -> api.tasks().update(taskId, UpdateTaskRequest.builder().title("A").build()));
        conflict(
                () ->
                        api.runs()
                                .update(
                                        taskId,
                                        runId,
                                        UpdateRunRequest.builder().stage("b").build()));
    }

    private static void conflict(Runnable call) {
        RequestException denied = catchThrowableOfType(RequestException.class, call::run);
        assertThat(denied.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(denied).hasMessage(DETAIL);
    }

    /** Returns a backend in which every update is stale. */
    private static Backend losingEveryRace(Backend backend) {
        RunStore runs =
                instead(
                        RunStore.class,
                        backend.runs(),
                        "update",
                        arguments ->
                                new RunUpdateResult.Stale(((RunChange) arguments[1]).before()));
        TaskStore tasks =
                instead(
                        TaskStore.class,
                        backend.tasks(),
                        "update",
                        arguments -> new TaskUpdateResult.Stale());
        Backend losing = instead(Backend.class, backend, "runs", arguments -> runs);
        return instead(Backend.class, losing, "tasks", arguments -> tasks);
    }

    private static <T> T instead(
            Class<T> type, T target, String name, Function<Object[], Object> answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals(name)) {
                                return answer.apply(arguments);
                            }
                            try {
                                return method.invoke(target, arguments);
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        }));
    }
}
