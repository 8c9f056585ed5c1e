package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Reads the values that a {@link BinaryWriter} wrote. Not thread-safe. */
final class BinaryReader {

    private final ByteBuffer bytes;
    private final long format;

    /**
     * Reads the format number.
     *
     * @param newest the newest format of this release, which can read all earlier ones
     * @throws BackendException if the format is newer
     */
    BinaryReader(byte[] payload, int newest) {
        bytes = ByteBuffer.wrap(payload);
        format = number();
        if (format < 1 || format > newest) {
            throw BackendException.permanent(
                    "JdbcBackend",
                    "a stored value has format " + format + "; this release reads 1 to " + newest);
        }
    }

    /** Returns the format of the value. */
    long format() {
        return format;
    }

    long number() {
        long rest = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes.get();
            rest |= (next & 0x7FL) << shift;
            shift += 7;
        } while (next < 0);
        return rest >>> 1 ^ -(rest & 1);
    }

    int intNumber() {
        return Math.toIntExact(number());
    }

    String text() {
        byte[] encoded = new byte[intNumber()];
        bytes.get(encoded);
        return new String(encoded, StandardCharsets.UTF_8);
    }

    Optional<String> optionalText() {
        return optional(this::text);
    }

    boolean flag() {
        return number() != 0;
    }

    UUID id() {
        return new UUID(bytes.getLong(), bytes.getLong());
    }

    Instant time() {
        return Instant.ofEpochSecond(number(), number());
    }

    Optional<Instant> optionalTime() {
        return optional(this::time);
    }

    <T> Optional<T> optional(Supplier<T> read) {
        return flag() ? Optional.of(read.get()) : Optional.empty();
    }

    <T> List<T> list(Supplier<T> read) {
        int size = intNumber();
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(read.get());
        }
        return values;
    }
}
