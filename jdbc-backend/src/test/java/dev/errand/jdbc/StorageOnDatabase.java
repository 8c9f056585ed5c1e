package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.ClaimLimitsContract;
import dev.errand.tck.RunAdvanceContract;
import dev.errand.tck.RunLogContract;
import dev.errand.tck.RunQueueContract;
import dev.errand.tck.RunStoreContract;
import dev.errand.tck.SecretStoreContract;
import dev.errand.tck.StagingStoreContract;
import dev.errand.tck.TaskListContract;
import dev.errand.tck.TaskStoreContract;
import dev.errand.tck.WorkContract;
import org.junit.jupiter.api.Nested;

/** The storage contracts on a database: what a port promises does not depend on which. */
abstract class StorageOnDatabase {

    /** The database of the test class. */
    abstract TestDatabase database();

    @Nested
    class Tasks extends TaskStoreContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class TaskLists extends TaskListContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class Runs extends RunStoreContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class RunChanges extends RunAdvanceContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class Staging extends StagingStoreContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class Queue extends RunQueueContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class Limits extends ClaimLimitsContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class Log extends RunLogContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class Secrets extends SecretStoreContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }

    @Nested
    class Work extends WorkContract {
        @Override
        protected BackendFactory factory() {
            return database();
        }
    }
}
