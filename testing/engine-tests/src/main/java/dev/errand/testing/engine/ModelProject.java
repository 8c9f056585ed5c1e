package dev.errand.testing.engine;

import static dev.errand.spi.run.RunStatus.CANCELLED;
import static dev.errand.spi.run.RunStatus.COMPLETED;
import static dev.errand.spi.run.RunStatus.IN_PROGRESS;
import static dev.errand.spi.run.RunStatus.NOT_STARTED;
import static dev.errand.spi.run.RunStatus.QUEUED;

import dev.errand.artifact.PreparedUpload;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.task.TaskId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A reference model of a project: plain lists of the performed operations. */
final class ModelProject {

    final ProjectId id;
    final List<ModelTask> tasks = new ArrayList<>();

    ModelProject(ProjectId id) {
        this.id = id;
    }

    /** A task, possibly deleted. */
    static final class ModelTask {
        final TaskPosition position;
        final boolean strict;
        final List<ModelRun> runs = new ArrayList<>();
        final List<ModelUpload> uploads = new ArrayList<>();
        String title;
        boolean deleted;

        /** Creates a task; it is strict if its schema requires {@code ok} to be true. */
        ModelTask(TaskPosition position, String title, boolean strict) {
            this.position = position;
            this.title = title;
            this.strict = strict;
        }

        TaskId id() {
            return position.id();
        }

        void delete() {
            deleted = true;
            runs.stream()
                    .filter(run -> !run.status.isTerminal())
                    .forEach(run -> run.status = CANCELLED);
        }

        /** Returns whether a run can consume all of these artifacts. */
        boolean hasStaged(List<ArtifactId> ids) {
            return ids.stream().allMatch(id -> uploads.stream().anyMatch(it -> it.isStaged(id)));
        }

        void consume(List<ArtifactId> ids) {
            uploads.stream()
                    .filter(upload -> ids.contains(upload.prepared.id()))
                    .forEach(upload -> upload.consumed = true);
        }
    }

    /** A run of a task. */
    static final class ModelRun {
        final RunId id;
        final List<ArtifactId> artifacts;
        RunEnvironment environment;
        RunStatus status;
        String output = "null";
        boolean claimable;
        int entries;

        ModelRun(
                RunId id,
                RunEnvironment environment,
                RunStatus status,
                List<ArtifactId> artifacts) {
            this.id = id;
            this.environment = environment;
            this.status = status;
            this.artifacts = artifacts;
            this.claimable = status == QUEUED;
        }

        boolean mayMoveTo(RunStatus to) {
            return to == status
                    || !status.isTerminal()
                            && (to.isTerminal() || to == IN_PROGRESS && status != IN_PROGRESS);
        }

        boolean mayStart() {
            return environment == RunEnvironment.CLOUD
                    && (status == NOT_STARTED || status == QUEUED);
        }

        void start() {
            status = QUEUED;
            claimable = true;
        }

        boolean mayRestart() {
            return environment == RunEnvironment.LOCAL || status != QUEUED && status != IN_PROGRESS;
        }

        void restart() {
            start();
            environment = RunEnvironment.CLOUD;
        }

        void set(String value, boolean completes) {
            output = value;
            if (completes && !status.isTerminal()) {
                status = COMPLETED;
            }
        }
    }

    /** An upload for a task, before or after a run consumes it. */
    static final class ModelUpload {
        final PreparedUpload prepared;
        boolean uploaded;
        boolean staged;
        boolean consumed;

        ModelUpload(PreparedUpload prepared) {
            this.prepared = prepared;
        }

        boolean isStaged(ArtifactId id) {
            return prepared.id().equals(id) && staged && !consumed;
        }
    }

    /** Returns the tasks that are not deleted, in list order. */
    List<ModelTask> listed() {
        return tasks.stream()
                .filter(task -> !task.deleted)
                .sorted(Comparator.comparing(task -> task.position, TaskPosition.NEWEST_FIRST))
                .toList();
    }

    /** Returns all runs that need dispatcher action. */
    Stream<RunId> claimableRuns() {
        return tasks.stream()
                .flatMap(task -> task.runs.stream())
                .filter(run -> run.claimable)
                .map(run -> run.id);
    }
}
