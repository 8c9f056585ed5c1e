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

/** Counts and times the statements that are executed, by how they begin. Thread-safe. */
final class StatementStatistics {

    private final Map<String, Total> totals = new ConcurrentHashMap<>();

    private record Total(LongAdder executions, LongAdder nanos) {}

    /**
     * What came of the statements that begin alike.
     *
     * @param text their beginning, in one line
     * @param executions how often they were executed
     * @param millis how long that took all in all, seen from the client
     */
    record Line(String text, long executions, double millis) {

        private Line and(Line other) {
            return new Line(text, executions + other.executions, millis + other.millis);
        }
    }

    /** All statements, those together that are alike so far, and first those that took most. */
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

    /** A call that goes through a proxy. */
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
