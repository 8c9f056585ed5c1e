package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.jdbc.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection that is opened once and replaced when it is lost. */
final class ReservedConnectionTest {

    private final TestDatabase database = TestDatabase.h2(ReservedConnectionTest.class);
    private final List<Connection> opened = new ArrayList<>();
    private final ReservedConnection reserved = new ReservedConnection(this::open);

    private Connection open() throws SQLException {
        Connection connection = database.unpooled().getConnection();
        opened.add(connection);
        return connection;
    }

    @Test
    void theConnectionIsKeptUntilItIsClosed() throws SQLException {
        assertThat(reserved.use(Connection::isClosed)).isFalse();
        assertThat(reserved.use(Connection::isClosed)).isFalse();
        assertThat(opened).hasSize(1);

        reserved.close();
        reserved.close();

        assertThat(opened.get(0).isClosed()).isTrue();
    }

    @Test
    void aLostConnectionIsReplaced() throws SQLException {
        reserved.use(Connection::getAutoCommit);
        opened.get(0).close();

        assertThat(reserved.use(Connection::getAutoCommit)).isTrue();
        assertThat(opened).hasSize(2);
    }

    @Test
    void aFailureOnANewConnectionIsReported() throws SQLException {
        assertThatThrownBy(
                        () ->
                                reserved.use(
                                        connection -> {
                                            throw new SQLException("no such table");
                                        }))
                .hasMessage("no such table");

        assertThat(opened).hasSize(1);
        assertThat(opened.get(0).isClosed()).isTrue();
        assertThat(reserved.use(Connection::isClosed)).isFalse();
    }
}
