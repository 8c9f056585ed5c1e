package dev.errand.tck;

import org.junit.jupiter.api.Nested;

/**
 * All contract tests of the storage ports. The test of a backend extends this class and implements
 * {@link #factory}.
 */
public abstract class StorageContracts {

    /** Constructor for subclasses. */
    protected StorageContracts() {}

    /** Returns the factory of the storage under test. Called once for each test. */
    protected abstract BackendFactory factory();

    /** Contract tests for tasks. */
    @Nested
    public class Tasks extends TaskStoreContract {

        /** Constructor for JUnit. */
        public Tasks() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for lists of tasks. */
    @Nested
    public class TaskLists extends TaskListContract {

        /** Constructor for JUnit. */
        public TaskLists() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for listing tasks by id and listing repositories. */
    @Nested
    public class TaskSummaries extends TaskSummaryContract {

        /** Constructor for JUnit. */
        public TaskSummaries() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for inserts with an idempotency key. */
    @Nested
    public class Idempotency extends IdempotencyContract {

        /** Constructor for JUnit. */
        public Idempotency() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for runs. */
    @Nested
    public class Runs extends RunStoreContract {

        /** Constructor for JUnit. */
        public Runs() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for the consumption of staged artifacts by runs. */
    @Nested
    public class Consumption extends ArtifactConsumptionContract {

        /** Constructor for JUnit. */
        public Consumption() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for updates of runs. */
    @Nested
    public class RunChanges extends RunUpdateContract {

        /** Constructor for JUnit. */
        public RunChanges() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for updates of runs with a lease or an idempotency key. */
    @Nested
    public class GuardedChanges extends LeasedUpdateContract {

        /** Constructor for JUnit. */
        public GuardedChanges() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for reservations and staged artifacts. */
    @Nested
    public class Staging extends StagingStoreContract {

        /** Constructor for JUnit. */
        public Staging() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for erasure and expiry. */
    @Nested
    public class Retention extends RetentionStoreContract {

        /** Constructor for JUnit. */
        public Retention() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for the run queue. */
    @Nested
    public class Queue extends RunQueueContract {

        /** Constructor for JUnit. */
        public Queue() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for the renewal of several leases. */
    @Nested
    public class Heartbeat extends LeaseRenewalContract {

        /** Constructor for JUnit. */
        public Heartbeat() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for the queue depth. */
    @Nested
    public class Depth extends QueueDepthContract {

        /** Constructor for JUnit. */
        public Depth() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for leases. */
    @Nested
    public class Leases extends LeaseContract {

        /** Constructor for JUnit. */
        public Leases() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for priorities and concurrency limits. */
    @Nested
    public class ConcurrencyLimits extends ConcurrencyLimitContract {

        /** Constructor for JUnit. */
        public ConcurrencyLimits() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for logs. */
    @Nested
    public class Log extends RunLogContract {

        /** Constructor for JUnit. */
        public Log() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for appends to a log by executions. */
    @Nested
    public class ExecutionLog extends ExecutionLogContract {

        /** Constructor for JUnit. */
        public ExecutionLog() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for secrets. */
    @Nested
    public class Secrets extends SecretStoreContract {

        /** Constructor for JUnit. */
        public Secrets() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for conversations. */
    @Nested
    public class Conversations extends ConversationStoreContract {

        /** Constructor for JUnit. */
        public Conversations() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for batch operations. */
    @Nested
    public class Work extends SettlementContract {

        /** Constructor for JUnit. */
        public Work() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Contract tests for durability. */
    @Nested
    public class Durability extends DurabilityContract {

        /** Constructor for JUnit. */
        public Durability() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Random histories that are compared with a model. */
    @Nested
    public class Model extends ModelContract {

        /** Constructor for JUnit. */
        public Model() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }
}
