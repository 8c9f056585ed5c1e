package dev.errand.jdbc;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.jdbc.database.FaultInjectingDataSource;
import dev.errand.jdbc.database.FaultInjectingDataSource.Fault;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.store.Backend;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A rollback that fails as well does not replace the failure that caused it. */
@ParameterizedClass
@EnumSource
final class FailureCauseTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    @Parameter private Dialect dialect;

    private TestDatabase database;
    private FaultInjectingDataSource faulty;

    @BeforeEach
    void openDatabase() {
        database =
                switch (dialect) {
                    case POSTGRESQL -> TestDatabase.postgresql(FailureCauseTest.class);
                    case H2 -> TestDatabase.h2(FailureCauseTest.class);
                };
        database.reset();
        faulty = new FaultInjectingDataSource(database.unpooled());
    }

    @Test
    void aFailedRollbackIsSuppressedInTheOriginalFailure() {
        Backend backend = JdbcBackend.builder(faulty).open();
        assertThat(backend.clock().instant()).isNotNull();
        // After getConnection, getAutoCommit (twice) and setAutoCommit comes the first statement.
        faulty.failEachConnectionAt(5);

        assertOriginalFailureIsKept(
                () ->
                        backend.retention()
                                .removeObjectDeletions(
                                        List.of(new StoredObject(PROJECT, "tasks/1"))));
    }

    @Test
    void aFailedRollbackToASavepointIsSuppressedInTheOriginalFailure() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(database.dataSource()).open();
        try (Connection connection = faulty.getConnection()) {
            connection.setAutoCommit(false);
            try (JoinedTransaction transaction = backend.join(connection)) {
                // The number, on another connection; after setSavepoint comes the first statement.
                faulty.failAt(2, Fault.BEFORE);

                assertOriginalFailureIsKept(
                        () ->
                                TestTasks.insertTask(
                                        backend.tasks(),
                                        PROJECT,
                                        aTask().build(),
                                        Optional.empty()));
                transaction.rolledBack();
            }
        }
    }

    private static void assertOriginalFailureIsKept(ThrowingCallable call) {
        PortException failure = catchThrowableOfType(PortException.class, call);

        assertThat(failure.isRetryable()).isTrue();
        assertThat(failure.getCause()).hasMessage("injected connection failure");
        assertThat(failure.getCause().getSuppressed()).hasSize(1);
    }
}
