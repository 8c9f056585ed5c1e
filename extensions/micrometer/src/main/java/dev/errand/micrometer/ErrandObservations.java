package dev.errand.micrometer;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchListener;
import dev.errand.run.StateKey;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Observations of one dispatcher, for tracing: {@value #LAUNCH} around each launch of a sandbox,
 * with its scope open during the launcher call, and {@value #SUPERVISION} from the claim of a run
 * to its release. A host creates one for each dispatcher, and passes both the {@linkplain
 * #observing observed launcher} and this listener to the dispatcher. Thread-safe.
 *
 * <p>{@value #OUTCOME} and {@value #RUNTIME} are low-cardinality key values. The ids of project,
 * task and run and the number of the attempt are high-cardinality ones, which are not used as tags
 * of meters.
 *
 * <p>A tracer of the host writes the trace of a launch into {@link
 * dev.errand.spi.sandbox.LaunchRequest#traceContext}, so that the agent can continue it.
 */
public final class ErrandObservations implements DispatchListener {

    /** Launch of a sandbox, with the outcome {@code launched} or {@code failed}. */
    public static final String LAUNCH = "errand.sandbox.launch";

    /**
     * Supervision of a run from claim to release. The outcome is the terminal status of the run,
     * {@code lost} if the lease was lost to another dispatcher, or {@code released} if the run
     * waits for another attempt or another dispatcher.
     */
    public static final String SUPERVISION = "errand.run.supervision";

    /** Key of the outcome. */
    public static final String OUTCOME = "outcome";

    /** Key of the run's runtime adapter, as in the API, or {@code none}. */
    public static final String RUNTIME = "runtime";

    /** Key of the project's id. */
    public static final String PROJECT = "project";

    /** Key of the task's id. */
    public static final String TASK = "task";

    /** Key of the run's id. */
    public static final String RUN = "run";

    /** Key of the number of the attempt. */
    public static final String ATTEMPT = "attempt";

    private final ObservationRegistry registry;
    private final Map<RunId, Observation> supervised = new ConcurrentHashMap<>();

    /** Creates observations in a registry. */
    public ErrandObservations(ObservationRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    /** Returns a launcher that observes each launch and otherwise delegates. */
    public SandboxLauncher observing(SandboxLauncher launcher) {
        return new ObservedLauncher(launcher, this);
    }

    @Override
    public void onEvent(DispatchEvent event) {
        Run run = event.run();
        if (event instanceof DispatchEvent.Claimed) {
            Observation started = of(SUPERVISION, run, SandboxId.of(run)).start();
            supervised.put(run.id(), started);
        } else if (event instanceof DispatchEvent.LeaseLost) {
            end(run, "lost");
        } else if (event instanceof DispatchEvent.SupervisionEnded) {
            end(run, run.status().isTerminal() ? run.status().wire() : "released");
        }
    }

    private void end(Run run, String outcome) {
        Observation ended = supervised.remove(run.id());
        if (ended != null) {
            ended.lowCardinalityKeyValue(OUTCOME, outcome).stop();
        }
    }

    /** Creates an observation of an execution of a run, not started. */
    Observation of(String name, Run run, SandboxId sandbox) {
        return of(name, run, sandbox, new Observation.Context());
    }

    /** Creates an observation with a context, not started. */
    Observation of(String name, Run run, SandboxId sandbox, Observation.Context context) {
        return Observation.createNotStarted(name, () -> context, registry)
                .contextualName(name.equals(LAUNCH) ? "launch sandbox" : "supervise run")
                .lowCardinalityKeyValue(RUNTIME, runtime(run))
                .highCardinalityKeyValue(PROJECT, sandbox.project().toString())
                .highCardinalityKeyValue(TASK, sandbox.task().toString())
                .highCardinalityKeyValue(RUN, sandbox.run().toString())
                .highCardinalityKeyValue(ATTEMPT, Integer.toString(sandbox.attempt()));
    }

    private static String runtime(Run run) {
        return StateKey.RUNTIME_ADAPTER
                .textOf(run)
                .flatMap(RuntimeAdapter::fromWire)
                .map(RuntimeAdapter::wire)
                .orElse("none");
    }
}
