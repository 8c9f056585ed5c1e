package dev.errand.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A request whose body a test sends piece by piece. */
final class OpenRequest implements Closeable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;

    /** Sends the head of a POST with a body of the given length. */
    OpenRequest(URI server, String path, String token, String type, long length) {
        try {
            socket = new Socket("127.0.0.1", server.getPort());
            socket.setSoTimeout(TIMEOUT_MILLIS);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        send(
                "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                        .formatted(
                                path,
                                token == null ? "" : "Authorization: Bearer " + token + "\r\n",
                                type,
                                length));
    }

    /** Sends a JSON body of the given length partly. */
    static OpenRequest json(URI server, String path, String token, long length) {
        OpenRequest request = new OpenRequest(server, path, token, "application/json", length);
        request.send("{");
        return request;
    }

    OpenRequest send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    OpenRequest send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    /** Sends no more. */
    OpenRequest endOfInput() {
        try {
            socket.shutdownOutput();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return this;
    }

    /** Waits for the response and returns it. */
    Reply reply() {
        return RawHttp.read(socket);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
