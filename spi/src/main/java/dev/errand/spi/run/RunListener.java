package dev.errand.spi.run;

/**
 * Receives each change after it was committed; changes of one run in order. A listener that throws
 * or is slow does not affect the change.
 */
@FunctionalInterface
public interface RunListener {

    /** Called after a change was committed. */
    void onEvent(RunEvent event);
}
