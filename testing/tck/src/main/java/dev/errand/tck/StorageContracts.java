package dev.errand.tck;

import org.junit.jupiter.api.Nested;

/**
 * All contracts of the storage ports in one: whoever writes a backend extends this class, and says
 * how its storage is opened.
 */
public abstract class StorageContracts {

    /** For the backend's test. */
    protected StorageContracts() {}

    /** The factory over the storage to be tested; asked once a test. */
    protected abstract BackendFactory factory();

    /** Tasks. */
    @Nested
    public class Tasks extends TaskStoreContract {

        /** For JUnit. */
        public Tasks() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Lists of tasks. */
    @Nested
    public class TaskLists extends TaskListContract {

        /** For JUnit. */
        public TaskLists() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Named tasks, and repositories. */
    @Nested
    public class TaskSummaries extends TaskSummaryContract {

        /** For JUnit. */
        public TaskSummaries() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Inserts under a key. */
    @Nested
    public class Idempotency extends IdempotencyContract {

        /** For JUnit. */
        public Idempotency() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Runs. */
    @Nested
    public class Runs extends RunStoreContract {

        /** For JUnit. */
        public Runs() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Staged artifacts that runs take. */
    @Nested
    public class Consumption extends ArtifactConsumptionContract {

        /** For JUnit. */
        public Consumption() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Changes of runs. */
    @Nested
    public class RunUpdateRules extends RunUpdateContract {

        /** For JUnit. */
        public RunUpdateRules() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Changes of runs under a lease or a key. */
    @Nested
    public class GuardedChanges extends LeasedUpdateContract {

        /** For JUnit. */
        public GuardedChanges() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Reservations and staged artifacts. */
    @Nested
    public class Staging extends StagingStoreContract {

        /** For JUnit. */
        public Staging() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Runs that are owed something. */
    @Nested
    public class Queue extends RunQueueContract {

        /** For JUnit. */
        public Queue() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Many leases at a time. */
    @Nested
    public class Heartbeat extends LeaseRenewalContract {

        /** For JUnit. */
        public Heartbeat() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** How many runs wait. */
    @Nested
    public class Depth extends QueueDepthContract {

        /** For JUnit. */
        public Depth() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Leases. */
    @Nested
    public class Leases extends LeaseContract {

        /** For JUnit. */
        public Leases() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** How many runs at a time. */
    @Nested
    public class ConcurrencyLimits extends ConcurrencyLimitContract {

        /** For JUnit. */
        public ConcurrencyLimits() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Logs. */
    @Nested
    public class Log extends RunLogContract {

        /** For JUnit. */
        public Log() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Logs that executions write. */
    @Nested
    public class ExecutionLog extends ExecutionLogContract {

        /** For JUnit. */
        public ExecutionLog() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Secrets. */
    @Nested
    public class Secrets extends SecretStoreContract {

        /** For JUnit. */
        public Secrets() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Many at a time. */
    @Nested
    public class Work extends SettlementContract {

        /** For JUnit. */
        public Work() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** What outlives a restart. */
    @Nested
    public class Durability extends DurabilityContract {

        /** For JUnit. */
        public Durability() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }

    /** Random histories. */
    @Nested
    public class Model extends ModelContract {

        /** For JUnit. */
        public Model() {}

        @Override
        protected BackendFactory factory() {
            return StorageContracts.this.factory();
        }
    }
}
