package dev.errand.jdbc;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** docs/invariants.md#i1: numbers that are allocated before the insert, on one connection. */
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
        backend = open(connection);
    }

    @AfterEach
    void close() throws SQLException {
        backend.close();
        connection.close();
    }

    @Test
    void aNewProjectDoesNotUseTheNumberAllocatedForAnother() {
        assertThat(insert(PROJECT, aTask().build()).number()).isZero();
        assertThat(insert(PROJECT, aTask().build()).number()).isEqualTo(1);
        assertThat(insert(OTHER, aTask().build()).number()).isZero();
        assertThat(insert(PROJECT, aTask().build()).number()).isEqualTo(2);
    }

    @Test
    void aFailedInsertLosesItsNumberAndKeepsTheConnectionUsable() throws SQLException {
        NewTask task = aTask().build();
        insert(PROJECT, task);

        assertThatThrownBy(() -> insert(PROJECT, task))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(connection.getAutoCommit()).isTrue();
        assertThat(insert(PROJECT, aTask().build()).number()).isEqualTo(2);
    }

    /**
     * In simple query mode the driver continues after a failure; the insert must not use the number
     * of another project.
     */
    @Test
    void nothingIsInsertedIfNoNumberCanBeAllocated() throws SQLException {
        insert(OTHER, aTask().build());
        DriverManagerDataSource simple = (DriverManagerDataSource) database.unpooled();
        Properties settings = new Properties();
        settings.setProperty("preferQueryMode", "simple");
        settings.setProperty("options", "-c lock_timeout=100");
        simple.setConnectionProperties(settings);
        try (Connection one = simple.getConnection();
                Connection holder = database.dataSource().getConnection();
                Statement holding = holder.createStatement()) {
            Backend over = open(one);
            assertThat(insert(over, OTHER, aTask().build()).number()).isEqualTo(1);
            for (int number = 0;
                    number < 5;
                    number++) { // The last number is unused in the other project.
                assertThat(insert(over, PROJECT, aTask().build()).number()).isEqualTo(number);
            }
            holder.setAutoCommit(false);
            holding.execute("select * from errand_project where project_id = 8 for update");

            assertThatThrownBy(() -> insert(over, OTHER, aTask().build()))
                    .isInstanceOf(PortException.class);
            holder.rollback();

            assertThat(insert(over, OTHER, aTask().build()).number()).isEqualTo(2);
            assertThat(insert(over, PROJECT, aTask().build()).number()).isEqualTo(5);
            assertThat(over.tasks().list(OTHER, TaskFilter.DEFAULT, PageRequest.of(9, 0)).total())
                    .isEqualTo(3);
        }
    }

    private static Backend open(Connection connection) {
        return JdbcBackend.builder(new SingleConnectionDataSource(connection, true))
                .clock(TestClock.at(aTask().build().createdAt()))
                .open();
    }

    private Task insert(ProjectId project, NewTask task) {
        return insert(backend, project, task);
    }

    private static Task insert(Backend backend, ProjectId project, NewTask task) {
        return ((InsertResult.Inserted<Task>)
                        TestTasks.insertTask(backend.tasks(), project, task, Optional.empty()))
                .value();
    }
}
