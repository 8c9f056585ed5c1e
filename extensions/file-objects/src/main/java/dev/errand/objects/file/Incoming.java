package dev.errand.objects.file;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A temporary file that nobody sees until it is moved to its place; gone when closed, unless it was
 * moved.
 */
final class Incoming implements Closeable {

    private final Path file;
    private final FileChannel channel;

    private Incoming(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** An empty file, which only the owner of the process may read. */
    static Incoming in(Path directory) {
        return Disk.attempt(
                "make a temporary file",
                () -> {
                    Path file = Files.createTempFile(directory, "incoming-", ".tmp");
                    return new Incoming(file, FileChannel.open(file, StandardOpenOption.WRITE));
                });
    }

    void write(byte[] bytes, int length) {
        Disk.perform(
                "write a temporary file",
                () -> {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                });
    }

    /** Makes what was written durable, and answers the file to be moved to its place. */
    Path complete() {
        Disk.perform(
                "complete a temporary file",
                () -> {
                    channel.force(true);
                    channel.close();
                });
        return file;
    }

    @Override
    public void close() {
        Disk.perform(
                "remove a temporary file",
                () -> {
                    channel.close();
                    Files.deleteIfExists(file);
                });
    }
}
