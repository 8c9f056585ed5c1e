package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunListener;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** The example on a random port. The same test runs on Spring Boot 3.5 and 4.0. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ShopApplicationTest {

    private static final String TASKS = "/errand/api/projects/1/tasks/";
    private static final String USER = basic("7:for development");

    private final HttpClient client = HttpClient.newHttpClient();

    @Autowired ConfigurableApplicationContext context;
    @Autowired Complaints complaints;
    @Autowired JdbcTemplate jdbc;
    @Autowired TransactionTemplate transactions;
    @Autowired List<RunEvent> events;

    /** Collects the events of runs. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Listening {
        @Bean
        List<RunEvent> events() {
            return new CopyOnWriteArrayList<>();
        }

        @Bean
        RunListener listener(List<RunEvent> events) {
            return events::add;
        }
    }

    @Test
    void aTaskIsCreatedInTheTransactionOfItsComplaintAndExecutedByTheLauncher() throws Exception {
        events.clear();
        String text = "The cart is empty";
        transactions.executeWithoutResult(
                transaction -> {
                    complaints.complain(text);
                    assertThat(events).isEmpty();
                });
        assertThat(count(text)).isOne();
        await().until(() -> status(text), "completed"::equals);
        await().until(() -> events.stream().anyMatch(ShopApplicationTest::isEnd));
    }

    @Test
    void aComplaintThatCannotBeStoredCreatesNoTask() throws Exception {
        int tasks = tasks();
        String tooLong = "The cart is full. ".repeat(10);
        assertThatThrownBy(() -> complaints.complain(tooLong))
                .isInstanceOf(DataIntegrityViolationException.class);
        assertThat(tasks()).isEqualTo(tasks);
        assertThat(count(tooLong)).isZero();
    }

    @Test
    void theApiIsServedBehindSpringSecurity() throws Exception {
        HttpResponse<String> created =
                send(
                        request(TASKS)
                                .header("Authorization", USER)
                                .header("Content-Type", "application/json")
                                .POST(body("{\"title\": \"Fix the empty cart\"}")));
        assertThat(created.statusCode()).isEqualTo(201);

        assertThat(send(request(TASKS)).statusCode()).isEqualTo(401);
        HttpResponse<String> refused =
                send(request(TASKS).header("Authorization", basic("7:guessed")));
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(JsonPath.<String>read(refused.body(), "$.code"))
                .isEqualTo("authentication_failed");
    }

    /** The servlet continues such a request by an asynchronous dispatch through all filters. */
    @Test
    void aBodyThatArrivesLateIsRead() throws Exception {
        String body = "{\"title\": \"Fix the slow cart\"}";
        try (Socket socket = new Socket("localhost", port())) {
            OutputStream out = socket.getOutputStream();
            String head =
                    "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                            .formatted(TASKS, USER, body.length());
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            get(TASKS); // Meanwhile the first request most likely reaches the servlet.
            out.write(body.getBytes(StandardCharsets.US_ASCII));
            String response =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(response).startsWith("HTTP/1.1 201").contains("Fix the slow cart");
        }
    }

    /** Spring Security would reject these before the servlet could verify them. */
    @Test
    void theServletVerifiesSandboxTokensAndSignaturesItself() throws Exception {
        HttpResponse<String> agent =
                send(request(TASKS).header("Authorization", "Bearer errand_run_forged"));
        assertThat(agent.statusCode()).isEqualTo(401);
        assertThat(agent.headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer error=\"invalid_token\"");

        assertThat(send(request("/errand/_objects/forged")).statusCode()).isEqualTo(403);
        assertThat(send(request("/errand/_logs/1/forged/forged")).statusCode()).isEqualTo(403);
    }

    @Test
    void theOtherPagesOfTheHostStayProtected() throws Exception {
        assertThat(send(request("/orders")).statusCode()).isEqualTo(401);
        assertThat(send(request("/actuator/errand")).statusCode()).isEqualTo(401);
    }

    @Test
    void operatorsSeeHealthMetersAndTheQueue() throws Exception {
        assertThat(JsonPath.<String>read(get("/actuator/health"), "$.components.errand.status"))
                .isEqualTo("UP");
        assertThat(JsonPath.<Integer>read(get("/actuator/errand"), "$.waiting")).isZero();

        String text = "The cart is heavy";
        complaints.complain(text);
        await().until(() -> status(text), "completed"::equals);

        assertThat(get("/actuator/metrics/errand.queue.depth")).contains("\"value\":0");
        assertThat(get("/actuator/metrics/errand.sandbox.launch")).contains("COUNT");
        String run = first("id", text) + '/' + first("latest_run.id", text);
        assertThat(get("/actuator/errand/1/" + run)).contains("\"reason\":\"ended\"");
    }

    @Test
    void theApplicationStopsAndStartsAgain() throws Exception {
        context.stop();
        assertThatThrownBy(() -> send(request(TASKS))).isInstanceOf(IOException.class);

        context.start();
        complaints.complain("The cart is lost");
        await().until(() -> status("The cart is lost"), "completed"::equals);
    }

    @Test
    void theConfigurationIsShort() throws Exception {
        List<String> beans =
                Files.readAllLines(source("java/com/example/shop/ShopApplication.java"));
        long lines =
                beans.subList(beans.indexOf("    @Bean"), beans.size() - 1).stream()
                                .filter(line -> !line.isBlank())
                                .count()
                        + Files.readAllLines(source("resources/application.properties")).stream()
                                .filter(line -> line.startsWith("errand."))
                                .count();
        System.out.printf(
                "Spring Boot %s: %d lines of configuration%n",
                SpringBootVersion.getVersion(), lines);
        assertThat(lines).isLessThan(15);
    }

    private static Path source(String file) {
        return Path.of("../spring-boot/src/main").resolve(file);
    }

    private static boolean isEnd(RunEvent event) {
        return event instanceof RunEvent.RunChanged change && change.isEnd();
    }

    private int count(String complaint) {
        return jdbc.queryForObject(
                "select count(*) from complaint where text = ?", Integer.class, complaint);
    }

    private int tasks() throws Exception {
        return JsonPath.read(get(TASKS), "$.count");
    }

    private String status(String description) throws Exception {
        return first("latest_run.status", description);
    }

    private String first(String member, String description) throws Exception {
        List<String> found =
                JsonPath.read(
                        get(TASKS),
                        "$.results[?(@.description == '" + description + "')]." + member);
        return found.get(0);
    }

    private String get(String path) throws Exception {
        HttpResponse<String> response = send(request(path).header("Authorization", USER));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port() + path));
    }

    private int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static HttpRequest.BodyPublisher body(String json) {
        return HttpRequest.BodyPublishers.ofString(json);
    }

    private static String basic(String credentials) {
        return "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }
}
