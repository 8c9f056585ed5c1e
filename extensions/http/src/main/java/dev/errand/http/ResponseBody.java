package dev.errand.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/**
 * The body of a response.
 *
 * @param mediaType its media type
 * @param length its length in bytes, if known
 * @param isStream whether it may be of any length, so that a slow client occupies a thread
 * @param writer writes it
 * @param source closed after the response, whether the body was written or not
 */
record ResponseBody(
        String mediaType, OptionalLong length, boolean isStream, Writer writer, Closeable source)
        implements Closeable {

    /** Returns a JSON document. */
    static ResponseBody json(byte[] bytes) {
        return new ResponseBody(
                MediaTypes.JSON,
                OptionalLong.of(bytes.length),
                false,
                out -> out.write(bytes),
                () -> {});
    }

    /** Returns a body that is generated while it is written. */
    static ResponseBody streamed(String mediaType, Writer writer) {
        return new ResponseBody(mediaType, OptionalLong.empty(), true, writer, () -> {});
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    /** Writes a body. */
    @FunctionalInterface
    interface Writer {

        /** Writes the whole body, or throws. */
        void writeTo(OutputStream out) throws IOException;
    }
}
