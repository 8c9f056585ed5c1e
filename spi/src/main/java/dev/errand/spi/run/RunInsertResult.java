package dev.errand.spi.run;

import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.task.TaskWithLatestRun;
import java.util.List;

/** What became of the insertion of a run. */
public sealed interface RunInsertResult {

    /**
     * The run stands, with the consumed artifacts in its manifest; its task, with the run as its
     * latest.
     */
    record Inserted(TaskWithLatestRun task) implements RunInsertResult {}

    /** The same request happened before under the same key; nothing changed now. */
    record Replayed(TaskWithLatestRun first) implements RunInsertResult {}

    /** The key was used before for another request; nothing changed. */
    record KeyConflict() implements RunInsertResult {}

    /**
     * These ids, in the order asked, are no staged artifacts that the run could consume; nothing
     * changed.
     */
    record ArtifactsMissing(List<ArtifactId> ids) implements RunInsertResult {
        /** Copies the list. */
        public ArtifactsMissing {
            ids = List.copyOf(ids);
        }
    }

    /** There is no such task in the project, or it was deleted; nothing changed. */
    record TaskMissing() implements RunInsertResult {}
}
