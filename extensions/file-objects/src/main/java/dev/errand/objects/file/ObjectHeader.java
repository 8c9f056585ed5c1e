package dev.errand.objects.file;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The start of an object's file: a magic number, the format version and the metadata. The content
 * follows.
 *
 * <p>Metadata and content share one file so that one rename replaces both. With two files, a crash
 * between two renames would combine old content with a new content type.
 *
 * @param generation unique for each upload; shows to which upload a set of tags belongs
 * @param key the object's key, which the file name does not show
 * @param contentType the media type, or an empty string if unknown
 */
record ObjectHeader(String generation, String key, String contentType) {

    private static final int MAGIC = 0x4552_5244;
    private static final int FORMAT = 1;

    /** More than any header needs; a damaged length must not exhaust the memory. */
    private static final int MAX_LENGTH = 1 << 20;

    ObjectHeader {
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(contentType, "contentType");
    }

    byte[] encode() throws IOException {
        byte[] properties =
                PropertiesFormat.encode(
                        Map.of("generation", generation, "key", key, "contentType", contentType));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(FORMAT);
            out.writeInt(properties.length);
            out.write(properties);
        }
        return bytes.toByteArray();
    }

    /** Reads the header and no byte of the content. */
    static ObjectHeader read(InputStream stream, Path file) throws IOException {
        // Not closed: the content is read from the same stream.
        DataInputStream in = new DataInputStream(stream);
        try {
            if (in.readInt() != MAGIC) {
                throw DiskOperations.invalidFile(file, "is not an object");
            }
            int format = in.readInt();
            if (format != FORMAT) {
                throw DiskOperations.invalidFile(
                        file, "has format " + format + "; this version reads " + FORMAT);
            }
            int length = in.readInt();
            if (length < 0 || length > MAX_LENGTH) {
                throw DiskOperations.invalidFile(file, "is damaged");
            }
            byte[] properties = new byte[length];
            in.readFully(properties);
            return of(PropertiesFormat.decode(properties));
        } catch (EOFException cutOff) {
            throw DiskOperations.invalidFile(file, "is truncated");
        }
    }

    private static ObjectHeader of(Map<String, String> properties) {
        return new ObjectHeader(
                properties.getOrDefault("generation", ""),
                properties.getOrDefault("key", ""),
                properties.getOrDefault("contentType", ""));
    }
}
