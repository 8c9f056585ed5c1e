package dev.errand.testkit;

/**
 * One thing that happens in a simulation.
 *
 * @param place its place in the whole script, which it keeps when others are left out
 * @param kind what happens
 * @param node on which node, if on one
 * @param choice chooses what it is about, among what is there then
 */
record SimulatedStep(int place, Kind kind, int node, int choice) {

    /** What can happen. */
    enum Kind {
        /** A caller asks for a task with a run, or asks again where the answer is not known. */
        ASK(3),
        /** A dispatcher looks. */
        LOOK(8),
        /** Time passes. */
        PASS(2),
        /** The clock is set forward or back. */
        JUMP(1),
        /** A sandbox ends by itself. */
        EXIT(2),
        /** A sandbox disappears. */
        LOSE(1),
        /** Somebody reports how a run ended. */
        REPORT(2),
        /** Somebody calls a run off. */
        CANCEL(1),
        /** Somebody gives a task another title. */
        EDIT(1),
        /** Somebody writes to a run's log. */
        WRITE_LOG(1),
        /** Somebody asks for what another project has. */
        TRESPASS(1),
        /** Somebody gives a run the file of another one. */
        REUSE(1),
        /** A node is stopped as it should be, and comes back. */
        RESTART(1);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** How often it happens, compared with the others. */
        int weight() {
            return weight;
        }
    }

    @Override
    public String toString() {
        return "%d %s on %d".formatted(place, kind, node);
    }
}
