package dev.errand.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A request whose body a test sends piece by piece. */
final class OpenRequest implements Closeable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;

    /** Sends the head of a POST with a body of the given length. */
    OpenRequest(URI server, String path, String token, String type, long length) {
        this(server, path, token, type, length, "");
    }

    private OpenRequest(
            URI server, String path, String token, String type, long length, String headers) {
        this.socket = connect(server);
        send(
                "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n"
                        .formatted(path, credentials(token), type, length, headers));
    }

    private OpenRequest(URI server, String path, String token) {
        this.socket = connect(server);
        send("GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n".formatted(path, credentials(token)));
    }

    private static String credentials(String token) {
        return token == null ? "" : "Authorization: Bearer " + token + "\r\n";
    }

    private static Socket connect(URI server) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", server.getPort()));
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return socket;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a GET request whose response a test may leave unread. */
    static OpenRequest get(URI server, String path, String token) {
        return new OpenRequest(server, path, token);
    }

    /** Waits until the response has begun. */
    void awaitFirstByte() {
        try {
            if (socket.getInputStream().read() < 0) {
                throw new AssertionError("the connection was closed");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads to the end of the response, and returns whether it has at most this many bytes. */
    boolean isDroppedAfterAtMost(int bytes) {
        try {
            return socket.getInputStream().readNBytes(bytes).length < bytes;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Begins to send a JSON body of the given length when the server begins to read it. */
    static OpenRequest json(URI server, String path, String token, long length) {
        OpenRequest request =
                new OpenRequest(
                        server,
                        path,
                        token,
                        "application/json",
                        length,
                        "Expect: 100-continue\r\n");
        if (RawHttp.read(request.socket).status() != 100) {
            throw new AssertionError("the server does not read the body");
        }
        return request.send("{");
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

    /** Returns whether the response has begun. */
    boolean isAnswered() {
        try {
            return socket.getInputStream().available() > 0;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
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
