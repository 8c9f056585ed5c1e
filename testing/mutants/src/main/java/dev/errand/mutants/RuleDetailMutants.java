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
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

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
            rule(W1, RunStore.class, "update", "a stage cannot be cleared", change(it -> it.after().stage().isEmpty(), it -> edited(it, edit -> edit.stage(it.before().stage())))),
            rule(W1, RunStore.class, "update", "added artifacts replace the manifest", change(RuleDetailMutants::addsToAManifest, it -> edited(it, edit -> edit.artifacts(added(it))))),
            rule(W1, RunStore.class, "update", "a report after the end changes the completion time", change(it -> it.before().status().isTerminal() && !it.after().errorMessage().equals(it.before().errorMessage()), it -> ended(it.after(), it.after().endReason(), Optional.of(it.after().updatedAt())))),
            rule(W1, TaskStore.class, "insert", "the CI prompt is lost", RuleDetailMutants::withoutCiPrompt),
            rule(W1, TaskStore.class, "update", "a concurrent change is overwritten", RuleDetailMutants::slowAndLastWriterWins),
            rule(W1, TaskStore.class, "update", "the deletion time is too early", RuleDetailMutants::deletedEarlier),
            rule(W6, TaskStore.class, "list", "the status filter is ignored", call -> call.proceedWith(1, ofAnyStatus(call.argument(1)))),
            rule(W1, RunStore.class, "insert", "the model is replaced by an older one", state("claude-opus-4-7", "claude-opus-4-6")),
            rule(W6, RunStore.class, "list", "the offset is ignored", call -> call.proceedWith(2, new PageRequest(call.<PageRequest>argument(2).limit(), 0))),
            rule(W6, RunLog.class, "read", "the log is always read from the beginning", call -> call.proceedWith(3, 0L)),
            rule(W5, StagingStore.class, "stage", "a second finalization is ignored", StagingStoreMutants::keepsTheFirst),
            dispatcher(W3, RunStore.class, "update", "drops the timeouts of the run", DispatcherMutants.written(run -> true, run -> run.withDispatch(run.dispatch().withScheduling(run.dispatch().priority(), RunTimeouts.DEFAULTS)))),
            dispatcher(W3, RunStore.class, "update", "records a stop a second too early", DispatcherMutants.written(run -> run.dispatch().stop().isPresent() && run.dispatch().phase().isActive(), run -> run.withDispatch(RuleMutants.due(run.dispatch(), run.dispatch().dueAt().orElseThrow().minusSeconds(1))))),
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
                run -> {
                    String text = run.state().text().replace(quoted(value), quoted(other));
                    Run.Builder edit = run.change(run.updatedAt()).state(JsonText.of(text));
                    return RuleMutants.asVersionOf(run, edit.build());
                });
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static Run launchedIfQueued(Run run) {
        return run.status() == RunStatus.QUEUED
                        && run.dispatch().equals(DispatchState.NOT_REQUESTED)
                ? run.withDispatch(DispatchState.NOT_REQUESTED.queued(run.createdAt()))
                : run;
    }

    /** Alters the run that results from a caller's change, if the change matches. */
    private static Defect change(Predicate<RunChange> matching, Function<RunChange, Run> broken) {
        return RunStoreMutants.change(
                change ->
                        change.lease().isEmpty() && matching.test(change)
                                ? RuleMutants.to(broken.apply(change), change)
                                : change);
    }

    private static Run edited(RunChange change, UnaryOperator<Run.Builder> broken) {
        Run after = change.after();
        return RuleMutants.asVersionOf(
                after, broken.apply(after.change(after.updatedAt())).build());
    }

    private static boolean addsToAManifest(RunChange change) {
        int before = change.before().artifacts().size();
        return before > 0 && change.after().artifacts().size() > before;
    }

    private static List<Artifact> added(RunChange change) {
        List<Artifact> after = change.after().artifacts();
        return after.subList(change.before().artifacts().size(), after.size());
    }

    private static Run ended(Run run, Optional<EndReason> reason, Optional<Instant> at) {
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
                run.dispatch(),
                reason,
                run.createdAt(),
                run.updatedAt(),
                at);
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
                filter.createdBy(),
                filter.organization(),
                filter.originProduct(),
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
        Run end = RuleMutants.asVersionOf(change.intermediate().orElseThrow(), change.after());
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
}
