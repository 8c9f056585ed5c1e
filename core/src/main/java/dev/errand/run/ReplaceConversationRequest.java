package dev.errand.run;

import dev.errand.spi.Secret;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/**
 * A request to replace the content of a conversation (docs/wire/conversations.md#l4.2). All values
 * are required; over HTTP they are headers, which may be missing.
 *
 * @param sandbox the id of the sandbox that wrote the content, the text of its {@link
 *     dev.errand.spi.sandbox.SandboxId}
 * @param runToken the token of that sandbox
 * @param ifMatch the SHA-256 of the content that the writer last saw, or {@code none}; may be
 *     quoted
 * @param sizeInBytes the size of the content, 1 to {@link Conversations#MAX_BYTES}
 * @param content the content, which the caller closes
 */
public record ReplaceConversationRequest(
        Optional<String> sandbox,
        Optional<Secret> runToken,
        Optional<String> ifMatch,
        Optional<Long> sizeInBytes,
        InputStream content) {

    /** Rejects null components. */
    public ReplaceConversationRequest {
        Objects.requireNonNull(sandbox, "sandbox");
        Objects.requireNonNull(runToken, "runToken");
        Objects.requireNonNull(ifMatch, "ifMatch");
        Objects.requireNonNull(sizeInBytes, "sizeInBytes");
        Objects.requireNonNull(content, "content");
    }
}
