package dev.errand.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are received: in memory up to a limit, above it in a temporary file that other users
 * cannot read. Not thread-safe.
 */
final class Spool implements Closeable {

    /** The most that is kept in memory. */
    static final int MEMORY_BYTES = 64 * 1024;

    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable FileChannel file;
    private long size;

    /** Appends bytes. */
    void write(byte[] bytes, int length) throws IOException {
        if (file == null && size + length > MEMORY_BYTES) {
            file = temporaryFile();
            writeFully(file, memory.toByteArray(), memory.size());
            memory = new ByteArrayOutputStream(0);
        }
        if (file == null) {
            memory.write(bytes, 0, length);
        } else {
            writeFully(file, bytes, length);
        }
        size += length;
    }

    /** Returns the number of bytes. */
    long size() {
        return size;
    }

    /** Returns the bytes while they are in memory. */
    Optional<byte[]> bytes() {
        return file == null ? Optional.of(memory.toByteArray()) : Optional.empty();
    }

    /** Returns a stream of all bytes. Closing it closes the spool. */
    InputStream open() {
        if (file == null) {
            return new ByteArrayInputStream(memory.toByteArray());
        }
        try {
            file.position(0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return Channels.newInputStream(file);
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private static FileChannel temporaryFile() throws IOException {
        Path path = Files.createTempFile("errand-body-", null);
        return FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
    }

    private static void writeFully(FileChannel file, byte[] bytes, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, 0, length);
        while (left.hasRemaining()) {
            file.write(left);
        }
    }
}
