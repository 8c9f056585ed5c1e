package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W4;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * Engines with a broken rule, simulated by altering their calls of the storage: a caller's request
 * results in a wrong change.
 */
final class RuleMutants {

    private static final Duration YEAR = Duration.ofDays(365);

    private RuleMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            mutant(W1, "update", "a report clears the output", after((run, edit) -> edit.output(Optional.empty()))),
            mutant(W1, "update", "a report clears the branch", after((run, edit) -> edit.branch(Optional.empty()))),
            mutant(W1, "update", "the error message of a report is lost", after((run, edit) -> edit.errorMessage(Optional.empty()))),
            mutant(W1, "update", "a report clears the state", after((run, edit) -> edit.state(JsonText.of("{}")))),
            mutant(W1, "update", "the stage of a report is lost", after((run, edit) -> edit.stage(Optional.empty()))),
            mutant(W1, "insert", "the reasoning effort is lost", without("reasoning_effort")),
            mutant(W1, "insert", "the authorship mode is lost", without("pr_authorship_mode")),
            mutant(W1, "insert", "the credential source is lost", without("github_credential_source")),
            mutant(W1, "insert", "the id of the resumed run is lost", without("resume_from_run_id")),
            mutant(W3, "insert", "the timeouts of the run are lost", RunStoreMutants.run(stored -> stored.withRun(stored.run(), RuleMutants::withoutTimeouts))),
            mutant(W1, "update", "the response shows the previous state", RuleMutants::returnsPreviousState),
            new Mutant(Part.RULE, W3, TaskStore.class, "update", "a deletion has no effect", RuleMutants::deletesNothing),
            new Mutant(Part.RULE, W5, RunQueue.class, "settleAndClaim", "the output of a worker is lost", call -> call.proceedWith(0, withoutOutputsOfWorkers(call.argument(0)))),
            new Mutant(Part.RULE, W5, StagingStore.class, "stage", "no artifact is staged", call -> List.of()),
            new Mutant(Part.RULE, W5, StagingStore.class, "reserve", "no reservation is stored", call -> null),
            mutant(W2, "insert", "a started run is not queued", RunStoreMutants.run(stored -> StoredRun.withoutEntry(stored.run()))),
            mutant(W2, "insert", "a started run is due a year late", RunStoreMutants.run(RunStoreMutants::queuedLater)),
            mutant(W2, "update", "a restarted run is not queued", entry((run, entry) -> Optional.of(entry).filter(it -> run.status() != RunStatus.QUEUED))),
            mutant(W2, "update", "a restarted run is due a year late", entry((run, entry) -> Optional.of(run.status() == RunStatus.QUEUED ? due(entry, entry.dueAt().plus(YEAR)) : entry))),
            mutant(W3, "update", "the sandbox of an ended run is not stopped", entry((run, entry) -> Optional.of(run.status().isTerminal() ? withoutStop(entry) : entry))),
            mutant(W3, "update", "the sandbox of an ended run is stopped a year late", entry((run, entry) -> Optional.of(run.status().isTerminal() ? due(entry, entry.dueAt().plus(YEAR)) : entry))),
            mutant(W4, "update", "the sandbox of an ended run is forgotten", entry((run, entry) -> Optional.of(entry).filter(it -> !run.status().isTerminal()))),
            mutant(W4, "update", "the sandbox is forgotten at every report", entry((run, entry) -> Optional.empty())),
            mutant(W4, "update", "a restarted run does not wait for its old sandbox", entry((run, entry) -> Optional.of(RuleMutants.mustStopToRestart(entry) ? QueueEntry.queued(entry.dueAt()) : entry))),
            mutant(W4, "update", "the sandbox of an ended run has no time to finish", entry((run, entry) -> Optional.of(entry.stopReason().isPresent() ? due(entry, run.updatedAt()) : entry))),
            mutant(W5, "insert", "the idempotency key is ignored", Defects.keyIgnored(2)),
            mutant(W5, "insert", "the request of an idempotency key is not compared", Defects.requestNotCompared(2)),
            mutant(W5, "insert", "the operation of an idempotency key is not compared", call -> call.proceedWith(2, call.<Optional<Idempotency>>argument(2).map(RuleMutants::ofAnyOperation))),
            mutant(W5, "insert", "staged artifacts are not consumed", RunStoreMutants::consumesNothing),
            ofTask(W6, "list", "the filter is ignored", call -> call.proceedWith(1, TaskFilter.DEFAULT)),
            ofTask(W6, "list", "the project is ignored", Defects.anyProject()),
            ofTask(W6, "find", "the project is ignored", Defects.anyProject()),
            mutant(W6, "list", "the project is ignored", Defects.anyProject()));
    // spotless:on

    private static Mutant mutant(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, failureMode, RunStore.class, method, name, defect);
    }

    private static Mutant ofTask(
            FailureMode failureMode, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, failureMode, TaskStore.class, method, name, defect);
    }

    /** Removes a member from the state of a new run. */
    static Defect without(String member) {
        String text = "\"%s\":\"[^\"]*\",?".formatted(member);
        return RunStoreMutants.run(
                stored -> {
                    String state = stored.run().state().text();
                    String left = state.replaceAll(text, "").replace(",}", "}");
                    return edited(stored, edit -> edit.state(JsonText.of(left)));
                });
    }

    private static Object returnsPreviousState(Call call) {
        RunChange change = call.argument(1);
        Object answer = call.proceed();
        return answer instanceof RunUpdateResult.Updated
                ? new RunUpdateResult.Updated(
                        change.before()
                                .withRun(asVersionOf(change.after().run(), change.before().run())))
                : answer;
    }

    private static Object deletesNothing(Call call) {
        Task next = call.argument(1);
        return next.isDeleted() ? new TaskUpdateResult.Updated(next) : call.proceed();
    }

    private static List<Settlement> withoutOutputsOfWorkers(List<Settlement> settlements) {
        return settlements.stream()
                .map(Settlement::change)
                .map(change -> isByWorker(change) ? withoutOutput(change) : change)
                .map(Settlement::new)
                .toList();
    }

    /** A worker settles runs that were never launched. */
    private static boolean isByWorker(RunChange change) {
        return change.intermediate().isEmpty() && !change.before().isLaunched();
    }

    static RunChange withoutOutput(RunChange change) {
        return to(edited(change.after(), edit -> edit.output(Optional.empty())), change);
    }

    /** Alters the run that results from a caller's change. */
    private static Defect after(BiFunction<Run, Run.Builder, Run.Builder> broken) {
        return changes(stored -> edited(stored, edit -> broken.apply(stored.run(), edit)));
    }

    /** Alters the queue entry that results from a caller's change. */
    private static Defect entry(BiFunction<Run, QueueEntry, Optional<QueueEntry>> broken) {
        return changes(
                stored ->
                        new StoredRun(
                                stored.run(),
                                stored.entry()
                                        .flatMap(entry -> broken.apply(stored.run(), entry))));
    }

    /** Changes with a lease come from a dispatcher and remain unaltered. */
    private static Defect changes(UnaryOperator<StoredRun> broken) {
        return RunStoreMutants.change(
                change ->
                        change.lease().isPresent()
                                ? change
                                : to(broken.apply(change.after()), change));
    }

    /** Returns the same version of a run with other content. */
    static StoredRun edited(StoredRun stored, UnaryOperator<Run.Builder> edit) {
        Run run = stored.run();
        Run after = edit.apply(run.change(run.updatedAt())).build();
        return stored.withRun(asVersionOf(run, after));
    }

    /** Returns a run with the content of {@code after} and the version of {@code version}. */
    static Run asVersionOf(Run version, Run after) {
        return new Run(
                after.project(),
                after.task(),
                after.id(),
                version.version(),
                after.status(),
                after.environment(),
                after.stage(),
                after.branch(),
                after.errorMessage(),
                after.output(),
                after.state(),
                after.artifacts(),
                after.attempt(),
                after.endReason(),
                after.createdAt(),
                version.updatedAt(),
                after.completedAt());
    }

    /** Returns the same change with another resulting run. */
    static RunChange to(StoredRun after, RunChange change) {
        return new RunChange(
                change.before(),
                change.intermediate(),
                after,
                change.reopens(),
                change.lease(),
                change.releasesLease(),
                change.key());
    }

    private static Idempotency ofAnyOperation(Idempotency key) {
        return new Idempotency(key.caller(), "any", key.key(), key.requestHash());
    }

    private static boolean mustStopToRestart(QueueEntry entry) {
        return entry.phase() == QueueEntry.Phase.LAUNCHED
                && entry.stopReason().equals(Optional.of(StopReason.RESTART));
    }

    private static QueueEntry withoutStop(QueueEntry entry) {
        return entry(entry, entry.dueAt(), Optional.empty(), entry.timeouts());
    }

    static QueueEntry withoutTimeouts(QueueEntry entry) {
        return entry(entry, entry.dueAt(), entry.stopReason(), RunTimeouts.NONE);
    }

    static QueueEntry due(QueueEntry entry, Instant at) {
        return entry(entry, at, entry.stopReason(), entry.timeouts());
    }

    private static QueueEntry entry(
            QueueEntry entry, Instant dueAt, Optional<StopReason> stop, RunTimeouts timeouts) {
        return new QueueEntry(
                entry.phase(),
                entry.failures(),
                entry.queuedAt(),
                dueAt,
                entry.handle(),
                entry.lastFailure(),
                stop,
                entry.priority(),
                timeouts);
    }
}
