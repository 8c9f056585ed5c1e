package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.engine.AuthorshipOperationsContract;
import dev.errand.tck.engine.ConcurrentOperationsContract;
import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.EventOperationsContract;
import dev.errand.tck.engine.GuardedOperationsContract;
import dev.errand.tck.engine.RepeatedOperationsContract;
import dev.errand.tck.engine.ResumeOperationsContract;
import dev.errand.tck.engine.RunCreationOperationsContract;
import dev.errand.tck.engine.RunOperationsContract;
import dev.errand.tck.engine.RunProgressOperationsContract;
import dev.errand.tck.engine.RunStatusOperationsContract;
import dev.errand.tck.engine.RunTaskOperationsContract;
import dev.errand.tck.engine.RuntimeSelectionOperationsContract;
import dev.errand.tck.engine.StagingOperationsContract;
import dev.errand.tck.engine.TaskDeletionOperationsContract;
import dev.errand.tck.engine.TaskListOperationsContract;
import dev.errand.tck.engine.TaskOperationsContract;
import dev.errand.tck.engine.WorkerContract;
import org.junit.jupiter.api.Nested;

/** The operations of the engine on a database: what they promise does not depend on which. */
abstract class EngineOnDatabase {

    /** The database of the test class. */
    abstract TestDatabase database();

    private EngineFactory engine() {
        return new JdbcEngineFactory(database());
    }

    @Nested
    class Authorship extends AuthorshipOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Concurrent extends ConcurrentOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Event extends EventOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Guarded extends GuardedOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Repeated extends RepeatedOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Resume extends ResumeOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class RunCreation extends RunCreationOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Run extends RunOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class RunProgress extends RunProgressOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class RunStatus extends RunStatusOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class RunTask extends RunTaskOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class RuntimeSelection extends RuntimeSelectionOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Staging extends StagingOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class TaskDeletion extends TaskDeletionOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class TaskList extends TaskListOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Task extends TaskOperationsContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }

    @Nested
    class Worker extends WorkerContract {
        @Override
        protected EngineFactory factory() {
            return engine();
        }
    }
}
