package dev.errand.dispatch;

/**
 * Receives the {@linkplain DispatchEvent events} of a dispatcher. Changes of runs are reported to a
 * {@link dev.errand.spi.run.RunListener} instead.
 *
 * <p>It is called synchronously on the thread that does the work, for several runs at the same
 * time, so it must be thread-safe and return quickly. An exception is logged; it affects neither
 * the other listeners nor the dispatcher. It must not stop or close the dispatcher.
 */
@FunctionalInterface
public interface DispatchListener {

    /** Called after each event. */
    void onEvent(DispatchEvent event);
}
