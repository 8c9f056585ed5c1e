package dev.errand.internal.engine;

import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.access.Scope;
import dev.errand.error.AccessDeniedException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;

/**
 * The permissions of one caller in one project. Every operation checks them before it reads or
 * writes anything (docs/wire/authentication.md#c1, #c2).
 */
public record AccessControl(ProjectId project, Caller caller) {

    /**
     * Requires a scope.
     *
     * @throws AccessDeniedException if the caller does not have it
     */
    public void require(Scope scope) {
        if (!scope.isGrantedBy(caller.scopes())) {
            throw AccessDeniedException.missingScope(scope.wire());
        }
    }

    /**
     * Requires the right to change tasks and to create runs.
     *
     * @throws AccessDeniedException if the scope is missing, or the caller is an agent
     */
    void requireProjectWrite() {
        require(Scope.TASK_WRITE);
        if (caller.grant().isPresent()) {
            throw AccessDeniedException.outsideGrant();
        }
    }

    /**
     * Requires the right to read all tasks of the project.
     *
     * @throws AccessDeniedException if the scope is missing, or the caller is an agent
     */
    void requireProjectRead() {
        require(Scope.TASK_READ);
        if (caller.grant().isPresent()) {
            throw AccessDeniedException.outsideGrant();
        }
    }

    /**
     * Requires the right to read something of a task. Which runs an agent may read is decided by
     * {@link RunRepository#getReadable}.
     *
     * @throws AccessDeniedException if the scope is missing, or the caller is an agent of another
     *     task
     */
    void requireRead(TaskId task) {
        require(Scope.TASK_READ);
        if (caller.grant().filter(grant -> !grant.task().equals(task)).isPresent()) {
            throw AccessDeniedException.outsideGrant();
        }
    }

    /**
     * Requires the right to change a run.
     *
     * @throws AccessDeniedException if the scope is missing, or the caller is an agent of another
     *     run
     */
    void requireWrite(TaskId task, RunId run) {
        require(Scope.TASK_WRITE);
        if (caller.grant()
                .filter(grant -> !grant.task().equals(task) || !grant.run().equals(run))
                .isPresent()) {
            throw AccessDeniedException.outsideGrant();
        }
    }

    /**
     * Requires that the caller is not an agent of a superseded attempt. A restart supersedes the
     * current attempt before the next one begins (docs/wire/starting-runs.md#i9).
     *
     * @throws AccessDeniedException if it is
     */
    void requireCurrent(StoredRun stored) {
        if (caller.grant()
                .map(RunGrant::attempt)
                .filter(attempt -> attempt != stored.run().attempt() || stored.isRestarting())
                .isPresent()) {
            throw AccessDeniedException.supersededAttempt();
        }
    }

    /**
     * Requires that the caller is not an agent of a superseded attempt, or of a run that has ended.
     * After the end, an agent may only report (docs/wire/authentication.md#c1).
     *
     * @param own the run of the agent
     * @throws AccessDeniedException if it is
     */
    void requireActive(StoredRun own) {
        requireCurrent(own);
        if (caller.grant().isPresent() && own.run().status().isTerminal()) {
            throw AccessDeniedException.runEnded();
        }
    }
}
