package dev.errand.run;

import static dev.errand.spi.run.RunStatus.CANCELLED;
import static dev.errand.spi.run.RunStatus.COMPLETED;
import static dev.errand.spi.run.RunStatus.FAILED;
import static dev.errand.spi.run.RunStatus.IN_PROGRESS;
import static dev.errand.spi.run.RunStatus.NOT_STARTED;
import static dev.errand.spi.run.RunStatus.QUEUED;

import dev.errand.spi.run.RunStatus;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The state machine of a run: the changes of the status that callers and executors may report
 * (docs/wire/runs.md#g3), and those that only operations of the engine make (docs/wire/runs.md#g2).
 * No update leaves a terminal status: a finished run does not restart. The exceptions are {@link
 * StatusPolicy#PERMISSIVE} and the operation {@code resume_in_cloud/}
 * (docs/wire/starting-runs.md#i9).
 */
public final class RunTransitions {

    // spotless:off
    private static final Table TABLE =
            new Builder()
                    //     status         created by, as POST
                    .start(NOT_STARTED,   "runs/")
                    .start(QUEUED,        "run/")

                    //   from             to
                    .row(NOT_STARTED,     IN_PROGRESS)
                    .row(NOT_STARTED,     COMPLETED)
                    .row(NOT_STARTED,     FAILED)
                    .row(NOT_STARTED,     CANCELLED)
                    .row(QUEUED,          IN_PROGRESS)
                    .row(QUEUED,          COMPLETED)
                    .row(QUEUED,          FAILED)
                    .row(QUEUED,          CANCELLED)
                    .row(IN_PROGRESS,     COMPLETED)
                    .row(IN_PROGRESS,     FAILED)
                    .row(IN_PROGRESS,     CANCELLED)

                    // resume_in_cloud/ also accepts a queued local run, whose status does not change
                    // (docs/wire/starting-runs.md#i9).
                    //          from          to       through
                    .engineMove(NOT_STARTED,  QUEUED,  "start/")
                    .engineMove(NOT_STARTED,  QUEUED,  "resume_in_cloud/")
                    .engineMove(IN_PROGRESS,  QUEUED,  "resume_in_cloud/ of a local run")
                    .engineMove(COMPLETED,    QUEUED,  "resume_in_cloud/")
                    .engineMove(FAILED,       QUEUED,  "resume_in_cloud/")
                    .engineMove(CANCELLED,    QUEUED,  "resume_in_cloud/")
                    .engineMove(IN_PROGRESS,  QUEUED,  "provider limit")
                    .engineMove(QUEUED,       FAILED,  "dispatch exhausted")
                    .build();
    // spotless:on

    private RunTransitions() {}

    /** The decision on a reported status (docs/wire/runs.md#g3). */
    public enum Decision {
        /** The run has this status already. The report is accepted and changes nothing. */
        SAME,
        /** The status changes. */
        ALLOWED,
        /**
         * The report is rejected as a whole, with the text of {@link RunTransitions#rejectionText}.
         */
        REJECTED
    }

    /** Returns the decision on a reported change of the status (docs/wire/runs.md#g3). */
    public static Decision decide(RunStatus from, RunStatus to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        if (from == to) {
            return Decision.SAME;
        }
        return TABLE.rows().contains(new Row(from, to)) ? Decision.ALLOWED : Decision.REJECTED;
    }

    /** Returns whether an operation of the engine makes this change (docs/wire/runs.md#g2). */
    public static boolean isEngineMove(RunStatus from, RunStatus to) {
        return TABLE.engineMoves().stream()
                .anyMatch(move -> move.from() == from && move.to() == to);
    }

    /** Returns the text of the error {@code invalid_status_transition} (docs/wire/errors.md#c5). */
    public static String rejectionText(RunStatus from, RunStatus to) {
        return "Cannot change status from " + from.wire() + " to " + to.wire();
    }

    /**
     * Returns the state machine as a Mermaid diagram, ending with a line feed. An arrow with a
     * label is a change that only the named operation makes; other arrows are reports of callers
     * and executors.
     */
    public static String diagram() {
        StringBuilder diagram = new StringBuilder("stateDiagram-v2\n");
        TABLE.starts()
                .forEach(start -> line(diagram, "[*]", start.status().wire(), start.madeBy()));
        TABLE.rows().forEach(row -> line(diagram, row.from().wire(), row.to().wire(), ""));
        Map<Row, String> moves = new LinkedHashMap<>();
        for (EngineMove move : TABLE.engineMoves()) {
            // One arrow for each pair, because parallel arrows are drawn on top of each other.
            moves.merge(
                    new Row(move.from(), move.to()),
                    move.through(),
                    (one, two) -> one + ", " + two);
        }
        moves.forEach((row, through) -> line(diagram, row.from().wire(), row.to().wire(), through));
        Arrays.stream(RunStatus.values())
                .filter(RunStatus::isTerminal)
                .forEach(status -> line(diagram, status.wire(), "[*]", ""));
        return diagram.toString();
    }

    private static void line(StringBuilder diagram, String from, String to, String label) {
        diagram.append("    ").append(from).append(" --> ").append(to);
        if (!label.isEmpty()) {
            diagram.append(" : ").append(label);
        }
        diagram.append('\n');
    }

    /** The reported changes, for tests. */
    static Set<Row> rows() {
        return TABLE.rows();
    }

    /** The initial statuses, for tests. */
    static Set<Start> starts() {
        return TABLE.starts();
    }

    record Start(RunStatus status, String madeBy) {}

    record Row(RunStatus from, RunStatus to) {}

    record EngineMove(RunStatus from, RunStatus to, String through) {}

    private record Table(Set<Start> starts, Set<Row> rows, Set<EngineMove> engineMoves) {}

    /** Builds the table and rejects rows that contradict the life cycle of a run. */
    static final class Builder {
        // In the order of the diagram.
        private final Set<Start> starts = new LinkedHashSet<>();
        private final Set<Row> rows = new LinkedHashSet<>();
        private final Set<EngineMove> engineMoves = new LinkedHashSet<>();

        Builder start(RunStatus status, String madeBy) {
            return add(starts, new Start(status, madeBy));
        }

        Builder row(RunStatus from, RunStatus to) {
            if (from.isTerminal()) {
                throw new IllegalArgumentException("a report cannot leave terminal " + from.wire());
            }
            if (from == to) {
                throw new IllegalArgumentException(from.wire() + " to itself is no transition");
            }
            return add(rows, new Row(from, to));
        }

        Builder engineMove(RunStatus from, RunStatus to, String through) {
            if (from == to) {
                throw new IllegalArgumentException(from.wire() + " to itself is no transition");
            }
            return add(engineMoves, new EngineMove(from, to, through));
        }

        private <T> Builder add(Set<T> present, T added) {
            if (!present.add(added)) {
                throw new IllegalArgumentException("duplicate " + added);
            }
            return this;
        }

        private Table build() {
            return new Table(starts, rows, engineMoves);
        }
    }
}
