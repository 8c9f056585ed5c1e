package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.store.Backend;
import dev.errand.spi.store.RunLog;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/wire/logs.md#i8: a page reads its own entries and no others. */
class LogPageCostTest {

    private static final int ENTRIES = 3_000;

    private final AtomicInteger read = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({
        "limit=2,                                2",
        "limit=2&offset=1500,                    2",
        "limit=2&offset=2999,                    1",
        "limit=2&offset=3000,                    0",
        "limit=450&offset=7,                     450",
        "limit=2&offset=3&exclude_types=other,   2",
        "limit=2&event_types=other,              0"
    })
    void aPageReadsItsOwnEntries(String query, int entries) {
        try (Host host = Host.with().backend(this::counting).start()) {
            Client rosa = host.rosa();
            String path = loggedRun(rosa);
            read.set(0);

            Reply reply = rosa.get(path + "session_logs/?" + query);

            assertThat(reply.isJson(200).json()).hasSize(entries);
            assertThat(read).hasValue(entries);
        }
    }

    @Test
    void theWholeLogIsReadOnce() {
        try (Host host = Host.with().backend(this::counting).start()) {
            Client rosa = host.rosa();
            String path = loggedRun(rosa);
            read.set(0);

            assertThat(rosa.get(path + "logs/").text().lines()).hasSize(ENTRIES);
            assertThat(read).hasValue(ENTRIES);
        }
    }

    private static String loggedRun(Client rosa) {
        String task = Paths.newTask(rosa);
        String path = Paths.run(task, Paths.newRun(rosa, task));
        String entries =
                IntStream.range(0, ENTRIES)
                        .mapToObj(n -> "{\"n\":" + n + "}")
                        .collect(Collectors.joining(","));
        rosa.post(path + "append_log/", "{\"entries\": [" + entries + "]}").isJson(200);
        return path;
    }

    private Backend counting(Backend backend) {
        return proxy(
                Backend.class,
                backend,
                result ->
                        result instanceof RunLog log
                                ? proxy(RunLog.class, log, this::counted)
                                : result);
    }

    private Object counted(Object result) {
        if (result instanceof List<?> entries) {
            read.addAndGet(entries.size());
        }
        return result;
    }

    private static <T> T proxy(Class<T> type, T target, UnaryOperator<Object> changed) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            try {
                                return changed.apply(method.invoke(target, arguments));
                            } catch (InvocationTargetException thrown) {
                                throw thrown.getCause();
                            }
                        }));
    }
}
