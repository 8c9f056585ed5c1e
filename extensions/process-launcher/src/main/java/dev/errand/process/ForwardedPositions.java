package dev.errand.process;

import dev.errand.spi.sandbox.SandboxListener.Source;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * The position up to which each output was forwarded, in a file with one number per source. A
 * restart repeats at most the batch that was being forwarded. Not thread-safe.
 */
final class ForwardedPositions implements Closeable {

    private final FileChannel file;

    ForwardedPositions(Path path) throws IOException {
        this.file =
                FileChannel.open(
                        path,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS));
    }

    long get(Source source) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        int read = file.read(number, offset(source));
        return read == Long.BYTES ? Math.max(0, number.getLong(0)) : 0;
    }

    void set(Source source, long position) throws IOException {
        file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, position), offset(source));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static long offset(Source source) {
        return (long) source.ordinal() * Long.BYTES;
    }
}
