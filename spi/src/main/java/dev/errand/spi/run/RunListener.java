package dev.errand.spi.run;

/**
 * Told of each change after it was committed, those of one run in order. One that throws or is slow
 * neither undoes nor delays the change.
 */
@FunctionalInterface
public interface RunListener {

    /** A change was committed. */
    void onEvent(RunEvent event);
}
