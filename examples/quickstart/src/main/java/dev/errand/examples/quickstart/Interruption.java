package dev.errand.examples.quickstart;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets the program come to an orderly end when somebody presses Ctrl-C: what is under way is
 * cancelled, the program goes on to its last line, and its exit code tells. Thread-safe.
 */
final class Interruption {

    /** The exit code of a program that SIGINT ended. */
    static final int EXIT_CODE = 130;

    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch finished = new CountDownLatch(1);
    private Runnable cancellation = () -> {};
    private boolean interrupted;

    /** Listens from now on. */
    static Interruption listen() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::end, "quickstart-end"));
        return interruption;
    }

    /** What to do when it happens, or now if it happened. */
    void onInterrupt(Runnable action) {
        synchronized (this) {
            cancellation = action;
            if (!interrupted) {
                return;
            }
        }
        action.run();
    }

    /** The program has written its last line. */
    void finished() {
        finished.countDown();
    }

    private void end() {
        if (finished.getCount() == 0) {
            return; // Nobody interrupted anything.
        }
        Runnable action;
        synchronized (this) {
            interrupted = true;
            action = cancellation;
        }
        action.run();
        try {
            if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("The agent does not end.");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
