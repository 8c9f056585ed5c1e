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
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
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
 * Any history of operations in two projects: each answer is the one that a model of plain lists
 * gives, and afterwards the docs/invariants.md#i1 to #i6, #i9 hold.
 */
public abstract class OperationSequenceProperties extends EngineProperties {

    private static final Duration LEASE = Duration.ofMinutes(1);

    private int histories;

    @Property(tries = 150)
    void everyHistoryKeepsTheInvariants(@ForAll("histories") List<Step> history) {
        List<ModelProject> projects = List.of(newProject(), newProject());
        engine.configure(EngineOptions.DEFAULT);
        engine.told().clear();
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

    /** docs/invariants.md#i1, #i4: numbers count up, and every task is what was last said of it. */
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

    /** docs/invariants.md#i9: lists agree with what is found, page by page and step by step. */
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
     * docs/invariants.md#i3, #i4, #i9: every run is what was last said of it; the latest is the
     * task's.
     */
    private void assertRuns(ModelProject project, ModelTask task) {
        Map<RunId, Run> stored =
                engine.everyRun(project.id, task.id()).stream()
                        .collect(Collectors.toMap(Run::id, Function.identity()));
        assertThat(stored.keySet())
                .isEqualTo(task.runs.stream().map(run -> run.id).collect(Collectors.toSet()));
        for (ModelRun expected : task.runs) {
            Run run = stored.get(expected.id);
            assertThat(engine.backend().runs().find(project.id, task.id(), run.id())).contains(run);
            assertThat(run.status()).isEqualTo(expected.status);
            assertThat(run.environment()).isEqualTo(expected.environment);
            assertThat(run.completedAt().isPresent()).isEqualTo(run.status().isTerminal());
            assertThat(json(run.output().map(Object::toString).orElse("null")))
                    .isEqualTo(json(expected.output));
            assertThat(run.artifacts()).extracting(Artifact::id).isEqualTo(expected.artifacts);
            assertThat(engine.backend().log().read(project.id, run.id(), 0, 1_000))
                    .hasSize(expected.entries);
        }
        if (!task.deleted) {
            assertThat(api(project).tasks().get(task.id()).latestRun())
                    .isEqualTo(stored.values().stream().max(Run.BY_AGE));
        }
    }

    /** docs/invariants.md#i2: an artifact is on one run at most, and staged no more once it is. */
    private void assertArtifacts(List<ModelProject> projects) {
        Set<ArtifactId> consumed = new HashSet<>();
        for (ModelProject project : projects) {
            for (ModelTask task : project.tasks) {
                for (Run run : engine.everyRun(project.id, task.id())) {
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

    /** docs/invariants.md#i6: one live lease a run, and nothing is written under a stale one. */
    private void assertLeases(List<ModelProject> projects) {
        List<ClaimedRun> first = claim(projects);
        assertThat(first)
                .extracting(claimed -> claimed.run().id())
                .containsExactlyInAnyOrderElementsOf(
                        projects.stream().flatMap(ModelProject::owed).toList());
        assertThat(claim(projects)).isEmpty();

        engine.clock().advance(LEASE);
        List<ClaimedRun> second = claim(projects);
        assertThat(second).hasSameSizeAs(first);
        for (ClaimedRun stale : first) {
            RunChange late =
                    RunChange.of(
                                    stale.run(),
                                    stale.run()
                                            .change(engine.clock().instant())
                                            .stage(Optional.of("late"))
                                            .build())
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
     * docs/invariants.md#i3, #i12: the statuses of a run are a path in the table, told without a
     * gap.
     */
    private void assertEvents(List<ModelProject> projects) {
        Map<RunId, List<RunEvent.RunChanged>> told =
                engine.told().events().stream()
                        .filter(RunEvent.RunChanged.class::isInstance)
                        .map(RunEvent.RunChanged.class::cast)
                        .collect(Collectors.groupingBy(change -> change.run().id()));
        for (ModelProject project : projects) {
            for (ModelTask task : project.tasks) {
                for (Run run : engine.everyRun(project.id, task.id())) {
                    assertPath(told.remove(run.id()), run);
                }
            }
        }
        assertThat(told).isEmpty();
    }

    private static void assertPath(List<RunEvent.RunChanged> told, Run last) {
        assertThat(told).hasSize((int) last.version());
        assertThat(told.get(told.size() - 1).run()).isEqualTo(last);
        assertThat(told.stream().filter(RunEvent.RunChanged::isEnd)).hasSizeLessThanOrEqualTo(1);
        for (int i = 1; i < told.size(); i++) {
            Run before = told.get(i - 1).run();
            Run after = told.get(i).run();
            assertThat(told.get(i).before()).contains(before);
            assertThat(after.updatedAt()).isAfter(before.updatedAt());
            boolean started =
                    before.status() == RunStatus.NOT_STARTED && after.status() == RunStatus.QUEUED;
            assertThat(started || isReported(before.status(), after.status()))
                    .as(before.status() + " to " + after.status())
                    .isTrue();
        }
    }

    private static boolean isReported(RunStatus from, RunStatus to) {
        return RunTransitions.decide(from, to) != RunTransitions.Decision.REFUSED;
    }
}
