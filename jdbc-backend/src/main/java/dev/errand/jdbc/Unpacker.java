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

/** Reads what a {@link Packer} wrote. Not thread-safe. */
final class Unpacker {

    private final ByteBuffer bytes;
    private final long format;

    /**
     * @param newest the newest format that this release knows; it knows all before it
     * @throws BackendException if the payload was written by a newer release in a format that this
     *     one does not know
     */
    Unpacker(byte[] payload, int newest) {
        bytes = ByteBuffer.wrap(payload);
        format = number();
        if (format < 1 || format > newest) {
            throw BackendException.permanent(
                    "JdbcBackend",
                    "a stored payload has format " + format + "; this release knows " + newest,
                    null);
        }
    }

    /** The format in which the payload was written. */
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

    int smallNumber() {
        return Math.toIntExact(number());
    }

    String text() {
        byte[] encoded = new byte[smallNumber()];
        bytes.get(encoded);
        return new String(encoded, StandardCharsets.UTF_8);
    }

    Optional<String> textOrNothing() {
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

    Optional<Instant> timeOrNothing() {
        return optional(this::time);
    }

    <T> Optional<T> optional(Supplier<T> read) {
        return flag() ? Optional.of(read.get()) : Optional.empty();
    }

    <T> List<T> list(Supplier<T> read) {
        int size = smallNumber();
        List<T> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(read.get());
        }
        return values;
    }
}
