package dev.errand;

import dev.errand.access.Caller;
import dev.errand.access.Scope;
import dev.errand.artifact.RunArtifacts;
import dev.errand.artifact.StagedArtifacts;
import dev.errand.dispatch.DispatchOptions;
import dev.errand.error.RequestException;
import dev.errand.internal.dispatch.Describing;
import dev.errand.internal.engine.*;
import dev.errand.internal.engine.AccessControl;
import dev.errand.internal.engine.Engine;
import dev.errand.internal.wire.JsonWireFormat;
import dev.errand.internal.wire.RequestBinder;
import dev.errand.run.Runs;
import dev.errand.spi.ProjectId;
import dev.errand.task.Tasks;
import dev.errand.wire.WireFormat;

/**
 * One project as one caller sees it: the entry to every operation, for Java hosts and for the wire
 * alike. Cheap to make, immutable, thread-safe.
 */
public final class ProjectClient {

    private final AccessControl access;
    private final Tasks tasks;
    private final Runs runs;
    private final StagedArtifacts stagedArtifacts;
    private final RunArtifacts runArtifacts;
    private final WireFormat wire;

    ProjectClient(Engine engine, AccessControl access, DispatchOptions dispatching) {
        this.access = access;
        this.tasks = new DefaultTasks(engine, access);
        this.runs =
                new DefaultRuns(
                        engine, access, run -> Describing.describe(engine, dispatching, run));
        this.stagedArtifacts = new DefaultStagedArtifacts(engine, access);
        this.runArtifacts = new DefaultRunArtifacts(engine, access, runs::resumeChain);
        this.wire =
                new JsonWireFormat(
                        new RequestBinder(engine.validator()),
                        engine.directory(),
                        engine.links(),
                        access.project());
    }

    /** The project. */
    public ProjectId id() {
        return access.project();
    }

    /** Who asks. */
    public Caller caller() {
        return access.caller();
    }

    /** Tasks (contract D1 to D5). */
    public Tasks tasks() {
        return tasks;
    }

    /** Runs (contract D6, D9, D10, I1 to I5). */
    public Runs runs() {
        return runs;
    }

    /** Staged artifacts (contract D7, D8). */
    public StagedArtifacts stagedArtifacts() {
        return stagedArtifacts;
    }

    /** The artifacts of runs (contract I6). */
    public RunArtifacts runArtifacts() {
        return runArtifacts;
    }

    /** The wire format of requests and responses. */
    public WireFormat wire() {
        return wire;
    }

    /**
     * Checks that the caller may do what needs this scope, before a request's body is looked at
     * (contract C2).
     *
     * @throws RequestException if the scope is missing
     */
    public void require(Scope scope) {
        access.require(scope);
    }
}
