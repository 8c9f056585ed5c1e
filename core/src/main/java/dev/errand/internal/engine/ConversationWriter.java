package dev.errand.internal.engine;

import dev.errand.internal.rules.ObjectPaths;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.ConversationChange;
import dev.errand.spi.store.ConversationResult;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the content of conversations (docs/wire/conversations.md#l4.2). The new object is
 * written under a fresh key that is reserved first, so that a crash leaves no object behind; the
 * one that is not referred to any more is deleted after the commit.
 */
public final class ConversationWriter {

    private static final Logger LOG = LoggerFactory.getLogger(ConversationWriter.class);
    private static final String FILE_NAME = "conversation.jsonl";
    private static final String CONTENT_TYPE = "application/octet-stream";

    private final Engine engine;

    /** Creates a writer. */
    public ConversationWriter(Engine engine) {
        this.engine = engine;
    }

    /**
     * Replaces the content of a run's conversation.
     *
     * @param writer the sandbox that wrote the content
     * @param expectedSha256 the SHA-256 of the content that it last saw
     * @param content yields {@code sizeInBytes} bytes; the caller closes it
     * @throws PortException if the storage or the object store fails
     */
    public ConversationResult replace(
            SandboxId writer,
            Optional<String> expectedSha256,
            InputStream content,
            long sizeInBytes) {
        ProjectId project = writer.project();
        ArtifactId id = ArtifactId.of(engine.ids().nextRandom());
        String key =
                new ObjectPaths(engine.options().objectFolder())
                        .runArtifact(project, writer.task(), writer.run(), id, FILE_NAME);
        Optional<Conversation> before =
                engine.backend().conversations().find(project, writer.task(), writer.run());
        engine.backend()
                .staging()
                .reserve(
                        project,
                        List.of(UploadSupport.reservation(writer.task(), id, key, engine.now())));
        MessageDigest digest = sha256();
        engine.objects()
                .write(
                        project,
                        key,
                        new DigestInputStream(content, digest),
                        sizeInBytes,
                        CONTENT_TYPE);
        String hash = HexFormat.of().formatHex(digest.digest());
        ConversationResult result =
                engine.backend()
                        .conversations()
                        .replace(
                                project,
                                new ConversationChange(
                                        writer,
                                        expectedSha256,
                                        id,
                                        new Conversation.Content(hash, sizeInBytes, key)));
        if (result instanceof ConversationResult.Replaced) {
            engine.tagger().tag(project, key, ObjectTags.onRun(project));
            before.flatMap(Conversation::content)
                    .filter(old -> Optional.of(old.sha256()).equals(expectedSha256))
                    .ifPresent(old -> engine.afterCommit(() -> delete(project, old.storagePath())));
        } else {
            delete(project, key);
        }
        return result;
    }

    /** What fails is left to the housekeeper, to which the storage lists the object. */
    private void delete(ProjectId project, String key) {
        try {
            engine.objects().delete(project, key);
            engine.backend()
                    .retention()
                    .removeObjectDeletions(List.of(new StoredObject(project, key)));
        } catch (PortException failure) {
            LOG.warn("could not delete object {}; it is deleted later", key, failure);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException everyPlatformHasIt) {
            throw new IllegalStateException("SHA-256 is not available", everyPlatformHasIt);
        }
    }
}
