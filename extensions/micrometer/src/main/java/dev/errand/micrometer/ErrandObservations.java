package dev.errand.micrometer;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchListener;
import dev.errand.run.StateKey;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RuntimeAdapter;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Observations of one dispatcher, for hosts that trace: {@value #LAUNCH} around each call that
 * launches a sandbox, in whose scope the launcher works, and {@value #ATTENDANCE} from each claim
 * of a run until the dispatcher lets go of it. A host that wants them makes one for each
 * dispatcher, which it gives the {@linkplain #observing launcher} and this listener. Thread-safe.
 *
 * <p>{@value #OUTCOME} and {@value #RUNTIME} are key values of low cardinality; the ids of project,
 * task and run and the number of the attempt are such of high cardinality, and become no tag of a
 * meter.
 */
public final class ErrandObservations implements DispatchListener {

    /** The launch of a sandbox, as the launcher answers: {@code launched} or {@code failed}. */
    public static final String LAUNCH = "errand.sandbox.launch";

    /**
     * A run from being claimed to being let go: the wire's status if it ended, {@code lost} to
     * another owner, or {@code released} for another attempt or another dispatcher.
     */
    public static final String ATTENDANCE = "errand.run.attendance";

    /** The key of what came of it. */
    public static final String OUTCOME = "outcome";

    /** The key of the run's agent program family, as the wire has it, or {@code none}. */
    public static final String RUNTIME = "runtime";

    /** The key of the project's id. */
    public static final String PROJECT = "project";

    /** The key of the task's id. */
    public static final String TASK = "task";

    /** The key of the run's id. */
    public static final String RUN = "run";

    /** The key of the number of the execution. */
    public static final String ATTEMPT = "attempt";

    private final ObservationRegistry registry;
    private final Map<RunId, Observation> attended = new ConcurrentHashMap<>();

    /** Observes into this registry. */
    public ErrandObservations(ObservationRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
    }

    /** The launcher, with each launch observed; everything else it does is left as it is. */
    public SandboxLauncher observing(SandboxLauncher launcher) {
        return new ObservedLauncher(launcher, this);
    }

    @Override
    public void onEvent(DispatchEvent event) {
        Run run = event.run();
        if (event instanceof DispatchEvent.Claimed) {
            Observation begun = of(ATTENDANCE, run, SandboxId.of(run)).start();
            attended.put(run.id(), begun);
        } else if (event instanceof DispatchEvent.LeaseLost) {
            end(run, "lost");
        } else if (event instanceof DispatchEvent.Released) {
            end(run, run.status().isTerminal() ? run.status().wire() : "released");
        }
    }

    private void end(Run run, String outcome) {
        Observation ended = attended.remove(run.id());
        if (ended != null) {
            ended.lowCardinalityKeyValue(OUTCOME, outcome).stop();
        }
    }

    /** An observation that was not started, of an execution of this run. */
    Observation of(String name, Run run, SandboxId sandbox) {
        return Observation.createNotStarted(name, registry)
                .contextualName(name.equals(LAUNCH) ? "launch sandbox" : "attend to run")
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
