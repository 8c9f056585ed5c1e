package dev.errand.internal.watch;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An action that an executor performs after each trigger, by one thread at a time. Triggers that
 * arrive before it begins count once. After each execution other tasks of the executor have their
 * turn. Thread-safe.
 */
final class SerialTask {

    private static final Logger LOG = LoggerFactory.getLogger(SerialTask.class);

    private final Executor executor;
    private final Runnable action;

    /** The triggers that the next execution serves; 0 if none is planned. */
    private final AtomicInteger triggers = new AtomicInteger();

    SerialTask(Executor executor, Runnable action) {
        this.executor = executor;
        this.action = action;
    }

    /** Performs the action soon. What the calling thread wrote before is visible to it. */
    void trigger() {
        if (triggers.getAndIncrement() == 0) {
            submit();
        }
    }

    private void submit() {
        try {
            executor.execute(this::perform);
        } catch (RejectedExecutionException rejected) {
            triggers.set(0); // A later trigger tries again.
            LOG.debug("an executor rejected a task of a watched run", rejected);
        }
    }

    private void perform() {
        int served = triggers.get();
        boolean succeeded = false;
        try {
            action.run();
            succeeded = true;
        } finally {
            if (!succeeded) {
                triggers.set(0);
            } else if (triggers.addAndGet(-served) > 0) {
                submit();
            }
        }
    }
}
