package dev.errand.jdbc.crash;

import java.util.List;

/** A step and its outcome as recorded in the journal. Not thread-safe. */
final class StepRecord {

    /** The outcome of a step. */
    enum Outcome {
        /** Unknown: the client was killed or the response was lost. */
        OPEN,
        ACKNOWLEDGED,
        /** Rejected by a rule, so nothing may have changed. */
        REFUSED
    }

    private final Step step;
    private final long floor;
    private Outcome outcome = Outcome.OPEN;
    private List<String> answer = List.of();

    /**
     * Records the start of a step.
     *
     * @param floor the highest task number acknowledged before the step began
     */
    StepRecord(Step step, long floor) {
        this.step = step;
        this.floor = floor;
    }

    Step step() {
        return step;
    }

    long floor() {
        return floor;
    }

    /** Returns the response, or an empty list if the step was not acknowledged. */
    List<String> answer() {
        return answer;
    }

    boolean isAcknowledged() {
        return outcome == Outcome.ACKNOWLEDGED;
    }

    boolean isOpen() {
        return outcome == Outcome.OPEN;
    }

    void acknowledge(List<String> answered) {
        outcome = Outcome.ACKNOWLEDGED;
        answer = List.copyOf(answered);
    }

    void refuse() {
        outcome = Outcome.REFUSED;
    }
}
