package dev.errand.benchmarks.durable;

/** One way to execute, on four nodes, units of work that were queued before. */
interface DispatchCandidate {

    int NODES = 4;

    /** How many units a node executes at a time. */
    int SLOTS = 8;

    /** What stands in the first column of the table. */
    String label();

    /** Queues so many units in a database of its own; what this takes is not measured. */
    void queue(String url, int units) throws Exception;

    /**
     * Executes all of them.
     *
     * @return the seconds from the start of the nodes until the last unit is recorded as done
     */
    double execute(String url, int units) throws Exception;
}
