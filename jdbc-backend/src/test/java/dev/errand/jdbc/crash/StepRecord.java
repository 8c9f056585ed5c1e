package dev.errand.jdbc.crash;

import java.util.List;

/** A step and what its client knows of it. Not thread-safe. */
final class StepRecord {

    /** What came back. */
    enum Outcome {
        /** Nothing: the client was killed before, or the reply was lost. */
        OPEN,
        ACKNOWLEDGED,
        /** A rule said no, so that nothing may have changed. */
        REFUSED
    }

    private final Step step;
    private final long floor;
    private Outcome outcome = Outcome.OPEN;
    private List<String> answer = List.of();

    /** A step that was begun when {@code floor} was the highest task number that was known. */
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

    /** What was answered; empty unless it is acknowledged. */
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
