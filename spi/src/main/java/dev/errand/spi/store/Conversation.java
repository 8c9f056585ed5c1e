package dev.errand.spi.store;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The conversation of a run with its agent program: the file from which the program can continue it
 * (docs/wire/conversations.md#l4).
 *
 * @param id its id, which clients see
 * @param content the stored content; empty until there is one, and after it was erased
 */
public record Conversation(UUID id, Optional<Content> content) {

    /** Rejects null components. */
    public Conversation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(content, "content");
    }

    /** Returns the SHA-256 of the content, if there is content. */
    public Optional<String> sha256() {
        return content.map(Content::sha256);
    }

    /**
     * The content of a conversation, an object of the object store.
     *
     * @param sha256 its SHA-256, as 64 hexadecimal digits in lower case
     * @param sizeInBytes its size
     * @param storagePath the key of the object
     */
    public record Content(String sha256, long sizeInBytes, String storagePath) {

        /** Rejects null components. */
        public Content {
            Objects.requireNonNull(sha256, "sha256");
            Objects.requireNonNull(storagePath, "storagePath");
        }
    }
}
