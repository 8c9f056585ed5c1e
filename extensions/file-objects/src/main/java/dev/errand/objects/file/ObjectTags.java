package dev.errand.objects.file;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * An object's tags, in a file beside it.
 *
 * <p>They name the object they are of, so that an object that has replaced it does not get them,
 * whatever was killed when.
 *
 * @param generation the {@link ObjectHeader#generation()} of the object
 * @param tags the tags
 */
record ObjectTags(String generation, Map<String, String> tags) {

    private static final String GENERATION = "generation";
    private static final String PREFIX = "tag.";

    /** The object's tags; none if these are another's. */
    Map<String, String> of(ObjectHeader object) {
        return generation.equals(object.generation()) ? tags : Map.of();
    }

    byte[] encode() throws IOException {
        Map<String, String> facts = new TreeMap<>();
        tags.forEach((name, value) -> facts.put(PREFIX + name, value));
        facts.put(GENERATION, generation);
        return Facts.encode(facts);
    }

    static ObjectTags decode(byte[] bytes) throws IOException {
        Map<String, String> facts = Facts.decode(bytes);
        Map<String, String> tags = new TreeMap<>();
        facts.forEach(
                (name, value) -> {
                    if (name.startsWith(PREFIX)) {
                        tags.put(name.substring(PREFIX.length()), value);
                    }
                });
        return new ObjectTags(facts.getOrDefault(GENERATION, ""), tags);
    }
}
