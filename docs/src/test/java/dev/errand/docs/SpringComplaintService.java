package dev.errand.docs;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.Backend;
import dev.errand.spring.transactions.SpringTransactions;
import dev.errand.task.CreateTaskRequest;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

final class SpringComplaintService {
    private final TransactionTemplate transactions;
    private final JdbcTemplate jdbc;
    private final Errand errand;

    /** Uses an engine on the backend of {@link #backend}. */
    SpringComplaintService(TransactionTemplate transactions, JdbcTemplate jdbc, Errand errand) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.errand = errand;
    }

    /** Returns a backend whose calls take part in the transaction of the calling thread. */
    static Backend backend(DataSource pool) {
        return JdbcBackend.builder(pool).joiningTransactions(new SpringTransactions()).open();
    }

    /** Stores the complaint and queues a run about it: both are committed, or neither. */
    void complain(String text) {
        transactions.executeWithoutResult(
                transaction -> {
                    jdbc.update("insert into complaint (text) values (?)", text);
                    errand.project(ProjectId.of(1), Caller.host())
                            .tasks()
                            .createAndRun(
                                    CreateTaskRequest.builder().description(text).build(),
                                    RunTaskRequest.builder().build());
                });
    }
}
