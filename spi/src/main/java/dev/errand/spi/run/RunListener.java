package dev.errand.spi.run;

/**
 * Receives each creation or change of a run, and each creation or deletion of a task, after it was
 * committed. Edits of a task are not reported. Changes of one run are received in their order.
 *
 * <p>A change that was made in a transaction of the host is received after the host has committed,
 * and not at all if the host rolled back.
 *
 * <p>Each engine calls its listeners one after the other on one daemon thread, {@code
 * errand-events}, and not on the thread that made the change. A slow listener delays the listeners
 * after it and later events, but not the change itself. An exception or error that a listener
 * throws is logged and has no other effect: the change remains, and the other listeners are called.
 */
@FunctionalInterface
public interface RunListener {

    /** Called after a change was committed. */
    void onEvent(RunEvent event);
}
