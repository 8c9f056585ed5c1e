package dev.errand.spi.sandbox;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.Objects;
import java.util.Optional;

/**
 * What a connection token says (docs/wire/runs.md#i10). Immutable.
 *
 * @param run the run whose agent accepts the token
 * @param task the task of the run
 * @param project the project of the task
 * @param user the user on whose behalf the bearer acts; empty if the host acts for no user
 * @param distinctId the id of the user in analytics; empty if there is none
 * @param mode how the run is executed
 */
public record ConnectionClaims(
        RunId run,
        TaskId task,
        ProjectId project,
        Optional<UserId> user,
        Optional<String> distinctId,
        ExecutionMode mode) {

    /** Rejects null components. */
    public ConnectionClaims {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(distinctId, "distinctId");
        Objects.requireNonNull(mode, "mode");
    }
}
