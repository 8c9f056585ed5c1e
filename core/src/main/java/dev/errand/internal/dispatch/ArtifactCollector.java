package dev.errand.internal.dispatch;

import dev.errand.internal.engine.Engine;
import dev.errand.internal.rules.AttachmentLimits;
import dev.errand.internal.rules.ObjectPaths;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.internal.rules.OutputNames;
import dev.errand.internal.rules.SafeNames;
import dev.errand.spi.PortException;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.sandbox.SandboxId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the files that a sandbox produced as artifacts. A repeated collection, for example after a
 * crash, writes the same objects under the same keys.
 */
final class ArtifactCollector {

    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCollector.class);
    private static final String SOURCE = "agent_output";

    private ArtifactCollector() {}

    /**
     * The collected artifacts.
     *
     * @param artifacts the manifest entries
     * @param notes what was left out and why, one sentence each
     */
    record Collected(List<Artifact> artifacts, List<String> notes) {

        /** Returns other notes, followed by these. */
        List<String> addedTo(List<String> others) {
            return Stream.concat(others.stream(), notes.stream()).toList();
        }
    }

    /**
     * Stores the files and returns their manifest entries. A file that is over the size limits or
     * cannot be stored is left out, which is a note and not a problem of the run: a run whose agent
     * exited with code 0 must not fail because of it.
     *
     * @param mayRetry whether a failure to store a file is rethrown, so that the whole collection
     *     is retried; otherwise the file is skipped
     */
    static Collected collect(
            Engine engine, SandboxId sandbox, List<OutputArtifact> files, boolean mayRetry) {
        List<Artifact> stored = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        OutputNames names = OutputNames.of(files.stream().map(OutputArtifact::name).toList());
        for (OutputArtifact file : files) {
            String name = names.manifestName(file.name());
            Optional<String> tooLarge =
                    AttachmentLimits.problem(
                            ArtifactType.OUTPUT, name, file.contentType(), file.sizeInBytes());
            if (tooLarge.isPresent()) {
                notes.add("1 artifact left out: " + tooLarge.get());
                continue;
            }
            try {
                stored.add(store(engine, sandbox, file, name));
            } catch (RuntimeException failure) {
                if (mayRetry) {
                    throw failure;
                }
                LOG.error("could not store file {} of sandbox {}", file.name(), sandbox, failure);
                notes.add("1 artifact left out, it could not be stored: " + name);
            }
        }
        return new Collected(List.copyOf(stored), List.copyOf(notes));
    }

    private static Artifact store(
            Engine engine, SandboxId sandbox, OutputArtifact file, String name) {
        ObjectPaths paths = new ObjectPaths(engine.options().objectFolder());
        ArtifactId id = idOf(sandbox, file);
        String key =
                paths.runArtifact(
                        sandbox.project(),
                        sandbox.task(),
                        sandbox.run(),
                        id,
                        SafeNames.of(file.name()));
        write(engine, sandbox, file, key);
        return new Artifact(
                id,
                name,
                ArtifactType.OUTPUT,
                SOURCE,
                file.sizeInBytes(),
                file.contentType(),
                key,
                engine.now(),
                Optional.empty());
    }

    private static void write(Engine engine, SandboxId sandbox, OutputArtifact file, String key) {
        try (InputStream content = file.content().open()) {
            engine.objects()
                    .write(sandbox.project(), key, content, file.sizeInBytes(), file.contentType());
            engine.tagger().tag(sandbox.project(), key, ObjectTags.onRun(sandbox.project()));
        } catch (IOException unreadable) {
            throw PortException.retryable(
                    "SandboxLauncher", "cannot read a file of sandbox " + sandbox, unreadable);
        }
    }

    /** Derived from the name of the file, so that a retry yields the same id. */
    private static ArtifactId idOf(SandboxId sandbox, OutputArtifact file) {
        String name = sandbox + "/" + file.name();
        return ArtifactId.of(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)));
    }
}
