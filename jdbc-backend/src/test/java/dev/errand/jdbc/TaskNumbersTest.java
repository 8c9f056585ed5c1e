package dev.errand.jdbc;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Backend;
import dev.errand.spi.Insertion;
import dev.errand.spi.ProjectId;
import dev.errand.spi.task.NewTask;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** I1: numbers that are taken before the insert, by one connection. */
final class TaskNumbersTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final ProjectId OTHER = ProjectId.of(8);

    private final TestDatabase database = TestDatabase.postgresql(TaskNumbersTest.class);
    private Connection connection;
    private Backend backend;

    @BeforeEach
    void openOverOneConnection() throws SQLException {
        database.reset();
        connection = database.dataSource().getConnection();
        backend =
                JdbcBackend.builder(new SingleConnectionDataSource(connection, true))
                        .clock(TestClock.at(aTask().build().createdAt()))
                        .open();
    }

    @AfterEach
    void close() throws SQLException {
        backend.close();
        connection.close();
    }

    @Test
    void aProjectWithoutACounterDoesNotGetTheNumberThatTheConnectionTookForAnother() {
        assertThat(insert(PROJECT, aTask().build()).number()).isZero();
        assertThat(insert(PROJECT, aTask().build()).number()).isEqualTo(1);
        assertThat(insert(OTHER, aTask().build()).number()).isZero();
        assertThat(insert(PROJECT, aTask().build()).number()).isEqualTo(2);
    }

    @Test
    void aRefusedInsertLosesItsNumberAndLeavesTheConnectionUsable() throws SQLException {
        NewTask task = aTask().build();
        insert(PROJECT, task);

        assertThatThrownBy(() -> insert(PROJECT, task))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(connection.getAutoCommit()).isTrue();
        assertThat(insert(PROJECT, aTask().build()).number()).isEqualTo(2);
    }

    private Task insert(ProjectId project, NewTask task) {
        return ((Insertion.Inserted<Task>) backend.tasks().insert(project, task, Optional.empty()))
                .value();
    }
}
