package dev.errand.testkit;

import dev.errand.tck.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Determines the {@link Fault} of each call of a port. Calls are counted by method name, starting
 * at 1, over all ports that share the plan. Thread-safe.
 */
public final class FaultPlan {

    private static final Duration DEFAULT_DELAY = Duration.ofSeconds(5);

    private final TestClock clock;
    private final Map<String, Map<Integer, Fault>> planned = new HashMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final List<String> injected = new ArrayList<>();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private Duration delay = DEFAULT_DELAY;
    private Supplier<Optional<Fault>> otherFaults = Optional::empty;

    private FaultPlan(TestClock clock) {
        this.clock = clock;
    }

    /** Creates a plan without faults. {@link Fault#DELAY} advances the given clock. */
    public static FaultPlan on(TestClock clock) {
        return new FaultPlan(clock);
    }

    /** Injects a fault into the n-th call of a method. */
    public synchronized FaultPlan at(String method, int call, Fault fault) {
        planned.computeIfAbsent(method, name -> new HashMap<>()).put(call, fault);
        return this;
    }

    /** Injects one of the given faults into each further call with the given probability. */
    public synchronized FaultPlan withRandomFaults(
            RandomSeed seed, double probability, Fault... oneOf) {
        Random random = seed.random();
        return decidedBy(
                () ->
                        random.nextDouble() < probability
                                ? Optional.of(oneOf[random.nextInt(oneOf.length)])
                                : Optional.empty());
    }

    /** Uses the supplier to determine the fault of each further call that has no planned one. */
    synchronized FaultPlan decidedBy(Supplier<Optional<Fault>> each) {
        otherFaults = each;
        return this;
    }

    /** Stops random faults; faults planned with {@link #at} remain. */
    public synchronized FaultPlan withoutRandomFaults() {
        return decidedBy(Optional::empty);
    }

    /** Sets the duration of {@link Fault#DELAY}; the default is five seconds. */
    public synchronized FaultPlan withDelay(Duration duration) {
        delay = duration;
        return this;
    }

    /** Releases all calls that are blocked by {@link Fault#HANG}. */
    public void releaseHanging() {
        hanging.countDown();
    }

    /** Returns the injected faults in order, each as {@code method call fault}. */
    public synchronized List<String> injected() {
        return List.copyOf(injected);
    }

    synchronized Optional<Fault> next(String method) {
        int call = calls.merge(method, 1, Integer::sum);
        Optional<Fault> fault =
                Optional.ofNullable(planned.getOrDefault(method, Map.of()).get(call))
                        .or(otherFaults);
        fault.ifPresent(met -> injected.add(method + " " + call + " " + met));
        return fault;
    }

    synchronized void passTime() {
        clock.advance(delay);
    }

    void hang() {
        try {
            hanging.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while blocked by HANG", interrupted);
        }
    }
}
