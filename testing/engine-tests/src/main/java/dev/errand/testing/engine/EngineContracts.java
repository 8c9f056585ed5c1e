package dev.errand.testing.engine;

import org.junit.jupiter.api.Nested;

/**
 * All contracts of the engine's operations, to be extended once for each backend. Their rules do
 * not depend on the storage.
 */
public abstract class EngineContracts {

    /** Returns the factory of the engine under test; called once for each test. */
    protected abstract EngineFactory factory();

    /** See {@link AuthorshipOperationsContract}. */
    @Nested
    public class Authorship extends AuthorshipOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link ConcurrentOperationsContract}. */
    @Nested
    public class Concurrent extends ConcurrentOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link ConversationOperationsContract}. */
    @Nested
    public class Conversation extends ConversationOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link EventOperationsContract}. */
    @Nested
    public class Event extends EventOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link GuardedOperationsContract}. */
    @Nested
    public class Guarded extends GuardedOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RelayOperationsContract}. */
    @Nested
    public class Relay extends RelayOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RepeatedOperationsContract}. */
    @Nested
    public class Repeated extends RepeatedOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link ResumeOperationsContract}. */
    @Nested
    public class Resume extends ResumeOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RetentionOperationsContract}. */
    @Nested
    public class Retention extends RetentionOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunArtifactOperationsContract}. */
    @Nested
    public class RunArtifact extends RunArtifactOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunCreationOperationsContract}. */
    @Nested
    public class RunCreation extends RunCreationOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunOperationsContract}. */
    @Nested
    public class Run extends RunOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunProgressOperationsContract}. */
    @Nested
    public class RunProgress extends RunProgressOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunStatusOperationsContract}. */
    @Nested
    public class RunStatus extends RunStatusOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link RunTaskOperationsContract}. */
    @Nested
    public class RunTaskRequest extends RunTaskOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link StagingOperationsContract}. */
    @Nested
    public class Staging extends StagingOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link TaskDeletionOperationsContract}. */
    @Nested
    public class TaskDeletion extends TaskDeletionOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link TaskListOperationsContract}. */
    @Nested
    public class TaskList extends TaskListOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link TaskOperationsContract}. */
    @Nested
    public class Task extends TaskOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link WatchOperationsContract}. */
    @Nested
    public class Watch extends WatchOperationsContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }

    /** See {@link WorkerContract}. */
    @Nested
    public class Worker extends WorkerContract {

        @Override
        protected EngineFactory factory() {
            return EngineContracts.this.factory();
        }
    }
}
