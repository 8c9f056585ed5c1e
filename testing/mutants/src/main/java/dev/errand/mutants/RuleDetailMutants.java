package dev.errand.mutants;

import static dev.errand.mutants.FailureMode.W1;
import static dev.errand.mutants.FailureMode.W2;
import static dev.errand.mutants.FailureMode.W3;
import static dev.errand.mutants.FailureMode.W5;
import static dev.errand.mutants.FailureMode.W6;

import dev.errand.mutants.Mutant.Defect;
import dev.errand.mutants.Mutant.Part;
import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Engines and dispatchers with a small defect: they are wrong only in a case that a single contract
 * tests.
 */
final class RuleDetailMutants {

    private static final long MOMENT_NANOS = 1_000_000;

    private RuleDetailMutants() {}

    // spotless:off
    static final List<Mutant> ALL = List.of(
            rule(W5, RunStore.class, "insert", "the credential source of the server is stored as that of the caller", state("server_integration", "caller_token")),
            rule(W3, RunStore.class, "insert", "the snapshot of the resumed run is lost", RuleMutants.without("snapshot_external_id")),
            rule(W1, RunStore.class, "insert", "the read-only mode is stored as auto", state("read-only", "auto")),
            rule(W2, RunStore.class, "insert", "a run that the host creates as queued is launched", RunStoreMutants.run(RuleDetailMutants::launchedIfQueued)),
            rule(W1, RunStore.class, "update", "a stage cannot be cleared", change(it -> it.after().run().stage().isEmpty(), it -> RuleMutants.edited(it.after(), edit -> edit.stage(it.before().run().stage())))),
            rule(W1, RunStore.class, "update", "added artifacts replace the manifest", change(RuleDetailMutants::addsToAManifest, it -> RuleMutants.edited(it.after(), edit -> edit.artifacts(added(it))))),
            rule(W1, RunStore.class, "update", "a report after the end changes the completion time", change(RuleDetailMutants::reportsAfterTheEnd, it -> it.after().withRun(endedAtItsUpdate(it.after().run())))),
            rule(W1, TaskStore.class, "insert", "the CI prompt is lost", RuleDetailMutants::withoutCiPrompt),
            rule(W1, TaskStore.class, "update", "a concurrent change is overwritten", RuleDetailMutants::slowAndLastWriterWins),
            rule(W1, TaskStore.class, "update", "the deletion time is too early", RuleDetailMutants::deletedEarlier),
            rule(W6, TaskStore.class, "list", "the status filter is ignored", call -> call.proceedWith(1, ofAnyStatus(call.argument(1)))),
            rule(W1, RunStore.class, "insert", "the model is replaced by an older one", state("claude-opus-4-7", "claude-opus-4-6")),
            rule(W6, RunStore.class, "list", "the offset is ignored", call -> call.proceedWith(2, new PageRequest(call.<PageRequest>argument(2).limit(), 0))),
            rule(W6, RunLog.class, "read", "the log is always read from the beginning", call -> call.proceedWith(3, 0L)),
            rule(W6, RunLog.class, "read", "a watcher skips an entry at every read", call -> call.proceedWith(3, call.<Long>argument(3) + (isWatcher() ? 1 : 0))),
            rule(W3, RetentionStore.class, "eraseTasks", "no project is erased", RetentionStoreMutants::erasesNoProject),
            rule(W5, StagingStore.class, "stage", "a second finalization is ignored", StagingStoreMutants::keepsTheFirst),
            dispatcher(W3, RunStore.class, "update", "drops the timeouts of the run", DispatcherMutants.written(stored -> true, stored -> stored.withRun(stored.run(), RuleMutants::withoutTimeouts))),
            dispatcher(W3, RunStore.class, "update", "records a stop a second too early", DispatcherMutants.written(stored -> stored.stopReason().isPresent(), stored -> stored.withRun(stored.run(), entry -> RuleMutants.due(entry, entry.dueAt().minusSeconds(1))))),
            dispatcher(W1, RunQueue.class, "settleAndClaim", "records an end without its start", call -> call.proceedWith(0, withoutStarts(call.argument(0)))));
    // spotless:on

    private static Mutant rule(
            FailureMode failureMode, Class<?> port, String method, String name, Defect defect) {
        return new Mutant(Part.RULE, failureMode, port, method, name, defect);
    }

    private static Mutant dispatcher(
            FailureMode failureMode, Class<?> port, String method, String name, Defect defect) {
        return new Mutant(Part.DISPATCHER, failureMode, port, method, name, defect);
    }

    /** Replaces a value in the state of a new run. */
    private static Defect state(String value, String other) {
        return RunStoreMutants.run(
                stored -> {
                    String state = stored.run().state().text();
                    JsonText changed = JsonText.of(state.replace(quoted(value), quoted(other)));
                    return RuleMutants.edited(stored, edit -> edit.state(changed));
                });
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static StoredRun launchedIfQueued(StoredRun stored) {
        if (stored.run().status() != RunStatus.QUEUED || stored.entry().isPresent()) {
            return stored;
        }
        Run queued = RuleMutants.edited(stored, Run.Builder::nextAttempt).run();
        return new StoredRun(queued, Optional.of(QueueEntry.queued(queued.createdAt())));
    }

    /** Alters the run that results from a caller's change, if the change matches. */
    private static Defect change(
            Predicate<RunChange> matching, Function<RunChange, StoredRun> broken) {
        return RunStoreMutants.change(
                change ->
                        change.lease().isEmpty() && matching.test(change)
                                ? RuleMutants.to(broken.apply(change), change)
                                : change);
    }

    private static boolean reportsAfterTheEnd(RunChange change) {
        Run before = change.before().run();
        return before.status().isTerminal()
                && !change.after().run().errorMessage().equals(before.errorMessage());
    }

    private static boolean addsToAManifest(RunChange change) {
        int before = change.before().run().artifacts().size();
        return before > 0 && change.after().run().artifacts().size() > before;
    }

    private static List<Artifact> added(RunChange change) {
        List<Artifact> after = change.after().run().artifacts();
        return after.subList(change.before().run().artifacts().size(), after.size());
    }

    private static Run endedAtItsUpdate(Run run) {
        return new Run(
                run.project(),
                run.task(),
                run.id(),
                run.version(),
                run.status(),
                run.environment(),
                run.stage(),
                run.branch(),
                run.errorMessage(),
                run.output(),
                run.state(),
                run.artifacts(),
                run.attempt(),
                run.endReason(),
                run.createdAt(),
                run.updatedAt(),
                Optional.of(run.updatedAt()));
    }

    private static Object withoutCiPrompt(Call call) {
        NewTask task = call.argument(1);
        TaskDetails details = task.details();
        return call.proceedWith(1, detailed(task, details.description(), Optional.empty()));
    }

    private static Object deletedEarlier(Call call) {
        Task task = call.argument(1);
        return call.proceedWith(
                1,
                new Task(
                        task.project(),
                        task.id(),
                        task.number(),
                        task.version(),
                        task.details(),
                        task.createdBy(),
                        task.createdAt(),
                        task.updatedAt(),
                        task.deletedAt().map(at -> task.createdAt())));
    }

    private static TaskFilter ofAnyStatus(TaskFilter filter) {
        return new TaskFilter(
                filter.internal(),
                filter.archived(),
                filter.createdBy(),
                filter.organization(),
                filter.originProduct(),
                filter.excludedOrigin(),
                filter.repository(),
                filter.search(),
                filter.stage(),
                Optional.empty());
    }

    /** Waits, so that concurrent changes overlap as they do with a database. */
    private static Object slowAndLastWriterWins(Call call) {
        LockSupport.parkNanos(MOMENT_NANOS);
        return TaskStoreMutants.lastWriterWins(call);
    }

    private static List<Settlement> withoutStarts(List<Settlement> settlements) {
        return settlements.stream()
                .map(Settlement::change)
                .map(change -> change.intermediate().isEmpty() ? change : withoutStart(change))
                .map(Settlement::new)
                .toList();
    }

    private static RunChange withoutStart(RunChange change) {
        StoredRun end =
                change.after()
                        .withRun(
                                RuleMutants.asVersionOf(
                                        change.intermediate().orElseThrow().run(),
                                        change.after().run()));
        return new RunChange(
                change.before(),
                Optional.empty(),
                end,
                change.reopens(),
                change.lease(),
                change.releasesLease(),
                change.key());
    }

    private static NewTask detailed(NewTask task, String description, Optional<String> ciPrompt) {
        TaskDetails details = task.details();
        return new NewTask(
                task.id(),
                new TaskDetails(
                        details.title(),
                        details.titleManuallySet(),
                        description,
                        details.originProduct(),
                        details.repository(),
                        details.githubIntegration(),
                        details.githubUserIntegration(),
                        details.signalReport(),
                        details.jsonSchema(),
                        details.internal(),
                        ciPrompt),
                task.createdBy(),
                task.createdAt(),
                task.reportRelationship());
    }

    private static boolean isWatcher() {
        return Thread.currentThread().getName().startsWith("errand-watch-");
    }
}
