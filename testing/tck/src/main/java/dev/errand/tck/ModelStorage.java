package dev.errand.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The expected content of a storage with two projects, implemented with lists and loops. */
final class ModelStorage {

    static final List<ProjectId> PROJECTS = List.of(ProjectId.of(7), ProjectId.of(8));

    /** The expected current and previous version of a task. */
    static final class ModelTask {
        Task task;
        Task before;
        final List<ModelRun> runs = new ArrayList<>();

        ModelTask(Task task) {
            this.task = task;
            this.before = task;
        }

        Optional<Run> latestRun() {
            return runs.stream().map(run -> run.run.run()).max(Run.BY_AGE);
        }
    }

    /** The expected current and previous version of a run, and its lease. */
    static final class ModelRun {
        StoredRun run;
        StoredRun before;
        Optional<Lease> lease = Optional.empty();
        long lastToken;

        ModelRun(StoredRun run) {
            this.run = run;
            this.before = run;
        }

        boolean countsAgainstLimit() {
            return run.entry().filter(it -> it.countsAgainstLimit(lease.isPresent())).isPresent();
        }

        boolean isWaitingToStart() {
            return run.entry().filter(it -> it.isWaitingToStart(lease.isPresent())).isPresent();
        }

        boolean isClaimableAt(Instant now) {
            return run.entry().filter(it -> !it.dueAt().isAfter(now)).isPresent()
                    && lease.filter(held -> held.until().isAfter(now)).isEmpty();
        }
    }

    /** A staged artifact, and whether a run has consumed it. */
    static final class ModelArtifact {
        final ModelTask task;
        final StagedArtifact staged;
        boolean consumed;

        ModelArtifact(ModelTask task, StagedArtifact staged) {
            this.task = task;
            this.staged = staged;
        }
    }

    final List<ModelTask> tasks = new ArrayList<>();
    final List<ModelRun> runs = new ArrayList<>();
    final List<ModelArtifact> artifacts = new ArrayList<>();

    /** Returns the other project. */
    static ProjectId other(ProjectId project) {
        return PROJECTS.get(project.equals(PROJECTS.get(0)) ? 1 : 0);
    }

    /**
     * Returns how many of the claimable runs the limits allow: all that do not wait to start, and
     * as many others as there is capacity for.
     */
    long allowed(List<ModelRun> claimable, ConcurrencyLimits limits) {
        long toBegin = 0;
        for (ProjectId project : PROJECTS) {
            long wanted =
                    claimable.stream()
                            .filter(each -> each.run.project().equals(project))
                            .filter(ModelRun::isWaitingToStart)
                            .count();
            long taken =
                    runs.stream()
                            .filter(each -> each.run.project().equals(project))
                            .filter(ModelRun::countsAgainstLimit)
                            .count();
            toBegin += Math.min(wanted, Math.max(0, limits.forProject(project) - taken));
        }
        long takenInAll = runs.stream().filter(ModelRun::countsAgainstLimit).count();
        long left = Math.max(0, limits.total().orElse(Integer.MAX_VALUE) - takenInAll);
        return claimable.stream().filter(each -> !each.isWaitingToStart()).count()
                + Math.min(toBegin, left);
    }

    /** Verifies that the storage equals the model: docs/invariants.md#i2, #i4, #i5, #i9. */
    void verify(Backend node, Instant now) {
        for (ProjectId project : PROJECTS) {
            for (boolean internal : new boolean[] {false, true}) {
                verifyLists(node, project, internal);
            }
        }
        tasks.forEach(task -> verifyTask(node, task));
        artifacts.forEach(artifact -> verifyArtifact(node, artifact));
        verifyNextDue(node, now);
    }

    private void verifyLists(Backend node, ProjectId project, boolean internal) {
        TaskFilter none = TaskFilter.DEFAULT;
        TaskFilter filter =
                new TaskFilter(
                        internal,
                        none.createdBy(),
                        none.organization(),
                        none.originProduct(),
                        none.repository(),
                        none.search(),
                        none.stage(),
                        none.status());
        List<TaskWithLatestRun> expected =
                tasks.stream()
                        .filter(each -> each.task.project().equals(project))
                        .filter(each -> each.task.details().internal() == internal)
                        .filter(each -> !each.task.isDeleted())
                        .map(each -> new TaskWithLatestRun(each.task, each.latestRun()))
                        .sorted(
                                Comparator.comparing(
                                        (TaskWithLatestRun row) -> TaskPosition.of(row.task()),
                                        TaskPosition.NEWEST_FIRST))
                        .toList();

        assertThat(node.tasks().list(project, filter, PageRequest.of(PageRequest.MAX_LIMIT, 0)))
                .satisfies(page -> assertThat(page.items()).isEqualTo(expected))
                .satisfies(page -> assertThat(page.total()).isEqualTo(expected.size()));
        List<TaskWithLatestRun> walked = new ArrayList<>();
        List<TaskWithLatestRun> step = node.tasks().listAfter(project, filter, Optional.empty(), 3);
        while (!step.isEmpty()) {
            walked.addAll(step);
            TaskPosition last = TaskPosition.of(step.get(step.size() - 1).task());
            step = node.tasks().listAfter(project, filter, Optional.of(last), 3);
        }
        assertThat(walked).isEqualTo(expected);
    }

    private void verifyTask(Backend node, ModelTask model) {
        ProjectId project = model.task.project();
        Optional<TaskWithLatestRun> expected =
                Optional.of(new TaskWithLatestRun(model.task, model.latestRun()))
                        .filter(row -> !row.task().isDeleted());
        assertThat(node.tasks().find(project, model.task.id())).isEqualTo(expected);
        assertThat(node.tasks().find(other(project), model.task.id())).isEmpty();

        List<StoredRun> byAge =
                model.runs.stream()
                        .map(each -> each.run)
                        .sorted(Comparator.comparing(StoredRun::run, Run.BY_AGE))
                        .toList();
        assertThat(node.runs().listOpen(project, model.task.id()))
                .isEqualTo(
                        byAge.stream()
                                .filter(
                                        each ->
                                                !each.run().status().isTerminal()
                                                        || each.entry().isPresent())
                                .toList());
        assertThat(node.runs().listOpen(other(project), model.task.id())).isEmpty();
        if (!model.task.isDeleted()) {
            assertThat(node.runs().list(project, model.task.id(), PageRequest.FIRST).items())
                    .isEqualTo(
                            byAge.stream()
                                    .map(StoredRun::run)
                                    .sorted(Run.BY_AGE.reversed())
                                    .toList());
        }
        for (StoredRun run : byAge) {
            assertThat(node.runs().findIncludingDeleted(project, run.task(), run.id()))
                    .contains(run);
            assertThat(node.runs().find(project, run.task(), run.id()))
                    .isEqualTo(Optional.of(run).filter(found -> !model.task.isDeleted()));
            assertThat(node.runs().find(other(project), run.task(), run.id())).isEmpty();
        }
    }

    private void verifyArtifact(Backend node, ModelArtifact model) {
        Task task = model.task.task;
        ArtifactId id = model.staged.artifact().id();
        assertThat(node.staging().find(task.project(), task.id(), List.of(id)))
                .isEqualTo(model.consumed ? List.of() : List.of(model.staged));
        assertThat(
                        runs.stream()
                                .filter(
                                        each ->
                                                each.run
                                                        .run()
                                                        .artifacts()
                                                        .contains(model.staged.artifact())))
                .hasSize(model.consumed ? 1 : 0);
    }

    private void verifyNextDue(Backend node, Instant now) {
        Optional<Instant> expected =
                runs.stream()
                        .filter(each -> each.run.entry().isPresent())
                        .map(
                                each ->
                                        each.lease
                                                .map(Lease::until)
                                                .filter(until -> until.isAfter(now))
                                                .orElseGet(
                                                        () ->
                                                                each.run
                                                                        .entry()
                                                                        .orElseThrow()
                                                                        .dueAt()))
                        .min(Comparator.naturalOrder());
        assertThat(node.queue().nextDue(ProjectScope.everyProject())).isEqualTo(expected);
    }
}
