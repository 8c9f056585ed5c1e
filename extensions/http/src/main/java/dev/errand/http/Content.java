package dev.errand.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/**
 * The body of an answer.
 *
 * @param mediaType its media type
 * @param length its length in bytes, where that is known beforehand
 * @param writer writes it
 * @param source what is to be closed afterwards, written or not
 */
record Content(String mediaType, OptionalLong length, Writer writer, Closeable source)
        implements Closeable {

    /** A JSON document. */
    static Content json(byte[] bytes) {
        return new Content(
                MediaTypes.JSON, OptionalLong.of(bytes.length), out -> out.write(bytes), () -> {});
    }

    /** A body of unknown length that is made while it is written. */
    static Content streamed(String mediaType, Writer writer) {
        return new Content(mediaType, OptionalLong.empty(), writer, () -> {});
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Writes a body. */
    @FunctionalInterface
    interface Writer {

        /** Writes all of it, and throws where it cannot be written as a whole. */
        void writeTo(OutputStream out) throws IOException;
    }
}
