package dev.errand.testkit;

/**
 * One step of a simulation.
 *
 * @param place the index in the complete script, which does not change when other steps are removed
 * @param kind the kind of step
 * @param node the node that executes the step, if its kind needs one
 * @param choice selects the object of the step among those that exist
 */
record SimulatedStep(int place, Kind kind, int node, int choice) {

    /** The kinds of steps. */
    enum Kind {
        /** A caller requests a task with a run, or repeats a request whose result is unknown. */
        REQUEST(3),
        /** A dispatcher polls once. */
        POLL(8),
        /** The clock advances. */
        ADVANCE_CLOCK(2),
        /** The clock is set forward or back. */
        SET_CLOCK(1),
        /** The agent of a sandbox exits. */
        EXIT_SANDBOX(2),
        /** A sandbox disappears. */
        LOSE_SANDBOX(1),
        /** A caller reports the end of a run. */
        REPORT(2),
        /** A caller cancels a run. */
        CANCEL(1),
        /** A caller restarts a run in the cloud. */
        RESTART_RUN(1),
        /** A caller changes the title of a task. */
        EDIT(1),
        /** A caller appends to the log of a run. */
        WRITE_LOG(1),
        /** A caller accesses a task of another project. */
        ACCESS_OTHER_PROJECT(1),
        /** A caller requests a run with an artifact that another run has consumed. */
        REUSE_ARTIFACT(1),
        /** A node shuts down in an orderly way and is started again. */
        RESTART(1);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** Returns the relative frequency. */
        int weight() {
            return weight;
        }
    }

    @Override
    public String toString() {
        return "%d %s on %d".formatted(place, kind, node);
    }
}
