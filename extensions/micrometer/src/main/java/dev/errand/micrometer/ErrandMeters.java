package dev.errand.micrometer;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchListener;
import dev.errand.spi.Backend;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunListener;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * Meters of what dispatchers do and of what becomes of runs. A host hands it to the engine as a
 * {@link RunListener} and to each dispatcher as a {@link DispatchListener}. Thread-safe.
 *
 * <p>No meter has a tag of which there may be many: no project, no task, no run.
 */
public final class ErrandMeters implements RunListener, DispatchListener {

    /** Counts launches that succeeded, by the node that listens. */
    public static final String LAUNCHES = "errand.launches";

    /** Counts launches that failed. */
    public static final String LAUNCH_FAILURES = "errand.launch.failures";

    /** Times runs from being queued to being launched. */
    public static final String TIME_TO_LAUNCH = "errand.launch.time";

    /** Counts living sandboxes that were taken over from another owner. */
    public static final String ADOPTIONS = "errand.adoptions";

    /** Counts leases that somebody else got. */
    public static final String LEASE_LOSSES = "errand.lease.losses";

    /**
     * Times runs from creation to their end, tagged {@value #STATUS} and {@value #REASON}; told by
     * the node whose change ended the run.
     */
    public static final String RUN_TIME = "errand.run.time";

    /** How many runs are due and wait to be begun, for want of a dispatcher or of a place. */
    public static final String QUEUE_DEPTH = "errand.queue.depth";

    /** How long the one of them has waited that has been due longest; 0 if there is none. */
    public static final String QUEUE_AGE = "errand.queue.age";

    /** How many runs were begun or are to be stopped, and nobody has them under a live lease. */
    public static final String QUEUE_UNATTENDED = "errand.queue.unattended";

    /** For how long an answer of the queue is good where nobody says. */
    public static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);

    /** How many runs a dispatcher looks after. */
    public static final String SUPERVISED = "errand.supervised";

    /** The tag of a run's status at its end, as the wire has it. */
    public static final String STATUS = "status";

    /** The tag of why it ended, in lower case. */
    public static final String REASON = "reason";

    private final MeterRegistry registry;

    /** Meters into this registry. */
    public ErrandMeters(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        // Known from the start: what has not happened yet is 0, not missing.
        registry.counter(LAUNCHES);
        registry.counter(LAUNCH_FAILURES);
        registry.counter(ADOPTIONS);
        registry.counter(LEASE_LOSSES);
    }

    /**
     * Shows how far a storage's queue is behind, looking at it once in {@link #SAMPLE_EVERY} at
     * most.
     *
     * @see #watchQueue(Backend, ProjectScope, Clock, Duration)
     */
    public ErrandMeters watchQueue(Backend backend, ProjectScope scope, Clock clock) {
        return watchQueue(backend, scope, clock, SAMPLE_EVERY);
    }

    /**
     * Shows how far a storage's queue is behind: {@value #QUEUE_DEPTH}, {@value #QUEUE_AGE} and
     * {@value #QUEUE_UNATTENDED}, all three of one moment. Whoever reads the registry makes the
     * look on its own thread, one statement, and never more often than said; where the storage
     * cannot be asked they are not a number until the next look.
     *
     * @param scope whose runs count
     * @param clock the time to compare with, the engine's
     * @param sampleEvery for how long the answer of a look is good
     * @throws IllegalArgumentException if {@code sampleEvery} is not positive
     */
    public ErrandMeters watchQueue(
            Backend backend, ProjectScope scope, Clock clock, Duration sampleEvery) {
        QueueSample sample =
                new QueueSample(() -> backend.queue().depth(scope), clock, sampleEvery);
        Gauge.builder(QUEUE_DEPTH, () -> sample.read().waiting())
                .description("runs that wait to be begun")
                .register(registry);
        Gauge.builder(QUEUE_UNATTENDED, () -> sample.read().unattended())
                .description("runs that were begun and that nobody attends to")
                .register(registry);
        TimeGauge.builder(QUEUE_AGE, () -> sample.read().ageInSeconds(), TimeUnit.SECONDS)
                .description("how long the run that is due longest has waited to be begun")
                .register(registry);
        return this;
    }

    /** Shows how many runs a dispatcher looks after, as it says itself. */
    public ErrandMeters watchDispatcher(String node, IntSupplier supervisedRuns) {
        Gauge.builder(SUPERVISED, supervisedRuns::getAsInt).tag("node", node).register(registry);
        return this;
    }

    @Override
    public void onEvent(DispatchEvent event) {
        if (event instanceof DispatchEvent.Launched launched) {
            registry.counter(LAUNCHES).increment();
            registry.timer(TIME_TO_LAUNCH).record(launched.after());
        } else if (event instanceof DispatchEvent.LaunchFailed) {
            registry.counter(LAUNCH_FAILURES).increment();
        } else if (event instanceof DispatchEvent.Adopted) {
            registry.counter(ADOPTIONS).increment();
        } else if (event instanceof DispatchEvent.LeaseLost) {
            registry.counter(LEASE_LOSSES).increment();
        }
    }

    @Override
    public void onEvent(RunEvent event) {
        if (event instanceof RunEvent.RunChanged changed && changed.isEnd()) {
            ended(changed.run());
        }
    }

    private void ended(Run run) {
        Timer.builder(RUN_TIME)
                .tag(STATUS, run.status().wire())
                .tag(
                        REASON,
                        run.endReason()
                                .map(reason -> reason.name().toLowerCase(Locale.ROOT))
                                .orElse("unknown"))
                .register(registry)
                .record(Duration.between(run.createdAt(), run.completedAt().orElseThrow()));
    }
}
