package dev.errand.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.errand.spi.PortException;
import dev.errand.spi.store.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics that a server provides. */
class MetricsTest {

    private static final ServerOptions WITHOUT = ServerOptions.DEFAULT.withPort(0);
    private static final ServerOptions WITH =
            WITHOUT.withMetrics(new MetricsAddress("127.0.0.1", 0));
    private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir Path folder;

    private HttpResponse<String> ask(String method, URI url) throws Exception {
        return http.send(
                HttpRequest.newBuilder(url).method(method, BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
    }

    private String scrape(ErrandServer server) throws Exception {
        return ask("GET", server.metricsUrl().orElseThrow()).body();
    }

    @Test
    void metricsAreNotServedByDefault() throws Exception {
        try (ErrandServer server = ErrandServer.start(WITHOUT)) {
            assertThat(server.metricsUrl()).isEmpty();
            assertThat(ask("GET", server.url().resolve("/metrics")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void runsAreCountedWithoutTheirIds() throws Exception {
        try (ErrandServer server =
                ErrandServer.start(WITH.withAgents(ScriptedAgent.of(folder, "exit 0")))) {
            ApiTestClient api = ApiTestClient.of(server);
            String task = api.createTask("count me");
            String run = api.run(task, "");
            api.awaitEnd(task, run);
            await().untilAsserted(
                            () ->
                                    assertThat(scrape(server))
                                            .containsPattern(
                                                    "errand_run_time_seconds_count\\{.*status=\"completed\".*} 1"));
            String meters = scrape(server);

            assertThat(meters)
                    .contains("errand_launches_total 1.0", "errand_launch_failures_total 0.0")
                    .contains("errand_queue_depth ", "errand_queue_age_seconds ")
                    .contains("errand_queue_unattended ")
                    .contains("errand_supervised{node=\"server\"} ")
                    .containsPattern("errand_launch_time_seconds_bucket\\{le=\"60.0\"} 1")
                    .contains("jvm_memory_used_bytes{", "process_uptime_seconds ")
                    .doesNotContain(task, run);
            assertThat(
                            LABEL.matcher(
                                            meters.lines()
                                                    .filter(line -> line.startsWith("errand_"))
                                                    .collect(Collectors.joining("\n")))
                                    .results()
                                    .map((MatchResult label) -> label.group(1)))
                    .isNotEmpty()
                    .isSubsetOf("le", "node", "status", "reason", "kind");
            assertDocumented(meters);
        }
    }

    /** The operations page documents exactly the meters that a server provides. */
    private static void assertDocumented(String meters) throws IOException {
        String all = Files.readString(Path.of("../../docs/operations.md"));
        int start = all.indexOf("\n## Metrics\n");
        String page = all.substring(start, all.indexOf("\n## ", start + 1));
        Set<String> documented = matches(page, "(?m)^\\| [^|]*\\|", "`(errand\\.[a-z.]+)`");
        // Observations are traced, and a server has no worker pools.
        documented.removeIf(name -> name.matches("errand\\.(sandbox|run\\.supervision|handler).*"));
        Set<String> served =
                matches(
                        meters,
                        "(?m)^# TYPE .*$",
                        "(errand_[a-z_]+?)(?:_total|_seconds(?:_max)?)? ");
        String alerts = page.substring(page.indexOf("```yaml"));
        Set<String> inAlerts =
                matches(
                        alerts.substring(0, alerts.indexOf("```", 3)),
                        "(?s).*",
                        "(errand_[a-z_]+)");

        assertThat(served)
                .hasSizeGreaterThan(9)
                .containsExactlyInAnyOrderElementsOf(
                        documented.stream().map(name -> name.replace('.', '_')).toList());
        assertThat(inAlerts)
                .hasSizeGreaterThan(5)
                .allSatisfy(name -> assertThat(meters).contains("\n" + name));
    }

    private static Set<String> matches(String text, String where, String what) {
        return Pattern.compile(where)
                .matcher(text)
                .results()
                .flatMap(part -> Pattern.compile(what).matcher(part.group()).results())
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void metricsAddressServesOnlyMetrics() throws Exception {
        try (ErrandServer server = ErrandServer.start(WITH)) {
            URI metrics = server.metricsUrl().orElseThrow();
            HttpResponse<String> scraped = ask("GET", metrics);

            assertThat(metrics.getPort()).isNotEqualTo(server.url().getPort());
            assertThat(scraped.statusCode()).isEqualTo(200);
            assertThat(scraped.headers().firstValue("Content-Type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(ask("HEAD", metrics).body()).isEmpty();
            assertThat(ask("POST", metrics).statusCode()).isEqualTo(405);
            for (String path : new String[] {"/", "/metrics/x", "/api/projects/1/tasks/"}) {
                assertThat(ask("GET", metrics.resolve(path)).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(ask("GET", server.url().resolve("/metrics")).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void unavailableStorageLeavesTheOtherMeters() {
        try (ServerMeters meters = new ServerMeters(unavailableBackend())) {
            assertThat(meters.text())
                    .contains("errand_queue_depth NaN", "errand_queue_age_seconds NaN")
                    .contains("errand_launches_total 0.0", "jvm_memory_used_bytes{");
        }
    }

    private static Backend unavailableBackend() {
        return (Backend)
                Proxy.newProxyInstance(
                        Backend.class.getClassLoader(),
                        new Class<?>[] {Backend.class},
                        (proxy, method, arguments) -> {
                            if (method.getName().equals("clock")) {
                                return Clock.systemUTC();
                            }
                            throw PortException.retryable("RunQueue", "unavailable");
                        });
    }

    @Test
    void usedMetricsAddressIsReported() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            MetricsAddress address = new MetricsAddress("0.0.0.0", taken.getLocalPort());

            assertThatThrownBy(() -> ErrandServer.start(WITHOUT.withMetrics(address)))
                    .isInstanceOf(IOException.class);
            StringWriter output = new StringWriter();
            int code =
                    Main.run(
                            new String[] {"--port=0", "--metrics=0.0.0.0:" + taken.getLocalPort()},
                            Map.of(),
                            new PrintWriter(output),
                            new PrintWriter(output));
            assertThat(code).isEqualTo(1);
            assertThat(output.toString()).contains("cannot start");
        }
    }
}
