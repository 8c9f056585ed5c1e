package dev.errand.dispatch;

import dev.errand.artifact.AttachmentLimits;
import dev.errand.artifact.ObjectPaths;
import dev.errand.artifact.ObjectTags;
import dev.errand.artifact.SafeNames;
import dev.errand.engine.Engine;
import dev.errand.spi.BackendException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.dispatch.ProducedFile;
import dev.errand.spi.dispatch.SandboxRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the files that a sandbox leaves behind into object storage. Doing it again after a crash
 * writes the same objects under the same keys.
 */
final class Produce {

    private static final Logger LOG = LoggerFactory.getLogger(Produce.class);
    private static final String SOURCE = "agent_output";

    private Produce() {}

    /**
     * Stores the files, and makes the manifest entries; a file over the limits is left out, and
     * said so in the log.
     */
    static List<Artifact> keep(Engine engine, SandboxRef sandbox, List<ProducedFile> files) {
        ObjectPaths paths = new ObjectPaths(engine.policies().objectFolder());
        List<Artifact> kept = new ArrayList<>();
        for (ProducedFile file : files) {
            ArtifactId id = idOf(sandbox, file);
            String name = SafeNames.of(file.name());
            boolean tooLarge =
                    AttachmentLimits.problem(
                                    ArtifactType.OUTPUT,
                                    name,
                                    file.contentType(),
                                    file.sizeInBytes())
                            .isPresent();
            if (tooLarge) {
                LOG.warn(
                        "{} left {} of {} bytes, over the limit",
                        sandbox,
                        name,
                        file.sizeInBytes());
                continue;
            }
            String key =
                    paths.runArtifact(sandbox.project(), sandbox.task(), sandbox.run(), id, name);
            write(engine, sandbox, file, key);
            kept.add(
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
        return kept;
    }

    private static void write(Engine engine, SandboxRef sandbox, ProducedFile file, String key) {
        try (InputStream content = file.content().open()) {
            engine.objects()
                    .write(sandbox.project(), key, content, file.sizeInBytes(), file.contentType());
            engine.tagging().tag(sandbox.project(), key, ObjectTags.onRun(sandbox.project()));
        } catch (IOException unreadable) {
            throw BackendException.retryable(
                    "SandboxLauncher", "cannot read what " + sandbox + " left", unreadable);
        }
    }

    /** Made from what names the file, so that a second try finds the same id. */
    private static ArtifactId idOf(SandboxRef sandbox, ProducedFile file) {
        String name = sandbox + "/" + file.name();
        return ArtifactId.of(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
