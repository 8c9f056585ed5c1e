package dev.errand.jdbc;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
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

/** The storage contracts on H2. */
class H2ContractTest {

    private static BackendFactory storage() {
        return TestDatabase.h2(H2ContractTest.class);
    }

    @Nested
    class Tasks extends TaskStoreContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }

    @Nested
    class TaskLists extends TaskListContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }

    @Nested
    class Runs extends RunStoreContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }

    @Nested
    class RunChanges extends RunAdvanceContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }

    @Nested
    class Staging extends StagingStoreContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }

    @Nested
    class Queue extends RunQueueContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }

    @Nested
    class Log extends RunLogContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }

    @Nested
    class Secrets extends SecretStoreContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }

    @Nested
    class Work extends WorkContract {
        @Override
        protected BackendFactory factory() {
            return storage();
        }
    }
}
