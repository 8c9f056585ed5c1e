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
 * Writes the values of one stored payload, one behind the other; {@link Unpacker} reads them in the
 * same order. A payload begins with the number of its format. Not thread-safe.
 */
final class Packer {

    /** Writes one value. */
    @FunctionalInterface
    interface Write<T> {
        void value(T value);
    }

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    Packer(int format) {
        number(format);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /** Writes a number, the smaller ones in fewer bytes: seven bits each, the last one first. */
    Packer number(long number) {
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

    Packer text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        number(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    Packer text(Optional<String> text) {
        return optional(text, this::text);
    }

    Packer flag(boolean flag) {
        return number(flag ? 1 : 0);
    }

    Packer id(UUID id) {
        try {
            out.writeLong(id.getMostSignificantBits());
            out.writeLong(id.getLeastSignificantBits());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    Packer time(Instant time) {
        return number(time.getEpochSecond()).number(time.getNano());
    }

    <T> Packer optional(Optional<T> value, Write<T> write) {
        flag(value.isPresent());
        value.ifPresent(write::value);
        return this;
    }

    <T> Packer list(List<T> values, Write<T> write) {
        number(values.size());
        values.forEach(write::value);
        return this;
    }
}
