package dev.errand.http;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every operation on an unknown task or run (docs/wire/conventions.md#a1, docs/wire/tasks.md#a10,
 * docs/wire/errors.md#c3, docs/wire/README.md#i).
 */
class NotFoundTest {

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    private static final List<String> NOT_FOUND_IDS = List.of(Paths.MISSING, "not-a-uuid", "7");

    static Stream<Arguments> operationsOnTasks() {
        return operations(Paths.MISSING)
                .flatMap(one -> NOT_FOUND_IDS.stream().map(it -> Arguments.of(one, it)));
    }

    static Stream<Arguments> operationsOnRuns() {
        return operations("/runs/" + Paths.MISSING)
                .flatMap(one -> NOT_FOUND_IDS.stream().map(it -> Arguments.of(one, it)));
    }

    private static Stream<String> operations(String onPath) {
        return ApiOperation.all(Paths.MISSING, Paths.MISSING).stream()
                .filter(operation -> operation.path().contains(onPath))
                .map(ApiOperation::name);
    }

    @ParameterizedTest
    @MethodSource("operationsOnTasks")
    void anUnknownTaskIsNotFound(String name, String id) {
        ApiOperation operation = operation(name, id, Paths.MISSING);

        Reply reply = operation.send(rosa, operation.body(), "application/json");

        if (operation.path().contains("/runs/")) {
            reply.isTaskNotFound();
        } else {
            reply.isNotFound();
        }
    }

    @ParameterizedTest
    @MethodSource("operationsOnRuns")
    void anUnknownRunIsNotFound(String name, String id) {
        ApiOperation operation = operation(name, Paths.newTask(rosa), id);

        operation.send(rosa, operation.body(), "application/json").isNotFound();
    }

    private static ApiOperation operation(String name, String task, String run) {
        List<ApiOperation> all = ApiOperation.all(task, run);
        return all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }
}
