package dev.errand.dispatch;

/**
 * Told what a dispatcher does, on the thread that does it: it must be quick. One that throws
 * hinders nothing, and is logged. What becomes of runs is told to a {@link
 * dev.errand.spi.run.RunListener}.
 */
@FunctionalInterface
public interface DispatchListener {

    /** Listens to nothing. */
    DispatchListener NONE = event -> {};

    /** Something was done. */
    void onEvent(DispatchEvent event);
}
