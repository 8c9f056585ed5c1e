package dev.errand.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * The final response to a request.
 *
 * @param status 0 if the connection was closed without one
 */
record HostileReply(int status, String head, String body) {

    private static final int TIMEOUT_MILLIS = 30_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Sends bytes, ends the output, and reads until the server closes the connection. */
    static HostileReply to(URI server, byte[] request) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            byte[] bytes = socket.getInputStream().readAllBytes();
            return parse(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static HostileReply parse(String text) {
        String rest = text;
        while (rest.startsWith("HTTP/1.1 100 ")) {
            rest = rest.substring(rest.indexOf("\r\n\r\n") + 4);
        }
        int end = rest.indexOf("\r\n\r\n");
        if (end < 0) {
            return new HostileReply(0, rest, "");
        }
        int status = Integer.parseInt(rest.substring(9, 12));
        return new HostileReply(status, rest.substring(0, end), rest.substring(end + 4));
    }

    boolean isAccepted() {
        return status < 400;
    }

    /** Fails unless this is a success or an error that names what the client did wrong. */
    void isTold(String request) {
        assertThat(head + body).as(request).doesNotContain("\tat ", "Exception", "Jetty", "<html");
        if (status == 505 || status == 501) {
            return; // Of the HTTP version and of transfer codings, which have no other status.
        }
        if (status == 503) {
            assertThat(head).as(request).contains("Retry-After: ");
            assertThat(body).as(request).contains("\"code\":\"overloaded\"");
        } else {
            assertThat(status).as(request + "\n" + body).isBetween(200, 499);
        }
        if (!isAccepted() && !body.isEmpty()) {
            assertThat(json(request).fieldNames())
                    .as(request)
                    .toIterable()
                    .contains("type", "code", "detail", "attr");
        }
    }

    private JsonNode json(String request) {
        try {
            return MAPPER.readTree(body);
        } catch (IOException failure) {
            throw new AssertionError(request + "\n" + body, failure);
        }
    }
}
