package dev.errand.spi.run;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Timestamps;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A run of a task (docs/wire/runs.md#a3). It has at most one sandbox per attempt. Immutable; {@link
 * #change(Instant)} creates the next version.
 *
 * @param project the project it belongs to
 * @param task the task it belongs to
 * @param id its id
 * @param version 1 when created, incremented by each change; also the sequence number of its events
 * @param status its status
 * @param environment where its agent runs
 * @param stage a progress label set by the agent, at most 100 characters
 * @param branch the reported branch, or the requested one until a branch is reported; at most 255
 *     characters
 * @param errorMessage why it failed
 * @param output its result
 * @param state its state document, always a JSON object (docs/wire/runs.md#f)
 * @param artifacts its manifest, oldest first
 * @param attempt 0 if no dispatch was requested, else the number of the current attempt; together
 *     with the id it identifies one sandbox
 * @param endReason why it ended; present only if it has ended
 * @param createdAt creation time
 * @param updatedAt time of the last change; strictly increasing
 * @param completedAt when it ended; present exactly if the status is terminal
 *     (docs/wire/runs.md#g4)
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
        int attempt,
        Optional<EndReason> endReason,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> completedAt) {

    /**
     * Orders the runs of a task by creation time, then by id (docs/wire/tasks.md#a9). The last is
     * the latest run.
     */
    public static final Comparator<Run> BY_AGE =
            Comparator.comparing(Run::createdAt).thenComparing(Run::id);

    /**
     * Checks the invariants of every run and truncates times to the stored precision.
     *
     * @throws IllegalArgumentException if {@code state} is not an object, {@code version} is below
     *     1, {@code attempt} is negative, or {@code completedAt} or {@code endReason} does not
     *     match {@code status}
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
        if (attempt < 0) {
            throw new IllegalArgumentException("attempt must be 0 or more, not " + attempt);
        }
        if (version < 1) {
            throw new IllegalArgumentException("version must be 1 or more, not " + version);
        }
        if (!state.isObject()) {
            throw new IllegalArgumentException("state must be a JSON object");
        }
        if (status.isTerminal() != completedAt.isPresent()) {
            throw new IllegalArgumentException(
                    "completedAt must be present exactly if the status is terminal, but status is "
                            + status
                            + " and completedAt is "
                            + completedAt);
        }
        if (endReason.isPresent() && !status.isTerminal()) {
            throw new IllegalArgumentException(
                    "endReason must be absent, since status " + status + " is not terminal");
        }
        artifacts = List.copyOf(artifacts);
        createdAt = Timestamps.truncate(createdAt);
        updatedAt = Timestamps.truncate(updatedAt);
        completedAt = Timestamps.truncate(completedAt);
    }

    /**
     * Returns this version of the run with another manifest. For stores, when they insert the run.
     */
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
                attempt,
                endReason,
                createdAt,
                updatedAt,
                completedAt);
    }

    /**
     * Returns a builder for the next version of this run, with {@code now} as the update time, or a
     * microsecond after the last update if the clock has not advanced since.
     */
    public Builder change(Instant now) {
        return new Builder(this, Timestamps.nextAfter(updatedAt, now));
    }

    /** Builder for the next version of a run. Not thread-safe. */
    public static final class Builder {
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
        private int attempt;
        private Optional<EndReason> endReason;
        private Optional<Instant> completedAt;

        private Builder(Run before, Instant now) {
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
            this.attempt = before.attempt;
            this.endReason = before.endReason;
            this.completedAt = before.completedAt;
        }

        /** Returns the time of the change, which becomes the update time. */
        public Instant now() {
            return now;
        }

        /** Sets a status that is not terminal, and clears end reason and end time. */
        public Builder status(RunStatus changed) {
            status = changed;
            endReason = Optional.empty();
            completedAt = Optional.empty();
            return this;
        }

        /**
         * Sets a terminal status. The end time is the time of this change, unless the run had ended
         * before.
         */
        public Builder endedWith(RunStatus changed, EndReason reason) {
            status = changed;
            endReason = Optional.of(reason);
            completedAt = before.completedAt.or(() -> Optional.of(now));
            return this;
        }

        /** Sets the environment. */
        public Builder environment(RunEnvironment changed) {
            environment = changed;
            return this;
        }

        /** Sets the progress label. */
        public Builder stage(Optional<String> changed) {
            stage = changed;
            return this;
        }

        /** Sets the branch. */
        public Builder branch(Optional<String> changed) {
            branch = changed;
            return this;
        }

        /** Sets the error message. */
        public Builder errorMessage(Optional<String> changed) {
            errorMessage = changed;
            return this;
        }

        /** Sets the output. */
        public Builder output(Optional<JsonText> changed) {
            output = changed;
            return this;
        }

        /** Sets the state document. */
        public Builder state(JsonText changed) {
            state = changed;
            return this;
        }

        /** Sets the manifest. */
        public Builder artifacts(List<Artifact> changed) {
            artifacts = changed;
            return this;
        }

        /** Starts the next attempt. */
        public Builder nextAttempt() {
            attempt = before.attempt + 1;
            return this;
        }

        /** Returns the next version. */
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
                    attempt,
                    endReason,
                    before.createdAt,
                    now,
                    completedAt);
        }
    }
}
