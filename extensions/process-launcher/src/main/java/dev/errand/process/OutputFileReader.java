package dev.errand.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads a growing file as lines in batches. Returns the same batch until it is acknowledged with
 * {@link #acknowledge()}. Memory is bounded by two lines of maximum length, whatever the size of
 * the file. Not thread-safe.
 */
final class OutputFileReader implements Closeable {

    private static final int MAX_LINES = 1000;
    private static final int INITIAL_BYTES = 128 * 1024 + 2;

    private final FileChannel file;
    private final int maxLineBytes;
    private byte[] buffer;
    private long position;
    private int start;
    private int end;
    private List<String> batch = List.of();
    private int batchEnd;

    /** Whether the text before {@link #start} is the beginning of a line, and was returned. */
    private boolean isWithinLine;

    private boolean isBatchUnfinished;

    /** Since when the file has ended with bytes that were not returned, if it does. */
    private OptionalLong unfinishedSince = OptionalLong.empty();

    /** Opens a file for reading from {@code position}. */
    OutputFileReader(Path path, long position, int maxLineBytes) throws IOException {
        this.file = UntrustedFiles.open(path);
        this.position = position;
        this.maxLineBytes = maxLineBytes;
        this.buffer = new byte[Math.min(2 * maxLineBytes + 2, INITIAL_BYTES)];
    }

    /**
     * Returns the next lines without their terminators, or an empty list if there are none yet.
     *
     * @param atEnd whether the file is complete, so that a last line without terminator counts
     */
    List<String> next(boolean atEnd) throws IOException {
        return next(atEnd ? Rest.LINE : Rest.NONE);
    }

    /**
     * Returns the next lines, or if there are none, the complete characters of a line that has been
     * unfinished for some time, so that progress is visible before the line ends. The rest of that
     * line becomes a line of its own.
     */
    List<String> nextOrUnfinished(Duration patience) throws IOException {
        List<String> lines = next(Rest.NONE);
        if (!lines.isEmpty()) {
            return lines;
        }
        if (start == end) {
            unfinishedSince = OptionalLong.empty();
            return lines;
        }
        long now = System.nanoTime();
        if (unfinishedSince.isEmpty()) {
            unfinishedSince = OptionalLong.of(now);
        }
        return now - unfinishedSince.getAsLong() < patience.toNanos()
                ? lines
                : next(Rest.CHARACTERS);
    }

    /** What to do with the rest after the last terminator. */
    private enum Rest {
        NONE,
        LINE,
        CHARACTERS
    }

    private List<String> next(Rest rest) throws IOException {
        while (batch.isEmpty()) {
            split(Rest.NONE);
            if (batch.isEmpty() && !fill()) {
                split(rest);
                break;
            }
        }
        return batch;
    }

    /** Marks the last batch as processed. The next call continues behind it. */
    void acknowledge() {
        position += batchEnd - start;
        start = batchEnd;
        batch = List.of();
        isWithinLine = isBatchUnfinished;
        unfinishedSince = OptionalLong.empty();
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
        byte[] old = buffer;
        buffer = sized(end - start);
        System.arraycopy(old, start, buffer, 0, end - start);
        end -= start;
        start = 0;
        int read = file.read(ByteBuffer.wrap(buffer, end, buffer.length - end), position + end);
        end += Math.max(read, 0);
        return read > 0;
    }

    /** Grows the buffer for a long line, and shrinks it again behind that line. */
    private byte[] sized(int content) {
        int least = Math.min(2 * maxLineBytes + 2, INITIAL_BYTES);
        if (content <= least / 2) {
            return buffer.length == least ? buffer : new byte[least];
        }
        int wanted = (int) Math.min(2L * maxLineBytes + 2, 2L * content);
        return buffer.length >= wanted ? buffer : new byte[wanted];
    }

    private void split(Rest rest) {
        List<String> lines = new ArrayList<>();
        int from = start;
        boolean isRestOfLine = isWithinLine;
        isBatchUnfinished = false;
        while (lines.size() < MAX_LINES && from < end) {
            int feed = find('\n', from);
            if (feed >= 0 && feed - from <= maxLineBytes) {
                int lineEnd = withoutReturn(from, feed);
                if (lineEnd > from || !isRestOfLine) {
                    lines.add(text(from, lineEnd));
                }
                isRestOfLine = false;
                from = feed + 1;
            } else if (end - from > maxLineBytes) {
                int cut = characterBoundary(from + maxLineBytes);
                lines.add(text(from, cut));
                from = cut;
            } else {
                int cut = restEnd(rest, from);
                if (cut > from) {
                    lines.add(text(from, cut));
                    isBatchUnfinished = rest == Rest.CHARACTERS;
                    from = cut;
                }
                break;
            }
        }
        batch = List.copyOf(lines);
        batchEnd = from;
        if (lines.isEmpty() && from > start) {
            acknowledge(); // Only the terminator of a line that was returned before.
        }
    }

    private int restEnd(Rest rest, int from) {
        return switch (rest) {
            case NONE -> from;
            case LINE -> end;
            case CHARACTERS -> withoutIncompleteCharacter(from);
        };
    }

    /**
     * Moves the end back so that the rest of a character or of a terminator can follow: at most
     * three bytes.
     */
    private int withoutIncompleteCharacter(int from) {
        if (buffer[end - 1] == '\r') {
            return end - 1;
        }
        for (int at = end - 1; at >= Math.max(from, end - 3); at--) {
            if ((buffer[at] & 0xC0) != 0x80) {
                return end - at < characterLength(buffer[at]) ? at : end;
            }
        }
        return end;
    }

    private static int characterLength(byte first) {
        if ((first & 0xE0) == 0xC0) {
            return 2;
        }
        if ((first & 0xF0) == 0xE0) {
            return 3;
        }
        return (first & 0xF8) == 0xF0 ? 4 : 1;
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
