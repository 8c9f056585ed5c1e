package dev.errand.spi.run;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Timestamps;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One execution of a task (contract A3). Immutable; a change is made by {@link #change(Instant)}
 * and is a new value with the next version.
 *
 * @param project the project it belongs to
 * @param task the task it belongs to, for ever
 * @param id its id
 * @param version 1 at creation, one more with each change; also its place in the run's sequence of
 *     events
 * @param status where it stands
 * @param environment where it executes
 * @param stage the agent's progress label, at most 100 characters
 * @param branch the branch asked for, later the one reported, at most 255 characters
 * @param errorMessage why it failed
 * @param output the result
 * @param state the state document, always a JSON object (contract F)
 * @param artifacts the manifest, oldest first
 * @param dispatch what the executor owes it
 * @param endReason why it ended, present only when it has
 * @param createdAt when it was created
 * @param updatedAt when it last changed; strictly increases
 * @param completedAt when it ended; present exactly when the status is terminal (contract G4)
 */
public record Run(
        ProjectId project,
        TaskId task,
        RunId id,
        long version,
        RunStatus status,
        RunEnvironment environment,
        Optional<String> stage,
        Optional<String> branch,
        Optional<String> errorMessage,
        Optional<JsonText> output,
        JsonText state,
        List<Artifact> artifacts,
        DispatchState dispatch,
        Optional<EndReason> endReason,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> completedAt) {

    /** Which of two runs of a task is the later one (contract A9): by creation time, then by id. */
    public static final Comparator<Run> BY_AGE =
            Comparator.comparing(Run::createdAt).thenComparing(Run::id);

    /**
     * Checks what must hold of every run and cuts times to the stored precision.
     *
     * @throws IllegalArgumentException if {@code state} is not an object, {@code version} is below
     *     1, or {@code completedAt} or {@code endReason} does not fit {@code status}
     */
    public Run {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(environment, "environment");
        Objects.requireNonNull(stage, "stage");
        Objects.requireNonNull(branch, "branch");
        Objects.requireNonNull(errorMessage, "errorMessage");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(dispatch, "dispatch");
        if (version < 1) {
            throw new IllegalArgumentException("version must be 1 or more, not " + version);
        }
        if (!state.isObject()) {
            throw new IllegalArgumentException("state must be a JSON object");
        }
        if (status.isTerminal() != completedAt.isPresent()) {
            throw new IllegalArgumentException(
                    "status " + status + " does not fit completedAt " + completedAt);
        }
        if (endReason.isPresent() && !status.isTerminal()) {
            throw new IllegalArgumentException("status " + status + " has no end reason");
        }
        artifacts = List.copyOf(artifacts);
        createdAt = Timestamps.truncate(createdAt);
        updatedAt = Timestamps.truncate(updatedAt);
        completedAt = Timestamps.truncate(completedAt);
    }

    /** This very version with this owed to it: for who makes a run, not for who changes one. */
    public Run withDispatch(DispatchState owed) {
        return new Run(
                project,
                task,
                id,
                version,
                status,
                environment,
                stage,
                branch,
                errorMessage,
                output,
                state,
                artifacts,
                owed,
                endReason,
                createdAt,
                updatedAt,
                completedAt);
    }

    /** Returns this version with another manifest; for stores that insert it. */
    public Run withArtifacts(List<Artifact> manifest) {
        return new Run(
                project,
                task,
                id,
                version,
                status,
                environment,
                stage,
                branch,
                errorMessage,
                output,
                state,
                manifest,
                dispatch,
                endReason,
                createdAt,
                updatedAt,
                completedAt);
    }

    /**
     * Begins a change made at {@code now}: everything as it stands but the version, which is the
     * next, and the update time, which is {@code now} or just after the last one.
     */
    public Edit change(Instant now) {
        return new Edit(this, Timestamps.nextAfter(updatedAt, now));
    }

    /**
     * A run in the making: a copy of an existing one, on its way to the next version. Not
     * thread-safe.
     */
    public static final class Edit {
        private final Run before;
        private final Instant now;
        private RunStatus status;
        private RunEnvironment environment;
        private Optional<String> stage;
        private Optional<String> branch;
        private Optional<String> errorMessage;
        private Optional<JsonText> output;
        private JsonText state;
        private List<Artifact> artifacts;
        private DispatchState dispatch;
        private Optional<EndReason> endReason;
        private Optional<Instant> completedAt;

        private Edit(Run before, Instant now) {
            this.before = before;
            this.now = now;
            this.status = before.status;
            this.environment = before.environment;
            this.stage = before.stage;
            this.branch = before.branch;
            this.errorMessage = before.errorMessage;
            this.output = before.output;
            this.state = before.state;
            this.artifacts = before.artifacts;
            this.dispatch = before.dispatch;
            this.endReason = before.endReason;
            this.completedAt = before.completedAt;
        }

        /** The time of the change, which is the run's new update time. */
        public Instant now() {
            return now;
        }

        /** Moves to a status that is not terminal; an end that was recorded is forgotten. */
        public Edit active(RunStatus changed) {
            status = changed;
            endReason = Optional.empty();
            completedAt = Optional.empty();
            return this;
        }

        /** Ends the run; its end time is the time of this change, unless it had ended before. */
        public Edit ended(RunStatus changed, EndReason reason) {
            status = changed;
            endReason = Optional.of(reason);
            completedAt = before.completedAt.or(() -> Optional.of(now));
            return this;
        }

        /** Sets where it executes. */
        public Edit environment(RunEnvironment changed) {
            environment = changed;
            return this;
        }

        /** Sets the progress label. */
        public Edit stage(Optional<String> changed) {
            stage = changed;
            return this;
        }

        /** Sets the branch. */
        public Edit branch(Optional<String> changed) {
            branch = changed;
            return this;
        }

        /** Sets the reason of failure. */
        public Edit errorMessage(Optional<String> changed) {
            errorMessage = changed;
            return this;
        }

        /** Sets the result. */
        public Edit output(Optional<JsonText> changed) {
            output = changed;
            return this;
        }

        /** Sets the state document. */
        public Edit state(JsonText changed) {
            state = changed;
            return this;
        }

        /** Sets the manifest. */
        public Edit artifacts(List<Artifact> changed) {
            artifacts = changed;
            return this;
        }

        /** Sets what the executor owes. */
        public Edit dispatch(DispatchState changed) {
            dispatch = changed;
            return this;
        }

        /** The run's next version. */
        public Run build() {
            return new Run(
                    before.project,
                    before.task,
                    before.id,
                    before.version + 1,
                    status,
                    environment,
                    stage,
                    branch,
                    errorMessage,
                    output,
                    state,
                    artifacts,
                    dispatch,
                    endReason,
                    before.createdAt,
                    now,
                    completedAt);
        }
    }
}
