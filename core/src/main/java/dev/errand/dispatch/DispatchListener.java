package dev.errand.dispatch;

/**
 * Receives the {@linkplain DispatchEvent events} of a dispatcher or worker pool. Changes of runs
 * are reported to a {@link dev.errand.spi.run.RunListener} instead.
 *
 * <p>A listener is called on the thread that does the work: a thread of the executor, or the caller
 * of {@link Dispatcher#runOnce}, {@link Dispatcher#stop} or {@link Dispatcher#close}. The same
 * holds for worker pools. Calls for different runs can be concurrent, so a listener must be
 * thread-safe and return quickly. The listener must not stop or close the dispatcher.
 *
 * <p>An exception or error that a listener throws is logged. It affects neither the other listeners
 * nor the dispatcher.
 */
@FunctionalInterface
public interface DispatchListener {

    /** Called after each event. */
    void onEvent(DispatchEvent event);
}
