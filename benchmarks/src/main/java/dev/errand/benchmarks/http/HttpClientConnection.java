package dev.errand.benchmarks.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A kept-alive connection to a server on this machine. It does no more than it must, because client
 * and server share the processors. Not thread-safe.
 */
final class HttpClientConnection implements AutoCloseable {

    private static final String CONTENT_LENGTH = "content-length:";
    private static final int BUFFER_SIZE = 1 << 16;

    private final Socket socket;
    private final InputStream input;

    HttpClientConnection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        input = new BufferedInputStream(socket.getInputStream(), BUFFER_SIZE);
    }

    /** Returns the bytes of a request. */
    static byte[] request(String method, String path, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return """
        %s %s HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: application/json
        Content-Length: %d

        %s"""
                .formatted(method, path, BenchmarkServer.TOKEN, length, body)
                // The body has no line breaks.
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Sends a request and returns the body of its response.
     *
     * @throws IOException if the status is not 2xx, or the response has no content length
     */
    byte[] exchange(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        String status = readLine();
        int length = -1;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith(CONTENT_LENGTH)) {
                length = Integer.parseInt(line.substring(CONTENT_LENGTH.length()).strip());
            }
        }
        if (length < 0) {
            throw new IOException("a response without content length: " + status);
        }
        byte[] body = input.readNBytes(length);
        if (!status.startsWith("HTTP/1.1 2")) {
            throw new IOException(status + ": " + new String(body, StandardCharsets.UTF_8));
        }
        return body;
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next == -1) {
                throw new EOFException("the server closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
