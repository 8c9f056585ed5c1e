package dev.errand.testing.engine;

import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks that storage rejects writes under stale leases. */
final class FencedStorage {

    private final Map<RunId, Long> latest = new HashMap<>();
    private final SimulatedSchedule.Tally tally;

    FencedStorage(SimulatedSchedule.Tally tally) {
        this.tally = tally;
    }

    /** Returns a wrapper of the backend that performs the checks. */
    Backend before(Backend real) {
        RunQueue queue = proxy(RunQueue.class, real.queue());
        RunStore runs = proxy(RunStore.class, real.runs());
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (proxy, method, arguments) ->
                                switch (method.getName()) {
                                    case "queue" -> queue;
                                    case "runs" -> runs;
                                    default -> invoke(real, method, arguments);
                                });
    }

    private <T> T proxy(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> {
                            Object answer = invoke(real, method, arguments);
                            switch (method.getName()) {
                                case "claim" -> claimed((List<?>) answer);
                                case "update" ->
                                        written((RunChange) arguments[1], (RunUpdateResult) answer);
                                case "settleAndClaim" ->
                                        settled(
                                                (List<?>) arguments[0],
                                                (SettleAndClaimResult) answer);
                                default -> {}
                            }
                            return answer;
                        }));
    }

    private void claimed(List<?> runs) {
        for (Object each : runs) {
            ClaimedRun one = (ClaimedRun) each;
            if (latest.put(one.run().id(), one.lease().token()) != null) {
                tally.takeovers++;
            }
        }
    }

    private void settled(List<?> settlements, SettleAndClaimResult result) {
        for (int i = 0; i < settlements.size(); i++) {
            written(((Settlement) settlements.get(i)).change(), result.settled().get(i));
        }
        claimed(result.claimed());
    }

    private void written(RunChange change, RunUpdateResult answer) {
        boolean late =
                change.lease()
                        .filter(lease -> lease.token() < latest.get(change.before().run().id()))
                        .isPresent();
        if (late && answer instanceof RunUpdateResult.Updated) {
            throw new AssertionError("a write under a stale lease was accepted: " + change);
        }
        if (late) {
            tally.rejectedLateWrites++;
        }
    }

    private static Object invoke(Object target, Method method, Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
