package dev.errand.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A data source whose connections look as if they were opened to a connection pooler: statements
 * are executed in another session of the server than the one that the driver knows. Not
 * thread-safe.
 */
final class PoolerSimulation extends DriverManagerDataSource implements AutoCloseable {

    /** How sessions of the server are assigned. */
    enum Mode {
        /** Each connection has its own session. */
        SESSION,
        /** All connections use one session, as with an idle pooler. */
        TRANSACTION
    }

    /** The methods that concern the driver, not the server. */
    private static final Set<String> OF_THE_DRIVER = Set.of("unwrap", "isWrapperFor", "close");

    private final String url;
    private final Mode mode;
    private final List<Connection> sessions = new ArrayList<>();

    PoolerSimulation(String url, Mode mode) {
        super(url);
        this.url = url;
        this.mode = mode;
    }

    String url() {
        return url;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection driver = super.getConnection();
        if (mode == Mode.SESSION || sessions.isEmpty()) {
            sessions.add(DriverManager.getConnection(url));
        }
        Connection session = sessions.get(sessions.size() - 1);
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            Connection target =
                                    OF_THE_DRIVER.contains(method.getName()) ? driver : session;
                            try {
                                return method.invoke(target, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    @Override
    public void close() throws SQLException {
        for (Connection session : sessions) {
            session.close();
        }
    }
}
