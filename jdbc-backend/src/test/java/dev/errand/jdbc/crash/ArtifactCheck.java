package dev.errand.jdbc.crash;

import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks docs/invariants.md#i2, #i7 of staged artifacts: each is either staged or consumed by
 * exactly one run.
 */
final class ArtifactCheck {

    private ArtifactCheck() {}

    static void check(ProjectContents contents, History history, Violations violations) {
        Map<String, RunId> consumers = new HashMap<>();
        for (Run run : contents.everyRun()) {
            for (Artifact artifact : run.artifacts()) {
                RunId other = consumers.put(artifact.id().value(), run.id());
                violations.expect(
                        other == null,
                        "I2: %s is consumed by %s and %s",
                        artifact.id(),
                        other,
                        run.id());
                violations.expect(
                        !contents.staged().contains(artifact.id().value()),
                        "I2: %s is consumed by %s and still staged",
                        artifact.id(),
                        run.id());
            }
        }
        for (StepRecord record : history.steps(kind -> kind == Step.Kind.FINALIZE)) {
            String artifact = record.step().artifacts().get(0);
            violations.expect(
                    !record.isAcknowledged()
                            || contents.staged().contains(artifact)
                            || consumers.containsKey(artifact),
                    "I7: %s was finalized but is missing",
                    artifact);
        }
    }
}
