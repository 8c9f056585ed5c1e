package dev.errand.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads a growing file as lines, in batches: the same batch until it is {@link #told()}. Holds two
 * longest lines at most, however large the file. Not thread-safe.
 */
final class LineTail implements Closeable {

    private static final int MAX_LINES = 1000;

    private final FileChannel file;
    private final int maxLineBytes;
    private final byte[] buffer;
    private long position;
    private int start;
    private int end;
    private List<String> batch = List.of();
    private int batchEnd;

    /** Opens a file, to be read from {@code position} on. */
    LineTail(Path path, long position, int maxLineBytes) throws IOException {
        this.file =
                FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        this.position = position;
        this.maxLineBytes = maxLineBytes;
        this.buffer = new byte[2 * maxLineBytes + 2];
    }

    /**
     * The next lines, without their ends; empty if there are none yet.
     *
     * @param atEnd whether nobody writes any more, so that a last line needs no end
     */
    List<String> next(boolean atEnd) throws IOException {
        while (batch.isEmpty()) {
            split(false);
            if (batch.isEmpty() && !fill()) {
                split(atEnd);
                break;
            }
        }
        return batch;
    }

    /** The last batch was taken: the next one follows. */
    void told() {
        position += batchEnd - start;
        start = batchEnd;
        batch = List.of();
    }

    /** Where the first byte lies that was not told yet. */
    long position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int read = file.read(ByteBuffer.wrap(buffer, end, buffer.length - end), position + end);
        end += Math.max(read, 0);
        return read > 0;
    }

    private void split(boolean takeRest) {
        List<String> lines = new ArrayList<>();
        int from = start;
        while (lines.size() < MAX_LINES && from < end) {
            int feed = find('\n', from);
            if (feed >= 0 && feed - from <= maxLineBytes) {
                lines.add(text(from, withoutReturn(from, feed)));
                from = feed + 1;
            } else if (end - from > maxLineBytes) {
                int cut = characterBoundary(from + maxLineBytes);
                lines.add(text(from, cut));
                from = cut;
            } else if (takeRest) {
                lines.add(text(from, end));
                from = end;
            } else {
                break;
            }
        }
        batch = List.copyOf(lines);
        batchEnd = from;
    }

    /** Looks no further than a line may reach. */
    private int find(char wanted, int from) {
        int limit = Math.min(end, from + maxLineBytes + 1);
        for (int i = from; i < limit; i++) {
            if (buffer[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private int withoutReturn(int from, int feed) {
        return feed > from && buffer[feed - 1] == '\r' ? feed - 1 : feed;
    }

    /** The cut, moved back by at most three bytes where it would divide a character of UTF-8. */
    private int characterBoundary(int cut) {
        for (int back = 0; back <= 3; back++) {
            if ((buffer[cut - back] & 0xC0) != 0x80) {
                return cut - back;
            }
        }
        return cut;
    }

    /** What is no UTF-8 becomes U+FFFD. */
    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }
}
