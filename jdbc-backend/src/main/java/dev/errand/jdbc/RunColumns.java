package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.RunTimeouts;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a run stands in its row; its lease stands there too, and belongs to the queue. */
final class RunColumns {

    /** What a run is read from, in the order of {@link #read}. */
    static final String READ =
            """
            id, task_id, version, status, environment, stage, branch, error_message, output, \
            state, artifacts, phase, attempt, failures, queued_at, due_at, handle, last_failure, \
            stop_cause, priority, queued_limit, launch_limit, inactivity_limit, total_limit, \
            end_reason, created_at, updated_at, completed_at""";

    private static final Map<String, DispatchState.Phase> PHASES =
            Stored.index(DispatchState.Phase.values());
    private static final Map<String, DispatchState.StopReason> STOP_CAUSES =
            Stored.index(DispatchState.StopReason.values());
    private static final Map<String, EndReason> END_REASONS = Stored.index(EndReason.values());

    private RunColumns() {}

    /** {@link #READ} of a table with this alias. */
    static String of(String alias) {
        return of(alias, READ);
    }

    static String of(String alias, String columns) {
        return Stream.of(columns.split(", "))
                .map(column -> alias + "." + column)
                .collect(Collectors.joining(", "));
    }

    static Run read(ProjectId project, Row row) throws SQLException {
        return read(project, row.id(), row);
    }

    /** The run of a row of an outer join, if there is one. */
    static Optional<Run> readOrNothing(ProjectId project, Row row) throws SQLException {
        Optional<UUID> id = row.idOrNothing();
        return id.isEmpty() ? Optional.empty() : Optional.of(read(project, id.get(), row));
    }

    private static Run read(ProjectId project, UUID id, Row row) throws SQLException {
        TaskId task = TaskId.of(row.id());
        long version = row.number();
        RunStatus status = Stored.wire(row.text(), RunStatus::fromWire);
        RunEnvironment environment = Stored.wire(row.text(), RunEnvironment::fromWire);
        Optional<String> stage = row.textOrNothing();
        Optional<String> branch = row.textOrNothing();
        Optional<String> errorMessage = row.textOrNothing();
        Optional<JsonText> output = row.jsonOrNothing();
        JsonText state = JsonText.of(row.text());
        List<Artifact> artifacts = row.bytesOrNothing().map(Manifest::unpack).orElse(List.of());
        DispatchState dispatch = readDispatch(row);
        Optional<EndReason> endReason =
                row.textOrNothing().map(text -> Stored.constant(text, END_REASONS));
        Instant createdAt = row.time();
        return new Run(
                project,
                task,
                RunId.of(id),
                version,
                status,
                environment,
                stage,
                branch,
                errorMessage,
                output,
                state,
                artifacts,
                dispatch,
                endReason,
                createdAt,
                row.time(),
                row.timeOrNothing());
    }

    private static DispatchState readDispatch(Row row) throws SQLException {
        return new DispatchState(
                Stored.constant(row.text(), PHASES),
                Math.toIntExact(row.number()),
                Math.toIntExact(row.number()),
                row.timeOrNothing(),
                row.timeOrNothing(),
                row.textOrNothing(),
                row.textOrNothing(),
                row.textOrNothing().map(text -> Stored.constant(text, STOP_CAUSES)),
                Math.toIntExact(row.number()),
                readDeadlines(row));
    }

    private static RunTimeouts readDeadlines(Row row) throws SQLException {
        Optional<Duration> queued = readLimit(row);
        Optional<Duration> launch = readLimit(row);
        Optional<Duration> inactivity = readLimit(row);
        Optional<Duration> total = readLimit(row);
        // Nearly all runs have none, and need no object of their own.
        return queued.isEmpty() && launch.isEmpty() && inactivity.isEmpty() && total.isEmpty()
                ? RunTimeouts.NONE
                : new RunTimeouts(queued, launch, inactivity, total);
    }

    private static Optional<Duration> readLimit(Row row) throws SQLException {
        return row.numberOrNothing().map(Duration::ofMillis);
    }

    /** The members of a run that can change, in the order of the statements that write them. */
    static <P extends Parameters<P>> P bindChanging(P call, Run run) throws SQLException {
        DispatchState dispatch = run.dispatch();
        return call.number(run.version())
                .text(run.status().wire())
                .text(run.environment().wire())
                .text(run.stage())
                .text(run.branch())
                .text(run.errorMessage())
                .json(run.output())
                .text(run.state().text())
                .bytes(Manifest.pack(run.artifacts()))
                .text(Stored.of(dispatch.phase()))
                .number(dispatch.attempt())
                .number(dispatch.failures())
                .time(dispatch.queuedAt())
                .time(dispatch.dueAt())
                .text(dispatch.handle())
                .text(dispatch.lastFailure())
                .text(dispatch.stop().map(Stored::of))
                .number(dispatch.priority())
                .number(dispatch.timeouts().queued().map(Duration::toMillis))
                .number(dispatch.timeouts().launch().map(Duration::toMillis))
                .number(dispatch.timeouts().inactivity().map(Duration::toMillis))
                .number(dispatch.timeouts().total().map(Duration::toMillis))
                .text(run.endReason().map(Stored::of))
                .time(run.updatedAt())
                .time(run.completedAt());
    }
}
