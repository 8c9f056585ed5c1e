package dev.errand.benchmarks.durable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Counts and times the executed statements, grouped by their beginning. Thread-safe. */
final class StatementStatistics {

    private final Map<String, Total> totals = new ConcurrentHashMap<>();

    private record Total(LongAdder executions, LongAdder nanos) {}

    /**
     * The statistics of the statements with the same beginning.
     *
     * @param text the beginning, on one line
     * @param executions the number of executions
     * @param millis their total time as measured by the client
     */
    record Line(String text, long executions, double millis) {

        private Line and(Line other) {
            return new Line(text, executions + other.executions, millis + other.millis);
        }
    }

    /**
     * Returns the statistics, grouped by the given number of leading characters, in descending
     * order of total time.
     */
    List<Line> lines(int characters) {
        return totals.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue(), characters))
                .collect(Collectors.toMap(Line::text, Function.identity(), Line::and))
                .values()
                .stream()
                .sorted(Comparator.comparing(Line::millis).reversed())
                .toList();
    }

    private static Line line(String text, Total total, int characters) {
        String one = text.replaceAll("\\s+", " ").strip();
        return new Line(
                one.substring(0, Math.min(characters, one.length())),
                total.executions().sum(),
                total.nanos().sum() / 1e6);
    }

    DataSource over(DataSource source) {
        return proxy(
                DataSource.class,
                (method, arguments) -> {
                    Object answer = method.invoke(source, arguments);
                    return answer instanceof Connection connection ? over(connection) : answer;
                });
    }

    private Connection over(Connection connection) {
        return proxy(
                Connection.class,
                (method, arguments) -> {
                    Object answer = method.invoke(connection, arguments);
                    return answer instanceof PreparedStatement statement
                            ? over(statement, (String) arguments[0])
                            : answer;
                });
    }

    private PreparedStatement over(PreparedStatement statement, String text) {
        Total total =
                totals.computeIfAbsent(text, any -> new Total(new LongAdder(), new LongAdder()));
        return proxy(
                PreparedStatement.class,
                (method, arguments) -> {
                    if (!method.getName().startsWith("execute")) {
                        return method.invoke(statement, arguments);
                    }
                    long begin = System.nanoTime();
                    Object answer = method.invoke(statement, arguments);
                    total.nanos().add(System.nanoTime() - begin);
                    total.executions().increment();
                    return answer;
                });
    }

    /** An intercepted call. */
    private interface Call {
        Object of(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(
                        StatementStatistics.class.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            try {
                                return call.of(method, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }
}
