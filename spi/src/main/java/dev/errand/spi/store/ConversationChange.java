package dev.errand.spi.store;

import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.sandbox.SandboxId;
import java.util.Objects;
import java.util.Optional;

/**
 * A conditional replacement of the content of a conversation.
 *
 * @param writer the sandbox that wrote the content
 * @param expectedSha256 the SHA-256 of the content that the writer last saw; empty if there was
 *     none
 * @param reservation the id under which the key of the new object was {@linkplain
 *     StagingStore#reserve reserved}
 * @param content the new content, whose object was written
 */
public record ConversationChange(
        SandboxId writer,
        Optional<String> expectedSha256,
        ArtifactId reservation,
        Conversation.Content content) {

    /** Rejects null components. */
    public ConversationChange {
        Objects.requireNonNull(writer, "writer");
        Objects.requireNonNull(expectedSha256, "expectedSha256");
        Objects.requireNonNull(reservation, "reservation");
        Objects.requireNonNull(content, "content");
    }
}
