package dev.errand.testing.engine;

import org.junit.jupiter.api.Nested;

/**
 * All contracts of the engine's operations in one: what they promise does not depend on the storage
 * under them. Whoever writes a backend extends this class, and says what an engine stands on.
 */
public abstract class EngineContracts {

    /** For the backend's test. */
    protected EngineContracts() {}

    /** How to get at what is tested; asked once a test. */
    protected abstract EngineFactory factory();

    /** See {@link AuthorshipOperationsContract}. */
    @Nested
    public class Authorship extends AuthorshipOperationsContract {

        /** For JUnit. */
        public Authorship() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link ConcurrentOperationsContract}. */
    @Nested
    public class Concurrent extends ConcurrentOperationsContract {

        /** For JUnit. */
        public Concurrent() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link EventOperationsContract}. */
    @Nested
    public class Event extends EventOperationsContract {

        /** For JUnit. */
        public Event() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link GuardedOperationsContract}. */
    @Nested
    public class Guarded extends GuardedOperationsContract {

        /** For JUnit. */
        public Guarded() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RelayOperationsContract}. */
    @Nested
    public class Relay extends RelayOperationsContract {

        /** For JUnit. */
        public Relay() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RepeatedOperationsContract}. */
    @Nested
    public class Repeated extends RepeatedOperationsContract {

        /** For JUnit. */
        public Repeated() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link ResumeOperationsContract}. */
    @Nested
    public class Resume extends ResumeOperationsContract {

        /** For JUnit. */
        public Resume() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunArtifactOperationsContract}. */
    @Nested
    public class RunArtifact extends RunArtifactOperationsContract {

        /** For JUnit. */
        public RunArtifact() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunCreationOperationsContract}. */
    @Nested
    public class RunCreation extends RunCreationOperationsContract {

        /** For JUnit. */
        public RunCreation() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunOperationsContract}. */
    @Nested
    public class Run extends RunOperationsContract {

        /** For JUnit. */
        public Run() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunProgressOperationsContract}. */
    @Nested
    public class RunProgress extends RunProgressOperationsContract {

        /** For JUnit. */
        public RunProgress() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunStatusOperationsContract}. */
    @Nested
    public class RunStatus extends RunStatusOperationsContract {

        /** For JUnit. */
        public RunStatus() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunTaskOperationsContract}. */
    @Nested
    public class RunTaskRequest extends RunTaskOperationsContract {

        /** For JUnit. */
        public RunTaskRequest() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RuntimeSelectionOperationsContract}. */
    @Nested
    public class RuntimeSelection extends RuntimeSelectionOperationsContract {

        /** For JUnit. */
        public RuntimeSelection() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link StagingOperationsContract}. */
    @Nested
    public class Staging extends StagingOperationsContract {

        /** For JUnit. */
        public Staging() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link TaskDeletionOperationsContract}. */
    @Nested
    public class TaskDeletion extends TaskDeletionOperationsContract {

        /** For JUnit. */
        public TaskDeletion() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link TaskListOperationsContract}. */
    @Nested
    public class TaskList extends TaskListOperationsContract {

        /** For JUnit. */
        public TaskList() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link TaskOperationsContract}. */
    @Nested
    public class Task extends TaskOperationsContract {

        /** For JUnit. */
        public Task() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link WorkerContract}. */
    @Nested
    public class Worker extends WorkerContract {

        /** For JUnit. */
        public Worker() {}

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }
}
