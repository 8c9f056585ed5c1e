package dev.errand.internal.engine;

import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.access.Scope;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.RequestException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;

/**
 * One caller in one project: the guard that every operation passes first (contract C1, C2).
 *
 * @param project the project
 * @param caller who asks
 */
public record AccessControl(ProjectId project, Caller caller) {

    /**
     * Checks that the caller may do what needs this scope.
     *
     * @throws RequestException if the scope is missing
     */
    public void require(Scope scope) {
        if (!scope.isGrantedBy(caller.scopes())) {
            throw AccessDeniedException.missingScope(scope.wire());
        }
    }

    /**
     * Checks that the caller may change the project at large, which an agent may not.
     *
     * @throws RequestException if the scope is missing or the caller is an agent
     */
    public void requireProjectWrite() {
        require(Scope.TASK_WRITE);
        if (caller.grant().isPresent()) {
            throw AccessDeniedException.outsideGrant();
        }
    }

    /**
     * Checks that the caller may read everything of a project, which an agent may not.
     *
     * @throws RequestException if the scope is missing or the caller is an agent
     */
    public void requireProjectRead() {
        require(Scope.TASK_READ);
        if (caller.grant().isPresent()) {
            throw AccessDeniedException.outsideGrant();
        }
    }

    /**
     * Checks that the caller may read a task and its runs; an agent may read its own.
     *
     * @throws RequestException if the scope is missing, or the task is not the agent's
     */
    public void requireRead(TaskId task) {
        require(Scope.TASK_READ);
        if (caller.grant().map(grant -> !grant.task().equals(task)).orElse(false)) {
            throw AccessDeniedException.outsideGrant();
        }
    }

    /**
     * Checks that the caller may write a run; an agent may write its own.
     *
     * @throws RequestException if the scope is missing, or the run is not the agent's
     */
    public void requireWrite(TaskId task, RunId run) {
        require(Scope.TASK_WRITE);
        boolean foreign =
                caller.grant()
                        .map(grant -> !grant.task().equals(task) || !grant.run().equals(run))
                        .orElse(false);
        if (foreign) {
            throw AccessDeniedException.outsideGrant();
        }
    }

    /**
     * Checks that an agent's execution was not replaced by another (design 5).
     *
     * @throws RequestException if it was
     */
    public void requireCurrent(Run run) {
        if (caller.grant()
                .map(RunGrant::attempt)
                .map(attempt -> attempt != run.dispatch().attempt())
                .orElse(false)) {
            throw AccessDeniedException.supersededAttempt();
        }
    }
}
