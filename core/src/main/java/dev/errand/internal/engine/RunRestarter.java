package dev.errand.internal.engine;

import dev.errand.error.ConflictException;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.internal.rules.RunSettings;
import dev.errand.internal.rules.RunState;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.run.RunScheduling;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.Optional;
import java.util.UUID;

/** Restarts runs in the cloud under the same id (docs/wire/starting-runs.md#i9). */
record RunRestarter(Engine engine, AccessControl access, RunRepository repository) {

    /**
     * Queues a run for its next attempt.
     *
     * @throws NotFoundException if there is no such task or run
     * @throws InvalidRequestException if the run is active in the cloud, or may not act for its
     *     user any more
     * @throws ConflictException if another update came first on every attempt
     */
    Run restart(TaskId id, RunId run) {
        Task task = repository.getTask(id, NotFoundException::taskNotFound);
        StoredRun found = repository.get(id, run);
        RunUpdateRules.requireInactive(found.run());
        AuthorshipResolver.Identity identity =
                new AuthorshipResolver(engine, access)
                        .resolve(
                                task,
                                RunSettings.ofRestart(RunState.of(found.run())),
                                true,
                                Optional.empty());
        identity.connection()
                .filter(used -> task.details().githubUserIntegration().isEmpty())
                .ifPresent(used -> recordConnection(id, used));
        Run restarted =
                repository.reopen(
                        found,
                        current -> {
                            RunScheduling scheduling =
                                    engine.options()
                                            .schedulingPolicy()
                                            .schedulingOf(task, current.run());
                            return RunUpdateRules.restarted(
                                    current,
                                    identity.settings().authorship(),
                                    identity.credentialSource(),
                                    scheduling,
                                    engine.now());
                        });
        if (RunSecrets.mayHaveSecrets(found.run())) {
            RunSecrets.erase(engine, restarted); // The token of the earlier attempt.
        }
        return restarted;
    }

    /** The next run of the task uses the connection as well (docs/wire/user-authorship.md#e4). */
    private void recordConnection(TaskId id, UUID connection) {
        OptimisticRetry.untilPresent(
                engine.random(),
                () -> {
                    Task task = repository.getTask(id, NotFoundException::taskNotFound);
                    if (task.details().githubUserIntegration().isPresent()) {
                        return Optional.of(task);
                    }
                    Task next =
                            task.withDetails(
                                    task.details().withGithubUserIntegration(connection),
                                    engine.now());
                    return engine.backend().tasks().update(access.project(), next)
                                    instanceof TaskUpdateResult.Updated
                            ? Optional.of(next)
                            : Optional.empty();
                });
    }
}
