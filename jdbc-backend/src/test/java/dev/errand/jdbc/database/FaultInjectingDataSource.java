package dev.errand.jdbc.database;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A data source that counts the calls which may go to the database, notes the statements, and can
 * break the connection at one of the calls: before it gets there, or after, so that its reply is
 * lost. It lends one connection at a time. Not thread-safe.
 */
public final class FaultInjectingDataSource implements DataSource {

    /** When the connection breaks. */
    public enum Fault {
        /** The call does not reach the database. */
        BEFORE,
        /** The call has its effect, and nobody learns of it. */
        REPLY_LOST
    }

    private static final Set<String> LOCAL =
            Set.of("isClosed", "unwrap", "isWrapperFor", "toString", "hashCode", "equals", "close");

    private final DataSource target;
    private final List<String> statements = Collections.synchronizedList(new ArrayList<>());
    private int calls;
    private int open;
    private int faultAt;
    private Fault fault = Fault.BEFORE;

    /** Taps this data source. */
    public FaultInjectingDataSource(DataSource target) {
        this.target = target;
    }

    /** Starts to count anew, and breaks at the n-th call from now on; 0 for never. */
    public void failAt(int call, Fault kind) {
        calls = 0;
        statements.clear();
        faultAt = call;
        fault = kind;
    }

    /** Whether the call at which the connection was to break has come. */
    public boolean isFaultReached() {
        return faultAt > 0 && calls >= faultAt;
    }

    /** How many connections were not closed yet. */
    public int openConnections() {
        return open;
    }

    /** The statements that were executed since {@link #failAt}. */
    public List<String> statements() {
        return List.copyOf(statements);
    }

    @Override
    public Connection getConnection() throws SQLException {
        calls++;
        if (calls == faultAt) {
            throw broken();
        }
        if (open > 0) {
            throw new IllegalStateException("a step takes a second connection");
        }
        Connection connection = target.getConnection();
        open++;
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        new Wire(connection, connection, ""));
    }

    private static SQLException broken() {
        return new SQLException("the connection broke, as the test wants", "08006");
    }

    /** A connection or a statement of it. */
    private final class Wire implements InvocationHandler {
        private final Object wired;
        private final Connection connection;
        private final String sql;

        Wire(Object wired, Connection connection, String sql) {
            this.wired = wired;
            this.connection = connection;
            this.sql = sql;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            String name = method.getName();
            if (name.equals("close") && wired == connection) {
                open--;
            }
            if (LOCAL.contains(name) || wired != connection && !name.startsWith("execute")) {
                return pass(method, arguments);
            }
            calls++;
            if (calls == faultAt && fault == Fault.BEFORE) {
                connection.close();
                throw broken();
            }
            if (name.startsWith("execute")) {
                statements.add(sql);
            }
            Object result = pass(method, arguments);
            if (calls == faultAt) {
                connection.close();
                throw broken();
            }
            return result instanceof PreparedStatement statement
                    ? Proxy.newProxyInstance(
                            Connection.class.getClassLoader(),
                            new Class<?>[] {PreparedStatement.class},
                            new Wire(statement, connection, (String) arguments[0]))
                    : result;
        }

        private Object pass(Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(wired, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return target.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        target.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        target.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return target.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return target.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return target.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return target.isWrapperFor(type);
    }
}
