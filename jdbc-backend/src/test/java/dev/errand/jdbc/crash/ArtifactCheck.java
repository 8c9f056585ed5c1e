package dev.errand.jdbc.crash;

import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import java.util.HashMap;
import java.util.Map;

/** I2 and I7 of staged artifacts: each is staged or has been consumed by one run, never both. */
final class ArtifactCheck {

    private ArtifactCheck() {}

    static void inspect(ProjectContents contents, History history, Violations findings) {
        Map<String, RunId> consumers = new HashMap<>();
        for (Run run : contents.everyRun()) {
            for (Artifact artifact : run.artifacts()) {
                RunId other = consumers.put(artifact.id().value(), run.id());
                findings.expect(
                        other == null, "I2: %s is of %s and %s", artifact.id(), other, run.id());
                findings.expect(
                        !contents.staged().contains(artifact.id().value()),
                        "I2: %s is consumed by %s and still staged",
                        artifact.id(),
                        run.id());
            }
        }
        for (StepRecord deed : history.deeds(kind -> kind == Step.Kind.FINALIZE)) {
            String artifact = deed.step().artifacts().get(0);
            findings.expect(
                    !deed.isAcknowledged()
                            || contents.staged().contains(artifact)
                            || consumers.containsKey(artifact),
                    "I7: %s was finalised and is gone",
                    artifact);
        }
    }
}
