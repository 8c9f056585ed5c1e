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
 * What an object's file begins with: a mark, the number of the format, and the object's facts; its
 * content follows.
 *
 * <p>One file, so that one rename puts all of it in place: with the media type in a file of its
 * own, a kill between two renames would leave the old content with the new type.
 *
 * @param generation differs from upload to upload; tells which upload a set of tags is of
 * @param key the object's key, for whoever looks into the directory: a file's name does not show it
 * @param contentType the media type, {@code ""} when unknown
 */
record ObjectHeader(String generation, String key, String contentType) {

    private static final int MARK = 0x4552_5244;
    private static final int FORMAT = 1;

    /**
     * No header is half as long; a damaged length must not make us ask for all the memory there is.
     */
    private static final int MAX_LENGTH = 1 << 20;

    ObjectHeader {
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(contentType, "contentType");
    }

    byte[] encode() throws IOException {
        byte[] facts =
                Facts.encode(
                        Map.of("generation", generation, "key", key, "contentType", contentType));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MARK);
            out.writeInt(FORMAT);
            out.writeInt(facts.length);
            out.write(facts);
        }
        return bytes.toByteArray();
    }

    /** Reads the header, and not a byte of the content. */
    static ObjectHeader read(InputStream stream, Path file) throws IOException {
        // Not closed: the content is still to be read from the same stream.
        DataInputStream in = new DataInputStream(stream);
        try {
            if (in.readInt() != MARK) {
                throw Disk.unreadable(file, "is not an object");
            }
            int format = in.readInt();
            if (format != FORMAT) {
                throw Disk.unreadable(
                        file, "has format " + format + "; this version reads " + FORMAT);
            }
            int length = in.readInt();
            if (length < 0 || length > MAX_LENGTH) {
                throw Disk.unreadable(file, "is damaged");
            }
            byte[] facts = new byte[length];
            in.readFully(facts);
            return of(Facts.decode(facts));
        } catch (EOFException cutOff) {
            throw Disk.unreadable(file, "is cut off");
        }
    }

    private static ObjectHeader of(Map<String, String> facts) {
        return new ObjectHeader(
                facts.getOrDefault("generation", ""),
                facts.getOrDefault("key", ""),
                facts.getOrDefault("contentType", ""));
    }
}
