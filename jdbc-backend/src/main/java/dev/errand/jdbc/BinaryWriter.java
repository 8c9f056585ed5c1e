package dev.errand.jdbc;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes the values of one stored binary value in sequence. {@link BinaryReader} reads them in the
 * same order. The first value is the number of the format. Not thread-safe.
 */
final class BinaryWriter {

    /** Writes one value. */
    @FunctionalInterface
    interface Write<T> {
        void value(T value);
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    BinaryWriter(int format) {
        number(format);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** Writes a number as a zigzag varint: seven bits per byte, least significant first. */
    BinaryWriter number(long number) {
        long rest = number << 1 ^ number >> 63;
        try {
            while ((rest & ~0x7FL) != 0) {
                out.writeByte((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            out.writeByte((int) rest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    BinaryWriter text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    BinaryWriter text(Optional<String> text) {
        return optional(text, this::text);
    }

    BinaryWriter flag(boolean flag) {
        return number(flag ? 1 : 0);
    }

    BinaryWriter id(UUID id) {
        try {
            out.writeLong(id.getMostSignificantBits());
            out.writeLong(id.getLeastSignificantBits());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    BinaryWriter time(Instant time) {
        return number(time.getEpochSecond()).number(time.getNano());
    }

    <T> BinaryWriter optional(Optional<T> value, Write<T> write) {
        flag(value.isPresent());
        value.ifPresent(write::value);
        return this;
    }

    <T> BinaryWriter list(List<T> values, Write<T> write) {
        number(values.size());
        values.forEach(write::value);
        return this;
    }
}
