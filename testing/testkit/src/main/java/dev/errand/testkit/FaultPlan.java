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
 * Which call meets which fault. Calls are counted by the method's name, from 1, over all ports that
 * go by the plan. Thread-safe.
 */
public final class FaultPlan {

    private static final Duration SLOW = Duration.ofSeconds(5);

    private final TestClock clock;
    private final Map<String, Map<Integer, Fault>> planned = new HashMap<>();
    private final Map<String, Integer> calls = new HashMap<>();
    private final List<String> happened = new ArrayList<>();
    private final CountDownLatch hanging = new CountDownLatch(1);
    private Duration slowness = SLOW;
    private Supplier<Optional<Fault>> chance = Optional::empty;

    private FaultPlan(TestClock clock) {
        this.clock = clock;
    }

    /** A plan in which nothing goes wrong yet; what is slow lets this clock run on. */
    public static FaultPlan on(TestClock clock) {
        return new FaultPlan(clock);
    }

    /** The n-th call of this method meets this fault. */
    public synchronized FaultPlan at(String method, int call, Fault fault) {
        planned.computeIfAbsent(method, name -> new HashMap<>()).put(call, fault);
        return this;
    }

    /** Every further call meets one of these faults with this probability. */
    public synchronized FaultPlan byChance(Seed seed, double probability, Fault... oneOf) {
        Random random = seed.random();
        return deciding(
                () ->
                        random.nextDouble() < probability
                                ? Optional.of(oneOf[random.nextInt(oneOf.length)])
                                : Optional.empty());
    }

    /** Every further call meets what this says. */
    synchronized FaultPlan deciding(Supplier<Optional<Fault>> each) {
        chance = each;
        return this;
    }

    /** From here on only what was planned call by call goes wrong. */
    public synchronized FaultPlan withoutChance() {
        return deciding(Optional::empty);
    }

    /** How long it takes what is slow; five seconds unless said. */
    public synchronized FaultPlan slowBy(Duration duration) {
        slowness = duration;
        return this;
    }

    /** Lets all calls that hang go on. */
    public void letGo() {
        hanging.countDown();
    }

    /** The faults that were met, in order, as {@code method call fault}. */
    public synchronized List<String> happened() {
        return List.copyOf(happened);
    }

    synchronized Optional<Fault> next(String method) {
        int call = calls.merge(method, 1, Integer::sum);
        Optional<Fault> fault =
                Optional.ofNullable(planned.getOrDefault(method, Map.of()).get(call)).or(chance);
        fault.ifPresent(met -> happened.add(method + " " + call + " " + met));
        return fault;
    }

    synchronized void passTime() {
        clock.advance(slowness);
    }

    void hang() {
        try {
            hanging.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it hung", interrupted);
        }
    }
}
