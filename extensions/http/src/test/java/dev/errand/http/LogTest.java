package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Appending to logs and reading them: whole, filtered, and through links (docs/wire/runs.md#a3,
 * docs/wire/logs.md#i5, #i7, #i8).
 */
class LogTest {

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    private String task;
    private String path;

    @BeforeEach
    void newRun() {
        task = Paths.newTask(rosa);
        path = Paths.run(task, Paths.newRun(rosa, task));
    }

    @Test
    void appendReturnsTheUnchangedRun() {
        JsonNode before = rosa.get(path).json();
        host.clock().advance(Duration.ofSeconds(1));

        Reply reply = append("{\"b\":  [1.50, \"ü\"], \"a\": null}", "{}");

        assertThat(reply.isJson(200).json()).isEqualTo(before);
        assertThat(reply.header("Server-Timing")).matches("s3_append;dur=[0-9.]+");
        assertThat(logs()).isEqualTo("{\"b\":[1.50,\"ü\"],\"a\":null}\n{}\n");
    }

    /** A client drops a rejected batch for good. */
    @Test
    void anEntryBeyondALimitDoesNotCostTheOthers() {
        String deep = "{\"deep\":" + "[".repeat(200) + "]".repeat(200) + "}";
        String digits = "{\"digits\":" + "1".repeat(1_001) + "}";
        String name = "{\"" + "k".repeat(50_001) + "\":1}";

        append(
                        rosa.withoutValidation(),
                        "{\"n\":1}",
                        deep,
                        digits,
                        name,
                        "{\"\\udfff\":2}",
                        "{\"n\":3}")
                .isJson(200);

        List<String> expected =
                List.of("{\"n\":1}", deep, digits, name, "{\"\ufffd\":2}", "{\"n\":3}");
        assertThat(logs()).isEqualTo(String.join("\n", expected) + "\n");
        assertThat(rosa.get(path + "session_logs/").text())
                .isEqualTo("[" + String.join(",", expected) + "]");
    }

    @Test
    void appendRejectsInvalidRequests() {
        rosa.post(path + "append_log/", "")
                .isInvalid("required", "This field is required.", "entries");
        append("{}", "{}", "[]")
                .isInvalid(
                        "not_a_dict",
                        "Expected a dictionary of items but got type \"list\".",
                        "entries__2");
        String many = "{},".repeat(10_000) + "{}";
        rosa.post(path + "append_log/", "{\"entries\": [" + many + "]}")
                .isInvalid(
                        "max_length",
                        "Ensure this field has no more than 10000 elements.",
                        "entries");
        rosa.post(Paths.run(task, "x") + "append_log/", "{\"entries\": [{}]}").isNotFound();
        rosa.post(Paths.run("x", "y") + "append_log/", "{\"entries\": [{}]}").isTaskNotFound();
    }

    @Test
    void logsAreReturnedAsLines() {
        Reply empty = rosa.get(path + "logs/");
        assertThat(empty.status()).isEqualTo(200);
        assertThat(empty.bytes()).isEmpty();

        append("{\"n\":1}").isJson(200);
        Reply reply = rosa.get(path + "logs");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"n\":1}\n");
        assertThat(reply.header("Content-Type")).isEqualTo("application/jsonl");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(reply.header("Server-Timing")).startsWith("s3_read;dur=");
        rosa.get(Paths.run(task, Paths.MISSING) + "logs/").isNotFound();
        rosa.get(Paths.run(Paths.MISSING, task) + "logs/").isTaskNotFound();
    }

    @Test
    void logsStartWithTheLogsOfResumedRuns() {
        List<String> chain = new ArrayList<>();
        String previous = null;
        for (int i = 0; i < 13; i++) {
            String body =
                    previous == null ? "{}" : "{\"resume_from_run_id\": \"" + previous + "\"}";
            previous = Paths.queued(rosa, task, body).get("id").asText();
            host.clock().advance(Duration.ofSeconds(1));
            path = Paths.run(task, previous);
            append("{\"n\":" + i + "}").isJson(200);
            chain.add(previous);
        }

        assertThat(logs())
                .isEqualTo(
                        IntStream.range(2, 13)
                                .mapToObj(i -> "{\"n\":" + i + "}\n")
                                .collect(Collectors.joining()));
        path = Paths.run(task, chain.get(1));
        assertThat(logs()).isEqualTo("{\"n\":0}\n{\"n\":1}\n");
    }

    @Test
    void aLongLogIsReturnedCompletely() {
        for (int i = 0; i < 5; i++) {
            int from = i * 333;
            append(
                            IntStream.range(from, from + 333)
                                    .mapToObj(n -> "{\"n\":" + n + "}")
                                    .toArray(String[]::new))
                    .isJson(200);
        }

        List<String> lines = logs().lines().toList();

        assertThat(lines).hasSize(1665).startsWith("{\"n\":0}").endsWith("{\"n\":1664}");
        assertThat(rosa.get(logUrl()).text().lines().toList()).isEqualTo(lines);
        JsonNode page = rosa.get(path + "session_logs/?limit=400&offset=1000").json();
        assertThat(page).hasSize(400);
        assertThat(page.get(0)).isEqualTo(Reply.json("{\"n\":1000}"));
        assertThat(page.get(399)).isEqualTo(Reply.json("{\"n\":1399}"));
    }

    // session_logs/

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // query                                      | entries   | matching | more
                "                                             | 0,1,2,3,4 | 5 | false",
                "?limit=2                                     | 0,1       | 5 | true",
                "?limit=2&offset=2                            | 2,3       | 5 | true",
                "?limit=2&offset=3                            | 3,4       | 5 | false",
                "?offset=5                                    | ''        | 5 | false",
                "?offset=9223372036854775807                  | ''        | 5 | false",
                "?limit=5000                                  | 0,1,2,3,4 | 5 | false",
                "?event_types=session/prompt                  | 1         | 1 | false",
                "?event_types=tool_call,,%20session/update%20 | 2,3       | 2 | false",
                "?event_types=session/update                  | 3         | 1 | false",
                "?exclude_types=tool_call,session/prompt      | 0,3,4     | 3 | false",
                "?exclude_types=tool_call&limit=1&offset=1    | 1         | 4 | true",
                "?event_types=%20,                            | 0,1,2,3,4 | 5 | false",
                "?event_types=nothing                         | ''        | 0 | false",
                "?after=2026-05-07T09:00:01Z                  | 2,3       | 2 | false",
                "?after=2026-05-07T11:00:01%2B02:00           | 2,3       | 2 | false",
                "?after=2026-05-07T11:00:01+02:00             | 2,3       | 2 | false",
                "?after=2026-05-07T09:00:01.5Z&limit=1        | 3         | 1 | false",
                "?unknown=1&after=                            | 0,1,2,3,4 | 5 | false"
            })
    void sessionLogsAreFilteredBeforePaging(
            String query, String entries, int matching, boolean more) {
        append(
                        "{\"n\":0}",
                        "{\"n\":1,\"timestamp\":\"2026-05-07T09:00:01Z\","
                                + "\"notification\":{\"method\":\"session/prompt\"}}",
                        "{\"n\":2,\"timestamp\":\"2026-05-07T09:00:01.100Z\","
                                + "\"notification\":{\"method\":\"session/update\",\"params\":"
                                + "{\"update\":{\"sessionUpdate\":\"tool_call\"}}}}",
                        "{\"n\":3,\"timestamp\":\"2026-05-07T09:00:02+00:00\","
                                + "\"notification\":{\"method\":\"session/update\"}}",
                        "{\"n\":4,\"timestamp\":\"soon\",\"notification\":[]}")
                .isJson(200);

        Reply reply = rosa.get(path + "session_logs/" + (query == null ? "" : query));

        List<String> numbers = new ArrayList<>();
        reply.isJson(200).json().forEach(entry -> numbers.add(entry.get("n").asText()));
        assertThat(String.join(",", numbers)).isEqualTo(entries);
        assertThat(reply.header("X-Total-Count")).isEqualTo("5");
        assertThat(reply.header("X-Matching-Count")).isEqualTo(Integer.toString(matching));
        assertThat(reply.header("X-Filtered-Count")).isEqualTo(Integer.toString(matching));
        assertThat(reply.header("X-Has-More")).isEqualTo(Boolean.toString(more));
        assertThat(reply.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(reply.header("Server-Timing")).contains("s3_read;dur=").contains("filter;dur=");
    }

    @Test
    void sessionLogsRejectInvalidParameters() {
        sessionLogs("after=yesterday")
                .isInvalid("invalid_input", "Must be a timestamp with an offset.", "after");
        sessionLogs("limit=0")
                .isInvalid(
                        "min_value", "Ensure this value is greater than or equal to 1.", "limit");
        sessionLogs("limit=5001")
                .isInvalid(
                        "max_value", "Ensure this value is less than or equal to 5000.", "limit");
        sessionLogs("limit=x").isInvalid("invalid_input", "A valid integer is required.", "limit");
        sessionLogs("offset=-1")
                .isInvalid(
                        "min_value", "Ensure this value is greater than or equal to 0.", "offset");
        rosa.get(Paths.run("x", "y") + "session_logs/?limit=0")
                .isInvalid(
                        "min_value", "Ensure this value is greater than or equal to 1.", "limit");
        rosa.get(Paths.run(task, "y") + "session_logs/").isNotFound();
    }

    // log_url

    @Test
    void aLogLinkNeedsNoCredentials() {
        append("{\"n\":1}").isJson(200);

        Reply reply = rosa.as(null).get(logUrl());

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"n\":1}\n");
        assertThat(reply.header("Content-Type")).isEqualTo("application/jsonl");
        assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
        Reply head =
                rosa.send(rosa.as(null).request(logUrl()).method("HEAD", BodyPublishers.noBody()));
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.bytes()).isEmpty();
    }

    @Test
    void aLogLinkOfAnEmptyLogIsNotFound() {
        rosa.as(null).get(logUrl()).isNotFound();
    }

    @Test
    void aLogLinkIsStableAndExpiresAfterAnHour() {
        append("{}").isJson(200);
        String link = logUrl();

        host.clock().advance(Duration.ofSeconds(3_299));
        assertThat(logUrl()).isEqualTo(link);
        host.clock().advance(Duration.ofSeconds(1));
        String next = logUrl();
        assertThat(next).isNotEqualTo(link);
        host.clock().advance(Duration.ofSeconds(299));
        assertThat(rosa.as(null).get(link).status()).isEqualTo(200);
        host.clock().advance(Duration.ofSeconds(1));
        assertInvalidLink(rosa.as(null).get(link));
        assertThat(rosa.as(null).get(next).status()).isEqualTo(200);
    }

    @Test
    void aForgedLogLinkIsRejected() {
        append("{}").isJson(200);
        String link = logUrl();
        String other = Paths.newRun(rosa, task);

        assertInvalidLink(rosa.get(link.substring(0, link.indexOf('?'))));
        assertInvalidLink(rosa.get(link.replaceAll("/[^/]*\\?", "/" + other + "?")));
        assertInvalidLink(rosa.get(link.replace("/_logs/7/", "/_logs/8/")));
        assertInvalidLink(rosa.get(link.replaceAll("expires=\\d+", "expires=99999999999")));
        assertInvalidLink(rosa.get(link.substring(0, link.length() - 1)));
        assertInvalidLink(rosa.get("/_logs/a/b/c?expires=x&signature=y"));
        rosa.get("/_logs/7/x").isNotFound();
        Reply post = rosa.post(link, "{}");
        assertThat(post.isEnvelope().status()).isEqualTo(405);
        assertThat(post.header("Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void aLogLinkOfADeletedTaskIsNotFound() {
        append("{}").isJson(200);
        String link = logUrl();
        rosa.delete(Paths.task(task));

        Reply reply = rosa.as(null).get(link);

        assertThat(reply.isEnvelope().status()).isEqualTo(404);
    }

    private static void assertInvalidLink(Reply reply) {
        reply.isError(
                403,
                "authentication_error",
                "permission_denied",
                "The link is not valid, or its time is over.",
                null);
    }

    private Reply append(String... entries) {
        return append(rosa, entries);
    }

    private Reply append(Client client, String... entries) {
        return client.post(
                path + "append_log/", "{\"entries\": [" + String.join(",", entries) + "]}");
    }

    private Reply sessionLogs(String query) {
        return rosa.get(path + "session_logs/?" + query);
    }

    private String logs() {
        return rosa.get(path + "logs/").text();
    }

    private String logUrl() {
        return rosa.get(path).json().get("log_url").asText();
    }
}
