package dev.errand.spi.artifact;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an object store knows of an object without reading it.
 *
 * @param sizeInBytes the measured size; empty where the store cannot tell (contract H6, check 3)
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
