package dev.errand.spi.artifact;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Metadata of an object.
 *
 * @param sizeInBytes the measured size; empty if the store does not know it, in which case the
 *     upload cannot be finalised (docs/wire/artifacts.md#h6)
 * @param contentType the media type given at upload
 * @param tags its tags
 */
public record ObjectHead(
        OptionalLong sizeInBytes, Optional<String> contentType, Map<String, String> tags) {

    /** Copies the tags. */
    public ObjectHead {
        tags = Map.copyOf(tags);
    }
}
