package dev.errand.jdbc.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Records the plans of the statements that are executed over it, on PostgreSQL. Each statement is
 * executed by {@code explain analyze} with the same values, on another connection and rolled back,
 * before it takes effect. The plan is the generic plan, which PostgreSQL makes without the values
 * and then keeps. Not thread-safe.
 */
public final class PlanRecorder extends DelegatingDataSource {

    private static final Pattern PARAMETER = Pattern.compile("\\?");

    /**
     * The plan of a statement, with the number of rows at each step.
     *
     * @param text the text of the plan
     */
    public record Plan(String text) {

        private static final Pattern ACTUAL_ROWS =
                Pattern.compile("actual rows=([0-9.]+) loops=([0-9]+)");
        private static final Pattern FILTERED = Pattern.compile("Rows Removed by .*: ([0-9]+)");

        /** Returns the most rows that a step of the plan returned or filtered out. */
        public long mostRows() {
            DoubleStream returned =
                    ACTUAL_ROWS
                            .matcher(text)
                            .results()
                            .mapToDouble(
                                    rows ->
                                            Double.parseDouble(rows.group(1))
                                                    * Long.parseLong(rows.group(2)));
            DoubleStream filtered =
                    FILTERED.matcher(text)
                            .results()
                            .mapToDouble(rows -> Double.parseDouble(rows.group(1)));
            return Math.round(DoubleStream.concat(returned, filtered).max().orElseThrow());
        }
    }

    private final List<Plan> plans = new ArrayList<>();
    private boolean recording;

    /** Creates a data source over the given one. */
    public PlanRecorder(DataSource target) {
        super(target);
    }

    /** Returns the plans of the statements that the call executes. */
    public List<Plan> record(Runnable call) {
        plans.clear();
        recording = true;
        try {
            call.run();
        } finally {
            recording = false;
        }
        return List.copyOf(plans);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return proxy(
                Connection.class,
                (method, arguments) -> {
                    Object result = method.invoke(connection, arguments);
                    return result instanceof PreparedStatement statement
                            ? explained(statement, (String) arguments[0])
                            : result;
                });
    }

    private PreparedStatement explained(PreparedStatement statement, String sql) {
        Map<Integer, String> literals = new TreeMap<>();
        return proxy(
                PreparedStatement.class,
                (method, arguments) -> {
                    if (method.getName().equals("setNull")) {
                        literals.put((Integer) arguments[0], "null");
                    } else if (method.getName().startsWith("set") && arguments.length == 2) {
                        String value = arguments[1].toString().replace("'", "''");
                        literals.put((Integer) arguments[0], "'" + value + "'");
                    }
                    if (recording && method.getName().startsWith("execute")) {
                        plans.add(explain(sql, literals.values()));
                    }
                    return method.invoke(statement, arguments);
                });
    }

    private Plan explain(String sql, Collection<String> literals) throws SQLException {
        AtomicInteger parameters = new AtomicInteger();
        String numbered =
                PARAMETER.matcher(sql).replaceAll(found -> "\\$" + parameters.incrementAndGet());
        try (Connection other = super.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("set local plan_cache_mode = force_generic_plan");
            statement.execute("prepare explained as " + numbered);
            try {
                return new Plan(
                        lines(
                                statement.executeQuery(
                                        "explain (analyze, costs off, timing off, summary off)"
                                                + " execute explained ("
                                                + String.join(", ", literals)
                                                + ")")));
            } finally {
                other.rollback();
                other.setAutoCommit(true);
                statement.execute("deallocate all");
            }
        }
    }

    private static String lines(ResultSet plan) throws SQLException {
        StringBuilder text = new StringBuilder();
        try (plan) {
            while (plan.next()) {
                text.append(plan.getString(1)).append('\n');
            }
        }
        return text.toString();
    }

    /** The behaviour of a proxy. */
    private interface Behaviour {
        Object call(Method method, Object[] arguments) throws Exception;
    }

    private static <T> T proxy(Class<T> type, Behaviour behaviour) {
        return type.cast(
                Proxy.newProxyInstance(
                        PlanRecorder.class.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            try {
                                return behaviour.call(method, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        }));
    }
}
