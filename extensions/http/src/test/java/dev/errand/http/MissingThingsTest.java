package dev.errand.http;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation on every thing that is not there, in whichever way (contract A1, A10, C3, I). */
class MissingThingsTest {

    private static Host host;
    private static Client rosa;

    /** In which way a task is not there. */
    enum MissingTask {
        UNKNOWN {
            @Override
            String id() {
                return Paths.MISSING;
            }
        },
        MALFORMED {
            @Override
            String id() {
                return "not-a-uuid";
            }
        },
        NUMBER {
            @Override
            String id() {
                return "7";
            }
        },
        OF_ANOTHER_PROJECT {
            @Override
            String id() {
                return elsewhere("/api/projects/8/tasks/");
            }
        },
        DELETED {
            @Override
            String id() {
                String task = Paths.newTask(rosa);
                rosa.delete(Paths.task(task));
                return task;
            }
        };

        abstract String id();
    }

    /** In which way a task has no such run. */
    enum MissingRun {
        UNKNOWN {
            @Override
            String id() {
                return Paths.MISSING;
            }
        },
        MALFORMED {
            @Override
            String id() {
                return "not-a-uuid";
            }
        },
        OF_ANOTHER_TASK {
            @Override
            String id() {
                return Paths.newRun(rosa, Paths.newTask(rosa));
            }
        },
        OF_ANOTHER_PROJECT {
            @Override
            String id() {
                String task = elsewhere("/api/projects/8/tasks/");
                return elsewhere("/api/projects/8/tasks/" + task + "/runs/");
            }
        };

        abstract String id();
    }

    static Stream<Arguments> operationsOnTasks() {
        return operations(Paths.MISSING)
                .flatMap(
                        one ->
                                Arrays.stream(MissingTask.values())
                                        .map(it -> Arguments.of(one, it)));
    }

    static Stream<Arguments> operationsOnRuns() {
        return operations("/runs/" + Paths.MISSING)
                .flatMap(
                        one -> Arrays.stream(MissingRun.values()).map(it -> Arguments.of(one, it)));
    }

    private static Stream<String> operations(String onPath) {
        return ApiOperation.all(Paths.MISSING, Paths.MISSING).stream()
                .filter(operation -> operation.path().contains(onPath))
                .map(ApiOperation::name);
    }

    @BeforeAll
    static void start() {
        host = Host.started();
        rosa = host.rosa();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @ParameterizedTest
    @MethodSource("operationsOnTasks")
    void aTaskThatIsNotThereIsNotFound(String name, MissingTask missing) {
        ApiOperation operation = operation(name, missing.id(), Paths.MISSING);

        Reply reply = operation.send(rosa, operation.body(), "application/json");

        if (operation.path().contains("/runs/")) {
            reply.isTaskNotFound();
        } else {
            reply.isNotFound();
        }
    }

    @ParameterizedTest
    @MethodSource("operationsOnRuns")
    void aRunThatIsNotThereIsNotFound(String name, MissingRun missing) {
        ApiOperation operation = operation(name, Paths.newTask(rosa), missing.id());

        operation.send(rosa, operation.body(), "application/json").isNotFound();
    }

    private static ApiOperation operation(String name, String task, String run) {
        List<ApiOperation> all = ApiOperation.all(task, run);
        return all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    /** Creates something in the other project, and answers with its id. */
    private static String elsewhere(String path) {
        return host.client(Tokens.TOM_OTHER).post(path, "{}").isJson(201).json().get("id").asText();
    }
}
