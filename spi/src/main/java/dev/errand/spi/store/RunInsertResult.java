package dev.errand.spi.store;

import dev.errand.spi.artifact.ArtifactId;
import java.util.List;

/** Result of {@link RunStore#insert}. */
public sealed interface RunInsertResult {

    /**
     * The run was inserted.
     *
     * @param task the task of the run, with its latest run
     */
    record Inserted(TaskWithLatestRun task) implements RunInsertResult {}

    /**
     * The same request succeeded before under the same key; nothing changed now.
     *
     * @param first the first answer
     */
    record Replayed(TaskWithLatestRun first) implements RunInsertResult {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict() implements RunInsertResult {}

    /**
     * These ids name no staged artifact that the run can consume; nothing changed.
     *
     * @param ids the ids, in the order of {@link NewRun#consumes()}
     */
    record ArtifactsNotFound(List<ArtifactId> ids) implements RunInsertResult {
        /** Copies the list. */
        public ArtifactsNotFound {
            ids = List.copyOf(ids);
        }
    }

    /** The project has no such task, or it was deleted; nothing changed. */
    record TaskNotFound() implements RunInsertResult {}
}
