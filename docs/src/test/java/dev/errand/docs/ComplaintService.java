package dev.errand.docs;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.jdbc.JoinedTransaction;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.task.CreateTaskRequest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

final class ComplaintService {
    private final DataSource pool;
    private final JdbcBackend backend;
    private final Errand errand;

    /** Uses an engine on the given backend. */
    ComplaintService(DataSource pool, JdbcBackend backend, Errand errand) {
        this.pool = pool;
        this.backend = backend;
        this.errand = errand;
    }

    /** Stores the complaint and queues a run about it: both are committed, or neither. */
    void complain(String text) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (JoinedTransaction transaction = backend.join(connection);
                    PreparedStatement insert =
                            connection.prepareStatement(
                                    "insert into complaint (text) values (?)")) {
                insert.setString(1, text);
                insert.executeUpdate();
                errand.project(ProjectId.of(1), Caller.host())
                        .tasks()
                        .createAndRun(
                                CreateTaskRequest.builder().description(text).build(),
                                RunTaskRequest.builder().build());
                connection.commit();
                transaction.committed();
            } catch (SQLException | RuntimeException failure) {
                connection.rollback();
                throw failure;
            }
        }
    }
}
