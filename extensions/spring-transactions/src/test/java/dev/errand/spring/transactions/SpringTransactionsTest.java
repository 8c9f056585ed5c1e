package dev.errand.spring.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_NOT_SUPPORTED;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_REQUIRES_NEW;
import static org.springframework.transaction.TransactionDefinition.PROPAGATION_SUPPORTS;

import dev.errand.jdbc.JdbcBackend;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.HostTransaction;
import dev.errand.spi.store.TaskFilter;
import dev.errand.tck.TestTasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Which transactions of Spring a backend takes part in, and when they end. */
class SpringTransactionsTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    private final List<String> ends = new ArrayList<>();
    private SpringHost host = SpringHost.onH2();

    @AfterEach
    void close() {
        host.backend().close();
        host.pool().close();
    }

    @Test
    void actionsAreCalledAfterTheCommit() throws Exception {
        host.inTransaction(
                () -> {
                    register("task");
                    assertThat(ends).isEmpty();
                    return null;
                });

        assertThat(ends).containsExactly("task committed");
    }

    @Test
    void aSuspendedTransactionIsNotJoined() throws Exception {
        host.rolledBack(
                () -> {
                    insert();
                    host.inTransaction(PROPAGATION_REQUIRES_NEW, this::insert);
                    assertThat(ends).isEmpty();
                    host.inTransaction(
                            PROPAGATION_NOT_SUPPORTED,
                            () -> {
                                assertThat(host.backend().hostTransaction()).isEmpty();
                                return insert();
                            });
                    register("outer");
                    host.inTransaction(
                            PROPAGATION_REQUIRES_NEW,
                            () -> {
                                register("inner");
                                return null;
                            });
                    assertThat(ends).containsExactly("inner committed");
                    return null;
                });

        assertThat(ends).containsExactly("inner committed", "outer rolled back");
        assertThat(tasks()).isEqualTo(2);
    }

    @Test
    void theActionsOfANestedTransactionThatIsRolledBackAreDiscarded() throws Exception {
        host.inTransaction(
                () -> {
                    host.rolledBackNested(
                            () -> {
                                register("before");
                                return insert();
                            });
                    insert();
                    register("outer");
                    host.rolledBackNested(
                            () -> {
                                register("nested");
                                return insert();
                            });
                    assertThat(ends).containsExactly("before rolled back", "nested rolled back");
                    return null;
                });

        assertThat(ends)
                .containsExactly("before rolled back", "nested rolled back", "outer committed");
        assertThat(tasks()).isOne();
    }

    @Test
    void callsAfterTheCommitHaveTheirOwnTransactions() throws Exception {
        host.inTransaction(
                () -> {
                    insert();
                    TransactionSynchronizationManager.registerSynchronization(
                            new TransactionSynchronization() {
                                @Override
                                public void afterCommit() {
                                    assertThat(host.backend().hostTransaction()).isEmpty();
                                    insert();
                                }

                                @Override
                                public void afterCompletion(int status) {
                                    assertThat(host.backend().hostTransaction()).isEmpty();
                                    insert();
                                }
                            });
                    return null;
                });

        assertThat(tasks()).isEqualTo(3);
    }

    @Test
    void aScopeWithoutATransactionIsNotJoined() throws Exception {
        host.inTransaction(
                PROPAGATION_SUPPORTS,
                () -> {
                    new JdbcTemplate(host.pool()).queryForList("select 1");
                    assertThat(host.backend().hostTransaction()).isEmpty();
                    return insert();
                });

        assertThat(tasks()).isOne();
    }

    /** It would return the connection of the transaction where the backend needs another one. */
    @Test
    void aProxyThatIsAwareOfTransactionsIsRejected() {
        JdbcBackend.Builder builder =
                JdbcBackend.builder(new TransactionAwareDataSourceProxy(host.pool()))
                        .joiningTransactions(new SpringTransactions());

        assertThatThrownBy(builder::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pass its target");
    }

    @Test
    void callsOutsideOfATransactionAreCommittedOnAPoolWithoutAutocommit() throws Exception {
        close();
        host = SpringHost.withoutAutocommit();

        insert();
        host.rolledBack(this::insert);
        host.inTransaction(this::insert);

        assertThat(tasks()).isEqualTo(2);
    }

    @Test
    void aTransactionManagerWithoutSynchronizationIsRejected() {
        host.manager()
                .setTransactionSynchronization(
                        AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);

        assertThatThrownBy(() -> host.inTransaction(this::insert))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("SYNCHRONIZATION_NEVER");
        assertThat(tasks()).isZero();
    }

    private void register(String name) {
        HostTransaction transaction = host.backend().hostTransaction().orElseThrow();
        transaction.afterCompletion(
                () -> ends.add(name + " committed"), () -> ends.add(name + " rolled back"));
    }

    private Void insert() {
        TestTasks.insertTask(
                host.backend().tasks(), PROJECT, TestTasks.aTask().build(), Optional.empty());
        return null;
    }

    private long tasks() {
        return host.backend()
                .tasks()
                .list(PROJECT, TaskFilter.DEFAULT, PageRequest.of(1, 0))
                .total();
    }
}
