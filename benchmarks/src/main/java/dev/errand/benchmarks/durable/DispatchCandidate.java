package dev.errand.benchmarks.durable;

/** A way to execute queued units of work on four nodes. */
interface DispatchCandidate {

    int NODES = 4;

    /** The number of units that a node executes concurrently. */
    int SLOTS = 8;

    /** Returns the label in the table. */
    String label();

    /** Queues units in a separate database. This is not measured. */
    void queue(String url, int units) throws Exception;

    /**
     * Executes all units.
     *
     * @return the seconds from the start of the nodes until the last unit is recorded as done
     */
    double execute(String url, int units) throws Exception;
}
