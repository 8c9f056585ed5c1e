package dev.errand.internal.engine;

import dev.errand.error.InvalidRequestException;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import java.util.Optional;
import java.util.UUID;

/** The runs that come with their tasks; by the rules of any other run (contract D6). */
public final class FirstRuns {

    private final Engine engine;
    private final AccessControl access;
    private final RunCreation creation;

    /** Made by the services of this module. */
    @SuppressWarnings("exports") // Only this module can call it.
    public FirstRuns(Engine engine, AccessControl access) {
        this.engine = engine;
        this.access = access;
        this.creation = new RunCreation(engine, access);
    }

    /**
     * The first run of a task that is about to be inserted, as old as the task; nothing is stored
     * yet.
     *
     * @throws InvalidRequestException if the request breaks a rule; nothing can be staged for, or
     *     resumed under, a task that does not stand yet
     */
    public First of(Task task, RunTaskRequest request) {
        creation.checkEffort(request.selection());
        RunCreation.Draft draft = creation.toExecute(task, request, task.createdAt());
        if (!draft.run().consumes().isEmpty()) {
            throw RunCreation.missingArtifacts(request.pendingUserArtifactIds());
        }
        return new First(draft);
    }

    /** Keeps the caller's token, if a run has one, before the run is inserted that needs it. */
    public void keepToken(First first) {
        if (first.draft.token().isPresent()) {
            engine.backend()
                    .secrets()
                    .put(
                            access.project(),
                            first.run().id(),
                            RunSecrets.of(first.draft.token().get()),
                            first.draft.tokenExpiry());
        }
    }

    /** A first run, with its caller's token, which it shows nobody. */
    public static final class First {
        private final RunCreation.Draft draft;

        private First(RunCreation.Draft draft) {
            this.draft = draft;
        }

        /** The run. */
        public Run run() {
            return draft.run().run();
        }

        /** The GitHub connection that becomes the task's, if any does. */
        public Optional<UUID> connection() {
            return draft.connection();
        }
    }
}
