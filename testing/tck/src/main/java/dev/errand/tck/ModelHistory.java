package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.tck.ModelStorage.ModelArtifact;
import dev.errand.tck.ModelStorage.ModelRun;
import dev.errand.tck.ModelStorage.ModelTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Applies operations to a storage and to a {@link ModelStorage}. Each step predicts the result from
 * the model before it calls the storage.
 */
final class ModelHistory {

    private static final Duration LEASE = Duration.ofSeconds(30);

    private final TestClock clock;
    private final List<Backend> nodes;
    private final ModelStorage model = new ModelStorage();
    private final List<ModelTask> tasks = model.tasks;
    private final List<ModelRun> runs = model.runs;
    private final List<ModelArtifact> artifacts = model.artifacts;
    private final List<Lease> leases = new ArrayList<>();

    /** The part of the step's number that has not been used for a choice yet. */
    private int choices;

    private Backend node;

    ModelHistory(TestClock clock, List<Backend> nodes) {
        this.clock = clock;
        this.nodes = nodes;
        this.node = nodes.get(0);
    }

    /** Executes one operation. The number determines the operation and all its arguments. */
    void step(int number) {
        choices = number;
        int operation = choose(14);
        node = nodes.get(choose(2));
        switch (operation) {
            case 0, 1 -> insertTask();
            case 2 -> changeTask();
            case 3, 4 -> insertRun();
            case 5 -> stageArtifact();
            case 6, 7 -> claim();
            case 8, 9, 10 -> changeRun();
            case 11 -> renewLease();
            case 12 -> releaseLease();
            default -> clock.advance(LEASE.dividedBy(1 + choose(4)));
        }
    }

    private int choose(int bound) {
        int chosen = choices % bound;
        choices /= bound;
        return chosen;
    }

    private <T> Optional<T> any(List<T> all) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(choose(all.size())));
    }

    /** docs/invariants.md#i1. */
    private void insertTask() {
        ProjectId project = ModelStorage.PROJECTS.get(choose(2));
        TestTasks task = aTask().createdAt(clock.instant()).withTitle("new");
        NewTask insertion = (choose(3) == 0 ? task.internal() : task).build();
        long number = tasks.stream().filter(each -> each.task.project().equals(project)).count();
        ModelTask expected = new ModelTask(insertion.numbered(project, number));

        assertThat(TestTasks.insertTask(node.tasks(), project, insertion, Optional.empty()))
                .isEqualTo(new InsertResult.Inserted<>(expected.task));
        tasks.add(expected);
    }

    /**
     * docs/invariants.md#i4, #i5: changes the latest or the previous version, in the right or the
     * other project.
     */
    private void changeTask() {
        any(tasks).ifPresent(this::changeTask);
    }

    private void changeTask(ModelTask model) {
        Task read = choose(4) == 0 ? model.before : model.task;
        ProjectId project = choose(4) == 0 ? ModelStorage.other(read.project()) : read.project();
        Task next =
                choose(3) == 0
                        ? read.markDeleted(clock.instant())
                        : read.withDetails(
                                aTask().withTitle("v" + read.version()).details(), clock.instant());

        TaskUpdateResult expected;
        if (model.task.isDeleted() || !project.equals(model.task.project())) {
            expected = new TaskUpdateResult.NotFound();
        } else if (read != model.task) {
            expected = new TaskUpdateResult.Stale();
        } else {
            expected = new TaskUpdateResult.Updated(next);
            model.before = model.task;
            model.task = next;
        }
        assertThat(node.tasks().update(project, next)).isEqualTo(expected);
    }

    /** docs/invariants.md#i2. */
    private void stageArtifact() {
        any(tasks)
                .ifPresent(
                        model -> {
                            ProjectId project = model.task.project();
                            Instant now = clock.instant();
                            Reservation reservation = TestArtifacts.aReservation(model.task, now);
                            StagedArtifact staged = TestArtifacts.finalised(reservation, now);
                            node.staging().reserve(project, List.of(reservation));
                            assertThat(node.staging().stage(project, List.of(staged))).isEmpty();
                            artifacts.add(new ModelArtifact(model, staged));
                        });
    }

    /**
     * docs/invariants.md#i2, #i5: consumes up to two artifacts, which may belong to another task or
     * be consumed already.
     */
    private void insertRun() {
        any(tasks).ifPresent(this::insertRun);
    }

    private void insertRun(ModelTask model) {
        ProjectId project = model.task.project();
        List<ModelArtifact> wanted =
                Stream.of(any(artifacts), any(artifacts))
                        .flatMap(Optional::stream)
                        .distinct()
                        .limit(choose(3))
                        .toList();
        List<ModelArtifact> missing =
                wanted.stream().filter(each -> each.consumed || each.task != model).toList();
        TestRuns run =
                aRun(model.task)
                        .createdAt(clock.instant())
                        .consuming(ids(wanted).toArray(ArtifactId[]::new));
        NewRun insertion = (choose(3) == 0 ? run : run.queuedAt(clock.instant())).build();

        RunInsertResult answer = node.runs().insert(project, insertion, Optional.empty());

        if (model.task.isDeleted()) {
            assertThat(answer).isEqualTo(new RunInsertResult.TaskNotFound());
        } else if (!missing.isEmpty()) {
            assertThat(answer).isEqualTo(new RunInsertResult.ArtifactsNotFound(ids(missing)));
        } else {
            ModelRun expected = new ModelRun(withManifest(insertion.stored(), wanted));
            assertThat(answer)
                    .isEqualTo(
                            new RunInsertResult.Inserted(
                                    new TaskWithLatestRun(
                                            model.task, Optional.of(expected.run.run()))));
            wanted.forEach(each -> each.consumed = true);
            model.runs.add(expected);
            runs.add(expected);
        }
    }

    private static List<ArtifactId> ids(List<ModelArtifact> artifacts) {
        return artifacts.stream().map(each -> each.staged.artifact().id()).toList();
    }

    private static StoredRun withManifest(StoredRun run, List<ModelArtifact> artifacts) {
        List<Artifact> manifest = artifacts.stream().map(each -> each.staged.artifact()).toList();
        return run.withRun(run.run().withArtifacts(manifest));
    }

    /**
     * docs/invariants.md#i5, #i6: exactly the claimable runs are claimed, each under a greater
     * token.
     */
    private void claim() {
        ProjectId only = ModelStorage.PROJECTS.get(choose(2));
        ProjectScope scope =
                choose(2) == 0 ? ProjectScope.everyProject() : ProjectScope.only(Set.of(only));
        int max = 1 + choose(3);
        Instant now = clock.instant();
        List<ModelRun> claimable =
                runs.stream()
                        .filter(each -> scope.includes(each.run.project()))
                        .filter(each -> each.isClaimableAt(now))
                        .toList();
        ConcurrencyLimits limits = anyLimits();
        long allowed = model.allowed(claimable, limits);

        List<ClaimedRun> claimed =
                node.queue().claim(scope, new ClaimRequest("n", max, LEASE).withLimits(limits));

        assertThat(claimed).hasSize((int) Math.min(max, allowed));
        for (ClaimedRun each : claimed) {
            ModelRun model =
                    claimable.stream()
                            .filter(one -> one.run.equals(each.stored()))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("not claimable: " + each));
            assertThat(model.isClaimableAt(now)).as("claimed once").isTrue();
            assertThat(each.lease().token()).isGreaterThan(model.lastToken);
            assertThat(each.lease().until()).isEqualTo(now.plus(LEASE));
            model.lease = Optional.of(each.lease());
            model.lastToken = each.lease().token();
            leases.add(each.lease());
        }
    }

    private ConcurrencyLimits anyLimits() {
        ConcurrencyLimits limits = ConcurrencyLimits.NONE;
        limits = choose(3) == 0 ? limits.withPerProject(choose(3)) : limits;
        limits = choose(3) == 0 ? limits.withTotal(choose(4)) : limits;
        return choose(4) == 0
                ? limits.withProjectOverrides(Map.of(ModelStorage.PROJECTS.get(0), 2))
                : limits;
    }

    /**
     * docs/invariants.md#i3, #i4, #i5, #i6: changes the latest or the previous version, with any
     * lease or none.
     */
    private void changeRun() {
        any(runs).ifPresent(this::changeRun);
    }

    private void changeRun(ModelRun model) {
        StoredRun read = choose(5) == 0 ? model.before : model.run;
        ProjectId project = choose(6) == 0 ? ModelStorage.other(read.project()) : read.project();
        StoredRun after = decide(read);
        boolean ended = read.run().status().isTerminal();
        if (ended
                && after.run().status().isTerminal()
                && read.run().status() != after.run().status()) {
            return; // The model has no transition from one terminal status to another.
        }
        Optional<Lease> under = anyLeaseOf(read);
        RunChange change = ended ? RunChange.reopening(read, after) : RunChange.of(read, after);
        change = under.isPresent() ? change.withLease(under.get()) : change;
        change = under.isPresent() && choose(3) == 0 ? change.releasingLease() : change;

        RunUpdateResult expected = expectAdvance(model, project, change);
        assertThat(node.runs().update(project, change)).isEqualTo(expected);
        assertThat(
                        node.runs()
                                .findIncludingDeleted(
                                        model.run.project(), model.run.task(), model.run.id()))
                .contains(model.run);
    }

    private RunUpdateResult expectAdvance(ModelRun model, ProjectId project, RunChange change) {
        if (!project.equals(model.run.project())) {
            return new RunUpdateResult.NotFound();
        }
        if (change.lease().isPresent() && !isLatest(model, change.lease().get())) {
            return new RunUpdateResult.LeaseLost();
        }
        if (change.before() != model.run) {
            return new RunUpdateResult.Stale(model.run);
        }
        assertThat(change.after().run().updatedAt()).isAfter(model.run.run().updatedAt());
        model.before = model.run;
        model.run = change.after();
        if (change.releasesLease() || model.run.entry().isEmpty()) {
            model.lease = Optional.empty();
        }
        return new RunUpdateResult.Updated(model.run);
    }

    private StoredRun decide(StoredRun read) {
        Instant now = clock.instant();
        Run.Builder edit = read.run().change(now);
        return switch (choose(8)) {
            case 0 -> read.withRun(edit.stage(Optional.of("stage " + now)).build());
            case 1 -> read.withRun(edit.status(RunStatus.IN_PROGRESS).build());
            case 2 -> read.withRun(edit.endedWith(RunStatus.COMPLETED, EndReason.REPORTED).build());
            case 3 ->
                    StoredRun.withoutEntry(
                            edit.endedWith(RunStatus.FAILED, EndReason.SANDBOX_LOST).build());
            case 4 ->
                    new StoredRun(
                            edit.status(RunStatus.QUEUED).nextAttempt().build(),
                            Optional.of(QueueEntry.queued(now, choose(3) - 1, RunTimeouts.NONE)));
            case 5 ->
                    read.withRun(
                            edit.nextAttempt().build(),
                            entry -> entry.launchFailed("no", now.plus(LEASE)));
            case 6 -> read.withRun(edit.build(), entry -> entry.stopping(StopReason.ENDED, now));
            default -> read.withRun(edit.build(), entry -> entry.launched("box", now));
        };
    }

    private Optional<Lease> anyLeaseOf(StoredRun run) {
        List<Lease> ofRun = leases.stream().filter(each -> each.run().equals(run.id())).toList();
        return choose(2) == 0 ? any(ofRun) : Optional.empty();
    }

    private static boolean isLatest(ModelRun model, Lease lease) {
        return model.lease.filter(held -> held.token() == lease.token()).isPresent();
    }

    private ModelRun modelOf(Lease lease) {
        return runs.stream()
                .filter(each -> each.run.id().equals(lease.run()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * docs/invariants.md#i5, #i6: an owner may renew an expired lease, but not a superseded one.
     */
    private void renewLease() {
        any(leases)
                .ifPresent(
                        lease -> {
                            ModelRun model = modelOf(lease);
                            ProjectId project =
                                    choose(5) == 0
                                            ? ModelStorage.other(lease.project())
                                            : lease.project();
                            Optional<ClaimedRun> expected = Optional.empty();
                            if (isLatest(model, lease) && project.equals(lease.project())) {
                                Lease renewed =
                                        new Lease(
                                                project,
                                                lease.run(),
                                                lease.owner(),
                                                lease.token(),
                                                clock.instant().plus(LEASE));
                                model.lease = Optional.of(renewed);
                                expected =
                                        Optional.of(
                                                new ClaimedRun(
                                                        model.run.run(),
                                                        model.run.entry().orElseThrow(),
                                                        renewed));
                            }
                            Lease used =
                                    new Lease(
                                            project,
                                            lease.run(),
                                            lease.owner(),
                                            lease.token(),
                                            lease.until());
                            assertThat(node.queue().renew(List.of(used), LEASE).get(0))
                                    .isEqualTo(expected);
                        });
    }

    /** docs/invariants.md#i6. */
    private void releaseLease() {
        any(leases)
                .ifPresent(
                        lease -> {
                            ModelRun model = modelOf(lease);
                            boolean latest = isLatest(model, lease);
                            assertThat(node.queue().release(lease)).isEqualTo(latest);
                            model.lease = latest ? Optional.empty() : model.lease;
                        });
    }

    /** Verifies that the storage equals the model: docs/invariants.md#i2, #i4, #i5, #i9. */
    void verifyEverything() {
        model.verify(node, clock.instant());
    }
}
