package dev.errand.jdbc;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Backend;
import dev.errand.spi.Idempotency;
import dev.errand.spi.Insertion;
import dev.errand.spi.ProjectId;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** I1: a number that was taken ahead, and which the database forgot in a crash, is not used. */
final class LostNumberTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    private final TestDatabase database = TestDatabase.postgresql(LostNumberTest.class);
    private final TestClock clock = TestClock.at(aTask().build().createdAt());

    @Test
    void anInsertTakesAnotherNumberWhereItsOwnWasTakenBack() {
        database.reset();
        Interrupted connections = new Interrupted(database.dataSource());
        try (Backend backend = JdbcBackend.builder(connections).clock(clock).open()) {
            insert(backend, Optional.empty());
            List<Task> crowded = new ArrayList<>();

            // Who inserts while another does takes the number ahead, and then inserts.
            connections.before.add(() -> crowded.add(insert(backend, Optional.empty())));
            connections.before.add(() -> {});
            connections.before.add(this::takeBackANumber);
            Task alone = insert(backend, Optional.empty());
            Task keyed = insert(backend, Optional.of(new Idempotency("u", "create", "k", "h")));

            assertThat(connections.before).isEmpty();
            assertThat(crowded.get(0).number()).isEqualTo(1);
            assertThat(alone.number()).isEqualTo(2);
            assertThat(keyed.number()).isEqualTo(3);
        }
    }

    /** As a crash does, if the statement that took it was not on the disk yet. */
    private void takeBackANumber() {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update errand_project set next_task_number = next_task_number - 1"
                            + " where project_id = 7");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Task insert(Backend backend, Optional<Idempotency> key) {
        return ((Insertion.Inserted<Task>) backend.tasks().insert(PROJECT, aTask().build(), key))
                .value();
    }

    /** Lends connections, and does the next of some things before each. */
    private static final class Interrupted extends DelegatingDataSource {
        private final List<Runnable> before = new ArrayList<>();

        Interrupted(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (!before.isEmpty()) {
                before.remove(0).run();
            }
            return super.getConnection();
        }
    }
}
