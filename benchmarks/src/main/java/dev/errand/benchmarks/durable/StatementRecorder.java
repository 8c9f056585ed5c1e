package dev.errand.benchmarks.durable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Records the executed queries with the values of their parameters. */
final class StatementRecorder {

    private final List<String> queries = new ArrayList<>();

    /** Returns the queries recorded since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(queries);
        queries.clear();
        return taken;
    }

    DataSource over(DataSource source) {
        return proxy(
                DataSource.class,
                source,
                (method, answer) ->
                        answer instanceof Connection connection ? over(connection) : answer);
    }

    private Connection over(Connection connection) {
        return proxy(
                Connection.class,
                connection,
                (method, answer) ->
                        answer instanceof PreparedStatement statement ? over(statement) : answer);
    }

    private PreparedStatement over(PreparedStatement statement) {
        return proxy(
                PreparedStatement.class,
                statement,
                (method, answer) -> {
                    if (method.getName().equals("executeQuery")) {
                        // The PostgreSQL driver returns the statement with its parameter values.
                        queries.add(text(statement));
                    }
                    return answer;
                });
    }

    private static String text(PreparedStatement statement) {
        String text = statement.toString();
        return text.substring(text.indexOf("wrapping ") < 0 ? 0 : text.indexOf("wrapping ") + 9);
    }

    /** Converts the result of an intercepted call. */
    private interface Following {
        Object follow(Method method, Object answer);
    }

    private static <T> T proxy(Class<T> type, T target, Following following) {
        return type.cast(
                Proxy.newProxyInstance(
                        StatementRecorder.class.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            try {
                                return following.follow(method, method.invoke(target, arguments));
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }
}
