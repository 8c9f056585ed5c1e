package dev.errand.testing.engine;

import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.config.EngineOptions;
import dev.errand.run.RunTransitions;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.testing.engine.ModelProject.ModelRun;
import dev.errand.testing.engine.ModelProject.ModelTask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Random sequences of operations in two projects: each result agrees with that of a reference
 * model, and at the end the invariants hold (docs/invariants.md#i1 to #i6, #i9).
 */
public abstract class OperationSequenceProperties extends EngineProperties {

    private static final Duration LEASE = Duration.ofMinutes(1);

    private int histories;

    @Property(tries = 150)
    void everyHistoryKeepsTheInvariants(@ForAll("histories") List<Step> history) {
        List<ModelProject> projects = List.of(newProject(), newProject());
        engine.configure(EngineOptions.DEFAULT);
        engine.closeAndGetListener().clear();
        engine.configure(EngineOptions.DEFAULT);

        for (Step step : history) {
            ModelProject project = projects.get(step.project);
            step.step.play(engine, api(project), project);
        }

        for (ModelProject project : projects) {
            assertTasks(project);
            assertLists(project);
            project.tasks.forEach(task -> assertRuns(project, task));
        }
        assertArtifacts(projects);
        assertLeases(projects);
        assertEvents(projects);
    }

    /** A step in one of the two projects. */
    private record Step(int project, SequenceStep step) {}

    @Provide
    Arbitrary<List<Step>> histories() {
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 20);
        Arbitrary<SequenceStep> steps =
                Combinators.combine(
                                Arbitraries.of(SequenceStep.Kind.class), numbers, numbers, numbers)
                        .as(SequenceStep::new);
        return Combinators.combine(Arbitraries.of(0, 0, 1), steps)
                .as(Step::new)
                .list()
                .ofMinSize(5)
                .ofMaxSize(60);
    }

    private ModelProject newProject() {
        ProjectId id = ProjectId.of(1_000 + histories++);
        engine.directory().addProject(id, "Project " + id);
        return new ModelProject(id);
    }

    private ProjectClient api(ModelProject project) {
        return engine.errand().project(project.id, Caller.user(TestEngine.ROSA));
    }

    /** Numbers are contiguous, and no update is lost (docs/invariants.md#i1, #i4). */
    private void assertTasks(ModelProject project) {
        for (int number = 0; number < project.tasks.size(); number++) {
            ModelTask expected = project.tasks.get(number);
            Optional<TaskWithLatestRun> found =
                    engine.backend().tasks().find(project.id, expected.id());
            assertThat(found.isPresent()).isNotEqualTo(expected.deleted);
            if (found.isPresent()) {
                assertThat(found.get().task().number()).isEqualTo(number);
                assertThat(found.get().task().details().title()).isEqualTo(expected.title);
            }
        }
    }

    /** Lists agree with single reads, by offset and by cursor (docs/invariants.md#i9). */
    private void assertLists(ModelProject project) {
        ProjectClient api = api(project);
        List<TaskId> expected = project.listed().stream().map(ModelTask::id).toList();
        for (int limit = 1; limit <= 3; limit++) {
            List<TaskId> paged = new ArrayList<>();
            for (int offset = 0; offset <= expected.size(); offset += limit) {
                Page<TaskWithLatestRun> page =
                        api.tasks().list(TaskFilter.DEFAULT, PageRequest.of(limit, offset));
                assertThat(page.total()).isEqualTo(expected.size());
                for (TaskWithLatestRun item : page.items()) {
                    paged.add(item.task().id());
                    assertThat(api.tasks().get(item.task().id())).isEqualTo(item);
                }
            }
            assertThat(paged).isEqualTo(expected);
            assertThat(walk(api, limit)).isEqualTo(expected);
        }
    }

    private static List<TaskId> walk(ProjectClient api, int limit) {
        List<TaskId> walked = new ArrayList<>();
        Optional<TaskPosition> after = Optional.empty();
        List<TaskWithLatestRun> step;
        do {
            step = api.tasks().listAfter(TaskFilter.DEFAULT, after, limit);
            step.forEach(item -> walked.add(item.task().id()));
            after = step.stream().reduce((one, two) -> two).map(it -> TaskPosition.of(it.task()));
        } while (step.size() == limit);
        return walked;
    }

    /**
     * No update of a run is lost, and the task shows its latest run (docs/invariants.md#i3, #i4,
     * #i9).
     */
    private void assertRuns(ModelProject project, ModelTask task) {
        Map<RunId, Run> stored =
                engine.allRuns(project.id, task.id()).stream()
                        .collect(Collectors.toMap(Run::id, Function.identity()));
        assertThat(stored.keySet())
                .isEqualTo(task.runs.stream().map(run -> run.id).collect(Collectors.toSet()));
        for (ModelRun expected : task.runs) {
            Run run = stored.get(expected.id);
            assertThat(
                            engine.backend()
                                    .runs()
                                    .findIncludingDeleted(project.id, task.id(), run.id())
                                    .map(StoredRun::run))
                    .contains(run);
            assertThat(run.status()).isEqualTo(expected.status);
            assertThat(run.environment()).isEqualTo(expected.environment);
            assertThat(run.completedAt().isPresent()).isEqualTo(run.status().isTerminal());
            assertThat(json(run.output().map(Object::toString).orElse("null")))
                    .isEqualTo(json(expected.output));
            assertThat(run.artifacts()).extracting(Artifact::id).isEqualTo(expected.artifacts);
            assertThat(engine.backend().log().read(project.id, run.id(), LogFilter.ALL, 0, 1_000))
                    .hasSize(expected.entries);
        }
        if (!task.deleted) {
            assertThat(api(project).tasks().get(task.id()).latestRun())
                    .isEqualTo(stored.values().stream().max(Run.BY_AGE));
        }
    }

    /**
     * At most one run consumes an artifact, which is then no longer staged (docs/invariants.md#i2).
     */
    private void assertArtifacts(List<ModelProject> projects) {
        Set<ArtifactId> consumed = new HashSet<>();
        for (ModelProject project : projects) {
            for (ModelTask task : project.tasks) {
                for (Run run : engine.allRuns(project.id, task.id())) {
                    run.artifacts().forEach(it -> assertThat(consumed.add(it.id())).isTrue());
                }
                task.uploads.forEach(
                        upload ->
                                assertThat(
                                                engine.backend()
                                                        .staging()
                                                        .find(
                                                                project.id,
                                                                task.id(),
                                                                List.of(upload.prepared.id())))
                                        .hasSize(upload.staged && !upload.consumed ? 1 : 0));
            }
        }
    }

    /**
     * A run has one live lease, and writes under stale leases are rejected (docs/invariants.md#i6).
     */
    private void assertLeases(List<ModelProject> projects) {
        List<ClaimedRun> first = claim(projects);
        assertThat(first)
                .extracting(claimed -> claimed.run().id())
                .containsExactlyInAnyOrderElementsOf(
                        projects.stream().flatMap(ModelProject::claimableRuns).toList());
        assertThat(claim(projects)).isEmpty();

        engine.clock().advance(LEASE);
        List<ClaimedRun> second = claim(projects);
        assertThat(second).hasSameSizeAs(first);
        for (ClaimedRun stale : first) {
            RunChange late =
                    RunChange.of(
                                    stale.stored(),
                                    stale.stored()
                                            .withRun(
                                                    stale.run()
                                                            .change(engine.clock().instant())
                                                            .stage(Optional.of("late"))
                                                            .build()))
                            .withLease(stale.lease());
            assertThat(engine.backend().runs().update(stale.run().project(), late))
                    .isInstanceOf(RunUpdateResult.LeaseLost.class);
        }
        second.forEach(
                claimed -> assertThat(engine.backend().queue().release(claimed.lease())).isTrue());
    }

    private List<ClaimedRun> claim(List<ModelProject> projects) {
        ProjectScope both =
                ProjectScope.only(
                        projects.stream().map(project -> project.id).collect(Collectors.toSet()));
        return engine.backend().queue().claim(both, new ClaimRequest("node-1", 1_000, LEASE));
    }

    /**
     * The statuses of a run follow the transition table and are delivered without a gap
     * (docs/invariants.md#i3, #i12).
     */
    private void assertEvents(List<ModelProject> projects) {
        Map<RunId, List<RunEvent.RunChanged>> changes =
                engine.closeAndGetListener().events().stream()
                        .filter(RunEvent.RunChanged.class::isInstance)
                        .map(RunEvent.RunChanged.class::cast)
                        .collect(Collectors.groupingBy(change -> change.run().id()));
        for (ModelProject project : projects) {
            for (ModelTask task : project.tasks) {
                for (Run run : engine.allRuns(project.id, task.id())) {
                    assertPath(changes.remove(run.id()), run);
                }
            }
        }
        assertThat(changes).isEmpty();
    }

    private static void assertPath(List<RunEvent.RunChanged> changes, Run last) {
        assertThat(changes).hasSize((int) last.version());
        assertThat(changes.get(changes.size() - 1).run()).isEqualTo(last);
        int ends = 0;
        int restarts = 0;
        for (int i = 1; i < changes.size(); i++) {
            Run before = changes.get(i - 1).run();
            Run after = changes.get(i).run();
            assertThat(changes.get(i).before()).contains(before);
            assertThat(after.updatedAt()).isAfter(before.updatedAt());
            assertThat(
                            RunTransitions.isEngineMove(before.status(), after.status())
                                    || isReported(before.status(), after.status()))
                    .as(before.status() + " to " + after.status())
                    .isTrue();
            ends += changes.get(i).isEnd() ? 1 : 0;
            restarts += before.status().isTerminal() && after.status() == RunStatus.QUEUED ? 1 : 0;
        }
        assertThat(ends).isLessThanOrEqualTo(restarts + 1);
    }

    private static boolean isReported(RunStatus from, RunStatus to) {
        return RunTransitions.decide(from, to) != RunTransitions.Decision.REJECTED;
    }
}
