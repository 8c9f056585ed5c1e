package dev.errand.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSession;

/** Sends requests that client libraries would reject. */
final class RawHttp {

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final Pattern CONTENT_LENGTH =
            Pattern.compile("\r\nContent-Length: ([0-9]+)", Pattern.CASE_INSENSITIVE);

    private RawHttp() {}

    /** Sends a GET request with the target unchanged. */
    static Reply get(URI server, String target, String token) {
        return send(
                server,
                "GET "
                        + target
                        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                        + token
                        + "\r\nConnection: close\r\n\r\n");
    }

    /** Sends text, closes the output, and reads until the server closes the connection. */
    static Reply send(URI server, String request) {
        try (Socket socket = new Socket("127.0.0.1", server.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            return parse(readAll(socket.getInputStream()));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads one response that has a length, from an open connection. */
    static Reply read(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("the connection was closed after " + bytes);
                }
                bytes.write(next);
            }
            Matcher length = CONTENT_LENGTH.matcher(bytes.toString(StandardCharsets.ISO_8859_1));
            if (length.find()) {
                bytes.writeBytes(in.readNBytes(Integer.parseInt(length.group(1))));
            }
            return parse(bytes.toByteArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] readAll(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        in.transferTo(bytes);
        return bytes.toByteArray();
    }

    private static Reply parse(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("no response: " + text);
        }
        String[] lines = text.substring(0, end).split("\r\n");
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.computeIfAbsent(lines[i].substring(0, colon), name -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        byte[] body = text.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(lines[0].split(" ")[1]);
        return new Reply(new ParsedResponse(status, HttpHeaders.of(headers, (a, b) -> true), body));
    }

    /** A response in the form of the client library. */
    private record ParsedResponse(int statusCode, HttpHeaders headers, byte[] body)
            implements HttpResponse<byte[]> {

        @Override
        public HttpRequest request() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<HttpResponse<byte[]>> previousResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<SSLSession> sslSession() {
            return Optional.empty();
        }

        @Override
        public URI uri() {
            throw new UnsupportedOperationException();
        }

        @Override
        public HttpClient.Version version() {
            return HttpClient.Version.HTTP_1_1;
        }
    }
}
