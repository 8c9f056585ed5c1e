package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
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

/**
 * Maps runs to and from the columns of their rows, without the lease, which {@link JdbcRunQueue}
 * maps.
 */
final class RunColumns {

    /** The columns of a run, in the order of {@link #read}. */
    static final String COLUMNS =
            """
            id, task_id, version, status, environment, stage, branch, error_message, output, \
            state, artifacts, phase, attempt, failures, queued_at, due_at, handle, last_failure, \
            stop_cause, priority, queued_limit, launch_limit, inactivity_limit, total_limit, \
            end_reason, created_at, updated_at, completed_at""";

    private static final Map<String, DispatchState.Phase> PHASES =
            EnumText.index(DispatchState.Phase.values());
    private static final Map<String, DispatchState.StopReason> STOP_REASONS =
            EnumText.index(DispatchState.StopReason.values());
    private static final Map<String, EndReason> END_REASONS = EnumText.index(EndReason.values());

    private RunColumns() {}

    /** Returns {@link #COLUMNS} with a table alias. */
    static String qualified(String alias) {
        return qualified(alias, COLUMNS);
    }

    static String qualified(String alias, String columns) {
        return Stream.of(columns.split(", "))
                .map(column -> alias + "." + column)
                .collect(Collectors.joining(", "));
    }

    static Run read(ProjectId project, ResultRow row) throws SQLException {
        return read(project, row.id(), row);
    }

    /** Returns the run of a row of an outer join, or empty if there is none. */
    static Optional<Run> readOptional(ProjectId project, ResultRow row) throws SQLException {
        Optional<UUID> id = row.optionalId();
        return id.isEmpty() ? Optional.empty() : Optional.of(read(project, id.get(), row));
    }

    private static Run read(ProjectId project, UUID id, ResultRow row) throws SQLException {
        TaskId task = TaskId.of(row.id());
        long version = row.number();
        RunStatus status = EnumText.parseWire(row.text(), RunStatus::fromWire);
        RunEnvironment environment = EnumText.parseWire(row.text(), RunEnvironment::fromWire);
        Optional<String> stage = row.optionalText();
        Optional<String> branch = row.optionalText();
        Optional<String> errorMessage = row.optionalText();
        Optional<JsonText> output = row.optionalJson();
        JsonText state = JsonText.of(row.text());
        List<Artifact> artifacts = row.optionalBytes().map(ManifestCodec::decode).orElse(List.of());
        DispatchState dispatch = readDispatch(row);
        Optional<EndReason> endReason =
                row.optionalText().map(text -> EnumText.parse(text, END_REASONS));
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
                row.optionalTime());
    }

    private static DispatchState readDispatch(ResultRow row) throws SQLException {
        return new DispatchState(
                EnumText.parse(row.text(), PHASES),
                Math.toIntExact(row.number()),
                Math.toIntExact(row.number()),
                row.optionalTime(),
                row.optionalTime(),
                row.optionalText(),
                row.optionalText(),
                row.optionalText().map(text -> EnumText.parse(text, STOP_REASONS)),
                Math.toIntExact(row.number()),
                readTimeouts(row));
    }

    private static RunTimeouts readTimeouts(ResultRow row) throws SQLException {
        Optional<Duration> queued = readLimit(row);
        Optional<Duration> launch = readLimit(row);
        Optional<Duration> inactivity = readLimit(row);
        Optional<Duration> total = readLimit(row);
        // Most runs have none and share one object.
        return queued.isEmpty() && launch.isEmpty() && inactivity.isEmpty() && total.isEmpty()
                ? RunTimeouts.DEFAULTS
                : new RunTimeouts(queued, launch, inactivity, total);
    }

    private static Optional<Duration> readLimit(ResultRow row) throws SQLException {
        return row.optionalNumber().map(Duration::ofMillis);
    }

    /** Binds the mutable columns, in the order of the statements that write them. */
    static <P extends ParameterBinder<P>> P bindMutableColumns(P binder, Run run)
            throws SQLException {
        DispatchState dispatch = run.dispatch();
        return binder.number(run.version())
                .text(run.status().wire())
                .text(run.environment().wire())
                .text(run.stage())
                .text(run.branch())
                .text(run.errorMessage())
                .json(run.output())
                .text(run.state().text())
                .bytes(ManifestCodec.encode(run.artifacts()))
                .text(EnumText.of(dispatch.phase()))
                .number(dispatch.attempt())
                .number(dispatch.failures())
                .time(dispatch.queuedAt())
                .time(dispatch.dueAt())
                .text(dispatch.handle())
                .text(dispatch.lastFailure())
                .text(dispatch.stop().map(EnumText::of))
                .number(dispatch.priority())
                .number(dispatch.timeouts().queued().map(Duration::toMillis))
                .number(dispatch.timeouts().launch().map(Duration::toMillis))
                .number(dispatch.timeouts().inactivity().map(Duration::toMillis))
                .number(dispatch.timeouts().total().map(Duration::toMillis))
                .text(run.endReason().map(EnumText::of))
                .time(run.updatedAt())
                .time(run.completedAt());
    }
}
