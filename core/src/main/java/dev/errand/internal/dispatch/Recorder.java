package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.DispatchListener;
import dev.errand.internal.engine.Engine;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunUpdateResult;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a dispatcher decided, under the lease that it holds. Who lost the lease writes
 * nothing, is told so, and stops acting (invariant I6).
 */
public final class Recorder {

    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    private final Engine engine;
    private final DispatchListener listener;
    private volatile boolean isTogether;

    public Recorder(Engine engine, DispatchListener listener) {
        this.engine = engine;
        this.listener = listener;
    }

    /**
     * Records a step and keeps the lease.
     *
     * @param decision asked again where another change came first; the same run for no change
     * @return whether the lease still was ours
     */
    public boolean record(Supervised run, UnaryOperator<Run> decision) {
        return advance(run, decision, false);
    }

    /** Records the last step; the lease ends with it, and this dispatcher is done with the run. */
    public boolean settle(Supervised run, UnaryOperator<Run> decision) {
        boolean settled = advance(run, decision, true);
        if (settled) {
            run.over();
        }
        return settled;
    }

    /** From here on ends are written together; somebody takes them from their runs. */
    public void together() {
        isTogether = true;
    }

    /**
     * Records the last step as {@link #settle} does, maybe later and together with those of others.
     *
     * @param then what is to be done once it stands, by whoever attends then
     */
    public void settleSoon(Supervised run, UnaryOperator<Run> decision, Runnable then) {
        Run before = run.run();
        Runnable alone =
                () -> {
                    if (settle(run, decision)) {
                        then.run();
                    }
                };
        settleSoon(
                new Settling(
                        run, RunChange.of(before, decision.apply(before)), false, then, alone));
    }

    /** Records the last step, maybe later and together with those of others. */
    public void settleSoon(Settling settling) {
        Settling decided = settling.under(settling.run().lease());
        if (isTogether) {
            settling.run().settle(decided);
        } else {
            conclude(decided, Optional.of(write(decided.change())));
        }
    }

    /**
     * Goes on after a last step was written or not.
     *
     * @param answer what came of it; nothing where nobody knows, for the step is safe to repeat
     */
    public void conclude(Settling settling, Optional<RunUpdateResult> answer) {
        Supervised run = settling.run();
        if (answer.isEmpty() || answer.get() instanceof RunUpdateResult.Stale) {
            settling.overtaken().run();
        } else if (answer.get() instanceof RunUpdateResult.Updated advanced) {
            run.changed(advanced.run());
            run.over();
            settling.settled().run();
        } else {
            lost(run);
        }
    }

    /** Gives the lease back; this dispatcher is done with the run for now. */
    public void release(Supervised run) {
        run.over();
        try {
            engine.backend().queue().release(run.lease());
        } catch (RuntimeException failure) {
            LOG.warn("the lease on run {} ends by itself", run.run().id(), failure);
        }
    }

    /** Somebody else has the run. */
    public void lost(Supervised run) {
        if (!run.isOver()) {
            LOG.info("run {} is no longer ours", run.run().id());
            run.over();
            tell(new DispatchEvent.LeaseLost(run.run()));
        }
    }

    public void tell(DispatchEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException failure) {
            LOG.warn("{} failed on {}", listener, event.getClass().getSimpleName(), failure);
        }
    }

    private boolean advance(Supervised run, UnaryOperator<Run> decision, boolean releases) {
        Run before = run.run();
        while (true) {
            Run after = decision.apply(before);
            if (after == before) {
                run.changed(before);
                return true;
            }
            RunChange plain = RunChange.of(before, after).withLease(run.lease());
            RunChange change = releases ? plain.releasingLease() : plain;
            RunUpdateResult answer = write(change);
            if (answer instanceof RunUpdateResult.Updated advanced) {
                run.changed(advanced.run());
                return true;
            }
            if (answer instanceof RunUpdateResult.Stale stale) {
                before = stale.current();
                continue;
            }
            lost(run);
            return false;
        }
    }

    private RunUpdateResult write(RunChange change) {
        Run from = change.before();
        return engine.events()
                .commitAndPublish(
                        () -> List.of(from.id()),
                        () -> engine.backend().runs().update(from.project(), change),
                        answer ->
                                answer instanceof RunUpdateResult.Updated
                                        ? change.events()
                                        : List.of());
    }
}
