package dev.errand;

import dev.errand.access.Caller;
import dev.errand.access.Scope;
import dev.errand.artifact.RunArtifacts;
import dev.errand.artifact.StagedArtifacts;
import dev.errand.error.AccessDeniedException;
import dev.errand.internal.dispatch.DispatcherRegistry;
import dev.errand.internal.dispatch.RunExplainer;
import dev.errand.internal.engine.AccessControl;
import dev.errand.internal.engine.DefaultRunArtifacts;
import dev.errand.internal.engine.DefaultRuns;
import dev.errand.internal.engine.DefaultStagedArtifacts;
import dev.errand.internal.engine.DefaultTasks;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.wire.JsonWireFormat;
import dev.errand.internal.wire.RequestBinder;
import dev.errand.run.Runs;
import dev.errand.spi.ProjectId;
import dev.errand.task.Tasks;
import dev.errand.wire.WireFormat;

/**
 * The operations on one project for one caller. Java hosts and the HTTP extension use the same
 * operations. Obtained from {@link Errand#project}. Immutable, thread-safe and cheap to create.
 */
public final class ProjectClient {

    private final AccessControl access;
    private final Tasks tasks;
    private final Runs runs;
    private final StagedArtifacts stagedArtifacts;
    private final RunArtifacts runArtifacts;
    private final WireFormat wire;

    ProjectClient(Engine engine, AccessControl access, DispatcherRegistry dispatchers) {
        this.access = access;
        this.tasks = new DefaultTasks(engine, access);
        this.runs =
                new DefaultRuns(
                        engine,
                        access,
                        run -> RunExplainer.describe(engine, dispatchers.options(), run));
        this.stagedArtifacts = new DefaultStagedArtifacts(engine, access);
        this.runArtifacts = new DefaultRunArtifacts(engine, access);
        this.wire =
                new JsonWireFormat(
                        new RequestBinder(engine.validator()),
                        engine.profile(),
                        engine.directory(),
                        engine.links(),
                        access.project());
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
