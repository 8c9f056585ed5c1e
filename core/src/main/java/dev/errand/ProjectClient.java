package dev.errand;

import dev.errand.access.Caller;
import dev.errand.access.SandboxTokens;
import dev.errand.access.Scope;
import dev.errand.artifact.RunArtifacts;
import dev.errand.artifact.StagedArtifacts;
import dev.errand.error.AccessDeniedException;
import dev.errand.internal.dispatch.DispatcherRegistry;
import dev.errand.internal.dispatch.RunExplainer;
import dev.errand.internal.engine.AccessControl;
import dev.errand.internal.engine.DefaultConversations;
import dev.errand.internal.engine.DefaultRunArtifacts;
import dev.errand.internal.engine.DefaultRuns;
import dev.errand.internal.engine.DefaultStagedArtifacts;
import dev.errand.internal.engine.DefaultTasks;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.wire.JsonWireFormat;
import dev.errand.internal.wire.RequestBinder;
import dev.errand.profile.ApiProfile;
import dev.errand.run.Conversations;
import dev.errand.run.Runs;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.ModelCatalogue;
import dev.errand.task.Tasks;
import dev.errand.wire.WireFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations on one project for one caller. Java hosts and the HTTP extension use the same
 * operations. Obtained from {@link Errand#project}. Immutable, thread-safe and cheap to create.
 */
public final class ProjectClient {

    private static final Logger LOG = LoggerFactory.getLogger(ProjectClient.class);

    private final Engine engine;
    private final AccessControl access;
    private final Tasks tasks;
    private final Runs runs;
    private final StagedArtifacts stagedArtifacts;
    private final RunArtifacts runArtifacts;
    private final Conversations conversations;
    private final WireFormat wire;

    ProjectClient(
            Engine engine,
            AccessControl access,
            DispatcherRegistry dispatchers,
            SandboxTokens sandboxTokens) {
        this.engine = engine;
        this.access = access;
        this.tasks = new DefaultTasks(engine, access);
        this.runs =
                new DefaultRuns(
                        engine,
                        access,
                        run -> RunExplainer.describe(engine, dispatchers.options(), run));
        this.stagedArtifacts = new DefaultStagedArtifacts(engine, access);
        this.runArtifacts = new DefaultRunArtifacts(engine, access);
        this.conversations = new DefaultConversations(engine, access, sandboxTokens);
        this.wire =
                new JsonWireFormat(
                        new RequestBinder(engine.validator()),
                        engine.profile(),
                        engine.directory(),
                        engine.links(),
                        access.project());
    }

    /** Returns the version of the API that the engine serves. */
    public ApiProfile profile() {
        return engine.profile();
    }

    /** Returns the id of the project. */
    public ProjectId id() {
        return access.project();
    }

    /** Returns the caller. */
    public Caller caller() {
        return access.caller();
    }

    /** Returns the operations on tasks: create, get, list, update and delete. */
    public Tasks tasks() {
        return tasks;
    }

    /**
     * Returns the operations on runs: run a task, create, start, update and cancel runs, append and
     * read their logs, describe their states.
     */
    public Runs runs() {
        return runs;
    }

    /** Returns the operations on staged artifacts: prepare and finalize uploads. */
    public StagedArtifacts stagedArtifacts() {
        return stagedArtifacts;
    }

    /** Returns the operations on the artifacts of runs: upload, download, presign. */
    public RunArtifacts runArtifacts() {
        return runArtifacts;
    }

    /** Returns the operations on the conversations of runs: read and replace them. */
    public Conversations conversations() {
        return conversations;
    }

    /**
     * Returns the models that the host offers for runs; empty if it has no catalogue, or the
     * catalogue cannot be read (docs/wire/tasks.md#l8).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}
     */
    public List<ModelCatalogue.Model> models() {
        access.require(Scope.TASK_READ);
        try {
            return List.copyOf(engine.models().models(id()));
        } catch (PortException failure) {
            LOG.warn("the model catalogue of project {} could not be read", id(), failure);
            return List.of();
        }
    }

    /** Returns the wire format of requests and responses. */
    public WireFormat wireFormat() {
        return wire;
    }

    /**
     * Checks that the caller has a scope. Servers call this before they read a request body
     * (docs/wire/authentication.md#c2).
     *
     * @throws AccessDeniedException if the caller does not have the scope
     */
    public void require(Scope scope) {
        access.require(scope);
    }
}
