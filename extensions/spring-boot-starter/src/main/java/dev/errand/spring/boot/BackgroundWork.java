package dev.errand.spring.boot;

import org.springframework.context.SmartLifecycle;

/**
 * Starts background work after the web server accepts requests, and stops it before the web server
 * stops. It can be started again. Thread-safe.
 */
final class BackgroundWork implements SmartLifecycle {

    private final Runnable start;
    private final Runnable stop;
    private boolean isRunning;

    BackgroundWork(Runnable start, Runnable stop) {
        this.start = start;
        this.stop = stop;
    }

    @Override
    public synchronized void start() {
        start.run();
        isRunning = true;
    }

    @Override
    public synchronized void stop() {
        stop.run();
        isRunning = false;
    }

    @Override
    public synchronized boolean isRunning() {
        return isRunning;
    }
}
