package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Encodes a task with its latest run as one binary value. It is the stored answer of an idempotent
 * request, and does not change when the task or the run does.
 */
final class TaskSnapshotCodec {

    /** Format without scheduling (priority and timeouts). */
    private static final int PLAIN = 1;

    /** Format with the scheduling of the run at the end. */
    private static final int WITH_SCHEDULING = 2;

    private static final Map<String, DispatchState.Phase> PHASES =
            EnumText.index(DispatchState.Phase.values());
    private static final Map<String, DispatchState.StopReason> STOP_REASONS =
            EnumText.index(DispatchState.StopReason.values());
    private static final Map<String, EndReason> END_REASONS = EnumText.index(EndReason.values());

    private TaskSnapshotCodec() {}

    static byte[] encode(TaskWithLatestRun answer) {
        DispatchState dispatch =
                answer.latestRun().map(Run::dispatch).orElse(DispatchState.NOT_REQUESTED);
        boolean plain =
                dispatch.priority() == 0 && dispatch.timeouts().equals(RunTimeouts.DEFAULTS);
        // Use the older format if it suffices, so that the previous release can read it.
        BinaryWriter writer = new BinaryWriter(plain ? PLAIN : WITH_SCHEDULING);
        write(writer, answer.task());
        writer.optional(answer.latestRun(), run -> write(writer, run));
        if (!plain) {
            writeScheduling(writer, dispatch);
        }
        return writer.toBytes();
    }

    private static void writeScheduling(BinaryWriter writer, DispatchState dispatch) {
        RunTimeouts timeouts = dispatch.timeouts();
        writer.number(dispatch.priority());
        for (Optional<Duration> limit :
                List.of(
                        timeouts.queued(),
                        timeouts.launch(),
                        timeouts.inactivity(),
                        timeouts.total())) {
            writer.optional(limit.map(Duration::toMillis), writer::number);
        }
    }

    static TaskWithLatestRun decode(ProjectId project, byte[] payload) {
        BinaryReader reader = new BinaryReader(payload, WITH_SCHEDULING);
        Task task = readTask(project, reader);
        Optional<Run> run = reader.optional(() -> readRun(task, reader));
        return new TaskWithLatestRun(
                task,
                reader.format() == PLAIN
                        ? run
                        : run.map(
                                found ->
                                        found.withDispatch(
                                                readScheduling(reader, found.dispatch()))));
    }

    private static DispatchState readScheduling(BinaryReader reader, DispatchState dispatch) {
        return dispatch.withScheduling(
                reader.intNumber(),
                new RunTimeouts(
                        readLimit(reader),
                        readLimit(reader),
                        readLimit(reader),
                        readLimit(reader)));
    }

    private static Optional<Duration> readLimit(BinaryReader reader) {
        return reader.optional(reader::number).map(Duration::ofMillis);
    }

    private static void write(BinaryWriter writer, Task task) {
        TaskDetails details = task.details();
        writer.id(task.id().value())
                .number(task.number())
                .number(task.version())
                .text(details.title())
                .flag(details.titleManuallySet())
                .text(details.description())
                .text(details.originProduct().wire())
                .text(details.repository())
                .optional(details.githubIntegration(), writer::number)
                .optional(details.githubUserIntegration(), writer::id)
                .optional(details.signalReport(), writer::id)
                .text(details.jsonSchema().map(JsonText::text))
                .flag(details.internal())
                .text(details.ciPrompt())
                .optional(task.createdBy().map(UserId::value), writer::number)
                .time(task.createdAt())
                .time(task.updatedAt())
                .optional(task.deletedAt(), writer::time);
    }

    private static Task readTask(ProjectId project, BinaryReader reader) {
        return new Task(
                project,
                TaskId.of(reader.id()),
                reader.number(),
                reader.number(),
                new TaskDetails(
                        reader.text(),
                        reader.flag(),
                        reader.text(),
                        EnumText.parseWire(reader.text(), OriginProduct::fromWire),
                        reader.optionalText(),
                        reader.optional(reader::number),
                        reader.optional(reader::id),
                        reader.optional(reader::id),
                        reader.optionalText().map(JsonText::of),
                        reader.flag(),
                        reader.optionalText()),
                reader.optional(reader::number).map(UserId::of),
                reader.time(),
                reader.time(),
                reader.optionalTime());
    }

    private static void write(BinaryWriter writer, Run run) {
        DispatchState dispatch = run.dispatch();
        writer.id(run.id().value())
                .number(run.version())
                .text(run.status().wire())
                .text(run.environment().wire())
                .text(run.stage())
                .text(run.branch())
                .text(run.errorMessage())
                .text(run.output().map(JsonText::text))
                .text(run.state().text());
        ManifestCodec.write(writer, run.artifacts());
        writer.text(EnumText.of(dispatch.phase()))
                .number(dispatch.attempt())
                .number(dispatch.failures())
                .optional(dispatch.queuedAt(), writer::time)
                .optional(dispatch.dueAt(), writer::time)
                .text(dispatch.handle())
                .text(dispatch.lastFailure())
                .text(dispatch.stop().map(EnumText::of))
                .text(run.endReason().map(EnumText::of))
                .time(run.createdAt())
                .time(run.updatedAt())
                .optional(run.completedAt(), writer::time);
    }

    private static Run readRun(Task task, BinaryReader reader) {
        return new Run(
                task.project(),
                task.id(),
                RunId.of(reader.id()),
                reader.number(),
                EnumText.parseWire(reader.text(), RunStatus::fromWire),
                EnumText.parseWire(reader.text(), RunEnvironment::fromWire),
                reader.optionalText(),
                reader.optionalText(),
                reader.optionalText(),
                reader.optionalText().map(JsonText::of),
                JsonText.of(reader.text()),
                ManifestCodec.read(reader),
                new DispatchState(
                        EnumText.parse(reader.text(), PHASES),
                        reader.intNumber(),
                        reader.intNumber(),
                        reader.optionalTime(),
                        reader.optionalTime(),
                        reader.optionalText(),
                        reader.optionalText(),
                        reader.optionalText().map(text -> EnumText.parse(text, STOP_REASONS)),
                        0,
                        RunTimeouts.DEFAULTS),
                reader.optionalText().map(text -> EnumText.parse(text, END_REASONS)),
                reader.time(),
                reader.time(),
                reader.optionalTime());
    }
}
