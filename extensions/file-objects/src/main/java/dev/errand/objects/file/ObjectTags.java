package dev.errand.objects.file;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tags of an object, stored in a file beside it. They name the generation of the object, so
 * that an object that replaced it does not inherit them after a crash.
 *
 * @param generation the {@link ObjectHeader#generation()} of the object
 * @param tags the tags
 */
record ObjectTags(String generation, Map<String, String> tags) {

    private static final String GENERATION = "generation";
    private static final String PREFIX = "tag.";

    /** Returns the tags if they belong to this object, else an empty map. */
    Map<String, String> of(ObjectHeader object) {
        return generation.equals(object.generation()) ? tags : Map.of();
    }

    byte[] encode() throws IOException {
        Map<String, String> properties = new TreeMap<>();
        tags.forEach((name, value) -> properties.put(PREFIX + name, value));
        properties.put(GENERATION, generation);
        return PropertiesFormat.encode(properties);
    }

    static ObjectTags decode(byte[] bytes) throws IOException {
        Map<String, String> properties = PropertiesFormat.decode(bytes);
        Map<String, String> tags = new TreeMap<>();
        properties.forEach(
                (name, value) -> {
                    if (name.startsWith(PREFIX)) {
                        tags.put(name.substring(PREFIX.length()), value);
                    }
                });
        return new ObjectTags(properties.getOrDefault(GENERATION, ""), tags);
    }
}
