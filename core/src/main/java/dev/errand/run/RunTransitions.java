package dev.errand.run;

import static dev.errand.spi.run.RunStatus.CANCELLED;
import static dev.errand.spi.run.RunStatus.COMPLETED;
import static dev.errand.spi.run.RunStatus.FAILED;
import static dev.errand.spi.run.RunStatus.IN_PROGRESS;
import static dev.errand.spi.run.RunStatus.NOT_STARTED;
import static dev.errand.spi.run.RunStatus.QUEUED;

import dev.errand.spi.run.RunStatus;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which status a reported status may follow: the one table of contract G3, for PATCH and executor
 * alike. The moves that only an operation of the engine makes (contract G2) stand beside it, so
 * that the diagram shows the whole life of a run.
 */
public final class RunTransitions {

    // spotless:off
    private static final Table TABLE =
            new Builder()
                    //     status         made by
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

                    // A queued local run may be resumed in the cloud too, but its status stays.
                    //          from          to       through
                    .engineMove(NOT_STARTED,  QUEUED,  "start/")
                    .engineMove(NOT_STARTED,  QUEUED,  "resume_in_cloud/")
                    .engineMove(IN_PROGRESS,  QUEUED,  "resume_in_cloud/ of a local run")
                    .engineMove(COMPLETED,    QUEUED,  "resume_in_cloud/")
                    .engineMove(FAILED,       QUEUED,  "resume_in_cloud/")
                    .engineMove(CANCELLED,    QUEUED,  "resume_in_cloud/")
                    .engineMove(QUEUED,       FAILED,  "dispatch exhausted")
                    .build();
    // spotless:on

    private RunTransitions() {}

    /** What the table says about a reported status (contract G3). */
    public enum Decision {
        /** The run is there already: accepted, nothing changes and nobody is told. */
        SAME,
        /** The status changes. */
        ALLOWED,
        /** The whole change is refused, with {@link RunTransitions#refusal}. */
        REFUSED
    }

    /** Whether a run in {@code from} may be reported to be in {@code to} (contract G3). */
    public static Decision decide(RunStatus from, RunStatus to) {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        if (from == to) {
            return Decision.SAME;
        }
        return TABLE.allowed().get(from).contains(to) ? Decision.ALLOWED : Decision.REFUSED;
    }

    /** The text of {@code invalid_status_transition} (contract C5). */
    public static String refusal(RunStatus from, RunStatus to) {
        return "Cannot change status from " + from.wire() + " to " + to.wire();
    }

    /**
     * The life of a run as a Mermaid state diagram, made from the table (contract G2, G3). An arrow
     * with a label is a move that only the named operation of the engine makes; one without is a
     * report from an agent or executor. Ends with a line feed.
     */
    public static String diagram() {
        StringBuilder diagram = new StringBuilder("stateDiagram-v2\n");
        TABLE.starts()
                .forEach(start -> line(diagram, "[*]", start.status().wire(), start.madeBy()));
        TABLE.rows().forEach(row -> line(diagram, row.from().wire(), row.to().wire(), ""));
        Map<Row, String> moves = new LinkedHashMap<>();
        for (EngineMove move : TABLE.engineMoves()) {
            // One arrow for each pair: parallel arrows lie on top of each other when drawn.
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

    /** The rows, for the test that walks each of them. */
    static Set<Row> rows() {
        return TABLE.rows();
    }

    /** The statuses in which a run can begin, for the test of every path. */
    static Set<Start> starts() {
        return TABLE.starts();
    }

    record Start(RunStatus status, String madeBy) {}

    record Row(RunStatus from, RunStatus to) {}

    record EngineMove(RunStatus from, RunStatus to, String through) {}

    /**
     * @param allowed the rows again, as they are looked up
     */
    private record Table(
            Set<Start> starts,
            Set<Row> rows,
            Set<EngineMove> engineMoves,
            Map<RunStatus, Set<RunStatus>> allowed) {}

    /** Builds the table and refuses what no table of a run can hold. */
    static final class Builder {
        // In the order of writing, which is the order of the diagram.
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
            Map<RunStatus, Set<RunStatus>> allowed = new EnumMap<>(RunStatus.class);
            for (RunStatus from : RunStatus.values()) {
                allowed.put(from, EnumSet.noneOf(RunStatus.class));
            }
            rows.forEach(row -> allowed.get(row.from()).add(row.to()));
            return new Table(starts, rows, engineMoves, allowed);
        }
    }
}
