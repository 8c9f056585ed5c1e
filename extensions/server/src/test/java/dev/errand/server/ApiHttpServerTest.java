package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiHttpServerTest {

    private static ErrandServer server;

    @BeforeAll
    static void start() throws IOException {
        server = ErrandServer.start(ServerOptions.DEFAULT.withPort(0));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void healthChecksNeedNoCredentials() throws IOException {
        assertThat(exchange("GET /_health"))
                .startsWith("HTTP/1.1 200 ")
                .contains("application/json")
                .endsWith("{\"status\":\"ok\"}");
        assertThat(exchange("GET /_ready/"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("{\"status\":\"ready\"}");
        assertThat(exchange("HEAD /_ready")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
        assertThat(exchange("POST /_ready"))
                .startsWith("HTTP/1.1 405 ")
                .contains("Allow: GET, HEAD", "\"code\":\"method_not_allowed\"");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            GET /                                | 404 | not_found
            GET /nowhere                         | 404 | not_found
            GET /api/projects/1/tasks/           | 401 | not_authenticated
            GET /a%2Fb//c;d                      | 404 | not_found
            GET /api/%zz                         | 400 | parse_error
            GET /../etc/passwd                   | 400 | parse_error
            BREW/1 / /                           | 400 | parse_error
            TRACE /                              | 404 | not_found
            GET /_describe/elsewhere             | 401 | not_authenticated
            BREW /_describe/elsewhere            | 401 | not_authenticated
            """)
    void rejectedRequestsAreAnsweredInTheErrorEnvelope(String line, int status, String code)
            throws IOException {
        assertThat(exchange(line))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("Content-Type: application/json")
                .contains("\"code\":\"" + code + "\"", "\"attr\":null}")
                .doesNotContain("<html", "Jetty", "Server:", "X-Powered-By", "\tat ");
    }

    @Test
    void tooLongPathsAndHeadersAreAnsweredInTheErrorEnvelope() throws IOException {
        String long20k = "a".repeat(20_000);

        assertThat(exchange("GET /" + long20k))
                .startsWith("HTTP/1.1 414 ")
                .contains("\"code\":\"request_too_large\"");
        assertThat(exchange("GET / HTTP/1.1\r\nX-Long: " + long20k + "\r\nX:"))
                .startsWith("HTTP/1.1 431 ")
                .contains("\"code\":\"request_too_large\"");
    }

    @ParameterizedTest(name = "{0} is reached at {1}")
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:80",
        "localhost, http://localhost:80",
        "0.0.0.0, http://localhost:80",
        "::, http://localhost:80",
        "::1, http://[::1]:80",
        "[::1], http://[::1]:80"
    })
    void localUrlReachesTheListener(String host, URI url) {
        assertThat(LocalUrl.of(host, 80)).isEqualTo(url);
    }

    /** Sends a request line and returns the complete response. */
    private static String exchange(String line) throws IOException {
        URI url = server.url();
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String request = line + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
