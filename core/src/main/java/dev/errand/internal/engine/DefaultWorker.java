package dev.errand.internal.engine;

import dev.errand.dispatch.Worker;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ClaimedRun;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The default implementation of {@link Worker}. */
public final class DefaultWorker implements Worker {

    private final Engine engine;
    private final RunSettler settler;
    private final Duration leaseDuration;

    public DefaultWorker(Engine engine, ProjectScope scope, String node, Duration leaseDuration) {
        this.engine = engine;
        this.settler = new RunSettler(engine, scope, node, leaseDuration);
        this.leaseDuration = leaseDuration;
    }

    @Override
    public List<ClaimedRun> claim(int max) {
        return settler.claim(max);
    }

    @Override
    public List<Worker.Outcome> settle(List<Worker.Result> results) {
        return settleAndClaim(results, 0).settled();
    }

    @Override
    public Batch settleAndClaim(List<Worker.Result> results, int max) {
        Set<RunId> runs = new HashSet<>();
        for (Worker.Result result : results) {
            engine.validator().validate(result.update());
            if (!runs.add(result.claimed().run().id())) {
                throw new IllegalArgumentException(
                        "two results are for run " + result.claimed().run().id());
            }
        }
        return settler.settleAndClaim(results.stream().map(this::finalChange).toList(), max);
    }

    private RunSettler.FinalChange finalChange(Worker.Result result) {
        return new RunSettler.FinalChange(
                result.claimed(),
                run ->
                        RunUpdateRules.settled(
                                run,
                                result.update(),
                                engine.options().statusPolicy(),
                                engine.now()));
    }

    @Override
    public List<Optional<ClaimedRun>> renew(List<ClaimedRun> claimed) {
        return engine.backend()
                .queue()
                .renew(claimed.stream().map(ClaimedRun::lease).toList(), leaseDuration);
    }

    @Override
    public boolean release(ClaimedRun claimed) {
        return settler.release(claimed);
    }
}
