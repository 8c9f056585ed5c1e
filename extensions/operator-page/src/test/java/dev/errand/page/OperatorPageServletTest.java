package dev.errand.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the page, as a browser receives them. */
class OperatorPageServletTest {

    @SuppressWarnings("unused") // A source of parameters.
    private static final Set<String> FILES = new TreeSet<>(OperatorPageServlet.FILES);

    private static final Pattern REFERENCE =
            Pattern.compile("(?:src|href)=\"([^#\"]+)\"|from '\\./([^']+)'");

    private static Server server;
    private static URI base;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(OperatorPageServlet.readOnly()), "/ops/ui/*");
        context.addServlet(new ServletHolder(OperatorPageServlet.withActions()), "/actions/*");
        server.setHandler(context);
        server.start();
        base = URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/ops/ui/");
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(path)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "main.js", "options.json", "nowhere"})
    void everyResponseHasTheSecurityHeaders(String path) throws Exception {
        HttpResponse<String> response = send("GET", path);

        assertThat(header(response, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
                .contains("connect-src 'self'", "frame-ancestors 'none'", "form-action 'none'")
                .contains("base-uri 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "*", "data:", "blob:", "http");
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(response, "X-Frame-Options")).isEqualTo("DENY");
        assertThat(header(response, "Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(header(response, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void everyReferenceLeadsToAFileOfThePage(String file) throws Exception {
        HttpResponse<String> response = send("GET", file);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(REFERENCE.matcher(response.body()).results())
                .allSatisfy(
                        found ->
                                assertThat(OperatorPageServlet.FILES)
                                        .contains(
                                                found.group(1) == null
                                                        ? found.group(2)
                                                        : found.group(1)));
    }

    @Test
    void everyFileIsReachedFromTheIndex() throws Exception {
        Set<String> reached = new TreeSet<>();
        reach("index.html", reached);

        assertThat(reached).containsExactlyInAnyOrderElementsOf(OperatorPageServlet.FILES);
    }

    private void reach(String file, Set<String> reached) throws Exception {
        if (reached.add(file)) {
            for (var found : REFERENCE.matcher(send("GET", file).body()).results().toList()) {
                reach(found.group(1) == null ? found.group(2) : found.group(1), reached);
            }
        }
    }

    /** The browser would also refuse them, by the policy; then the page would not work. */
    @ParameterizedTest
    @FieldSource("FILES")
    void noFileContainsInlineCodeOrParsesMarkup(String file) throws Exception {
        String text = send("GET", file).body();

        assertThat(text)
                .doesNotContainPattern("<script(?![^>]* src=)")
                .doesNotContainPattern("<style|\\sstyle=|\\son[a-z]+=|javascript:")
                .doesNotContainPattern("innerHTML|outerHTML|insertAdjacentHTML|document\\.write")
                .doesNotContainPattern("DOMParser|setHTML|createContextualFragment|eval\\(")
                .doesNotContainPattern("new Function|import\\(|localStorage|sessionStorage|cookie")
                .doesNotContainPattern("https?://(?!www\\.w3\\.org/2000/svg)");
    }

    @Test
    void typesAreThoseOfTheFiles() throws Exception {
        assertThat(header(send("GET", ""), "Content-Type")).isEqualTo("text/html;charset=utf-8");
        assertThat(header(send("GET", "page.css"), "Content-Type"))
                .isEqualTo("text/css;charset=utf-8");
        assertThat(header(send("GET", "main.js"), "Content-Type"))
                .isEqualTo("text/javascript;charset=utf-8");
        assertThat(header(send("GET", "icon.svg"), "Content-Type")).isEqualTo("image/svg+xml");
    }

    @Test
    void actionsAreOfferedOnlyIfTheHostAllowsThem() throws Exception {
        assertThat(send("GET", "options.json").body()).isEqualTo("{\"actions\":false}");
        assertThat(send("GET", "/actions/options.json").body()).isEqualTo("{\"actions\":true}");
    }

    @Test
    void addressWithoutSlashLeadsToThePage() throws Exception {
        HttpResponse<String> response = send("GET", "/ops/ui");

        assertThat(response.statusCode()).isEqualTo(302);
        assertThat(base.resolve("/ops/ui").resolve(header(response, "Location"))).isEqualTo(base);
    }

    @Test
    void unchangedFilesAreNotSentAgain() throws Exception {
        HttpResponse<String> first = send("GET", "main.js");
        HttpResponse<String> second =
                send("GET", "main.js", "If-None-Match", header(first, "ETag"));

        assertThat(header(first, "Cache-Control")).isEqualTo("no-cache");
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
    }

    @Test
    void otherPathsAndMethodsAreRejected() throws Exception {
        for (String path :
                Set.of("page.css/", "nowhere.js", "../secret", "%2e%2e/PageFile.class")) {
            assertThat(send("GET", path).statusCode()).as(path).isIn(400, 404);
        }
        HttpResponse<String> posted = send("POST", "");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(header(posted, "Allow")).isEqualTo("GET, HEAD");
        assertThat(send("HEAD", "main.js").body()).isEmpty();
    }
}
