package dev.errand.jdbc.database;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A data source that counts the calls that may reach the database, records the statements, and can
 * break the connection at a given call, either before it or after it, so that its response is lost.
 * Lends one connection at a time. Not thread-safe.
 */
public final class FaultInjectingDataSource extends DelegatingDataSource {

    /** Where the connection breaks. */
    public enum Fault {
        /** The call does not reach the database. */
        BEFORE,
        /** The call takes effect, but its response is lost. */
        REPLY_LOST
    }

    private static final Set<String> LOCAL =
            Set.of("isClosed", "unwrap", "isWrapperFor", "toString", "hashCode", "equals", "close");

    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
    private int calls;
    private int open;
    private int faultAt;
    private boolean countsPerConnection;
    private Fault fault = Fault.BEFORE;

    /** Creates a data source over the given one. */
    public FaultInjectingDataSource(DataSource target) {
        super(target);
    }

    /** Resets the counters, and breaks at the n-th call from now on; 0 means never. */
    public void failAt(int call, Fault kind) {
        calls = 0;
        statements.clear();
        countsPerConnection = false;
        faultAt = call;
        fault = kind;
    }

    /**
     * Breaks every connection before the n-th call, of which {@code getConnection} is the first.
     */
    public void failEachConnectionAt(int call) {
        failAt(call, Fault.BEFORE);
        countsPerConnection = true;
    }

    /** Returns whether the fault has been injected. */
    public boolean isFaultReached() {
        return faultAt > 0 && calls >= faultAt;
    }

    /** Returns the number of open connections. */
    public int openConnections() {
        return open;
    }

    /** Returns the statements executed since {@link #failAt}. */
    public List<String> statements() {
        return List.copyOf(statements);
    }

    @Override
    public Connection getConnection() throws SQLException {
        calls = countsPerConnection ? 1 : calls + 1;
        if (calls == faultAt) {
            throw broken();
        }
        if (open > 0) {
            throw new IllegalStateException("an operation uses a second connection");
        }
        Connection connection = super.getConnection();
        open++;
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        new Interceptor(connection, connection, ""));
    }

    private static SQLException broken() {
        return new SQLException("injected connection failure", "08006");
    }

    /** Intercepts a connection or one of its statements. */
    private final class Interceptor implements InvocationHandler {
        private final Object target;
        private final Connection connection;
        private final String sql;

        Interceptor(Object target, Connection connection, String sql) {
            this.target = target;
            this.connection = connection;
            this.sql = sql;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            String name = method.getName();
            if (name.equals("close") && target == connection) {
                open--;
            }
            if (LOCAL.contains(name) || target != connection && !name.startsWith("execute")) {
                return pass(method, arguments);
            }
            calls++;
            if (calls == faultAt && fault == Fault.BEFORE) {
                breakConnection();
                throw broken();
            }
            if (name.startsWith("execute")) {
                statements.add(sql);
            }
            Object result = pass(method, arguments);
            if (calls == faultAt) {
                breakConnection();
                throw broken();
            }
            return result instanceof PreparedStatement statement
                    ? Proxy.newProxyInstance(
                            Connection.class.getClassLoader(),
                            new Class<?>[] {PreparedStatement.class},
                            new Interceptor(statement, connection, (String) arguments[0]))
                    : result;
        }

        /** Closes the physical connection. A pool notices that from the failure of a call. */
        private void breakConnection() throws SQLException {
            connection.unwrap(Connection.class).close();
            if (!connection.isClosed()) {
                try {
                    connection.setAutoCommit(true);
                    throw new IllegalStateException("the connection does not break");
                } catch (SQLException expected) {
                    connection.close();
                }
            }
        }

        private Object pass(Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }
}
