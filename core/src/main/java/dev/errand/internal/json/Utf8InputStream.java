package dev.errand.internal.json;

import java.io.CharConversionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** UTF-8 without its byte order mark, which is checked while it is read. Not thread-safe. */
final class Utf8InputStream extends FilterInputStream {

    private static final int DECODED_AT_ONCE = 8 * 1024;

    /** More than the bytes of one unfinished character. */
    private static final int MAX_REST = 4;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer discarded = CharBuffer.allocate(DECODED_AT_ONCE);
    private ByteBuffer rest = ByteBuffer.allocate(0);

    private Utf8InputStream(InputStream in) {
        super(in);
    }

    /** Returns a stream whose {@code read} throws {@link CharConversionException} if invalid. */
    static InputStream of(InputStream utf8) throws IOException {
        PushbackInputStream in = new PushbackInputStream(utf8, Text.BYTE_ORDER_MARK_LENGTH);
        byte[] start = in.readNBytes(Text.BYTE_ORDER_MARK_LENGTH);
        if (!Text.startsWithByteOrderMark(start)) {
            in.unread(start);
        }
        return new Utf8InputStream(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        check(bytes, offset, Math.max(count, 0), count < 0);
        return count;
    }

    private void check(byte[] bytes, int offset, int length, boolean isEnd) throws IOException {
        ByteBuffer next =
                ByteBuffer.allocate(rest.remaining() + length)
                        .put(rest)
                        .put(bytes, offset, length)
                        .flip();
        CoderResult result;
        do {
            discarded.clear();
            result = decoder.decode(next, discarded, isEnd);
        } while (result.isOverflow());
        if (result.isError() || next.remaining() > MAX_REST) {
            throw new CharConversionException("not UTF-8");
        }
        rest = next;
    }
}
