package dev.errand.jdbc.crash;

import dev.errand.error.RequestException;
import dev.errand.spi.ProjectId;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares a project with the journal of the workload: first in its current state, and again after
 * repeating, under their idempotency keys, all requests whose response was lost and some of the
 * others.
 */
final class ConsistencyCheck {

    private static final int REPEATED_OF_EACH_KIND = 10;

    private final EngineClient client;
    private final ProjectId project;
    private final History history;
    private int repeated;

    /** Reads the journal of a finished workload. */
    ConsistencyCheck(EngineClient client, ProjectId project, Path journal) {
        this.client = client;
        this.project = project;
        this.history = History.read(journal);
    }

    History history() {
        return history;
    }

    /** Returns the number of requests that were repeated because their outcome was unknown. */
    int repeated() {
        return repeated;
    }

    /** Returns the violations before and after the repetitions. */
    List<String> checkAndRepeat() {
        Violations violations = new Violations();
        violations.addAll(history.wrong());
        check(violations);
        repeatOpenSteps();
        for (Step.Kind kind :
                List.of(Step.Kind.CREATE_TASK_KEYED, Step.Kind.RUN_TASK, Step.Kind.CREATE_RUN)) {
            repeatSome(kind, violations);
        }
        check(violations);
        return violations.all();
    }

    /** Returns the violations in the current state. */
    List<String> check() {
        Violations violations = new Violations();
        check(violations);
        return violations.all();
    }

    private void check(Violations violations) {
        ProjectContents contents = ProjectContents.read(client, project, history);
        TaskCheck.check(contents, history, violations);
        RunCheck.check(contents, history, violations);
        ArtifactCheck.check(contents, history, violations);
        LogCheck.check(contents, history, violations);
    }

    private void repeatOpenSteps() {
        for (StepRecord record : history.steps()) {
            if (record.isOpen() && record.step().kind().isKeyed()) {
                repeated++;
                try {
                    record.acknowledge(client.perform(project, record.step()));
                } catch (RequestException refusal) {
                    record.refuse();
                }
            }
        }
    }

    /** docs/invariants.md#i7: a repeated request returns its first response. */
    private void repeatSome(Step.Kind kind, Violations violations) {
        history.steps(kind::equals).stream()
                .filter(StepRecord::isAcknowledged)
                .limit(REPEATED_OF_EACH_KIND)
                .forEach(
                        record -> {
                            List<String> again = repeat(record);
                            violations.expect(
                                    again.equals(record.answer()),
                                    "I7: the first response to %s was %s, the repeated one %s",
                                    record.step(),
                                    record.answer(),
                                    again);
                        });
    }

    private List<String> repeat(StepRecord record) {
        try {
            return client.perform(project, record.step());
        } catch (RequestException refusal) {
            return List.of(refusal.toString()); // No acknowledged step has this response.
        }
    }
}
