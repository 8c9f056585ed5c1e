package dev.errand.jdbc.crash;

import dev.errand.spi.run.RunStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The objects that the workload has created recently, from which it chooses the next step. It keeps
 * only the newest ones, so that the threads work on the same tasks, artifacts and runs.
 * Thread-safe.
 */
final class WorkloadState {

    private static final int TASKS = 12;
    private static final int ARTIFACTS = 12;
    private static final int RUNS = 24;

    private static final List<Step.Kind> CHOICES =
            Stream.of(
                            weighted(8, Step.Kind.CREATE_TASK),
                            weighted(8, Step.Kind.CREATE_TASK_KEYED),
                            weighted(10, Step.Kind.PREPARE),
                            weighted(12, Step.Kind.FINALIZE),
                            weighted(16, Step.Kind.RUN_TASK),
                            weighted(4, Step.Kind.CREATE_RUN),
                            weighted(4, Step.Kind.START_RUN),
                            weighted(20, Step.Kind.ADVANCE),
                            weighted(4, Step.Kind.SET_OUTPUT),
                            weighted(14, Step.Kind.APPEND_LOG))
                    .flatMap(List::stream)
                    .toList();

    private static final List<RunStatus> STATUSES =
            List.of(
                    RunStatus.IN_PROGRESS,
                    RunStatus.IN_PROGRESS,
                    RunStatus.IN_PROGRESS,
                    RunStatus.COMPLETED,
                    RunStatus.FAILED,
                    RunStatus.CANCELLED);

    private final List<String> tasks = new ArrayList<>();
    private final List<List<String>> uploads = new ArrayList<>();
    private final List<List<String>> artifacts = new ArrayList<>();
    private final List<List<String>> runs = new ArrayList<>();
    private final List<List<String>> recordedRuns = new ArrayList<>();

    private static List<Step.Kind> weighted(int weight, Step.Kind kind) {
        return Collections.nCopies(weight, kind);
    }

    /** Returns a random step that is possible in the current state. */
    synchronized Step next(String mark, Random random) {
        while (true) {
            Step.Kind kind = CHOICES.get(random.nextInt(CHOICES.size()));
            Optional<List<String>> on = on(kind, random);
            if (on.isPresent()) {
                return new Step(mark, kind, on.get());
            }
        }
    }

    private Optional<List<String>> on(Step.Kind kind, Random random) {
        return switch (kind) {
            case CREATE_TASK, CREATE_TASK_KEYED -> Optional.of(List.of());
            case PREPARE, CREATE_RUN -> any(tasks, random).map(List::of);
            case FINALIZE ->
                    uploads.isEmpty()
                            ? Optional.empty()
                            : Optional.of(uploads.remove(random.nextInt(uploads.size())));
            case RUN_TASK ->
                    random.nextInt(4) > 0 && !artifacts.isEmpty()
                            ? any(artifacts, random).map(this::withAnother)
                            : any(tasks, random).map(List::of);
            case START_RUN -> any(recordedRuns, random);
            case SET_OUTPUT, APPEND_LOG -> any(runs, random);
            case ADVANCE ->
                    any(runs, random)
                            .map(run -> with(run, any(STATUSES, random).orElseThrow().name()));
        };
    }

    /**
     * Returns the task of an artifact, that artifact, and possibly another one of the same task.
     */
    private List<String> withAnother(List<String> artifact) {
        return artifacts.stream()
                .filter(other -> other.get(0).equals(artifact.get(0)) && !other.equals(artifact))
                .findFirst()
                .map(other -> with(artifact, other.get(1)))
                .orElse(artifact);
    }

    /** Adds the object that a step created. */
    synchronized void add(Step step, List<String> answer) {
        switch (step.kind()) {
            case CREATE_TASK, CREATE_TASK_KEYED -> add(tasks, answer.get(0), TASKS);
            case PREPARE -> uploads.add(List.of(step.on().get(0), answer.get(0), answer.get(1)));
            case FINALIZE -> add(artifacts, step.on().subList(0, 2), ARTIFACTS);
            case RUN_TASK -> add(runs, List.of(step.on().get(0), answer.get(0)), RUNS);
            case CREATE_RUN -> {
                List<String> run = List.of(step.on().get(0), answer.get(0));
                add(runs, run, RUNS);
                add(recordedRuns, run, RUNS);
            }
            case START_RUN, ADVANCE, SET_OUTPUT, APPEND_LOG -> {}
        }
    }

    /** Removes artifacts that are consumed and runs that cannot be started. */
    synchronized void remove(Step step) {
        artifacts.removeIf(artifact -> step.artifacts().contains(artifact.get(1)));
        if (step.kind() == Step.Kind.START_RUN) {
            recordedRuns.remove(step.on());
        }
    }

    private static <T> void add(List<T> known, T added, int atMost) {
        known.add(added);
        if (known.size() > atMost) {
            known.remove(0);
        }
    }

    private static <T> Optional<T> any(List<T> known, Random random) {
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(known.get(random.nextInt(known.size())));
    }

    private static List<String> with(List<String> some, String more) {
        List<String> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }
}
