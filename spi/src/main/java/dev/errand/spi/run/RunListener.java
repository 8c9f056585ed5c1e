package dev.errand.spi.run;

/**
 * Receives each change after it was committed. Changes of one run arrive in order; changes of
 * different runs may arrive in another order than they were committed.
 *
 * <p>Each engine calls its listeners on one daemon thread, so a slow listener delays later events
 * but no request. Exceptions are logged and have no other effect.
 */
@FunctionalInterface
public interface RunListener {

    /** Called after a change was committed. */
    void onEvent(RunEvent event);
}
