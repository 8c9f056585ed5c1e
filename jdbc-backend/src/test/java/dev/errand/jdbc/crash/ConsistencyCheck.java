package dev.errand.jdbc.crash;

import dev.errand.error.RequestException;
import dev.errand.spi.ProjectId;
import java.nio.file.Path;
import java.util.List;

/**
 * Holds a project against the journal of the load: at first as it stands, then again after every
 * request whose reply was lost was repeated under its key, and some of the others too.
 */
final class ConsistencyCheck {

    private static final int REPEATED_OF_EACH_KIND = 10;

    private final EngineClient client;
    private final ProjectId project;
    private final History history;
    private int repeated;

    /** Reads the journal of a load that has ended. */
    ConsistencyCheck(EngineClient client, ProjectId project, Path journal) {
        this.client = client;
        this.project = project;
        this.history = History.read(journal);
    }

    History history() {
        return history;
    }

    /** How many requests were repeated because nobody knew what had become of them. */
    int repeated() {
        return repeated;
    }

    /** What is wrong before and after the repetitions. */
    List<String> inspectAndRepeat() {
        Violations findings = new Violations();
        findings.addAll(history.wrong());
        inspect(findings);
        repeatOpen();
        for (Step.Kind kind :
                List.of(Step.Kind.CREATE_TASK_KEYED, Step.Kind.RUN_TASK, Step.Kind.CREATE_RUN)) {
            repeatSome(kind, findings);
        }
        inspect(findings);
        return findings.all();
    }

    /** What is wrong as it stands now. */
    List<String> inspect() {
        Violations findings = new Violations();
        inspect(findings);
        return findings.all();
    }

    private void inspect(Violations findings) {
        ProjectContents contents = ProjectContents.read(client, project, history);
        TaskCheck.inspect(contents, history, findings);
        RunCheck.inspect(contents, history, findings);
        ArtifactCheck.inspect(contents, history, findings);
        LogCheck.inspect(contents, history, findings);
    }

    private void repeatOpen() {
        for (StepRecord deed : history.deeds()) {
            if (deed.isOpen() && deed.step().kind().isKeyed()) {
                repeated++;
                try {
                    deed.acknowledge(client.perform(project, deed.step()));
                } catch (RequestException refusal) {
                    deed.refuse();
                }
            }
        }
    }

    /** I7: whoever asks again under the key gets the first answer. */
    private void repeatSome(Step.Kind kind, Violations findings) {
        history.deeds(kind::equals).stream()
                .filter(StepRecord::isAcknowledged)
                .limit(REPEATED_OF_EACH_KIND)
                .forEach(
                        deed -> {
                            List<String> again = repeat(deed);
                            findings.expect(
                                    again.equals(deed.answer()),
                                    "I7: %s was answered %s at first and then %s",
                                    deed.step(),
                                    deed.answer(),
                                    again);
                        });
    }

    private List<String> repeat(StepRecord deed) {
        try {
            return client.perform(project, deed.step());
        } catch (RequestException refusal) {
            return List.of(refusal.toString()); // No acknowledged step answers so.
        }
    }
}
