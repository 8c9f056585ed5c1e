package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.PortException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** How often each kind of operation is attempted, by the moment and the kind of its failure. */
final class RepeatedOperationTest {

    private enum Moment {
        CONNECT,
        STATEMENT,
        COMMIT
    }

    private enum Access {
        READ,
        EXECUTE,
        TRANSACTION
    }

    @ParameterizedTest
    @CsvSource(
            useHeadersInDisplayName = true,
            textBlock =
                    """
                    access,      moment,    state, attempts
                    READ,        CONNECT,   08006, 3
                    READ,        STATEMENT, 08006, 3
                    READ,        STATEMENT, 40001, 10
                    READ,        STATEMENT, 57014, 1
                    READ,        STATEMENT, 42601, 1
                    EXECUTE,     CONNECT,   08006, 3
                    EXECUTE,     CONNECT,   53300, 3
                    EXECUTE,     STATEMENT, 08006, 1
                    EXECUTE,     STATEMENT, 57P01, 1
                    EXECUTE,     STATEMENT, 40P01, 10
                    EXECUTE,     STATEMENT, 55P03, 2
                    EXECUTE,     STATEMENT, HYT00, 2
                    TRANSACTION, CONNECT,   57P03, 3
                    TRANSACTION, STATEMENT, 08006, 3
                    TRANSACTION, STATEMENT, 57P01, 3
                    TRANSACTION, STATEMENT, 90131, 10
                    TRANSACTION, STATEMENT, 53200, 1
                    TRANSACTION, COMMIT,    08006, 1
                    TRANSACTION, COMMIT,    57P01, 1
                    TRANSACTION, COMMIT,    40003, 1
                    TRANSACTION, COMMIT,    40001, 10
                    TRANSACTION, COMMIT,    23505, 1
                    """)
    void anOperationIsRepeatedOnlyIfItIsCertainlyNotStored(
            Access access, Moment moment, String state, int attempts) {
        AtomicInteger failures = new AtomicInteger();

        assertThatThrownBy(
                        () ->
                                perform(
                                        access,
                                        moment,
                                        () -> {
                                            failures.incrementAndGet();
                                            throw new SQLException("planted", state);
                                        }))
                .isInstanceOf(PortException.class)
                .hasMessageContaining(state);

        assertThat(failures).hasValue(attempts);
    }

    @Test
    void aRepetitionCanSucceed() {
        AtomicInteger calls = new AtomicInteger();

        String result =
                perform(
                        Access.TRANSACTION,
                        Moment.STATEMENT,
                        () -> {
                            if (calls.incrementAndGet() < 3) {
                                throw new SQLException("restarting", "57P01");
                            }
                        });

        assertThat(result).isEqualTo("done");
    }

    /** Fails or not. */
    @FunctionalInterface
    private interface Fault {
        void inject() throws SQLException;
    }

    private static String perform(Access access, Moment moment, Fault fault) {
        Database database =
                new Database(connections(moment, fault), Dialect.POSTGRESQL, Duration.ZERO, false);
        Database.Operation<String> operation =
                session -> {
                    if (moment == Moment.STATEMENT) {
                        fault.inject();
                    }
                    return "done";
                };
        return switch (access) {
            case READ -> database.read("TaskStore", operation);
            case EXECUTE -> database.execute("TaskStore", operation);
            case TRANSACTION -> database.inTransaction("TaskStore", operation);
        };
    }

    private static ConnectionSource connections(Moment moment, Fault fault) {
        DataSource dataSource =
                new DriverManagerDataSource("jdbc:h2:mem:") {
                    @Override
                    public Connection getConnection() throws SQLException {
                        if (moment == Moment.CONNECT) {
                            fault.inject();
                        }
                        return moment == Moment.COMMIT
                                ? failingCommit(super.getConnection(), fault)
                                : super.getConnection();
                    }
                };
        return new ConnectionSource(dataSource, any -> Optional.empty());
    }

    private static Connection failingCommit(Connection target, Fault fault) {
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("commit")) {
                                fault.inject();
                            }
                            try {
                                return method.invoke(target, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }
}
