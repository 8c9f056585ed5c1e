package dev.errand.testing.engine;

import dev.errand.dispatch.WorkContext;
import dev.errand.dispatch.WorkHandler;
import dev.errand.run.UpdateRunRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * The executor and the handler of a worker pool under test. Tasks of the pool run only when a test
 * runs them. A handler waits until the test lets it return, or until it is interrupted.
 */
final class HandlerThreads implements Executor, WorkHandler {

    private static final int SECONDS = 20;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<FutureTask<Void>> running = new ArrayList<>();
    private final CountDownLatch mayReturn = new CountDownLatch(1);
    private final WorkHandler handler;
    private final boolean ignoresInterrupts;
    private volatile CountDownLatch begun = new CountDownLatch(1);

    private HandlerThreads(WorkHandler handler, boolean ignoresInterrupts) {
        this.handler = handler;
        this.ignoresInterrupts = ignoresInterrupts;
    }

    /** Returns a handler that calls the given one after it was let go, or throws if interrupted. */
    static HandlerThreads waiting(WorkHandler handler) {
        return new HandlerThreads(handler, false);
    }

    /** Returns a handler that calls the given one after it was let go, and ignores interrupts. */
    static HandlerThreads ignoringInterrupts(WorkHandler handler) {
        return new HandlerThreads(handler, true);
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public UpdateRunRequest handle(WorkContext context) throws Exception {
        begun.countDown();
        boolean isWaiting = true;
        while (isWaiting) {
            try {
                if (!mayReturn.await(SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("the test did not end the handler");
                }
                isWaiting = false;
            } catch (InterruptedException interrupted) {
                if (!ignoresInterrupts) {
                    throw interrupted;
                }
            }
        }
        return handler.handle(context);
    }

    /** Returns the number of tasks that were not run. */
    int pending() {
        return tasks.size();
    }

    /** Runs the oldest task on this thread. The handler returns at once. */
    void runNext() {
        mayReturn.countDown();
        tasks.remove().run();
    }

    /** Runs the oldest task on a thread of its own, and waits until it calls the handler. */
    void beginNext() throws InterruptedException {
        begun = new CountDownLatch(1);
        FutureTask<Void> task = new FutureTask<>(tasks.remove(), null);
        running.add(task);
        Thread thread = new Thread(task, "handler of a test");
        thread.setDaemon(true);
        thread.start();
        if (!begun.await(SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the handler was not called");
        }
    }

    /** Lets the handlers return, and runs the tasks that a failed test has left. */
    void finish() {
        release();
        while (!tasks.isEmpty()) {
            try {
                tasks.remove().run();
            } catch (RuntimeException | Error failure) {
                // The pool rethrows an error of a handler; the test has ended.
            }
        }
    }

    /** Lets the handlers return. */
    void release() {
        mayReturn.countDown();
    }

    /** Waits until the tasks that were begun have returned. */
    void await() throws Exception {
        for (FutureTask<Void> task : running) {
            task.get(SECONDS, TimeUnit.SECONDS);
        }
    }
}
