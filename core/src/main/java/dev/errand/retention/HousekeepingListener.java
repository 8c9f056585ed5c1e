package dev.errand.retention;

/** Receives the results of a {@link Housekeeper}, for metrics. */
@FunctionalInterface
public interface HousekeepingListener {

    /**
     * Called after each pass that did not fail, on the thread that made it. An exception is logged
     * and has no other effect.
     */
    void onCompleted(HousekeepingResult result);
}
