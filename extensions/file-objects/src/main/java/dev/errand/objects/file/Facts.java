package dev.errand.objects.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A few named texts, as {@link Properties} writes them: an operator can read them with {@code
 * head}.
 */
final class Facts {

    private Facts() {}

    static byte[] encode(Map<String, String> facts) throws IOException {
        Properties properties = new Properties();
        properties.putAll(facts);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        properties.store(bytes, null);
        return bytes.toByteArray();
    }

    /** Throws an {@link IOException} if the bytes are not what {@link #encode} makes. */
    static Map<String, String> decode(byte[] bytes) throws IOException {
        Properties properties = new Properties();
        try (InputStream stream = new ByteArrayInputStream(bytes)) {
            properties.load(stream);
        } catch (IllegalArgumentException malformed) {
            throw new IOException("malformed facts", malformed);
        }
        Map<String, String> facts = new TreeMap<>();
        properties.stringPropertyNames().forEach(it -> facts.put(it, properties.getProperty(it)));
        return facts;
    }
}
