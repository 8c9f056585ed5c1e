package dev.errand.micrometer;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchListener;
import dev.errand.retention.HousekeepingListener;
import dev.errand.retention.HousekeepingResult;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunListener;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ErasedData;
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
 * Meters of dispatchers, worker pools and runs. A host registers it with the engine as a {@link
 * RunListener} and with each dispatcher and worker pool as a {@link DispatchListener}. Thread-safe.
 *
 * <p>No meter has a tag of high cardinality, such as the id of a project, task or run.
 */
public final class ErrandMeters implements RunListener, DispatchListener, HousekeepingListener {

    /** Counter of successful launches of this node. */
    public static final String LAUNCHES = "errand.launches";

    /** Counter of failed launches of this node. */
    public static final String LAUNCH_FAILURES = "errand.launch.failures";

    /** Timer of the time from queueing to launch. */
    public static final String TIME_TO_LAUNCH = "errand.launch.time";

    /** Timer of the time from queueing to the call of a worker pool's handler. */
    public static final String HANDLER_WAIT = "errand.handler.wait";

    /** Timer of the calls of a worker pool's handlers, with the tag {@value #OUTCOME}. */
    public static final String HANDLER_TIME = "errand.handler.time";

    /** Counter of running sandboxes that were taken over from another dispatcher. */
    public static final String ADOPTIONS = "errand.adoptions";

    /** Counter of leases that were lost to another dispatcher. */
    public static final String LEASE_LOSSES = "errand.lease.losses";

    /**
     * Timer of runs from creation to end, with the tags {@value #STATUS} and {@value #REASON};
     * recorded by the node that ended the run.
     */
    public static final String RUN_TIME = "errand.run.time";

    /** Gauge of due runs that wait for a dispatcher, a free slot or a concurrency limit. */
    public static final String QUEUE_DEPTH = "errand.queue.depth";

    /** Gauge of the seconds that the longest due of them has waited; 0 if there is none. */
    public static final String QUEUE_AGE = "errand.queue.age";

    /** Gauge of runs that were launched or must stop, and have no live lease. */
    public static final String QUEUE_UNATTENDED = "errand.queue.unattended";

    /** Default interval between two reads of the queue. */
    public static final Duration SAMPLE_EVERY = Duration.ofSeconds(10);

    /** Gauge of runs that a dispatcher supervises. */
    public static final String SUPERVISED = "errand.supervised";

    /** Tag of a call of a handler: {@code returned} or {@code failed}. */
    public static final String OUTCOME = "outcome";

    /** Counter of items that were erased, with the tag {@value #KIND}. */
    public static final String ERASED = "errand.erased";

    /**
     * Gauge of the seconds by which the oldest item was overdue that the latest housekeeping
     * erased; 0 if it erased nothing.
     */
    public static final String HOUSEKEEPING_LAG = "errand.housekeeping.lag";

    /**
     * Tag of a kind of erased items: {@code task}, {@code run}, {@code log}, {@code secret}, {@code
     * upload}, {@code answer} or {@code object}.
     */
    public static final String KIND = "kind";

    /** Tag of a run's terminal status, as in the API. */
    public static final String STATUS = "status";

    /** Tag of a run's end reason, in lower case. */
    public static final String REASON = "reason";

    private final MeterRegistry registry;
    private volatile Duration lag = Duration.ZERO;

    /** Creates the meters in a registry. */
    public ErrandMeters(MeterRegistry registry) {
        this.registry = Objects.requireNonNull(registry, "registry");
        // Counters exist from the start: 0 instead of missing.
        registry.counter(LAUNCHES);
        registry.counter(LAUNCH_FAILURES);
        registry.counter(ADOPTIONS);
        registry.counter(LEASE_LOSSES);
        count(ErasedData.NOTHING);
        TimeGauge.builder(HOUSEKEEPING_LAG, () -> lag.toMillis(), TimeUnit.MILLISECONDS)
                .description("time by which the oldest erased item was overdue")
                .register(registry);
    }

    /**
     * Adds gauges of the queue, which is read at most once in {@link #SAMPLE_EVERY}.
     *
     * @see #watchQueue(Backend, ProjectScope, Clock, Duration)
     */
    public ErrandMeters watchQueue(Backend backend, ProjectScope scope, Clock clock) {
        return watchQueue(backend, scope, clock, SAMPLE_EVERY);
    }

    /**
     * Adds the gauges {@value #QUEUE_DEPTH}, {@value #QUEUE_AGE} and {@value #QUEUE_UNATTENDED}.
     * All three show the same sample of the queue. It is read with one statement, on the thread
     * that reads the registry. If storage is unavailable, the gauges are NaN until the next sample.
     *
     * @param scope the projects whose runs are counted
     * @param clock the clock of the engine
     * @param sampleEvery minimum interval between two samples
     * @throws IllegalArgumentException if {@code sampleEvery} is not positive
     */
    public ErrandMeters watchQueue(
            Backend backend, ProjectScope scope, Clock clock, Duration sampleEvery) {
        QueueSample sample =
                new QueueSample(() -> backend.queue().depth(scope), clock, sampleEvery);
        Gauge.builder(QUEUE_DEPTH, () -> sample.read().waiting())
                .description("due runs that wait to be launched")
                .register(registry);
        Gauge.builder(QUEUE_UNATTENDED, () -> sample.read().unattended())
                .description("launched or stopping runs without a live lease")
                .register(registry);
        TimeGauge.builder(QUEUE_AGE, () -> sample.read().ageInSeconds(), TimeUnit.SECONDS)
                .description("time that the longest due run has waited to be launched")
                .register(registry);
        return this;
    }

    /**
     * Adds the gauge {@value #SUPERVISED} of a dispatcher.
     *
     * @param node value of the gauge's tag {@code node}
     */
    public ErrandMeters watchDispatcher(String node, IntSupplier supervisedRuns) {
        Gauge.builder(SUPERVISED, supervisedRuns::getAsInt).tag("node", node).register(registry);
        return this;
    }

    @Override
    public void onEvent(DispatchEvent event) {
        if (event instanceof DispatchEvent.Launched launched) {
            registry.counter(LAUNCHES).increment();
            registry.timer(TIME_TO_LAUNCH).record(launched.timeSinceQueued());
        } else if (event instanceof DispatchEvent.LaunchFailed) {
            registry.counter(LAUNCH_FAILURES).increment();
        } else if (event instanceof DispatchEvent.Adopted) {
            registry.counter(ADOPTIONS).increment();
        } else if (event instanceof DispatchEvent.LeaseLost) {
            registry.counter(LEASE_LOSSES).increment();
        } else if (event instanceof DispatchEvent.HandlerStarted started) {
            registry.timer(HANDLER_WAIT).record(started.timeSinceQueued());
        } else if (event instanceof DispatchEvent.HandlerEnded ended) {
            String outcome = ended.failure().isEmpty() ? "returned" : "failed";
            registry.timer(HANDLER_TIME, OUTCOME, outcome).record(ended.duration());
        }
    }

    @Override
    public void onEvent(RunEvent event) {
        if (event instanceof RunEvent.RunChanged changed && changed.isEnd()) {
            recordEnd(changed.run());
        }
    }

    @Override
    public void onCompleted(HousekeepingResult result) {
        lag = result.lag();
        count(result.erased());
    }

    private void count(ErasedData erased) {
        count("task", erased.tasks());
        count("run", erased.runs());
        count("log", erased.logs());
        count("secret", erased.secrets());
        count("upload", erased.uploads());
        count("answer", erased.answers());
        count("object", erased.objects());
    }

    private void count(String kind, long erased) {
        registry.counter(ERASED, KIND, kind).increment(erased);
    }

    private void recordEnd(Run run) {
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
