package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.Worker;
import dev.errand.internal.dispatch.PooledRun.Cancellation;
import dev.errand.internal.engine.Engine;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.run.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the handler of a worker pool on the threads of an executor. A thread continues with the
 * next waiting run without waiting for the thread that writes results (the writer, see {@link
 * WorkerCycle}). Thread-safe.
 */
final class HandlerThreads {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerThreads.class);

    private final Engine engine;
    private final WorkerPoolOptions options;
    private final Executor executor;
    private final HandlerTable table;
    private final LoopInbox<PooledResult> inbox;
    private final DispatchListeners listeners;
    private final Consumer<PooledRun> release;

    /**
     * Creates an instance; it starts no thread.
     *
     * @param inbox receives the results
     * @param release releases a run whose result is not written, so that it can be claimed again
     */
    HandlerThreads(
            Engine engine,
            WorkerPoolOptions options,
            Executor executor,
            HandlerTable table,
            LoopInbox<PooledResult> inbox,
            DispatchListeners listeners,
            Consumer<PooledRun> release) {
        this.engine = engine;
        this.options = options;
        this.executor = executor;
        this.table = table;
        this.inbox = inbox;
        this.listeners = listeners;
        this.release = release;
    }

    /** Passes waiting runs to free threads. */
    void assign() {
        for (PooledRun each : table.assign()) {
            try {
                executor.execute(() -> work(each));
            } catch (RejectedExecutionException rejected) {
                LOG.warn("the executor rejected run {}", each.run().id(), rejected);
                table.threadReturned();
                if (each.concludeUnlessBegun()) {
                    release.accept(each);
                }
            }
        }
    }

    private void work(PooledRun first) {
        Optional<PooledRun> next = Optional.of(first);
        while (next.isPresent()) {
            Call call = new Call(next.get());
            RunMdc.within(next.get().run(), call);
            if (call.error.isPresent()) {
                table.threadReturned();
                deliver(call.result);
                assign();
                throw call.error.get();
            }
            next = table.next(); // Frees the thread before the writer counts free threads.
            deliver(call.result);
        }
    }

    private void deliver(Optional<PooledResult> result) {
        result.ifPresentOrElse(inbox::add, inbox::wake);
    }

    /** One call of the handler. */
    private final class Call implements Runnable {
        private final PooledRun pooled;
        private Optional<PooledResult> result = Optional.empty();
        private Optional<Error> error = Optional.empty();

        private Call(PooledRun pooled) {
            this.pooled = pooled;
        }

        @Override
        public void run() {
            Run run = pooled.run();
            Instant begin = engine.now();
            Optional<Duration> ownLimit = pooled.current().entry().timeouts().total();
            if (!pooled.begin(ownLimit.or(options::timeLimit), begin)) {
                return;
            }
            Instant queuedAt = pooled.current().entry().queuedAt();
            listeners.publish(
                    new DispatchEvent.HandlerStarted(run, Duration.between(queuedAt, begin)));
            HandlerOutcome outcome = call();
            pooled.end();
            boolean isFirst = pooled.conclude();
            Duration duration = Duration.between(begin, engine.now());
            listeners.publish(
                    new DispatchEvent.HandlerEnded(
                            run, duration, outcome.failure().map(FailureText::causeOf)));
            if (isFirst && isInterruptedByStop(outcome)) {
                release.accept(pooled);
            } else if (isFirst) {
                boolean isShort = duration.compareTo(options.pollInterval()) < 0;
                result = Optional.of(new PooledResult(pooled, outcome, isShort));
            }
        }

        private HandlerOutcome call() {
            try {
                UpdateRunRequest update = options.handler().handle(pooled);
                requireValid(update);
                return HandlerOutcome.returned(update);
            } catch (Exception | Error failure) {
                if (failure instanceof Error thrown) {
                    error = Optional.of(thrown);
                }
                if (!pooled.isCancelled()) {
                    LOG.warn("the handler of run {} failed", pooled.run().id(), failure);
                    if (failure instanceof InterruptedException) {
                        Thread.currentThread().interrupt(); // The host interrupted the thread.
                    }
                }
                return HandlerOutcome.threw(failure);
            }
        }

        private void requireValid(UpdateRunRequest update) {
            Worker.Result checked = new Worker.Result(pooled.current(), update);
            engine.validator().validate(checked.update());
            HandlerOutcome.returned(update)
                    .applyTo(
                            pooled.current().stored(),
                            Optional.empty(),
                            engine.options().statusPolicy(),
                            engine.now());
        }

        /** The run is not to blame, so it is executed again. */
        private boolean isInterruptedByStop(HandlerOutcome outcome) {
            return outcome.failure().isPresent()
                    && pooled.cancellation().equals(Optional.of(Cancellation.POOL_STOPPED));
        }
    }
}
