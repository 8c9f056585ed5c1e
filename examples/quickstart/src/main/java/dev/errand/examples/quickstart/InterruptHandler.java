package dev.errand.examples.quickstart;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Handles Ctrl-C: cancels the current run and lets the program print its results before it exits.
 * Thread-safe.
 */
final class InterruptHandler {

    /** The conventional exit code after SIGINT. */
    static final int EXIT_CODE = 130;

    private static final long TIMEOUT_SECONDS = 30;

    private final CountDownLatch finished = new CountDownLatch(1);
    private Runnable cancellation = () -> {};
    private boolean interrupted;

    /** Creates a handler and registers it as a shutdown hook. */
    static InterruptHandler listen() {
        InterruptHandler interruptHandler = new InterruptHandler();
        Runtime.getRuntime()
                .addShutdownHook(new Thread(interruptHandler::end, "quickstart-shutdown"));
        return interruptHandler;
    }

    /**
     * Sets the action for an interrupt; runs it immediately if an interrupt has occurred already.
     */
    void onInterrupt(Runnable action) {
        synchronized (this) {
            cancellation = action;
            if (!interrupted) {
                return;
            }
        }
        action.run();
    }

    /** Signals that the program has printed its last line. */
    void finished() {
        finished.countDown();
    }

    private void end() {
        if (finished.getCount() == 0) {
            return; // The program ends without an interrupt.
        }
        Runnable action;
        synchronized (this) {
            interrupted = true;
            action = cancellation;
        }
        action.run();
        try {
            if (!finished.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The agent did not stop in time.");
            }
        } catch (InterruptedException interruptedWhileWaiting) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
