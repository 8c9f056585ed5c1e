package dev.errand.jdbc;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.RunTimeouts;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithLatestRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A task with its latest run as one payload: the first answer to a request, which stays what it was
 * while task and run go on.
 */
final class Snapshot {

    /** Without terms; all that the first release knows. */
    private static final int PLAIN = 1;

    /** With the terms of the run behind it. */
    private static final int WITH_TERMS = 2;

    private static final Map<String, DispatchState.Phase> PHASES =
            Stored.index(DispatchState.Phase.values());
    private static final Map<String, DispatchState.StopReason> STOP_CAUSES =
            Stored.index(DispatchState.StopReason.values());
    private static final Map<String, EndReason> END_REASONS = Stored.index(EndReason.values());

    private Snapshot() {}

    static byte[] pack(TaskWithLatestRun answer) {
        DispatchState dispatch = answer.latestRun().map(Run::dispatch).orElse(DispatchState.NONE);
        boolean plain = dispatch.priority() == 0 && dispatch.timeouts().equals(RunTimeouts.NONE);
        // As long as nothing else needs to be said, the release before reads it too.
        Packer packer = new Packer(plain ? PLAIN : WITH_TERMS);
        write(packer, answer.task());
        packer.optional(answer.latestRun(), run -> write(packer, run));
        if (!plain) {
            writeTerms(packer, dispatch);
        }
        return packer.toBytes();
    }

    private static void writeTerms(Packer packer, DispatchState dispatch) {
        RunTimeouts timeouts = dispatch.timeouts();
        packer.number(dispatch.priority());
        for (Optional<Duration> limit :
                List.of(
                        timeouts.queued(),
                        timeouts.launch(),
                        timeouts.inactivity(),
                        timeouts.total())) {
            packer.optional(limit.map(Duration::toMillis), packer::number);
        }
    }

    static TaskWithLatestRun unpack(ProjectId project, byte[] payload) {
        Unpacker unpacker = new Unpacker(payload, WITH_TERMS);
        Task task = readTask(project, unpacker);
        Optional<Run> run = unpacker.optional(() -> readRun(task, unpacker));
        return new TaskWithLatestRun(
                task,
                unpacker.format() == PLAIN
                        ? run
                        : run.map(
                                found ->
                                        found.withDispatch(readTerms(unpacker, found.dispatch()))));
    }

    private static DispatchState readTerms(Unpacker unpacker, DispatchState dispatch) {
        return dispatch.withScheduling(
                unpacker.smallNumber(),
                new RunTimeouts(
                        readLimit(unpacker),
                        readLimit(unpacker),
                        readLimit(unpacker),
                        readLimit(unpacker)));
    }

    private static Optional<Duration> readLimit(Unpacker unpacker) {
        return unpacker.optional(unpacker::number).map(Duration::ofMillis);
    }

    private static void write(Packer packer, Task task) {
        TaskDetails details = task.details();
        packer.id(task.id().value())
                .number(task.number())
                .number(task.version())
                .text(details.title())
                .flag(details.titleManuallySet())
                .text(details.description())
                .text(details.originProduct().wire())
                .text(details.repository())
                .optional(details.githubIntegration(), packer::number)
                .optional(details.githubUserIntegration(), packer::id)
                .optional(details.signalReport(), packer::id)
                .text(details.jsonSchema().map(JsonText::text))
                .flag(details.internal())
                .text(details.ciPrompt())
                .optional(task.createdBy().map(UserId::value), packer::number)
                .time(task.createdAt())
                .time(task.updatedAt())
                .optional(task.deletedAt(), packer::time);
    }

    private static Task readTask(ProjectId project, Unpacker unpacker) {
        return new Task(
                project,
                TaskId.of(unpacker.id()),
                unpacker.number(),
                unpacker.number(),
                new TaskDetails(
                        unpacker.text(),
                        unpacker.flag(),
                        unpacker.text(),
                        Stored.wire(unpacker.text(), OriginProduct::fromWire),
                        unpacker.textOrNothing(),
                        unpacker.optional(unpacker::number),
                        unpacker.optional(unpacker::id),
                        unpacker.optional(unpacker::id),
                        unpacker.textOrNothing().map(JsonText::of),
                        unpacker.flag(),
                        unpacker.textOrNothing()),
                unpacker.optional(unpacker::number).map(UserId::of),
                unpacker.time(),
                unpacker.time(),
                unpacker.timeOrNothing());
    }

    private static void write(Packer packer, Run run) {
        DispatchState dispatch = run.dispatch();
        packer.id(run.id().value())
                .number(run.version())
                .text(run.status().wire())
                .text(run.environment().wire())
                .text(run.stage())
                .text(run.branch())
                .text(run.errorMessage())
                .text(run.output().map(JsonText::text))
                .text(run.state().text());
        Manifest.write(packer, run.artifacts());
        packer.text(Stored.of(dispatch.phase()))
                .number(dispatch.attempt())
                .number(dispatch.failures())
                .optional(dispatch.queuedAt(), packer::time)
                .optional(dispatch.dueAt(), packer::time)
                .text(dispatch.handle())
                .text(dispatch.lastFailure())
                .text(dispatch.stop().map(Stored::of))
                .text(run.endReason().map(Stored::of))
                .time(run.createdAt())
                .time(run.updatedAt())
                .optional(run.completedAt(), packer::time);
    }

    private static Run readRun(Task task, Unpacker unpacker) {
        return new Run(
                task.project(),
                task.id(),
                RunId.of(unpacker.id()),
                unpacker.number(),
                Stored.wire(unpacker.text(), RunStatus::fromWire),
                Stored.wire(unpacker.text(), RunEnvironment::fromWire),
                unpacker.textOrNothing(),
                unpacker.textOrNothing(),
                unpacker.textOrNothing(),
                unpacker.textOrNothing().map(JsonText::of),
                JsonText.of(unpacker.text()),
                Manifest.read(unpacker),
                new DispatchState(
                        Stored.constant(unpacker.text(), PHASES),
                        unpacker.smallNumber(),
                        unpacker.smallNumber(),
                        unpacker.timeOrNothing(),
                        unpacker.timeOrNothing(),
                        unpacker.textOrNothing(),
                        unpacker.textOrNothing(),
                        unpacker.textOrNothing().map(text -> Stored.constant(text, STOP_CAUSES)),
                        0,
                        RunTimeouts.NONE),
                unpacker.textOrNothing().map(text -> Stored.constant(text, END_REASONS)),
                unpacker.time(),
                unpacker.time(),
                unpacker.timeOrNothing());
    }
}
