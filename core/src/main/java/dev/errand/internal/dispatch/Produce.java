package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.internal.rules.AttachmentLimits;
import dev.errand.internal.rules.ObjectPaths;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.internal.rules.SafeNames;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.dispatch.OutputArtifact;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.dispatch.SandboxId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the files that a sandbox leaves behind into object storage. Doing it again after a crash
 * writes the same objects under the same keys.
 */
public final class Produce {

    private static final Logger LOG = LoggerFactory.getLogger(Produce.class);
    private static final String SOURCE = "agent_output";

    private Produce() {}

    /**
     * What was kept.
     *
     * @param artifacts the manifest entries
     * @param problem what could not be kept, in words for the run's error message
     */
    public record Kept(List<Artifact> artifacts, Optional<String> problem) {

        /** The exit, with what could not be kept of it. */
        SandboxExit completing(SandboxExit exit) {
            return problem.isEmpty() || exit.problem().isPresent()
                    ? exit
                    : new SandboxExit(
                            exit.exitCode(),
                            exit.stoppedFor(),
                            exit.output(),
                            problem,
                            exit.artifacts(),
                            exit.lastLines());
        }
    }

    /**
     * Stores the files, and makes the manifest entries; a file over the limits is left out, and
     * said so in the log.
     *
     * @param patient whether a file that cannot be stored is worth another try: then its failure is
     *     thrown, else it is left out
     */
    public static Kept keep(
            Engine engine, SandboxId sandbox, List<OutputArtifact> files, boolean patient) {
        List<Artifact> kept = new ArrayList<>();
        Optional<String> problem = Optional.empty();
        for (OutputArtifact file : files) {
            try {
                kept.addAll(keep(engine, sandbox, file).stream().toList());
            } catch (RuntimeException failure) {
                if (patient) {
                    throw failure;
                }
                LOG.error("{}: gave up keeping {}", sandbox, file.name(), failure);
                problem = Optional.of("The agent's file " + file.name() + " could not be kept.");
            }
        }
        return new Kept(List.copyOf(kept), problem.map(LaunchFailure::clean));
    }

    private static Optional<Artifact> keep(Engine engine, SandboxId sandbox, OutputArtifact file) {
        ObjectPaths paths = new ObjectPaths(engine.options().objectFolder());
        ArtifactId id = idOf(sandbox, file);
        String name = SafeNames.of(file.name());
        boolean tooLarge =
                AttachmentLimits.problem(
                                ArtifactType.OUTPUT, name, file.contentType(), file.sizeInBytes())
                        .isPresent();
        if (tooLarge) {
            LOG.warn("{} left {} of {} bytes, over the limit", sandbox, name, file.sizeInBytes());
            return Optional.empty();
        }
        String key = paths.runArtifact(sandbox.project(), sandbox.task(), sandbox.run(), id, name);
        write(engine, sandbox, file, key);
        return Optional.of(
                new Artifact(
                        id,
                        name,
                        ArtifactType.OUTPUT,
                        SOURCE,
                        file.sizeInBytes(),
                        file.contentType(),
                        key,
                        engine.now()));
    }

    private static void write(Engine engine, SandboxId sandbox, OutputArtifact file, String key) {
        try (InputStream content = file.content().open()) {
            engine.objects()
                    .write(sandbox.project(), key, content, file.sizeInBytes(), file.contentType());
            engine.tagger().tag(sandbox.project(), key, ObjectTags.onRun(sandbox.project()));
        } catch (IOException unreadable) {
            throw BackendException.retryable(
                    "SandboxLauncher", "cannot read what " + sandbox + " left", unreadable);
        }
    }

    /** Made from what names the file, so that a second try finds the same id. */
    private static ArtifactId idOf(SandboxId sandbox, OutputArtifact file) {
        String name = sandbox + "/" + file.name();
        return ArtifactId.of(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
