package dev.errand.spring.transactions;

import dev.errand.jdbc.CompletionActions;
import dev.errand.jdbc.JdbcHostTransaction;
import java.sql.Connection;
import java.util.IdentityHashMap;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;

/** A transaction of Spring, registered with it as a synchronization. Confined to its thread. */
final class SpringTransaction implements JdbcHostTransaction, TransactionSynchronization {

    private final ConnectionHolder holder;
    private final CompletionActions actions = new CompletionActions();
    private final Map<Object, Integer> sizesAtSavepoints = new IdentityHashMap<>();
    private boolean committed;

    SpringTransaction(ConnectionHolder holder) {
        this.holder = holder;
    }

    boolean isOf(ConnectionHolder other) {
        return holder == other;
    }

    boolean isCommitted() {
        return committed;
    }

    @Override
    public Connection connection() {
        return holder.getConnection();
    }

    @Override
    public void afterCompletion(Runnable onCommit, Runnable onRollback) {
        actions.add(onCommit, onRollback);
    }

    /** First, so that calls from afterCommit of other synchronizations find it committed. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void savepoint(Object savepoint) {
        sizesAtSavepoints.put(savepoint, actions.size());
    }

    /** A savepoint that is not known is older than this synchronization. */
    @Override
    public void savepointRollback(Object savepoint) {
        actions.rollBackTo(sizesAtSavepoints.getOrDefault(savepoint, 0));
    }

    @Override
    public void afterCommit() {
        committed = true;
        actions.commit();
    }

    /** Has no effect after a commit. */
    @Override
    public void afterCompletion(int status) {
        actions.rollBack();
    }
}
