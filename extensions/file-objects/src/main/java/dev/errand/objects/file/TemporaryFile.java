package dev.errand.objects.file;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A temporary file that is moved to its final path when it is complete. Closing it deletes the file
 * unless it was moved.
 */
final class TemporaryFile implements Closeable {

    private final Path file;
    private final FileChannel channel;

    private TemporaryFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Creates an empty file that only the owner of the process can read. */
    static TemporaryFile create(Path directory) {
        return DiskOperations.call(
                "create a temporary file",
                () -> {
                    Path file = Files.createTempFile(directory, "incoming-", ".tmp");
                    return new TemporaryFile(
                            file, FileChannel.open(file, StandardOpenOption.WRITE));
                });
    }

    void write(byte[] bytes, int length) {
        DiskOperations.run(
                "write a temporary file",
                () -> {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                });
    }

    /** Forces the content to the disk, closes the file and returns its path. */
    Path complete() {
        DiskOperations.run(
                "complete a temporary file",
                () -> {
                    channel.force(true);
                    channel.close();
                });
        return file;
    }

    @Override
    public void close() {
        DiskOperations.run(
                "delete a temporary file",
                () -> {
                    channel.close();
                    Files.deleteIfExists(file);
                });
    }
}
