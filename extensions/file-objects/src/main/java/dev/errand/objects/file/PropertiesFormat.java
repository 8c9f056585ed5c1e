package dev.errand.objects.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Encodes a map as {@link Properties}, so that an operator can read it with {@code head}. */
final class PropertiesFormat {

    private PropertiesFormat() {}

    static byte[] encode(Map<String, String> entries) throws IOException {
        Properties properties = new Properties();
        properties.putAll(entries);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        properties.store(bytes, null);
        return bytes.toByteArray();
    }

    /**
     * Decodes a map.
     *
     * @throws IOException if the bytes are malformed
     */
    static Map<String, String> decode(byte[] bytes) throws IOException {
        Properties properties = new Properties();
        try (InputStream stream = new ByteArrayInputStream(bytes)) {
            properties.load(stream);
        } catch (IllegalArgumentException malformed) {
            throw new IOException("malformed properties", malformed);
        }
        Map<String, String> entries = new TreeMap<>();
        properties.stringPropertyNames().forEach(it -> entries.put(it, properties.getProperty(it)));
        return entries;
    }
}
