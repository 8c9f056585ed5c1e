package dev.errand.run;

import dev.errand.RequestRefused;
import dev.errand.engine.Access;
import dev.errand.engine.Engine;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import java.util.Optional;
import java.util.UUID;

/** The runs that come with their tasks; by the rules of any other run (contract D6). */
public final class FirstRuns {

    private final Engine engine;
    private final Access access;
    private final RunCreation creation;

    /** Made by the services of this module. */
    @SuppressWarnings("exports") // Only this module can call it.
    public FirstRuns(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
        this.creation = new RunCreation(engine, access);
    }

    /**
     * The first run of a task that is about to be inserted; a token of the caller is kept from here
     * on.
     *
     * @throws RequestRefused if the request breaks a rule; nothing can be staged for, or resumed
     *     under, a task that does not stand yet
     */
    public First of(Task task, RunTask request) {
        creation.checkEffort(request.selection());
        RunCreation.Draft draft = creation.toExecute(task, request);
        if (!draft.run().consumes().isEmpty()) {
            throw RunCreation.missingArtifacts(request.pendingUserArtifactIds());
        }
        Run run = draft.run().run();
        if (draft.token().isPresent()) {
            engine.backend()
                    .secrets()
                    .put(
                            access.project(),
                            run.id(),
                            RunSecrets.of(draft.token().get()),
                            draft.tokenExpiry());
        }
        return new First(run, draft.connection());
    }

    /**
     * A first run.
     *
     * @param run the run
     * @param connection the GitHub connection that becomes the task's
     */
    public record First(Run run, Optional<UUID> connection) {}
}
