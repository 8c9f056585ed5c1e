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
 * Reads a growing file as lines in batches. Returns the same batch until it is acknowledged with
 * {@link #acknowledge()}. Memory is bounded by two lines of maximum length, whatever the size of
 * the file. Not thread-safe.
 */
final class OutputFileReader implements Closeable {

    private static final int MAX_LINES = 1000;

    private final FileChannel file;
    private final int maxLineBytes;
    private final byte[] buffer;
    private long position;
    private int start;
    private int end;
    private List<String> batch = List.of();
    private int batchEnd;

    /** Opens a file for reading from {@code position}. */
    OutputFileReader(Path path, long position, int maxLineBytes) throws IOException {
        this.file =
                FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        this.position = position;
        this.maxLineBytes = maxLineBytes;
        this.buffer = new byte[2 * maxLineBytes + 2];
    }

    /**
     * Returns the next lines without their terminators, or an empty list if there are none yet.
     *
     * @param atEnd whether the file is complete, so that a last line without terminator counts
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

    /** Marks the last batch as processed. The next call of {@link #next} continues behind it. */
    void acknowledge() {
        position += batchEnd - start;
        start = batchEnd;
        batch = List.of();
    }

    /** Returns the position of the first byte that is not acknowledged. */
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

    /** Searches at most one line of maximum length. */
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

    /** Moves a cut back by at most three bytes so that it does not split a UTF-8 character. */
    private int characterBoundary(int cut) {
        for (int back = 0; back <= 3; back++) {
            if ((buffer[cut - back] & 0xC0) != 0x80) {
                return cut - back;
            }
        }
        return cut;
    }

    /** Decodes bytes; malformed UTF-8 becomes U+FFFD. */
    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }
}
